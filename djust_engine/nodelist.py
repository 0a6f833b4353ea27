"""Nodelists that render natively, and Django's own nodes for whoever looks inside.

`NativeNodeList` is a `NodeList` over a body of a program. Its list is empty until somebody reads
it; then Django's parser parses the template, and the nodes that it made for this body are put in.
"""

from collections.abc import Callable, Iterable
from threading import RLock
from typing import TYPE_CHECKING, Any, SupportsIndex

from django.template import base
from django.template.base import Node, NodeList, Token
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString

from djust_engine import _native
from djust_engine.decisions import Decision, emit

if TYPE_CHECKING:
    from djust_engine._native import Program
    from djust_engine.template import Template


class RecordingParser(base.Parser):
    """Django's parser, which keeps each nodelist by where its parsing began."""

    def __init__(self, template: "Template") -> None:
        engine = template.engine
        lexer = base.DebugLexer if engine.debug else base.Lexer
        tokens = lexer(template.source).tokenize()
        super().__init__(
            tokens, engine.template_libraries, engine.template_builtins, template.origin
        )
        self.total = len(tokens)
        self.bodies: dict[int, list[NodeList]] = {}
        self.blocks: dict[str, NodeList] = {}

    def parse(self, parse_until: Iterable[str] | None = None) -> NodeList:
        calls = self.bodies.setdefault(self.total - len(self.tokens), [])
        place = len(calls)
        calls.append(NodeList())
        calls[place] = super().parse(parse_until)
        return calls[place]

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        super().extend_nodelist(nodelist, node, token)
        if isinstance(node, BlockNode):
            self.blocks[node.name] = node.nodelist


class DjangoNodes:
    """The nodes that Django's parser makes of a template, parsed once, when first asked for."""

    def __init__(self, template: "Template") -> None:
        self.template = template
        self._lock = RLock()
        self._parser: RecordingParser | None = None

    def body(self, position: int, ordinal: int) -> NodeList:
        """Return what the nth call of `parse()` at a token made."""
        return self._parsed().bodies[position][ordinal]

    def block(self, name: str) -> NodeList:
        return self._parsed().blocks[name]

    def _parsed(self) -> RecordingParser:
        with self._lock:
            if self._parser is None:
                parser = RecordingParser(self.template)
                parser.parse()
                self._parser = parser
            return self._parser


def _reading(name: str) -> Any:
    """A method of `list`, called on the nodes."""
    method = getattr(list, name)

    def read(self: "NativeNodeList", *arguments: Any, **options: Any) -> Any:
        self.materialise()
        return method(self, *arguments, **options)

    return read


def _editing(name: str) -> Any:
    """A method of `list` that changes it: Django's nodes render from then on."""
    method = getattr(list, name)

    def edit(self: "NativeNodeList", *arguments: Any, **options: Any) -> Any:
        self.materialise()
        self.program = None
        return method(self, *arguments, **options)

    return edit


class NativeNodeList(NodeList):
    """A `NodeList` that renders a body of a program (the whole template where `body` is None).

    `program` becomes None once the list was changed: then the nodes in it are what renders.
    While `reached` is a list, the template is being compiled: whoever asks for nodes is noted.
    """

    reached: list[NodeList] | None = None

    def __init__(
        self,
        program: "Program",
        body: int | None,
        build: Callable[[], NodeList],
        *,
        empty: bool | None = None,
    ) -> None:
        super().__init__()
        self.program: Program | None = program
        self.body = body
        self._build: Callable[[], NodeList] | None = build
        self._empty = empty
        self._contains_nontext = False

    def render(self, context: Context) -> SafeString:
        if self.program is None:
            return super().render(context)
        depth, autoescape = len(context.dicts), context.autoescape
        try:
            return self.program.render(context, self.body)
        except _native.Panic as panic:
            del context.dicts[depth:]
            context.autoescape = autoescape
            return self._render_after(panic, context)

    def _render_after(self, panic: Exception, context: Context) -> SafeString:
        """Render Django's nodes: the native program failed, and will not be tried again."""
        template = context.render_context.template or context.template
        name = "" if template is None else template.name or template.origin.name
        emit(Decision("template", name, mode="django", reason=f"panic: {panic}"))
        self.materialise()
        self.program = None
        return super().render(context)

    def materialise(self) -> None:
        """Put Django's nodes into this list."""
        build = self._build
        if build is not None:
            nodes = build()
            self._fill(nodes)

    def _fill(self, nodes: NodeList) -> None:
        with _FILLING:
            if self._build is not None:
                list.extend(self, nodes)
                self._contains_nontext = nodes.contains_nontext
                self._build = None

    def get_nodes_by_type(self, nodetype: Any) -> list[Any]:
        """Return Django's nodes of a type; for blocks, those that the program renders."""
        if self.reached is not None:
            self.reached.append(self)
            return []
        found: list[Any] = super().get_nodes_by_type(nodetype)
        if nodetype is BlockNode and self.program is not None:
            blocks = self.program.blocks
            return [blocks.get(node.name, node) for node in found]
        return found

    @property
    def contains_nontext(self) -> bool:
        self.materialise()
        return self._contains_nontext

    @contains_nontext.setter
    def contains_nontext(self, value: bool) -> None:
        self._contains_nontext = value

    def __bool__(self) -> bool:
        if self._build is not None and self._empty is not None:
            return not self._empty
        return len(self) > 0

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return NodeList, (), {"contains_nontext": self.contains_nontext}, iter(list(self))

    def __radd__(self, other: list[Any]) -> list[Any]:
        return other + list(self)

    __iter__ = _reading("__iter__")
    __len__ = _reading("__len__")
    __getitem__ = _reading("__getitem__")
    __contains__ = _reading("__contains__")
    __reversed__ = _reading("__reversed__")
    __repr__ = _reading("__repr__")
    __add__ = _reading("__add__")
    __mul__ = _reading("__mul__")
    __rmul__ = _reading("__rmul__")
    __eq__ = _reading("__eq__")
    __ne__ = _reading("__ne__")
    __lt__ = _reading("__lt__")
    __le__ = _reading("__le__")
    __gt__ = _reading("__gt__")
    __ge__ = _reading("__ge__")
    copy = _reading("copy")
    count = _reading("count")
    index = _reading("index")
    __hash__ = None  # type: ignore[assignment]

    __setitem__ = _editing("__setitem__")
    __delitem__ = _editing("__delitem__")
    __iadd__ = _editing("__iadd__")
    __imul__ = _editing("__imul__")
    append = _editing("append")
    clear = _editing("clear")
    extend = _editing("extend")
    insert = _editing("insert")
    pop = _editing("pop")
    remove = _editing("remove")
    reverse = _editing("reverse")
    sort = _editing("sort")


_FILLING = RLock()
