"""Run with the sample site's settings: visit pages with the toolbar, print what the panel stored.

``python -m tests.panel.visit [--async] PATH...`` prints JSON: by path, the status, the stored
``stats``, the ``subtitle``, the ``content``, the queries that making it ran, and the queries of the
page with Django's engine and with ours.
"""

import asyncio
import json
import os
import sys

import django


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "sample_site.settings"
    django.setup()
    is_async = "--async" in sys.argv
    paths = [one for one in sys.argv[1:] if one != "--async"]
    print(json.dumps({path: visit(path, is_async) for path in paths}))


def visit(path, is_async):
    from debug_toolbar.store import get_store
    from debug_toolbar.toolbar import DebugToolbar
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    status = asyncio.run(get_async(path)) if is_async else get(path)
    (request_id,) = list(get_store().request_ids())[-1:]
    panel = DebugToolbar.fetch(request_id, "JITPanel").get_panel_by_id("JITPanel")
    with CaptureQueriesContext(connection) as ran:
        content = panel.content
    return {
        "status": status,
        "stats": panel.get_stats(),
        "subtitle": panel.nav_subtitle,
        "content": content,
        "queries_of_content": len(ran),
        "queries_of_both": [queries_of(path, engine) for engine in ("oracle", "django")],
    }


def get(path):
    from django.test import Client

    return Client().get(path).status_code


async def get_async(path):
    from django.test import AsyncClient

    response = await AsyncClient().get(path)
    return response.status_code


def queries_of(path, engine):
    """How many queries the page runs with an engine, without middleware."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from sample_site.showcase.measure import render

    with CaptureQueriesContext(connection) as ran:
        render(path, engine)
    return len(ran)


if __name__ == "__main__":
    main()
