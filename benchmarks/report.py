"""Figures as a table of ratios, or as JSON."""

import json
from collections.abc import Iterator

from .timing import Figures

PAGE_VARIANTS = ("naive", "hand", "floor")


def as_json(figures: list[Figures]) -> str:
    return json.dumps([as_dict(item) for item in figures], indent=2)


def as_dict(figures: Figures) -> dict[str, object]:
    others = [name for name in figures.case.variants if name != "ours"]
    return {
        "case": figures.case.title,
        "queries": figures.queries,
        "milliseconds": {
            "unchanged": figures.unchanged.medians,
            "changed": figures.changed.medians,
        },
        "ratios": {name: figures.unchanged.ratio(name) for name in others},
        "ratios_changed": {name: figures.changed.ratio(name) for name in others},
        "limits": figures.case.limits,
    }


def query_counts(queries: dict[str, dict[str, int]]) -> str:
    return json.dumps(queries, indent=2)


def as_table(figures: list[Figures]) -> str:
    pages = [item for item in figures if "naive" in item.case.variants]
    rest = [item for item in figures if "naive" not in item.case.variants]
    return "\n".join([*page_lines(pages), *rendering_lines(rest)])


def page_lines(figures: list[Figures]) -> Iterator[str]:
    if not figures:
        return
    yield "Pages over the ORM. Milliseconds (queries); ratios: now, after a change, the limit."
    heads = "".join(f"{name:>16}" for name in (*PAGE_VARIANTS, "ours"))
    ratios = "".join(f"{f'ours/{name}':>20}" for name in ("hand", "floor", "naive"))
    yield f"{'':30}{heads}{ratios}"
    for item in figures:
        cells = "".join(f"{cost(item, name):>16}" for name in (*PAGE_VARIANTS, "ours"))
        yield f"{item.case.title:30}{cells}" + "".join(
            f"{ratio(item, name):>20}" for name in ("hand", "floor", "naive")
        )
    yield ""


def rendering_lines(figures: list[Figures]) -> Iterator[str]:
    if not figures:
        return
    yield "Rendering alone. Beside Django; the unread context beside ours with an empty context;"
    yield "tuned pages beside ours with its data plane off; the middleware beside the bare view."
    yield f"{'':30}{'beside':>16}{'ours':>16}{'ratio':>20}"
    for item in figures:
        beside = next(name for name in item.case.variants if name != "ours")
        yield (
            f"{item.case.title:30}{cost(item, beside):>16}{cost(item, 'ours'):>16}"
            f"{ratio(item, beside):>20}"
        )


def cost(figures: Figures, name: str) -> str:
    return f"{figures.unchanged.medians[name]:.2f} ({figures.queries[name]})"


def ratio(figures: Figures, beside: str) -> str:
    """Ratio now, ratio after a change, and the limit where there is one: ``0.18 0.19 ≤0.2``."""
    limit = figures.case.limits.get(beside)
    most = f" ≤{limit:g}" if limit else ""
    return f"{figures.unchanged.ratio(beside):.2f} {figures.changed.ratio(beside):.2f}{most}"
