"""`Template`: where it is decided whether Rust or Django compiles and renders a source.

Everything but `compile_nodelist()` stays Django's, so signals, context processors and debug pages
see the template that they know. What the native parser does not take goes through Django's parser:
if that raises, the user sees Django's own error; if not, the template is left to Django and the
decision says why.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple

from django.template import Context, base
from django.template.base import NodeList
from django.template.context import RenderContext
from django.utils.safestring import SafeString

from djust_engine import _native, policies, running
from djust_engine.decisions import Decision, emit, wanted
from djust_engine.nodelist import NativeNodeList
from djust_engine.originals import find_replaced
from djust_engine.parser import Parser
from djust_engine.running import timed

_render_of_django = base.Template.render
_context_of_django = Context.__init__
# Whether a `Context` has the attributes that `_bound_context` gives it, and no others.
_IS_KNOWN_CONTEXT = vars(Context()).keys() == {
    "autoescape",
    "dicts",
    "render_context",
    "template",
    "template_name",
    "use_l10n",
    "use_tz",
}


def _makes_plain_contexts() -> bool:
    return (
        _IS_KNOWN_CONTEXT
        and Context.__init__ is _context_of_django
        and base.Template.render is _render_of_django
    )


def _bound_context(template: base.Template, values: dict[str, Any], autoescape: bool) -> Context:
    """A context as it is inside `Template.render()`: bound, its render context pushed."""
    state: Any = object.__new__(RenderContext)
    state.template = template
    state.dicts = [{"True": True, "False": False, "None": None}, {}]
    made: Any = object.__new__(Context)
    made.autoescape = autoescape
    made.use_l10n = made.use_tz = None
    made.template_name = template.name
    made.render_context = state
    made.template = template
    made.dicts = [{"True": True, "False": False, "None": None}, values]
    context: Context = made
    return context


# Codes of functions that a native program calls with their arguments, as it calls a method.
_CALLS = frozenset({"called-tag", "django-filter", "foreign-filter"})


class Explanation(NamedTuple):
    """Why a part of a template is not native.

    `kind` is "tag" or "filter", or "template" where Django renders the whole of it.
    """

    kind: str
    name: str
    line: int
    code: str
    why: str

    @property
    def is_call(self) -> bool:
        """Whether it is a function that the native program calls: nothing is left to Django."""
        return self.code in _CALLS


class Template(base.Template):
    """A template compiled natively, or by Django where `fallback` says why."""

    fallback: Explanation | None = None
    # Django's template of the same source, where verify mode has made one.
    twin: base.Template | None = None
    _render: Callable[[Context], SafeString]

    def render(self, context: Any) -> SafeString:
        """`django.template.Template.render`, without its context managers for a plain `Context`."""
        if policies.asks_guarded and policies.begins_guarded():
            return self._render_guarded(context)
        if running.watchers or wanted():
            return self._render_told(context)
        return self._render_fully(context)

    def _render_guarded(self, context: Any) -> SafeString:
        from djust_engine.guards import guarded

        text: SafeString = guarded(self.render, context)
        return text

    def _render_told(self, context: Any) -> SafeString:
        text, seconds, depth = timed(self._render_fully, context)
        if wanted():
            self._tell("render", seconds, depth=depth)
        return text

    def _render_fully(self, context: Any) -> SafeString:
        if type(context) is not Context or base.Template.render is not _render_of_django:
            return super().render(context)
        state = context.render_context
        outer, state.template = state.template, self
        state.push()
        try:
            return self._render(context) if context.template else self._render_bound(context)
        finally:
            state.template = outer
            state.pop()

    def render_values(self, values: dict[str, Any], autoescape: bool) -> SafeString:
        """`render(Context(values, autoescape))`, where nobody sees the context but the render."""
        if policies.asks_guarded or wanted() or not _makes_plain_contexts():
            return self.render(Context(values, autoescape))
        return self._render(_bound_context(self, values, autoescape))

    def _render_bound(self, context: Context) -> SafeString:
        context.template = self
        context.template_name = self.name
        try:
            return self._render(context)
        finally:
            context.template = None

    def compile_nodelist(self) -> NodeList:
        started = perf_counter()
        parser = Parser(self)
        made = self._why_not() or self._compile_natively(parser)
        if isinstance(made, NativeNodeList):
            nodelist: NodeList = made
            self.extra_data = parser.extra_data
        else:
            nodelist = super().compile_nodelist()
            self.fallback = made
        self.nodelist = nodelist
        if wanted():
            self._announce(perf_counter() - started)
        return nodelist

    def _why_not(self) -> Explanation | None:
        replaced = find_replaced()
        if replaced is None:
            return None
        why = f"{replaced} is not Django's own: its behaviour cannot be repeated"
        return self._explain("patched", why)

    def _compile_natively(self, parser: Parser) -> NativeNodeList | Explanation:
        try:
            program = _native.compile(self.source, parser)
        except _native.Deopt as deopt:
            if parser.refusal is None:
                return self._explain(deopt.code, deopt.message, deopt.line)
        except Exception as error:
            if parser.refusal is None:
                return self._explain("host", f"{type(error).__name__}: {error}")
        if parser.refusal is not None:
            return self._explain(parser.refusal.code, str(parser.refusal), parser.refusal.line)
        nodes = parser.nodes
        return NativeNodeList(program, None, lambda: nodes.body(0, 0))

    def _announce(self, seconds: float) -> None:
        """Emit how the template was compiled, and each node that is not native."""
        self._tell("template", seconds)
        for entry in explain(self) if self.fallback is None else ():
            mode, detail = "called" if entry.is_call else "django", {"code": entry.code}
            told = {**detail, entry.kind: entry.name}
            emit(Decision("node", self._called, entry.line, "", "", mode, entry.why, told))

    @property
    def _called(self) -> str:
        return self.name or self.origin.name

    def _tell(self, kind: str, seconds: float, **more: Any) -> None:
        name, detail = self._called, {"seconds": seconds, **more}
        if self.fallback is None:
            emit(Decision(kind, name, mode="native", detail=detail))
        else:
            code, line, why = self.fallback.code, self.fallback.line, self.fallback.why
            told = {**detail, "code": code}
            emit(Decision(kind, name, line, mode="django", reason=why, detail=told))

    def _explain(self, code: str, why: str, line: int = 0) -> Explanation:
        return Explanation("template", self._called, line, code, why)


def explain(template: base.Template) -> list[Explanation]:
    """List what of a compiled template (or of a partial of one) runs as Python, and why."""
    nodelist = template.nodelist
    fallback = getattr(template, "fallback", None)
    if fallback is not None:
        return [fallback]
    if not isinstance(nodelist, NativeNodeList):
        why = "the template was built by its loader, not by the engine"
        return [Explanation("template", template.name or "", 0, "foreign-template", why)]
    if nodelist.program is None:
        why = "its nodelist was changed, or the native program failed"
        return [Explanation("template", template.name or "", 0, "edited", why)]
    return [Explanation(*entry) for entry in nodelist.program.explain()]
