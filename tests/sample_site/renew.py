"""Run with the site's settings: send the form of a lease page as a browser does, twice."""

import os
import re

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sample_site.settings")
    django.setup()
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)
    client = Client(enforce_csrf_checks=True)
    messages = [renew(client), renew(client)]
    assert "now renews by itself" in "".join(messages), messages
    assert "now ends on its date" in "".join(messages), messages


def renew(client) -> str:
    page = client.get("/leases/7/").content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert token, "The lease page has no CSRF token."
    form = {"csrfmiddlewaretoken": token[1]}
    response = client.post("/leases/7/renewal/", form, follow=True)
    assert response.status_code == 200, response.status_code
    return re.findall(r'class="message success"[^>]*>([^<]*)', response.content.decode())[0]


if __name__ == "__main__":
    main()
