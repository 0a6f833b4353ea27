"""A middleware that says in headers who served a page, and what of it was worked out for it."""

import os

from djust_engine.decisions import collect


def reports(get_response):
    def serve(request):
        with collect() as decisions:
            response = get_response(request)
        response["X-Worker"] = str(os.getpid())
        response["X-Plans-Made"] = _count(decisions, "cache", "miss")
        response["X-Templates-Compiled"] = _count(decisions, "template", "native")
        return response

    return serve


def _count(decisions, kind, mode):
    return str(sum(one.kind == kind and one.mode == mode for one in decisions))
