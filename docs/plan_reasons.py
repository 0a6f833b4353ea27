"""The reasons of plans, read from the sources, and what would change them: for docs/reasons.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

JIT = Path(__file__).resolve().parent.parent / "djust_engine/jit"
CONSTANTS = ("AT_HAND", "FREE")
RAISERS = ("Refused", "_refuse")

#: What would change it. A reason without a sentence here is listed without one.
ADVICE = {
    "… escapes to code that may do anything with it": "A tag or filter of a library gets the "
    "object, or a tag gets the whole context (`takes_context`, or a `Node` of its own). Give it "
    "the value that it needs instead.",
    "it is handed to code that may do anything with it": "A tag or filter gets the QuerySet, or "
    "the whole context: as above.",
    "it is printed or compared whole": "Loop over it.",
    "a method of the QuerySet itself is read": "`{{ books.first }}` and the like: let the view "
    "call it, or loop.",
    "code that is handed its number would ask the database for it": "`{{ books.count|filter }}`: "
    "take `|length`.",
    "… is compared": "Compare its key: `{% if book.author_id == author.pk %}`.",
    "… is used as a sequence": "",
    "distinct() counts the selected columns": "Fewer columns would be fewer rows. Without "
    "`distinct()`, if nothing needs it.",
    "aggregates group by the selected columns": "As with `distinct()`.",
    "a piece of SQL": "`extra()` and `RawSQL` stay as they were written.",
    "select_for_update()": "A lock is for code that writes: fetch the list without it.",
    "select_for_update() would lock joined rows": "A lock is for code that writes: fetch the list "
    "without it.",
    "only() or defer() was chosen": "Leave it out: the columns that are read are known. Rows are "
    "given where a column without an index is left, and Django would not refuse the names.",
    "prefetch_related() was chosen": "Leave it out, if it is there for the template alone.",
    "prefetch_related() was chosen for …": "Leave it out, if it is there for the template alone.",
    "a Prefetch of its own was chosen": "A `Prefetch` with a QuerySet or `to_attr` stays as it is.",
    "select_related() without names was chosen": "Leave it out, or name the relations.",
    "a fetch mode was chosen": "Leave it to the engine.",
    "a name of its own for a relation": "`FilteredRelation` stays as it is.",
    "its parent is in memory already": "Nothing: what the rows belong to is read from there.",
    "the objects are there already": "The view evaluated it, or made the list: give the QuerySet "
    "itself. For one object there is nothing to do.",
    "it does not give instances": "`values()`, `values_list()` and `dates()` are fast as they are.",
    "the rows are in no order, which a join may change in this database": "Order the QuerySet.",
    "union, intersection or difference": "",
    "a database router may choose for each object": "",
    "database routers choose for each relation": "",
    "… replaces QuerySet.…": "A QuerySet class that fetches in its own way is left alone.",
    "… replaces Manager.…": "A manager that gives other rows is left alone.",
    "… has pre_init or post_init receivers": "Somebody watches instances being made.",
    "… overrides …": "`__init__`, `from_db` and the like: somebody watches instances being made.",
    "a class behind … has an __init__": "Somebody watches instances being made.",
    "… is not Django's own": "A descriptor of a package stands in the place of the column.",
    "… is not one of Django's plain relations": "Generic relations and those of packages.",
    "the file … is used beyond its name and address": "",
    "the manager … is used beyond its objects and their number": "`.all` and `.count` are read "
    "from what was fetched; `.first` or a method of a manager is not.",
    "….all is used beyond its objects and their number": "`.all`, its loop and its length are read "
    "from what was fetched.",
    "the annotation … hides an attribute": "Name the annotation otherwise.",
    "the instance holds more than its own columns": "A method is called on an object with "
    "annotations or joined relations, which it might read.",
    "….… may read relations": "A method or property reads a manager, or hands `self` on: name the "
    "relation in the code itself (`self.author.name`), and rows have it.",
    "too many joins": "",
    "… has no constraint in the database": "`db_constraint=False`: an object may be missing.",
}


def plan_rows() -> Iterator[tuple[str, str]]:
    """Each reason for which a plan is not rows, or joins nothing, and what would change it."""
    found = dict.fromkeys(reason for path in sorted(JIT.rglob("*.py")) for reason in _of(path))
    unknown = ADVICE.keys() - found.keys()
    if unknown:
        raise ValueError(f"advice for reasons that are none: {sorted(unknown)}")
    for reason in sorted(found, key=lambda one: one.lstrip("…. ").lower()):
        yield reason, ADVICE.get(reason, "")


def _of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        yield from (text for text in _texts(node) if " " in text or "()" in text)


def _texts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef() if (ast.get_docstring(node) or "").startswith("Why "):
            for each in ast.walk(node):
                if isinstance(each, ast.Return) and each.value is not None:
                    yield from _in(each.value)
        case ast.Call(func=ast.Name(id=name), args=args) if name in (*RAISERS, "Untouched"):
            for each in args:
                yield from _in(each)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in CONSTANTS:
            yield from _in(value)


def _in(node: ast.AST) -> Iterator[str]:
    """The texts of an expression; what an f-string puts in is an ellipsis."""
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "…" for one in node.values)
        yield "".join(map(str, parts))
    elif isinstance(node, ast.Constant):
        yield node.value if isinstance(node.value, str) else ""
    else:
        for child in ast.iter_child_nodes(node):
            yield from _in(child)
