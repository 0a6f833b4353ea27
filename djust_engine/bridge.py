"""What the native renderer asks of Django.

Called from Rust by name. Each function repeats, or calls, the part of Django that it names; none
keeps state.
"""

import logging
import re
from builtins import float as float
from builtins import int as int
from collections.abc import Iterable
from copy import copy
from inspect import signature
from types import SimpleNamespace
from typing import Any

from django import urls
from django.apps import apps
from django.core.cache import BaseCache, InvalidCacheBackendError, caches
from django.core.cache.utils import make_template_fragment_key
from django.core.files.storage import filesystem
from django.template import TemplateDoesNotExist, TemplateSyntaxError, base
from django.template.base import FilterExpression, Variable, render_value_in_context
from django.template.context import Context, RequestContext
from django.template.defaulttags import (
    CsrfTokenNode,
    DebugNode,
    GroupedResult,
    LoremNode,
    NowNode,
    WidthRatioNode,
)
from django.template.library import InclusionNode
from django.template.loader_tags import (
    BLOCK_CONTEXT_KEY,
    BlockContext,
    BlockNode,
    ExtendsNode,
    construct_relative_path,
)
from django.templatetags.static import PrefixNode, StaticNode
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape, strip_spaces_between_tags
from django.utils.safestring import mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import gettext_lazy

from djust_engine.nodelist import NativeNodeList
from djust_engine.originals import is_own
from djust_engine.routes import current_application, find_routes
from djust_engine.running import render_observed

__all__ = [
    "Variable",
    "conditional_escape",
    "find_routes",
    "make_template_fragment_key",
    "mark_safe",
    "render_value_in_context",
    "render_observed",
]

_template_logger = logging.getLogger("django.template")
_storage_url = filesystem.FileSystemStorage.url
_PLAIN_BASE = re.compile(r"(?:https?://[a-z0-9.-]+(?::[0-9]+)?)?/(?:[a-zA-Z0-9_-]+/)*")
_DjangoTemplate: Any = base.Template
_PartialTemplate: Any = getattr(base, "PartialTemplate", base.Template)
_CONTEXTS = (Context, RequestContext)
_pristine_render = _DjangoTemplate._render
_pristine_partial_render = _PartialTemplate._render
_DIRECT = is_own(_pristine_render, base, "Template._render") and is_own(
    _pristine_partial_render, base, f"{_PartialTemplate.__name__}._render"
)


class NodeKey:
    """Stands for a stateful native node as a key in `render_context`."""


def translated(text: str) -> Any:
    """`Variable('_("text")').resolve({})`: the lazy translation of a literal."""
    return gettext_lazy(mark_safe(text.replace("%", "%%")))


def engine_facts(context: Any) -> tuple[str, bool, bool, dict[str, Any] | None]:
    """string_if_invalid, debug, direct, templates by name: see `EngineFacts`."""
    template = context.template
    if template is None or template.engine is None:
        return "", False, False, None
    engine = template.engine
    direct = (
        _DIRECT
        and _DjangoTemplate._render is _pristine_render
        and _PartialTemplate._render is _pristine_partial_render
    )
    kept = getattr(engine, "kept_templates", None) if direct else None
    return engine.string_if_invalid, engine.debug, direct, kept() if kept else None


def logs_lookups() -> bool:
    """Whether the logger `django.template` wants to know of failed lookups."""
    return _template_logger.isEnabledFor(logging.DEBUG)


def new_context(context: Any, values: Any) -> Any:
    """`context.new(values)`: for contexts of Django and a plain dict, without its four copies."""
    if type(context) not in _CONTEXTS or type(values) is not dict:
        return context.new(values)
    made = object.__new__(type(context))
    vars(made).update(vars(context))
    made.dicts = [{"True": True, "False": False, "None": None}, values]
    made.render_context = copy(context.render_context)
    vars(made).pop("_processors_index", None)
    return made


def wants_arguments(function: Any) -> bool:
    """Whether a call without arguments cannot work (`Variable._resolve_lookup`)."""
    try:
        expected = signature(function)
    except ValueError:
        return True
    try:
        expected.bind()
    except TypeError:
        return True
    return False


def log_lookup(context: Any, bit: str, error: BaseException) -> None:
    _template_logger.debug(
        "Exception while resolving variable '%s' in template '%s'.",
        bit,
        getattr(context, "template_name", None) or "unknown",
        exc_info=error,
    )


def local_time(value: Any, context: Any) -> Any:
    return template_localtime(value, context.use_tz)


def annotate(
    error: Any,
    context: Any,
    origin: Any,
    source: str,
    place: tuple[int, int, int],
) -> None:
    """Note the innermost node on an exception, as `Node.render_annotated` does in debug mode."""
    start, end, line = place
    if not hasattr(error, "_culprit_node"):
        contents = source[start:end]
        token = base.Token(base.TokenType.BLOCK, contents, (start, end), line)
        error._culprit_node = SimpleNamespace(token=token, origin=origin)
    template = context.render_context.template
    culprit = error._culprit_node
    if not hasattr(error, "template_debug") and template.origin == culprit.origin:
        error.template_debug = template.get_exception_info(error, culprit.token)


_PLACES = "Template stack, innermost first:"
_MOST_PLACES = 40


def note_places(
    error: BaseException, places: list[tuple[str, Any, int]], was_noted_inside: bool
) -> None:
    """Note on an exception which templates it came through, as (relation, origin, line).

    There is one note: the render around the one that wrote it adds to it.
    """
    notes = getattr(error, "__notes__", [])
    own = [at for at, note in enumerate(notes) if str(note).startswith(_PLACES)]
    lines = notes[own[0]].splitlines() if own and was_noted_inside else [_PLACES]
    for relation, origin, line in places:
        if len(lines) == 1:
            relation = "in"
        elif relation == "rendered from" and f" {origin.name}:" in lines[-1]:
            continue
        lines.append(f"  {relation} {origin.name}:{line}")
    note = "\n".join(lines[:_MOST_PLACES])
    if own:
        notes[own[0]] = note
    else:
        error.add_note(note)


def spaceless(text: str) -> str:
    return strip_spaces_between_tags(text.strip())


def csrf_input(token: Any) -> str:
    """`{% csrf_token %}`."""
    return CsrfTokenNode().render(Context({"csrf_token": token}))


def url(context: Any, view: Any, args: list[Any], kwargs: dict[str, Any], bound: bool) -> str:
    """`URLNode.render`, less the escaping; raises NoReverseMatch unless the result is bound."""
    current_app = current_application(context)
    try:
        return urls.reverse(view, args=args, kwargs=kwargs, current_app=current_app)
    except NoReverseMatch:
        if not bound:
            raise
        return ""


def static_base() -> str | None:
    """What stock static file storages put before a path; None where a storage has a say."""
    if not apps.is_installed("django.contrib.staticfiles"):
        return None
    from django.contrib.staticfiles import storage

    files: Any = storage.staticfiles_storage
    if type(files) is not storage.ConfiguredStorage or not _is_stock_storage(files):
        return None
    base = files.base_url
    return base if isinstance(base, str) and _PLAIN_BASE.fullmatch(base) else None


def _is_stock_storage(files: Any) -> bool:
    from django.contrib.staticfiles.storage import StaticFilesStorage

    return (
        files.__class__ is StaticFilesStorage
        and StaticFilesStorage.url is _storage_url
        and is_own(_storage_url, filesystem, "FileSystemStorage.url")
        and "url" not in vars(vars(files)["_wrapped"])
    )


def static_url(path: Any) -> str:
    return StaticNode.handle_simple(path)


def now(format_string: str) -> str:
    """`{% now %}`."""
    return NowNode(format_string).render(Context())


def absolute_name(origin: Any, name: str, allow_recursion: bool) -> str:
    """A relative literal made absolute, as the compile functions of include and extends do."""
    path = construct_relative_path(origin.template_name, f'"{name}"', allow_recursion)
    return mark_safe(path.strip('"'))


def included_template(context: Any, target: Any, key: NodeKey, origin: Any) -> Any:
    """The template of an `{% include %}` (`IncludeNode.render`), cached for the render."""
    if callable(getattr(target, "render", None)):
        return target.template if hasattr(target, "template") else target
    name = target or ()
    if isinstance(name, str):
        names = (construct_relative_path(origin.template_name, name),)
    else:
        names = tuple(name)
    cache = context.render_context.dicts[0].setdefault(key, {})
    template = cache.get(names)
    if template is None:
        template = context.template.engine.select_template(names)
        cache[names] = template
    return template


def included_program(context: Any, name: str, origin: Any) -> Any:
    """The native program of a constant include; None where it has none, or cannot be loaded."""
    try:
        full_name = construct_relative_path(origin.template_name, name)
        template = context.template.engine.get_template(full_name)
    except (TemplateDoesNotExist, TemplateSyntaxError):
        return None
    nodelist = template.nodelist
    return nodelist.program if type(nodelist) is NativeNodeList else None


def enter_parent(
    context: Any, parent: Any, origin: Any, blocks: dict[str, BlockNode], variable: str | None
) -> Any:
    """The first half of `ExtendsNode.render`: find the parent, put the blocks into the chain."""
    template = _parent_template(context, parent, origin, variable)
    if BLOCK_CONTEXT_KEY not in context.render_context:
        context.render_context[BLOCK_CONTEXT_KEY] = BlockContext()
    chain = context.render_context[BLOCK_CONTEXT_KEY]
    chain.add_blocks(blocks)
    root_blocks = _root_blocks(template)
    if root_blocks is not None:
        chain.add_blocks(root_blocks)
    return template


def _parent_template(context: Any, parent: Any, origin: Any, variable: str | None) -> Any:
    """`ExtendsNode.get_parent`."""
    if not parent:
        # As Django has it: what is printed of a tuple are its items.
        message = "Invalid template name in 'extends' tag: %r." % parent  # noqa: UP031
        if variable is not None:
            message += f" Got this from the '{variable}' variable."
        raise TemplateSyntaxError(message)
    if isinstance(parent, base.Template):
        return parent
    if isinstance(getattr(parent, "template", None), base.Template):
        return parent.template
    history = context.render_context.setdefault(ExtendsNode.context_key, [origin])
    template, found = context.template.engine.find_template(parent, skip=history)
    history.append(found)
    return template


def _root_blocks(template: Any) -> dict[str, BlockNode] | None:
    """The blocks of a template that extends nothing; None for one that does, or has text alone."""
    nodelist = template.nodelist
    if type(nodelist) is NativeNodeList and nodelist.program is not None:
        return None if nodelist.program.extends else nodelist.program.offered_blocks
    for node in nodelist:
        if not isinstance(node, base.TextNode):
            if isinstance(node, ExtendsNode):
                return None
            return {block.name: block for block in nodelist.get_nodes_by_type(BlockNode)}
    return None


def render_parent(context: Any, template: Any) -> str:
    """The second half of `ExtendsNode.render`."""
    with context.render_context.push_state(template, isolated_context=False):
        text: str = template._render(context)
        return text


def block_in(node: BlockNode, context: Any) -> BlockNode:
    """The copy of a block node that `{{ block }}` is (`BlockNode.render`)."""
    block = type(node)(node.name, node.nodelist)
    block.context = context
    return block


class Resolved(FilterExpression):
    """Stands for an expression of which the value is known (`FilterExpression.resolve`)."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        return self.value


def syntax_error(message: str, error: BaseException) -> TemplateSyntaxError:
    """The exception, as if raised while `error` was being handled."""
    made = TemplateSyntaxError(message)
    made.__context__ = error
    return made


def width_ratio(value: Any, maximum: Any, width: Any) -> str:
    """`{% widthratio %}`."""
    return WidthRatioNode(Resolved(value), Resolved(maximum), Resolved(width)).render(Context())


def grouped(groups: list[tuple[Any, list[Any]]]) -> list[GroupedResult]:
    """What `{% regroup %}` binds."""
    return [GroupedResult(grouper=key, list=elements) for key, elements in groups]


def lorem(count: Any, method: str, common: bool) -> str:
    """`{% lorem %}`; a count that is no number is 1."""
    return LoremNode(Resolved(count), method, common).render(Context())


def debug(context: Any) -> str:
    """`{% debug %}`."""
    return DebugNode().render(context)


def prefix(setting: str) -> str:
    """`{% get_static_prefix %}` and `{% get_media_prefix %}`."""
    return PrefixNode.handle_simple(setting)


def inclusion_template(node: InclusionNode, context: Any) -> Any:
    """The template of an inclusion tag, kept for the render (`InclusionNode.render`)."""
    kept = context.render_context.get(node)
    if kept is None:
        kept = context.render_context[node] = _find_inclusion(node.filename, context)
    return kept


def _find_inclusion(name: Any, context: Any) -> Any:
    if isinstance(name, base.Template):
        return name
    if isinstance(getattr(name, "template", None), base.Template):
        return name.template
    engine = context.template.engine
    if not isinstance(name, str) and isinstance(name, Iterable):
        return engine.select_template(name)
    return engine.get_template(name)


def fragment_timeout(timeout: Any) -> int | None:
    """The timeout of a `{% cache %}` (`CacheNode.render`)."""
    if timeout is None:
        return None
    try:
        return int(timeout)
    except (ValueError, TypeError) as error:
        message = '"cache" tag got a non-integer timeout value: %r' % timeout  # noqa: UP031
        refusal = syntax_error(message, error)
    raise refusal


def default_fragments() -> BaseCache:
    """The cache of a `{% cache %}` that names none."""
    try:
        return caches["template_fragments"]
    except InvalidCacheBackendError:
        return caches["default"]


def named_fragments(name: Any) -> BaseCache:
    """The cache of a `{% cache … using=name %}`."""
    try:
        return caches[name]
    except InvalidCacheBackendError as error:
        refusal = syntax_error(f"Invalid cache name specified for cache tag: {name!r}", error)
    raise refusal
