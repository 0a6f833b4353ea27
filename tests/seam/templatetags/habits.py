"""Tags as third-party packages write them: each does one thing that a package was seen to do."""

from django import template
from django.template.base import Lexer, Node, Parser
from django.utils.safestring import mark_safe

register = template.Library()


class EngineNode(Node):
    """Loads by name, by names or from a string with the engine of the render (tables2, crispy)."""

    def __init__(self, name):
        self.name = name

    def render(self, context):
        engine = context.template.engine
        name = self.name.resolve(context)
        found = (
            engine.get_template(name),
            engine.select_template(["no.html", name]),
            engine.from_string("{{ title }}{% for x in 'ab' %}{{ x }}{{ title }}{% endfor %}"),
        )
        with context.push(title="inner"):
            texts = [one.render(context) for one in found]
        return mark_safe("|".join([*texts, found[0].render(context.new({"title": "alone"}))]))


@register.tag
def by_engine(parser, token):
    return EngineNode(parser.compile_filter(token.split_contents()[1]))


class AnnotatedNode(Node):
    """Renders its nodes one by one, as `NodeList.render` does (cotton, components)."""

    child_nodelists = ("inner",)

    def __init__(self, inner):
        self.inner = inner

    def render(self, context):
        return mark_safe("+".join(node.render_annotated(context) for node in self.inner))


@register.tag
def annotated(parser, token):
    inner = parser.parse(("endannotated",))
    parser.delete_first_token()
    return AnnotatedNode(inner)


class AheadNode(Node):
    """Renders the rest of the template first, then itself (sekizai's render_block)."""

    def __init__(self, rest):
        self.rest = rest

    def render(self, context):
        with context.push(found=[]):
            rest = self.rest.render(context)
            return mark_safe(f"{len(context['found'])}{context['found']}{rest}")


@register.tag
def ahead(parser, token):
    return AheadNode(parser.parse())


@register.simple_tag(takes_context=True)
def note(context, value):
    context["found"].append(str(value))
    return ""


class ExtendedParser(Parser):
    """A parser of its own, with the tags and filters of the one that was lent."""

    def extend_nodelist(self, nodelist, node, token):
        node.seen_by = type(self).__name__
        super().extend_nodelist(nodelist, node, token)


@register.tag
def reparsed(parser, token):
    """Compiles an argument as a template, with a subclass of Django's parser (components)."""
    own = ExtendedParser(Lexer(token.split_contents()[1].strip("'")).tokenize())
    own.tags.update(parser.tags)
    own.filters.update(parser.filters)
    own.origin = parser.origin
    return AnnotatedNode(own.parse())


class CaptureNode(Node):
    """Renders its content into a variable of the outermost scope (el-pagination, wagtail)."""

    def __init__(self, nodelist, name):
        self.nodelist = nodelist
        self.name = name

    def render(self, context):
        context.dicts[0][self.name] = self.nodelist.render(context)
        return ""


@register.tag
def capture(parser, token):
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, token.split_contents()[1])


class RecurseNode(Node):
    """Renders one nodelist inside itself (mptt's recursetree)."""

    def __init__(self, nodelist, tree):
        self.nodelist = nodelist
        self.tree = tree

    def branch(self, context, tree):
        with context.push():
            context["children"] = mark_safe(
                "".join(self.branch(context, one) for one in tree.get("below", ()))
            )
            context["node"] = tree["name"]
            return self.nodelist.render(context)

    def render(self, context):
        return self.branch(context, self.tree.resolve(context))


@register.tag
def recurse(parser, token):
    nodelist = parser.parse(("endrecurse",))
    parser.delete_first_token()
    return RecurseNode(nodelist, parser.compile_filter(token.split_contents()[1]))
