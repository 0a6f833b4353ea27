"""Where in which template a character of a text comes from: Django's render, with marks.

The templates of a `TracingEngine` are compiled anew, by a parser that makes each node leave a mark
when it is rendered: its text, and inside it the marks of the nodes that it rendered. Marks whose
texts stand in that of the node around them have a place in the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.template import base
from django.template.base import Node, NodeList, TextNode, Token, VariableNode
from django.template.defaulttags import ForNode, WithNode
from django.template.engine import Engine as DjangoEngine
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode

from djust_engine.template import Template as NativeTemplate

from .twins import TwinEngine, twin_of

# Nodes that only hold others.
_FRAMES = (BlockNode, ExtendsNode, IncludeNode)


class Place(NamedTuple):
    """A node in the source: the template, its line, the tag, and the variable that is printed.

    `path` is that variable from the context on, through the loops and `with` tags around it.
    """

    template: str
    line: int
    source: str = ""
    variable: str = ""
    path: str = ""


@dataclass
class Mark:
    """One render of a node (None for the whole) and those of the nodes inside it."""

    node: Any
    text: str = ""
    inner: list[Mark] = field(default_factory=list)


class Span(NamedTuple):
    """Where in the whole text a mark stands."""

    start: int
    end: int
    mark: Mark

    def holds(self, offset: int) -> bool:
        return self.start <= offset < self.end

    @property
    def is_text(self) -> bool:
        return isinstance(self.mark.node, TextNode)


class Trace:
    """The marks of one render; `failed` is the innermost node that raised."""

    def __init__(self) -> None:
        self.root = Mark(None)
        self.failed: Node | None = None
        self._open = [self.root]

    def watch(self, node: Node) -> None:
        """Make a node leave marks. Its class keeps its method; only this one node has another."""
        render = node.render_annotated
        with suppress(AttributeError):  # a class of nodes may define __slots__
            node.render_annotated = lambda context: self._render(  # type: ignore[method-assign]
                node, render, context
            )

    def _render(self, node: Node, render: Callable[[Any], Any], context: Any) -> Any:
        mark = Mark(node)
        self._open[-1].inner.append(mark)
        self._open.append(mark)
        try:
            text = render(context)
        except Exception:
            self.failed = self.failed or node
            raise
        finally:
            self._open.pop()
        mark.text = str(text)
        return text

    def place_of(self, offset: int) -> Place | None:
        """The node that printed the character at `offset`, or did not print what belongs there."""
        found = _printing(list(_spans(self.root, 0)), offset)
        if found is None:
            return None
        where = place(found.mark.node)
        return where._replace(path=_path(where.variable, _way_to(found.mark, self.root) or []))

    def place_of_failure(self) -> Place | None:
        return place(self.failed) if self.failed is not None else None


def _spans(mark: Mark, start: int) -> Iterator[Span]:
    """The marks inside one, those inside them first, each with its place in the whole."""
    position = 0
    for one in mark.inner:
        at = mark.text.find(one.text, position) if mark.node is not None else position
        if at < 0:
            return
        yield from _spans(one, start + at)
        position = at + len(one.text)
        yield Span(start + at, start + position, one)


def _printing(spans: list[Span], offset: int) -> Span | None:
    """Of the spans, inner ones first: whose fault a difference at `offset` is likeliest to be."""
    around = [span for span in spans if span.holds(offset)]
    if around and not around[0].is_text:
        return around[0]
    before = [span for span in spans if span.end <= offset and _prints(span)]
    if around and around[0].start == offset and before and before[-1].end == offset:
        return before[-1]
    enclosing = [span for span in around if not span.is_text]
    if enclosing and not isinstance(enclosing[0].mark.node, _FRAMES):
        return enclosing[0]
    return before[-1] if before else next(iter(around or spans), None)


def _prints(span: Span) -> bool:
    return not span.is_text and not span.mark.inner


def _way_to(mark: Mark, root: Mark) -> list[tuple[Mark, int]] | None:
    """The marks around one, the outermost first, each with which of its inner marks leads on."""
    for ordinal, inner in enumerate(root.inner):
        way = [] if inner is mark else _way_to(mark, inner)
        if way is not None:
            return [(root, ordinal), *way]
    return None


def _path(variable: str, way: list[tuple[Mark, int]]) -> str:
    """A variable, with names that loops, `with` and `include` gave replaced by what they mean."""
    for mark, ordinal in reversed(way):
        head, dot, rest = variable.partition(".")
        meant = _meant_by(head, mark.node, ordinal)
        if meant:
            variable = f"{meant}{dot}{rest}"
    return variable


def _meant_by(name: str, node: Any, ordinal: int) -> str | None:
    """What a name means that a node gives to those inside it, as far as that is known."""
    if isinstance(node, ForNode) and name in node.loopvars and node.nodelist_loop:
        if node.is_reversed:
            return None
        item = f"{node.sequence}.{ordinal // len(node.nodelist_loop)}"
        return item if len(node.loopvars) == 1 else f"{item}.{node.loopvars.index(name)}"
    given = (
        getattr(node, "extra_context", None) if isinstance(node, WithNode | IncludeNode) else None
    )
    return str(given[name]) if given and name in given else None


def place(node: Any) -> Place:
    """Where a node stands."""
    token: Token | None = getattr(node, "token", None)
    name = getattr(getattr(node, "origin", None), "name", "")
    if token is None:
        return Place(name, 0)
    if isinstance(node, VariableNode):
        variable = str(node.filter_expression.var)
        return Place(name, token.lineno or 0, f"{{{{ {token.contents} }}}}", variable)
    if isinstance(node, TextNode):
        return Place(name, token.lineno or 0)
    return Place(name, token.lineno or 0, f"{{% {token.contents} %}}")


class TracingParser(base.Parser):
    trace: Trace

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        super().extend_nodelist(nodelist, node, token)
        self.trace.watch(node)


class TracingEngine(TwinEngine):
    """A twin whose templates leave marks. What is in slots is its own, the rest is shared."""

    __slots__ = ("_templates", "trace")
    _templates: dict[NativeTemplate, base.Template]
    trace: Trace

    @classmethod
    def of(cls, engine: DjangoEngine) -> TracingEngine:
        made = super().of(engine)
        made.trace = Trace()
        made._templates = {}
        return made

    def compiled(self, template: Any) -> Any:
        if not isinstance(template, NativeTemplate):
            return template
        if template not in self._templates:
            self._templates[template] = self._traced(template)
        return self._templates[template]

    def _traced(self, template: NativeTemplate) -> base.Template:
        """Django's template, as it is but for its engine and its nodes."""
        made = base.Template.__new__(base.Template)
        vars(made).update(vars(twin_of(template)), engine=self)
        lexer = base.DebugLexer if self.debug else base.Lexer
        tokens = lexer(template.source).tokenize()
        libraries, builtins = self.template_libraries, self.template_builtins
        parser = TracingParser(tokens, libraries, builtins, template.origin)
        parser.trace = self.trace
        made.nodelist = parser.parse()
        made.extra_data = parser.extra_data
        return made


for _engine in (TwinEngine, TracingEngine):
    _engine.__module__, _engine.__name__ = DjangoEngine.__module__, DjangoEngine.__name__
    _engine.__qualname__ = DjangoEngine.__qualname__
