"""Run with the site's settings: visit the given addresses, print what came back as JSON.

Usage: ``python -m tests.sample_site.visit [--admin] ADDRESS…``. For each address the answer holds
the status, the body with CSRF tokens masked, and the templates that Django says it used.
"""

import json
import os
import re
import sys

import django

TOKEN = re.compile(r'(csrfmiddlewaretoken" value=")\w+')


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sample_site.settings")
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)
    client = client_for("--admin" in arguments)
    addresses = [argument for argument in arguments if argument != "--admin"]
    print(json.dumps({address: visit(client, address) for address in addresses}))


def client_for(is_admin: bool):
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    if is_admin:
        client.force_login(get_user_model().objects.get(username="admin"))
    return client


def visit(client, address: str) -> dict[str, object]:
    response = client.get(address)
    return {
        "status": response.status_code,
        "body": TOKEN.sub(r"\1", response.content.decode()),
        "templates": sorted({template.name for template in response.templates if template.name}),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
