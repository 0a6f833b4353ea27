"""Django's `Parser` over the token cursor of the native parser.

The native parser asks it what a tag or filter is, and lends it a cursor while it runs the compile
functions of libraries; these see Django's whole `Parser` interface. What that interface cannot do
over a cursor is refused, and the template goes to Django's own parser.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from inspect import unwrap
from typing import TYPE_CHECKING, Any, NoReturn

from django.template import TemplateSyntaxError, base, defaulttags
from django.template.base import FilterExpression, Node, NodeList, Token, TokenType
from django.template.loader_tags import BlockNode, ExtendsNode

from djust_engine.nodelist import DjangoNodes, NativeNodeList
from djust_engine.originals import NATIVE_TAGS, native_filter
from djust_engine.switches import why_off

if TYPE_CHECKING:
    from djust_engine._native import Cursor, Program
    from djust_engine.foreign import Call
    from djust_engine.template import Template

TokenFields = tuple[int, str, int, int, int]


class Body:
    """What one call of `parse()` gave, and where it stands, in characters of the source."""

    __slots__ = ("end", "nodelist", "start")

    def __init__(self, nodelist: NativeNodeList, start: int, end: int) -> None:
        self.nodelist = nodelist
        self.start = start
        self.end = end


# Why a compile function makes a template fall back, by code.
REASONS = {
    "token-inserted": "the compile function of a tag put a token back that is not the one it took",
    "token-changed": "the compile function of a tag changed a token that has not been parsed yet",
    "end-tags": "the compile function of a tag gave parse() something else than names of tags",
    "nested-error": "an error inside the content of a tag reached its compile function",
    "must-be-first": "a tag of a library must be the first of its template",
    "foreign-block": "the compile function of a library made a block",
}


class Refusal(Exception):
    """Raised in a compile function to leave the template to Django's own parser."""

    def __init__(self, code: str, name: str = "", line: int = 0) -> None:
        super().__init__(f"{REASONS[code]} ({name})" if name else REASONS[code])
        self.code = code
        self.line = line


class Tokens:
    """`Parser.tokens`: the tokens that are left, the next one last.

    A live view with the operations of a list that compile functions use on it.
    """

    def __init__(self, parser: "Parser") -> None:
        self.parser = parser

    def __len__(self) -> int:
        return self.parser.count_tokens() - self.parser.position()

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        length = len(self)
        place = index + length if index < 0 else index
        if not 0 <= place < length:
            raise IndexError("list index out of range")
        return self.parser.token_at(self.parser.count_tokens() - 1 - place)

    def __iter__(self) -> Iterator[Token]:
        return (self[place] for place in range(len(self)))

    def __reversed__(self) -> Iterator[Token]:
        return (self[place] for place in range(len(self) - 1, -1, -1))

    def __repr__(self) -> str:
        return repr(list(self))

    def pop(self, index: int = -1) -> Token:
        if index not in (-1, len(self) - 1):
            self.parser.refuse("token-inserted")
        return self.parser.next_token()

    def append(self, token: Token) -> None:
        self.parser.prepend_token(token)

    def __delitem__(self, index: int) -> None:
        self.pop(index)

    def _refuse(self, *arguments: object) -> NoReturn:
        self.parser.refuse("token-inserted")

    __setitem__ = insert = extend = remove = clear = reverse = sort = __iadd__ = _refuse


class Parser(base.Parser):
    """The parser that compile functions are called with.

    `cursor` is set by the native parser for the length of a compilation.
    """

    cursor: "Cursor"

    def __init__(self, template: "Template") -> None:
        engine = template.engine
        super().__init__([], engine.template_libraries, engine.template_builtins, template.origin)
        self.debug = engine.debug
        self.off = why_off(template)
        self.nodes = DjangoNodes(template)
        self.refusal: Refusal | None = None
        # Names of the blocks that inheritance does not see.
        self.hidden_blocks: set[str] = set()
        self._made: dict[int, Token] = {}
        self._ordinals: Counter[int] = Counter()
        self._bodies: list[Body] = []
        self._unreached: list[Body] = []
        self._count: int | None = None

    def refuse(self, code: str) -> NoReturn:
        """Leave the template to Django, even if the compile function catches the exception."""
        self.refusal = self._refusal(code)
        raise self.refusal

    def _refusal(self, code: str) -> Refusal:
        """The refusal, with the tag that is being compiled."""
        if not self.command_stack:
            return Refusal(code)
        name, token = self.command_stack[-1]
        return Refusal(code, f"{{% {name} %}}", token.lineno or 0)

    # What the native parser asks.

    def tag(self, name: str) -> str | None:
        """Return the native name of a tag, "" for one of a library, None for an unknown one."""
        function = self.tags.get(name)
        if function is None:
            return None
        return NATIVE_TAGS.get((function, name), "")

    def find(self, name: str, arguments: int) -> tuple[Callable[..., Any], str | None]:
        """Return a filter and, where it is Django's own, the name that Django gave it.

        Raises TemplateSyntaxError for an unknown one and for a wrong number of arguments.
        """
        function = self.find_filter(name)
        native = native_filter(function, name)
        if native is None or not _takes(function, arguments):
            provided: list[Any] = [None] * arguments
            FilterExpression.args_check(name, function, provided)
        return function, native

    def load(self, contents: str, start: int, end: int, line: int) -> None:
        """Run `{% load %}`."""
        defaulttags.load(self, self._make(TokenType.BLOCK, contents, start, end, line))

    def foreign(
        self, name: str, contents: str, start: int, end: int, line: int
    ) -> "tuple[Node, bool, Call | None]":
        """Call a library's compile function; return its node, whether that is opaque, and what it
        calls, where it is the node of a plain function.
        """
        from djust_engine.foreign import find_call, is_opaque

        token = self._take(self.position() - 1, (TokenType.BLOCK.value, contents, start, end, line))
        self.command_stack.append((name, token))
        outer, self._bodies = self._bodies, []
        function = self.tags[name]
        node = function(self, token)
        self._check(node)
        self.command_stack.pop()
        self._look_for_bodies(node)
        self._bodies = outer
        node.token = token
        node.origin = self.origin
        return node, is_opaque(node), find_call(function, node)

    def partial(
        self, name: str, program: "Program", body: int, first: int, start: int, end: int
    ) -> None:
        """Keep a native partial, as `{% partialdef %}` does (`defaulttags.partialdef_func`).

        `first` is the index of its first token; the place is of its two tags.
        """
        nodes = self.nodes
        ordinal = self._ordinals[first]
        self._ordinals[first] += 1
        nodelist = NativeNodeList(program, body, lambda: nodes.body(first, ordinal))
        source_start, source_end = (start, end) if self.debug else (None, None)
        partials = self.extra_data.setdefault("partials", {})
        if name in partials:
            raise TemplateSyntaxError(f"Partial {name!r} is already defined.")
        origin: Any = self.origin
        partials[name] = base.PartialTemplate(
            nodelist, origin, name, source_start=source_start, source_end=source_end
        )

    def block(
        self,
        name: str,
        program: "Program",
        body: int,
        contents: str,
        start: int,
        end: int,
        line: int,
    ) -> BlockNode:
        """Make the node of a native `{% block %}`."""
        nodes = self.nodes
        node = BlockNode(name, NativeNodeList(program, body, lambda: nodes.block(name)))
        node.token = self._make(TokenType.BLOCK, contents, start, end, line)
        node.origin = self.nodes.template.origin
        if any(body.start <= start < body.end for body in self._unreached):
            self.hidden_blocks.add(name)
        return node

    # What compile functions ask.

    @property
    def tokens(self) -> Any:
        return Tokens(self)

    @tokens.setter
    def tokens(self, tokens: list[Token] | str) -> None:
        if hasattr(self, "cursor"):
            self.refuse("token-inserted")

    def parse(self, parse_until: Iterable[str] | None = None) -> NodeList:
        if isinstance(parse_until, str) or not _is_names(parse_until or ()):
            self.refuse("end-tags")
        self._check_tokens()
        start = self.position()
        ordinal = self._ordinals[start]
        self._ordinals[start] += 1
        try:
            program, body = self.cursor.parse(list(parse_until or ()))
        except Exception:
            self.refusal = self.refusal or self._refusal("nested-error")
            raise
        nodes = self.nodes
        empty = all(fields[0] == TokenType.COMMENT.value for fields in self._until_node(start))
        nodelist = NativeNodeList(program, body, lambda: nodes.body(start, ordinal), empty=empty)
        if not empty:
            self._bodies.append(Body(nodelist, *self._characters(start)))
        return nodelist

    def next_token(self) -> Token:
        place = self.position()
        return self._take(place, self.cursor.next())

    def prepend_token(self, token: Token) -> None:
        if self._made.get(self.position() - 1) is not token:
            self.refuse("token-inserted")
        self.cursor.back()

    def delete_first_token(self) -> None:
        self.cursor.next()

    def position(self) -> int:
        """Return the index of the next token in the template."""
        return self.cursor.position()

    def count_tokens(self) -> int:
        """Return how many tokens the template has."""
        if self._count is None:
            self._count = self.position() + len(self.cursor.tokens())
        return self._count

    def token_at(self, place: int) -> Token:
        """Return the token with this index in the template, always the same object."""
        if place not in self._made:
            return self._take(place, self.cursor.tokens(place, place + 1)[0])
        return self._made[place]

    def _take(self, place: int, fields: TokenFields) -> Token:
        token = self._made.get(place)
        if token is None:
            token = self._made[place] = self._make(TokenType(fields[0]), *fields[1:])
        return token

    def _make(self, kind: TokenType, contents: str, start: int, end: int, line: int) -> Token:
        return Token(kind, contents, (start, end) if self.debug else None, line)

    def _check(self, node: Node) -> None:
        """Refuse what the native parser cannot account for in a node of a library."""
        if isinstance(node, BlockNode | ExtendsNode):
            self.refuse("foreign-block")
        if node.must_be_first:
            self.refuse("must-be-first")
        self._check_tokens()
        if self.refusal is not None:
            raise self.refusal

    def _look_for_bodies(self, node: Node) -> None:
        """Note the bodies that `node.get_nodes_by_type()` does not reach: inheritance, which
        finds the blocks of a template that way, must not see theirs either.
        """
        reached: list[NodeList] = []
        for body in self._bodies:
            body.nodelist.reached = reached
        if self._bodies:
            node.get_nodes_by_type(BlockNode)
        for body in self._bodies:
            body.nodelist.reached = None
            if not any(found is body.nodelist for found in reached):
                self._unreached.append(body)

    def _characters(self, start: int) -> tuple[int, int]:
        """Return where the tokens from `start` up to the position stand in the source."""
        end = self.position()
        first, last = self.cursor.tokens(start, start + 1), self.cursor.tokens(end - 1, end)
        return first[0][2], last[0][3]

    def _check_tokens(self) -> None:
        """Refuse if a token that was seen, and is still to be parsed, reads differently now."""
        start = self.position()
        for place in [place for place in self._made if place >= start]:
            token = self._made[place]
            kind, contents, *_ = self.cursor.tokens(place, place + 1)[0]
            if (token.token_type.value, token.contents) != (kind, contents):
                self.refuse("token-changed")

    def _until_node(self, start: int) -> Iterator[TokenFields]:
        """Yield the tokens from `start` up to the position, as far as one asks."""
        for place in range(start, self.position()):
            yield from self.cursor.tokens(place, place + 1)


def _takes(function: Callable[..., Any], arguments: int) -> bool:
    """Whether a filter of Django's own takes so many arguments: `args_check`, without `inspect`."""
    own: Any = unwrap(function)
    most = own.__code__.co_argcount
    least = most - len(own.__defaults__ or ())
    return bool(least <= 1 + arguments <= most)


def _is_names(parse_until: Iterable[str]) -> bool:
    return isinstance(parse_until, tuple | list | set | frozenset | dict) and all(
        isinstance(name, str) for name in parse_until
    )
