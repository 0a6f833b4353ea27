"""Random templates over random QuerySets and instances of `tests.jitapp`."""

# Braces stand for themselves in templates.
# ruff: noqa: UP031

from random import Random

from tests.fuzz import asking, objects, writes
from tests.fuzz.case import Case, Piece, Pieces
from tests.fuzz.chances import likely
from tests.fuzz.schema import ANY, NUMBER, Type, attributes
from tests.oracle import Configuration

Scope = dict[str, Type]

FILTERS: dict[str, list[str]] = {
    "text": [
        "upper", "lower", "title", "capfirst", "default:'x'", "truncatechars:3", "length",
        "slice:':2'", "slugify", "escape", "safe", "force_escape", "cut:'a'", "add:'x'",
        "urlize", "linebreaks", "center:9", "wordcount", "first", "last", "make_list", "yesno",
        "striptags", "shown", "bold",
    ],
    "number": [
        "add:1", "pluralize", "divisibleby:2", "floatformat", "floatformat:2", "default:0",
        "filesizeformat", "stringformat:'03d'", "get_digit:1", "shown", "yesno",
    ],
    "date": ["date:'Y-m-d H:i'", "date", "time", "default:'x'", "shown", "date:'c'"],
    "rows": [
        "length", "first", "last", "slice:':2'", "slice:'1:'", "join:', '", "dictsort:'pk'",
        "dictsortreversed:'author.last_name'", "random", "default:'x'", "yesno", "safeseq",
        "unordered_list", "listed", "shown", "make_list", "dictsort:'title'", "pluralize",
        "default_if_none:'x'",
    ],
    "one": [
        "default:'x'", "upper", "length", "yesno", "add:'x'", "stringformat:'s'", "pprint",
        "escape", "default_if_none:'x'", "shown", "read:'pk'", "read:'title'", "bold", "join:'-'",
        "first", "urlencode",
    ],
    "any": ["default_if_none:'x'", "default:'x'", "yesno", "stringformat:'s'", "length", "shown"],
}  # fmt: skip
#: Filters after which the value has still the type that it had.
TAME_FILTERS: dict[str, list[str]] = {
    "rows": ["length", "first", "slice:':2'", "default:'x'", "yesno", "dictsort:'pk'"],
    "one": ["default:'x'", "upper", "yesno"],
}
#: Names that a template does not ask for on purpose.
WILD_NAMES = (
    "DoesNotExist", "objects", "delete", "missing", "0", "1", "7", "extra_name", "ordered",
    "values", "reverse", "last", "hideable", "base_hidden", "observed", "observed_set",
    "hideable_set", "subject", "notes", "place_ptr", "restaurant",
)  # fmt: skip
#: Seeds that share one filling of the tables.
SHARED = 100
KEEPS = ("slice", "dictsort", "default", "safeseq")
ROWS = ("rows", "list", "page", "manager", "boxes", "dicts", "holders")


class Writer:
    """Writes random pieces of template, from a seeded `random`; included templates are kept.

    A wild one also writes what fails, and what is handed to Python; a tame one what sites write.
    """

    def __init__(self, random: Random, wild: bool) -> None:
        self.random = random
        self.wild = wild
        self.templates: dict[str, Pieces] = {}
        self.names = iter(f"v{number}" for number in range(10_000))

    def chance(self, probability: float) -> bool:
        return likely(self.random, probability)

    # Expressions.

    def path(self, scope: Scope, most: int = 4) -> tuple[str, Type]:
        """A dotted path from a name of the scope, and the type of what it gives."""
        name = self.random.choice([*scope, *list(scope)[-2:] * 2])
        text, type_ = name, scope[name]
        for _ in range(self.random.randint(0, most)):
            step = self.step(type_)
            if step is None:
                break
            text, type_ = f"{text}.{step[0]}", step[1]
        if type_[0] == "manager" and self.chance(0.8):
            text, type_ = f"{text}.all", ("rows", type_[1])
        return text, type_

    def step(self, type_: Type) -> tuple[str, Type] | None:
        kind, model = type_
        if kind == "box":
            return self.random.choice([("a", ("rows", model)), ("items", ("list", model))])
        if kind == "holder":
            return "it", ("one", model)
        if kind == "boxes":
            return self.random.choice([("0", ("rows", model)), ("1", ("rows", model))])
        known = attributes(kind, model)
        if not self.wild:
            known = {name: found for name, found in known.items() if name not in WILD_NAMES}
        if not known:
            return None
        name = self.random.choice(list(known))
        if kind == "one" and self.chance(0.4):
            related = [one for one, (sort, _) in known.items() if sort in ("one", "manager")]
            name = self.random.choice(related or [name])
        return name, known[name]

    def expression(self, scope: Scope) -> tuple[str, Type]:
        """A path with filters."""
        text, type_ = self.path(scope)
        while self.chance(0.3 if self.wild else 0.15):
            sort = "rows" if type_[0] in ROWS else type_[0]
            known = FILTERS.get(sort, FILTERS["any"])
            chosen = self.random.choice(known if self.wild else TAME_FILTERS.get(sort, known))
            text, type_ = f"{text}|{chosen}", self.filtered(chosen, type_)
        return text, type_

    def filtered(self, chosen: str, type_: Type) -> Type:
        if chosen.startswith(KEEPS):
            return ("list", type_[1]) if type_[0] in ROWS else type_
        if chosen in ("first", "last", "random") and type_[0] in ROWS:
            return ("one", type_[1]) if type_[0] != "boxes" else ("rows", type_[1])
        return NUMBER if chosen == "length" else ANY

    def iterable(self, scope: Scope) -> tuple[str, Type]:
        """An expression that a loop may go over, most often one that gives objects."""
        for _ in range(12 if self.wild else 50):
            text, type_ = self.expression(scope)
            if type_[0] in ROWS and type_[0] != "manager":
                return text, type_
        return (text, type_) if self.wild else ("none", ANY)

    def condition(self, scope: Scope, most: int = 2) -> str:
        if most and self.chance(0.25):
            joint = self.random.choice([" and ", " or "])
            return self.condition(scope, most - 1) + joint + self.condition(scope, most - 1)
        left = self.expression(scope)[0]
        form = self.random.randrange(10)
        if form < 4:
            return left
        if form == 4:
            return f"not {left}"
        operator = self.random.choice(["==", "!=", "<", ">=", "in", "not in", "is", "is not"])
        right = self.random.choice(["1", "'x'", "None", "True", "2", ""])
        return f"{left} {operator} {right or self.expression(scope)[0]}"

    # Pieces.

    def pieces(self, scope: Scope, depth: int, most: int = 4) -> Pieces:
        return [self.piece(scope, depth) for _ in range(self.random.randint(1, most))]

    def piece(self, scope: Scope, depth: int) -> Piece:
        if depth <= 0 or not self.chance(0.6):
            return self.random.choice(LEAVES if self.wild else TAME_LEAVES)(self, scope)
        return self.random.choice(BLOCKS)(self, scope, depth)

    def text(self, scope: Scope) -> Piece:
        return self.random.choice([" ", "-", "<b>", "\n", "é", ";"])

    def variable(self, scope: Scope) -> Piece:
        return "{{ %s }}" % self.expression(scope)[0]

    def plain(self, scope: Scope) -> Piece:
        """Something printed of the innermost variable."""
        return "{{ %s }};" % self.path(dict(list(scope.items())[-1:]), 3)[0]

    def counter(self, scope: Scope) -> Piece:
        name = self.random.choice(
            ["counter", "first", "last", "revcounter0", "parentloop.counter", "parentloop", "x"]
        )
        return "{{ forloop.%s }}" % name

    def cycle(self, scope: Scope) -> Piece:
        paths = " ".join(self.path(scope)[0] for _ in range(2))
        end = self.random.choice(["", " as turn", " as turn silent"])
        return "{%% cycle 'u' %s%s %%}{{ turn }}" % (paths, end)

    def firstof(self, scope: Scope) -> Piece:
        paths = " ".join(self.expression(scope)[0] for _ in range(2))
        return "{%% firstof %s 'none' %%}" % paths

    def widthratio(self, scope: Scope) -> Piece:
        return "{%% widthratio %s 10 100 %%}" % self.path(scope)[0]

    def simple(self, scope: Scope) -> Piece:
        first, second = self.expression(scope)[0], self.expression(scope)[0]
        return self.random.choice([
            "{%% show %s %s %%}" % (first, second), "{%% show x=%s %%}" % first,
            "{%% count %s %%}" % first, "{%% show %s as shown %%}{{ shown }}" % first,
        ])  # fmt: skip

    def seeing(self, scope: Scope) -> Piece:
        name = self.random.choice(list(scope))
        if self.chance(0.3):
            return "{%% put 'w' %s %%}{{ w }}" % self.expression(scope)[0]
        return "{%% look '%s' %%}" % name

    def regroup(self, scope: Scope) -> Piece:
        text, type_ = self.iterable(scope)
        step = self.step(("one", type_[1])) if type_[0] in ROWS and type_[0] != "boxes" else None
        name, inner = next(self.names), next(self.names)
        body = self.pieces({**scope, inner: ("one", type_[1])} if step else scope, 1, 2)
        by = step[0] if step else "pk"
        return [
            "{%% regroup %s by %s as %s %%}" % (text, by, name),
            "{%% for g in %s %%}" % name, "{{ g.grouper }}:{{ g.list|length }}",
            ["{%% for %s in g.list %%}" % inner, *body, "{% endfor %}"], "{% endfor %}",
        ]  # fmt: skip

    def loop(self, scope: Scope, depth: int) -> Piece:
        text, (kind, model) = self.iterable(scope)
        name = next(self.names)
        inner = {
            "boxes": ("rows", model), "dicts": ("dict", model), "holders": ("holder", model),
        }.get(kind, ("one", model) if kind in ROWS else ANY)  # fmt: skip
        extra = {name: inner}
        if self.chance(0.04):
            second = next(self.names)
            name, extra = f"{name}, {second}", {name: ANY, second: ANY}
        backwards = " reversed" if self.chance(0.1) else ""
        body = self.pieces({**scope, **extra}, depth - 1)
        if self.chance(0.15):
            body += ["{% empty %}", *self.pieces(scope, 0, 2)]
        return ["{%% for %s in %s%s %%}" % (name, text, backwards), *body, "{% endfor %}"]

    def choice(self, scope: Scope, depth: int) -> Piece:
        body = self.pieces(scope, depth - 1)
        if self.chance(0.3):
            body += ["{%% elif %s %%}" % self.condition(scope), *self.pieces(scope, depth - 1, 2)]
        if self.chance(0.3):
            body += ["{% else %}", *self.pieces(scope, depth - 1, 2)]
        return ["{%% if %s %%}" % self.condition(scope), *body, "{% endif %}"]

    def alias(self, scope: Scope, depth: int) -> Piece:
        name, (text, type_) = next(self.names), self.expression(scope)
        head = self.random.choice(["{%% with %s=%s %%}" % (name, text),
                                   "{%% with %s as %s %%}" % (text, name)])  # fmt: skip
        return [head, *self.pieces({**scope, name: type_}, depth - 1), "{% endwith %}"]

    def include(self, scope: Scope, depth: int) -> Piece:
        name, (text, type_) = next(self.names), self.path(scope)
        target = f"{name}.html"
        form = self.random.randrange(20)
        if form < 6:
            self.templates[target] = self.pieces(scope, depth - 1)
            return "{%% include '%s' %%}" % target
        if form < 15:
            end = " only" if form < 10 else ""
            inner = {name: type_} if end else {**scope, name: type_}
            self.templates[target] = self.pieces(inner, depth - 1)
            return "{%% include '%s' with %s=%s%s %%}" % (target, name, text, end)
        self.templates[target] = self.pieces(scope, depth - 1)
        return ["{%% with t='%s' %%}" % target, "{% include t %}", "{% endwith %}"]

    def tree(self, scope: Scope, depth: int) -> Piece:
        """A template that includes itself, three levels deep, over a relation of books."""
        books = [name for name, type_ in scope.items() if type_ == ("one", "Book")]
        if not books or "tree.html" in self.templates:
            return self.loop(scope, depth)
        relation = self.random.choice(["sequels", "prequels", "author.books", "friends"])
        self.templates["tree.html"] = []
        self.templates["tree.html"] = [
            *self.pieces({"node": ("one", "Book")}, 1, 2),
            ["{% if level|length < 3 %}",
             ["{%% for book in node.%s.all %%}" % relation,
              "{% include 'tree.html' with node=book level=level|add:'x' %}", "{% endfor %}"],
             "{% endif %}"],
        ]  # fmt: skip
        return "{%% include 'tree.html' with node=%s level='x' %%}" % self.random.choice(books)

    def wrapped(self, scope: Scope, depth: int) -> Piece:
        head, tail = self.random.choice([
            ("{% spaceless %}", "{% endspaceless %}"), ("{% filter upper %}", "{% endfilter %}"),
            ("{% autoescape off %}", "{% endautoescape %}"), ("{% framed %}", "{% endframed %}"),
            ("{% autoescape on %}", "{% endautoescape %}"), ("{% body %}", "{% endbody %}"),
            ("{% comment %}", "{% endcomment %}"),
        ])  # fmt: skip
        return [head, *self.pieces(scope, depth - 1), tail]

    def ifchanged(self, scope: Scope, depth: int) -> Piece:
        text = self.path(scope)[0] if self.chance(0.7) else ""
        body = self.pieces(scope, depth - 1, 2)
        if self.chance(0.3):
            body += ["{% else %}", *self.pieces(scope, 0, 1)]
        return ["{%% ifchanged %s %%}" % text, *body, "{% endifchanged %}"]

    def page(self, scope: Scope, depth: int) -> Pieces:
        """A whole template, one in four of which extends another."""
        if not self.chance(0.25):
            return self.pieces(scope, depth)
        self.templates["base.html"] = [
            *self.pieces(scope, 1, 2),
            ["{% block one %}", *self.pieces(scope, depth - 1, 2), "{% endblock %}"],
            ["{% block two %}", *self.pieces(scope, 1, 2), "{% endblock %}"],
        ]
        own = ["{{ block.super }}"] if self.chance(0.5) else []
        blocks: Pieces = [
            ["{%% block %s %%}" % name, *own, *self.pieces(scope, depth), "{% endblock %}"]
            for name in self.random.choice([["one"], ["two"], ["one", "two"], ["two", "other"]])
        ]
        if self.chance(0.3):
            name = next(self.names)
            blocks = [
                [
                    "{%% block one %%}{%% for %s in %s %%}" % (name, self.iterable(scope)[0]),
                    *self.pieces({**scope, name: ANY}, depth),
                    "{% endfor %}{% endblock %}",
                ]
            ]
        return ["{% extends 'base.html' %}", *blocks]


LEAVES = [
    Writer.text, Writer.variable, Writer.variable, Writer.variable, Writer.plain, Writer.plain,
    Writer.plain, Writer.counter, Writer.cycle, Writer.firstof, Writer.widthratio, Writer.simple,
    Writer.seeing, *asking.LEAVES,
]  # fmt: skip
TAME_LEAVES = [
    Writer.text, Writer.variable, Writer.variable, Writer.plain, Writer.plain, Writer.plain,
    Writer.plain, Writer.plain, Writer.counter, Writer.cycle, Writer.firstof, *asking.LEAVES,
]  # fmt: skip
BLOCKS = [
    Writer.loop, Writer.loop, Writer.loop, Writer.loop, Writer.choice, Writer.choice, Writer.alias,
    Writer.include, Writer.wrapped, Writer.ifchanged, Writer.tree,
    lambda writer, scope, depth: writer.regroup(scope), *asking.BLOCKS,
]  # fmt: skip


ROW_MODELS = [
    "Book", "Author", "Comment", "Country", "Tag", "Profile", "Worker", "Desk", "Club", "Dish",
    "Membership", "Speech", "Restaurant", "Place", "LoudAuthor", "Visit", "Shelf", "Edition",
    "Saying", "Patronage", "Described",
]  # fmt: skip


def configuration(random: Random, debug: bool) -> Configuration:
    return Configuration(
        debug=debug,
        string_if_invalid=random.choice(["", "", "", "INVALID", "<%s>"]),
        cached=likely(random, 0.7),
        instrumented=likely(random, 0.3),
    )


def make_case(seed: int) -> Case:
    return composed(Random(seed), seed // SHARED)


def composed(random: Random, filling: int) -> Case:
    """A case out of what `random` draws, over the rows of this `filling`."""
    writer = Writer(random, wild=likely(random, 0.4))
    expressions, scope = objects.context(random)
    source = writer.page(scope, random.randint(1, 4))
    anew = likely(random, 0.4)
    renders = 5 if anew else random.choice([1, 1, 2, 3])
    return Case(
        source,
        expressions,
        writer.templates,
        objects.NAMES,
        configuration(random, debug=likely(random, 0.2)),
        autoescape=not likely(random, 0.2),
        language=random.choice(["en", "en", "en", "de"]),
        renders=renders,
        anew=anew,
        writes=writes.between(random, scope) if renders > 1 and likely(random, 0.4) else (),
        filling=filling,
    )


def make_rows_case(seed: int) -> Case:
    return composed_rows(Random(f"rows {seed}"), seed // SHARED)


def composed_rows(random: Random, filling: int) -> Case:
    """One loop over a QuerySet that may be fetched as rows, rendered with many of one structure."""
    writer = Writer(random, wild=False)
    model = random.choice(ROW_MODELS)
    scope: Scope = {"v": ("one", model)}
    body = [writer.plain(scope) for _ in range(random.randint(1, 4))]
    if likely(random, 0.3):
        body.append(writer.loop(scope, 1))
    changed = {"a": ("rows", model)}
    return Case(
        [["{% for v in a %}", *body, "{% endfor %}"]],
        {"a": objects.plain_queryset(random, model)},
        {},
        objects.NAMES,
        configuration(random, debug=False),
        renders=6,
        anew=True,
        writes=writes.between(random, changed) if likely(random, 0.3) else (),
        filling=filling,
    )
