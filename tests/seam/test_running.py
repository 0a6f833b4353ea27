"""In debug mode a tool that looks up the stack finds the node that is being rendered."""

import sys

import pytest
from django.template import Context
from django.template.base import Node

from djust_engine.backends.django import Engine

TEMPLATES = {
    "page.html": "é\n{% include 'part.html' %}\n"
    "{% for x in seen %}\n{{ x }}{% endfor %}\n{{ seen }}",
    "part.html": "{% if seen.here %}\n"
    "{% autoescape off %}{{ seen.here }}{% endautoescape %}{% endif %}",
}


class Observer:
    """Prints which node is being rendered, found as django-debug-toolbar finds it."""

    def __str__(self):
        return f"[{self.here()}]"

    def __iter__(self):
        return iter([self.here(), Observer()])

    def here(self):
        frame = sys._getframe()
        while frame is not None:
            if frame.f_code.co_name == "render":
                node, context = frame.f_locals["self"], frame.f_locals["context"]
                if isinstance(node, Node):
                    return self.place(node, context)
            frame = frame.f_back
        return "nowhere"

    def place(self, node, context):
        template = context.render_context.template
        assert template.origin == node.origin
        shown = template.get_exception_info(Exception("here"), node.token)
        return f"{shown['name'].rsplit('/')[-1]}:{shown['line']} {shown['during']}"


def rendered(engine_class, debug):
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
    engine = engine_class(debug=debug, loaders=loaders)
    return engine.get_template("page.html").render(Context({"seen": Observer()}))


def test_the_running_node_is_on_the_stack():
    from django.template.engine import Engine as DjangoEngine

    assert rendered(Engine, debug=True) == rendered(DjangoEngine, debug=True)


def test_outside_debug_mode_no_frame_is_made():
    assert "nowhere" in rendered(Engine, debug=False)


@pytest.mark.parametrize("name", ["token", "origin"])
def test_between_two_renders_there_is_no_running_node(name):
    from djust_engine.running import RunningNode

    template = Engine().from_string("x")
    assert getattr(RunningNode(template.nodelist.program, None), name) is None
