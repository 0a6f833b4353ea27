"""Random template text, right and wrong, over odd Python objects."""

# Braces stand for themselves in templates.
# ruff: noqa: UP031

from random import Random

from tests.fuzz import oddities
from tests.fuzz.case import Case, Piece, Pieces, text_of
from tests.fuzz.chances import likely
from tests.fuzz.data import configuration
from tests.fuzz.fragments import (
    BAD_FILTERS,
    BROKEN,
    FILTERS,
    FORMATS,
    LITERALS,
    LOCAL_BLOCKS,
    LOCAL_TAGS,
    OPERATORS,
    SLICES,
    TEXTS,
)
from tests.fuzz.oddities import PATHS, VALUES


class Writer:
    """Writes random pieces of template text, from a seeded `random`."""

    def __init__(self, random: Random, names: list[str]) -> None:
        self.random = random
        self.names = [*names, "missing", "forloop", "x", "y"]
        self.broken = random.choice([0, 0, 0.02, 0.1])
        self.blocks = 0

    def chance(self, probability: float) -> bool:
        return likely(self.random, probability)

    def name(self) -> str:
        return self.random.choice(self.names[:-4] * 3 + self.names)

    def operand(self) -> str:
        if self.chance(0.2):
            return self.random.choice(LITERALS)
        text = self.name()
        while self.chance(0.45):
            text += "." + self.random.choice(PATHS)
        return text

    def filled(self, template: str) -> str:
        literal = self.random.choice(LITERALS)
        return (
            template.replace("{a}", literal if self.chance(0.7) else self.name())
            .replace(
                "{n}", self.random.choice(["0", "3", "-2", "12", "'5'", "'x'", "None", "'2g'"])
            )
            .replace("{k}", self.random.choice(["'a'", "'b.c'", "0", "1", "'name'", "'_a'", "''"]))
            .replace("{f}", self.random.choice(FORMATS))
            .replace("{s}", self.random.choice(SLICES))
        )

    def expression(self, more: float = 0.35) -> str:
        text = self.operand()
        while self.chance(more):
            known = BAD_FILTERS if self.chance(self.broken / 3) else FILTERS
            text += "|" + self.filled(self.random.choice(known))
        return text

    def condition(self) -> str:
        text = ("not " if self.chance(0.15) else "") + self.expression(0.15)
        while self.chance(0.45):
            text += f" {self.random.choice(OPERATORS)} "
            text += ("not " if self.chance(0.1) else "") + self.expression(0.15)
        return text

    def pieces(self, depth: int, most: int = 4) -> Pieces:
        return [self.piece(depth) for _ in range(self.random.randint(1, most))]

    def piece(self, depth: int) -> Piece:
        if self.chance(self.broken):
            return self.random.choice(BROKEN)
        if depth > 0 and self.chance(0.4):
            return self.random.choice(BLOCKS)(self, depth)
        return self.random.choice(LEAVES)(self)

    def variable(self) -> Piece:
        return "{{ %s }}" % self.expression()

    def text(self) -> Piece:
        return self.random.choice(TEXTS)

    def cycle(self) -> Piece:
        name = self.random.choice(["", "", " as c", " as c silent"])
        again = "{% cycle c %}" if name and self.chance(0.4) else ""
        return "{%% cycle %s %s%s %%}{{ c }}%s" % (
            self.expression(0.1), self.expression(0.1), name, again,
        )  # fmt: skip

    def firstof(self) -> Piece:
        end = self.random.choice(["", " as f"])
        return "{%% firstof %s %s%s %%}{{ f }}" % (self.expression(), self.expression(), end)

    def include(self) -> Piece:
        target = self.random.choice(["'i.html'", "'i.html'", "t", self.expression(0.1)])
        end = self.random.choice(
            ["", "", " only", " with x=%s" % self.expression(), " with x=a only"]
        )
        return "{%% include %s%s %%}" % (target, end)

    def other(self) -> Piece:
        one, two = self.expression(0.1), self.expression(0.1)
        return self.random.choice([
            "{%% show %s %s %%}" % (one, two), "{%% show x=%s as s %%}{{ s }}" % one,
            "{%% look '%s' %%}" % self.name(), "{%% put '%s' %s %%}" % (self.name(), one),
            "{%% widthratio %s %s 10 %%}" % (one, two), "{% csrf_token %}", "{% now 'Y' %}",
            "{%% regroup %s by a as g %%}{%% for h in g %%}{{ h.grouper }}{{ h.list|length }}"
            "{%% endfor %%}" % one, "{%% url %s %%}" % one, "{% lorem 2 w %}",
        ])  # fmt: skip

    def replaced(self, template: str) -> str:
        """Each {e} as an expression of its own, {x} a name, {f} a format, {c} a filter."""
        while "{e}" in template:
            template = template.replace("{e}", self.expression(0.15), 1)
        return (
            template.replace("{x}", self.name())
            .replace("{f}", self.random.choice(FORMATS))
            .replace("{c}", self.filled(self.random.choice(FILTERS)))
        )

    def local(self) -> Piece:
        return self.replaced(self.random.choice(LOCAL_TAGS))

    def localised(self, depth: int) -> Piece:
        head, tail = self.random.choice(LOCAL_BLOCKS)
        return [self.replaced(head), *self.pieces(depth - 1), tail]

    def loop(self, depth: int) -> Piece:
        targets = self.random.choice(["x", "x", "x", "x, y", "x,y", self.name()])
        end = self.random.choice(["", "", "", " reversed"])
        body = ["{{ x }}", *self.pieces(depth - 1)]
        if self.chance(0.3):
            body.insert(
                0, "{{ forloop.%s }}" % self.random.choice(["counter", "last", "revcounter"])
            )
        if self.chance(0.2):
            body += ["{% empty %}", *self.pieces(0)]
        head = "{%% for %s in %s%s %%}" % (targets, self.expression(0.15), end)
        return [head, *body, "{% endfor %}"]

    def choice(self, depth: int) -> Piece:
        body = self.pieces(depth - 1)
        if self.chance(0.3):
            body += ["{%% elif %s %%}" % self.condition(), *self.pieces(0)]
        if self.chance(0.4):
            body += ["{% else %}", *self.pieces(0)]
        return ["{%% if %s %%}" % self.condition(), *body, "{% endif %}"]

    def alias(self, depth: int) -> Piece:
        head = self.random.choice(["{%% with x=%s y=1 %%}", "{%% with %s as y %%}"])
        return [head % self.expression(), *self.pieces(depth - 1), "{% endwith %}"]

    def ifchanged(self, depth: int) -> Piece:
        values = self.random.choice(["", self.expression(0.1), "x y", "x|upper forloop.counter"])
        body = self.pieces(depth - 1)
        if self.chance(0.3):
            body += ["{% else %}", *self.pieces(0)]
        return ["{%% ifchanged %s %%}" % values, *body, "{% endifchanged %}"]

    def wrapped(self, depth: int) -> Piece:
        head, tail = self.random.choice([
            ("{% spaceless %}", "{% endspaceless %}"),
            ("{% autoescape off %}", "{% endautoescape %}"),
            ("{% autoescape on %}", "{% endautoescape %}"), ("{% framed %}", "{% endframed %}"),
            ("{%% filter %s %%}" % self.filled(self.random.choice(FILTERS)), "{% endfilter %}"),
            ("{% body %}", "{% endbody %}"), ("{% verbatim %}", "{% endverbatim %}"),
            ("{% load i18n %}{% language 'de' %}", "{% endlanguage %}"),
            ("{% load l10n %}{% localize on %}", "{% endlocalize %}"),
            ("{% load tz %}{% timezone 'Asia/Tokyo' %}", "{% endtimezone %}"),
        ])  # fmt: skip
        return [head, *self.pieces(depth - 1), tail]

    def block(self, depth: int) -> Piece:
        self.blocks += 1
        inside = ["{{ block.super }}"] if self.chance(0.3) else []
        head = "{%% block n%d %%}" % self.blocks
        return [head, *inside, *self.pieces(depth - 1), "{% endblock %}"]

    def spoiled(self, pieces: Pieces) -> Pieces:
        """The same text, a letter of it dropped, doubled or replaced."""
        text = text_of(pieces)
        if not text:
            return [text]
        at = self.random.randrange(len(text))
        letter = self.random.choice(
            ["", text[at] * 2, "%", "}", "{", '"', "|", " ", "\n", ".", "'"]
        )
        return [text[:at] + letter + text[at + 1 :]]

    def page(self) -> tuple[Pieces, dict[str, Pieces]]:
        """A template, and those that it may include or extend."""
        depth = self.random.randint(1, 4)
        source = self.pieces(depth, 5)
        templates: dict[str, Pieces] = {"i.html": self.pieces(1, 3)}
        if self.chance(0.2):
            self.blocks = 0
            block = ["{% block n1 %}", *self.pieces(1), "{% endblock %}"]
            templates["base.html"] = [*self.pieces(2, 3), block]
            source = [
                self.random.choice(["{% extends 'base.html' %}", "{% extends t2 %}"]),
                *source,
            ]
        if self.broken and self.chance(0.4):
            source = self.spoiled(source)
        return source, templates


LEAVES = [
    Writer.variable, Writer.variable, Writer.variable, Writer.variable, Writer.text, Writer.text,
    Writer.cycle, Writer.firstof, Writer.include, Writer.other, Writer.local,
]  # fmt: skip
BLOCKS = [
    Writer.loop, Writer.loop, Writer.choice, Writer.choice, Writer.alias, Writer.ifchanged,
    Writer.wrapped, Writer.block, Writer.localised,
]  # fmt: skip


def make_case(seed: int) -> Case:
    random = Random(f"language {seed}")
    context = {name: random.choice(VALUES) for name in ("a", "b", "c", "d")}
    writer = Writer(random, list(context))
    source, templates = writer.page()
    context |= {"t": random.choice(["'i.html'", "['none.html', 'i.html']", "''", "5"])}
    context |= {"t2": "'base.html'"}
    debug = likely(random, 0.6)
    return Case(
        source, context, templates, oddities.NAMES, configuration(random, debug),
        autoescape=likely(random, 0.8), renders=random.choice([1, 2]),
        language=random.choice(["en", "en", "de", "fr", "hi"]), thousands=likely(random, 0.15),
    )  # fmt: skip
