"""Tags and filters as libraries write them: each uses one part of Django's Parser or Context."""

from django import template
from django.template.base import Node, TokenType
from django.template.defaulttags import widthratio
from django.utils.safestring import mark_safe

register = template.Library()


# Filters.


@register.filter
def twice(value):
    return f"{value}{value}"


@register.filter(is_safe=True)
def framed(value, mark="*"):
    return f"{mark}{value}{mark}"


@register.filter(needs_autoescape=True)
def bold(value, autoescape=True):
    from django.utils.html import conditional_escape

    inner = conditional_escape(value) if autoescape else value
    return mark_safe(f"<b>{inner}</b>")


@register.filter(expects_localtime=True)
def hour(value):
    return getattr(value, "hour", "none")


# Tags by decorators.


@register.simple_tag
def add(*numbers, **named):
    return sum(numbers) + sum(named.values())


@register.simple_tag(takes_context=True)
def read(context, name):
    return context.get(name, "unset")


@register.simple_tag(takes_context=True)
def write(context, name, value):
    context[name] = value
    return ""


@register.simple_tag
def markup(text):
    return mark_safe(f"<i>{text}</i>")


@register.simple_block_tag
def shout(content, mark="!"):
    return mark_safe(content.upper() + mark)


@register.simple_block_tag(takes_context=True)
def titled(context, content, level=1):
    return mark_safe(f"<h{level}>{context.get('title', '')}: {content}</h{level}>")


@register.inclusion_tag("inclusion.html")
def card(title, **rest):
    return {"title": title, "rest": rest}


@register.inclusion_tag("inclusion.html", takes_context=True)
def context_card(context, suffix):
    return {"title": f"{context.get('title')}{suffix}", "rest": {}}


# A tag of Django under another name.

register.tag("ratio", widthratio)


# Tags by compile functions.


class WrapNode(Node):
    """Renders its content between the values of an expression."""

    def __init__(self, nodelist, expression):
        self.nodelist = nodelist
        self.expression = expression

    def render(self, context):
        edge = self.expression.resolve(context)
        return f"{edge}{self.nodelist.render(context)}{edge}"


@register.tag
def wrap(parser, token):
    _, expression = token.split_contents()
    nodelist = parser.parse(("endwrap",))
    parser.delete_first_token()
    return WrapNode(nodelist, parser.compile_filter(expression))


class ChoiceNode(Node):
    """Renders the first or the second nodelist; both are children."""

    child_nodelists = ("nodelist_true", "nodelist_false")

    def __init__(self, condition, nodelist_true, nodelist_false):
        self.condition = condition
        self.nodelist_true = nodelist_true
        self.nodelist_false = nodelist_false

    def render(self, context):
        chosen = self.nodelist_true if self.condition.resolve(context) else self.nodelist_false
        return chosen.render(context) if chosen else "nothing"


@register.tag
def choice(parser, token):
    from django.template.base import NodeList

    _, condition = token.split_contents()
    nodelist_true = parser.parse(("otherwise", "endchoice"))
    if parser.next_token().contents == "otherwise":
        nodelist_false = parser.parse(("endchoice",))
        parser.delete_first_token()
    else:
        nodelist_false = NodeList()
    return ChoiceNode(parser.compile_filter(condition), nodelist_true, nodelist_false)


class SourceNode(Node):
    """Prints the tokens that it swallowed."""

    def __init__(self, text):
        self.text = text

    def render(self, context):
        return self.text


@register.tag
def raw(parser, token):
    """Takes tokens one by one, as the old {% raw %} tags did."""
    found = []
    while True:
        token = parser.next_token()
        if token.token_type == TokenType.BLOCK and token.contents == "endraw":
            return SourceNode("|".join(found))
        found.append(f"{token.token_type.name}:{token.contents}@{token.lineno}")


@register.tag
def skip(parser, token):
    parser.skip_past("endskip")
    return SourceNode("skipped")


@register.tag
def peek(parser, token):
    """Looks at the next token and puts it back."""
    following = parser.next_token()
    parser.prepend_token(following)
    return SourceNode(f"[{following.contents}]")


@register.tag
def count_tokens(parser, token):
    left = [one.contents for one in parser.tokens]
    return SourceNode(f"[{len(parser.tokens)}:{'|'.join(reversed(left))}]")


@register.tag
def pop_token(parser, token):
    return SourceNode(f"[{parser.tokens.pop().contents}:{bool(parser.tokens)}]")


@register.tag
def insert(parser, token):
    """Puts a token in that is not in the source."""
    from django.template.base import Token

    parser.prepend_token(Token(TokenType.VAR, "inserted", lineno=token.lineno))
    return SourceNode("")


@register.tag
def rewrite(parser, token):
    """Changes the next token before it is parsed."""
    following = parser.next_token()
    following.contents = following.contents.replace("old", "new")
    parser.prepend_token(following)
    return SourceNode("")


@register.tag
def careless(parser, token):
    """Gives parse() a string where a sequence was meant."""
    nodelist = parser.parse("endcareless")
    parser.delete_first_token()
    return WrapNode(nodelist, parser.compile_filter('"~"'))


@register.tag
def forgiving(parser, token):
    """Catches the syntax error of its content."""
    try:
        parser.parse(("endforgiving",))
        parser.delete_first_token()
    except template.TemplateSyntaxError as error:
        return SourceNode(f"caught {type(error).__name__}")
    return SourceNode("fine")


@register.tag
def remember(parser, token):
    parser.extra_data.setdefault("seam", []).append(token.contents)
    return SourceNode(str(len(parser.extra_data["seam"])))


@register.tag
def place(parser, token):
    """Prints what the parser knows about where it is."""
    commands = [name for name, _ in parser.command_stack]
    return SourceNode(f"{commands[-1]}:{token.lineno}:{parser.origin.template_name}")


@register.tag
def blockless(parser, token):
    """Returns something that is no node."""


@register.tag
def faulty(parser, token):
    raise template.TemplateSyntaxError("This tag is always wrong.")


@register.tag
def library(parser, token):
    """Loads another library by hand."""
    parser.add_library(parser.libraries["humanize"])
    return SourceNode("")


class FirstNode(SourceNode):
    must_be_first = True


@register.tag
def first(parser, token):
    return FirstNode("first")


class ScopeNode(Node):
    """Renders its content with a name pushed, and leaves another name behind."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        with context.push(pushed="in"):
            inner = self.nodelist.render(context)
        context["left"] = "behind"
        return f"({inner})"


@register.tag
def scope(parser, token):
    nodelist = parser.parse(("endscope",))
    parser.delete_first_token()
    return ScopeNode(nodelist)


class UpdateNode(Node):
    """Pushes a scope and leaves it to another tag to pop it."""

    def render(self, context):
        context.update({"updated": "yes", "title": "covered"})
        return ""


class PopNode(Node):
    def render(self, context):
        context.pop()
        return ""


@register.tag
def update(parser, token):
    return UpdateNode()


@register.tag
def pop(parser, token):
    return PopNode()


class CountNode(Node):
    """Counts its own renders in the render context, as {% cycle %} does."""

    def render(self, context):
        count = context.render_context.get(self, 0) + 1
        context.render_context[self] = count
        return str(count)


@register.tag
def count(parser, token):
    return CountNode()


class InspectNode(Node):
    """Prints what a node can see of the render."""

    def render(self, context):
        names = [sorted(map(str, scope)) for scope in context.dicts]
        engine = context.template.engine
        return f"{names} {context.template_name} {context.autoescape} {engine.string_if_invalid!r}"


@register.tag
def inspect(parser, token):
    return InspectNode()


class EscapeNode(Node):
    """Switches autoescape while its content renders."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        old, context.autoescape = context.autoescape, False
        try:
            return self.nodelist.render(context)
        finally:
            context.autoescape = old


@register.tag
def unescaped(parser, token):
    nodelist = parser.parse(("endunescaped",))
    parser.delete_first_token()
    return EscapeNode(nodelist)


class FailNode(Node):
    def render(self, context):
        raise ZeroDivisionError("failed in a node")


@register.tag
def fail(parser, token):
    return FailNode()


class LateNode(Node):
    """Compiles and resolves an expression while it renders, with the parser that it kept."""

    def __init__(self, parser, text):
        self.parser = parser
        self.text = text

    def render(self, context):
        return str(self.parser.compile_filter(self.text).resolve(context))


@register.tag
def late(parser, token):
    return LateNode(parser, token.split_contents()[1].strip("'"))


class WalkNode(Node):
    """Prints the types of the nodes in its content."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        return ",".join(type(node).__name__ for node in self.nodelist.get_nodes_by_type(Node))


@register.tag
def walk(parser, token):
    nodelist = parser.parse(("endwalk",))
    parser.delete_first_token()
    return WalkNode(nodelist)


class EachNode(Node):
    """Renders each node of its content by itself, as placeholders and slots do."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        return "+".join(node.render(context) for node in self.nodelist)


@register.tag
def each(parser, token):
    nodelist = parser.parse(("endeach",))
    parser.delete_first_token()
    return EachNode(nodelist)
