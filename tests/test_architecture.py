"""The house stays as it is drawn: stages import the stages before them, rooms stay small."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from djust_engine.originals import NATIVE_TAGS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "djust_engine"
LONGEST_FILE = 450

# Python: each stage, and after it those that may import it. Modules of one row may import each
# other; a package stands for all its modules.
EDGE = (
    ("_native", "decisions", "originals", "switches"),
    ("conf",),
    ("jit",),
    ("foreign",),
    ("nodelist",),
    ("policies", "routes", "running"),
    ("places",),
    ("queries", "strict"),
    ("guards",),
    ("bridge", "parser"),
    ("template",),
    ("loaders",),
    ("checks", "verify"),
    ("backends",),
    ("profile", "renderers", "survey"),
    ("metrics", "middleware", "panel", "tracing", "warming"),
    ("management",),
    ("apps",),
)
PIPELINE = (
    ("bytecode", "holders", "replaced", "usage"),
    ("routing", "stock"),
    ("plan",),
    ("coded", "implied", "relations"),
    ("modes",),
    ("rows",),
    ("numbers", "optimizer", "paths", "writer"),
    ("codegen",),
    ("dicts",),
    ("caching",),
    ("cache",),
    ("sql",),
    ("peers",),
    ("batch",),
    ("shapes", "sites"),
    ("beside",),
    ("fetch",),
    ("serialize",),
)
CACHING = (
    ("memory", "stamps", "store"),
    ("aliases", "bundles", "files", "plans", "runner", "servers"),
    ("entries", "guarded", "stores"),
    ("shared",),
)
SQL = (("cursors", "structure"), ("makers", "statements"), ("asked", "instances"), ("single",))
PEERS = (("links", "tracked", "writes"), ("circles",), ("handed", "learned"))

VERIFY = (
    ("observe", "twins", "snapshot"),
    ("trace",),
    ("report",),
    ("compare",),
)
SURVEY = (
    ("sources", "views"),
    ("kinds", "plans"),
    ("bundled", "mistakes"),
    ("results",),
    ("explained", "formats"),
)

# Rust, the same for each crate; `lib` sees all.
SYNTAX = (
    ("unicode",),
    ("words",),
    ("ast", "lexer", "reason"),
    ("usage",),
    ("expression",),
    ("condition",),
    ("parser", "tags"),
    ("syntax_host",),
)
ENGINE = (
    ("django", "places"),
    ("value",),
    ("filters",),
    ("program", "routes"),
    ("compiler",),
    ("render",),
    ("python",),
)

# Steps back, each with its reason.
ALLOWED = {
    ("value", "program"): "a looked-up name is a segment of the program",
    ("value", "render"): "`forloop` and `block` are values that the renderer makes",
}


def python_imports(package: Path) -> Iterator[tuple[str, str]]:
    """(module, module of the same package that it imports) by top-level name; typing ones not."""
    for path in sorted(package.rglob("*.py")):
        importer = path.relative_to(package).with_suffix("").parts
        for name in imported_names(path):
            parts = tuple(name.split("."))
            inside = package.relative_to(ROOT).parts
            if parts[: len(inside)] == inside and len(parts) > len(inside):
                yield importer[0], parts[len(inside)]


def imported_names(path: Path) -> Iterator[str]:
    """Dotted names of what a file imports, relative ones made absolute."""
    here = path.relative_to(ROOT).with_suffix("").parts
    for node in nodes_at_run_time(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*here[: -node.level]] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def nodes_at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes, but for what stands under `if TYPE_CHECKING:`."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from nodes_at_run_time(child)


def rust_imports(crate: str) -> Iterator[tuple[str, str]]:
    """(module, module of the same crate that it names) by top-level name; tests not."""
    source = ROOT / "native" / crate / "src"
    for path in sorted(source.rglob("*.rs")):
        importer = path.relative_to(source).with_suffix("").parts[0]
        text = path.read_text().partition("#[cfg(test)]")[0]
        for group, name in re.findall(r"crate::(?:\{([^;]*)\}|(\w+))", text):
            names = re.findall(r"(?:^|,)\s*(\w+)", group) if group else [name]
            yield from ((importer, name) for name in names if (source / name).exists())
            yield from ((importer, name) for name in names if (source / f"{name}.rs").exists())


def out_of_order(
    imports: Iterator[tuple[str, str]], stages: tuple[tuple[str, ...], ...]
) -> list[str]:
    """Imports of a later stage, and modules that no stage names."""
    place = {module: index for index, row in enumerate(stages) for module in row}
    complaints = set()
    for importer, imported in imports:
        if importer in ("lib", "__init__"):
            continue
        complaints |= {f"{name} has no place" for name in (importer, imported) if name not in place}
        if (importer, imported) in ALLOWED:
            continue
        if place.get(importer, 0) < place.get(imported, 0):
            complaints.add(f"{importer} imports {imported}")
    return sorted(complaints)


def test_the_edge_imports_what_comes_before() -> None:
    assert out_of_order(python_imports(PACKAGE), EDGE) == []


def test_the_pipeline_imports_what_comes_before() -> None:
    assert out_of_order(python_imports(PACKAGE / "jit"), PIPELINE) == []


@pytest.mark.parametrize(
    ("package", "stages"),
    [
        ("jit/caching", CACHING),
        ("jit/sql", SQL),
        ("jit/peers", PEERS),
        ("verify", VERIFY),
        ("survey", SURVEY),
    ],
)
def test_a_package_imports_what_comes_before(
    package: str, stages: tuple[tuple[str, ...], ...]
) -> None:
    assert out_of_order(python_imports(PACKAGE / package), stages) == []


@pytest.mark.parametrize(("crate", "stages"), [("syntax", SYNTAX), ("engine", ENGINE)])
def test_a_crate_imports_what_comes_before(crate: str, stages: tuple[tuple[str, ...], ...]) -> None:
    assert out_of_order(rust_imports(crate), stages) == []


def test_a_plan_knows_no_orm() -> None:
    names = list(imported_names(PACKAGE / "jit/plan.py"))
    assert not [name for name in names if name.startswith("django.")]


def test_the_parser_knows_no_python() -> None:
    manifest = (ROOT / "native/syntax/Cargo.toml").read_text()
    assert "pyo3" not in manifest
    assert "#![forbid(unsafe_code)]" in (ROOT / "native/syntax/src/lib.rs").read_text()


def sources() -> list[str]:
    folders = ("djust_engine", "native", "tests", "sample_site", "benchmarks", "docs")
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.*"))
    return sorted(str(path.relative_to(ROOT)) for path in found if path.suffix in (".py", ".rs"))


@pytest.mark.parametrize("path", sources())
def test_a_file_stays_small(path: str) -> None:
    lines = len((ROOT / path).read_text().splitlines())
    assert lines <= LONGEST_FILE


def native_tags() -> list[str]:
    """The names in the parser's table of tags, whichever Django is installed."""
    text = (ROOT / "native/syntax/src/tags/mod.rs").read_text()
    return sorted(re.findall(r'^ *\w+ = "(\w+)", ', text, re.MULTILINE))


def test_the_table_of_tags_is_read() -> None:
    assert set(NATIVE_TAGS.values()) <= set(native_tags())


@pytest.mark.parametrize("tag", native_tags())
def test_a_native_tag_has_its_tests(tag: str) -> None:
    assert (ROOT / f"tests/tags/test_{tag}.py").exists()


def native_filters() -> list[str]:
    """The names in the engine's table of filters."""
    text = (ROOT / "native/engine/src/filters/mod.rs").read_text()
    return sorted(set(re.findall(r'^ *\("(\w+)", ', text, re.MULTILINE)))


def test_the_table_of_filters_is_read() -> None:
    assert {"default", "length", "upper"} <= set(native_filters())


@pytest.mark.parametrize("name", native_filters())
def test_a_native_filter_has_its_tests(name: str) -> None:
    assert (ROOT / f"tests/filters/test_{name}.py").exists()
