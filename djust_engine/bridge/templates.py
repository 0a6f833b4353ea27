"""Tags that cross templates: which template is meant, and with what context it renders."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.template import TemplateSyntaxError, base
from django.template.context import Context, RenderContext, RequestContext
from django.template.library import InclusionNode
from django.template.loader_tags import (
    BLOCK_CONTEXT_KEY,
    BlockContext,
    BlockNode,
    ExtendsNode,
    construct_relative_path,
)
from django.utils.safestring import mark_safe

from djust_engine import policies, running
from djust_engine.nodelist import NativeNodeList
from djust_engine.originals import is_own

__all__ = [
    "NodeKey",
    "absolute_name",
    "block_in",
    "engine_facts",
    "enter_parent",
    "included_program",
    "included_template",
    "inclusion_template",
    "new_context",
    "render_parent",
]

_DjangoTemplate: Any = base.Template
_PartialTemplate: Any = getattr(base, "PartialTemplate", base.Template)
_CONTEXTS = (Context, RequestContext)
_pristine_render = _DjangoTemplate._render
_pristine_partial_render = _PartialTemplate._render
_DIRECT = is_own(_pristine_render, base, "Template._render") and is_own(
    _pristine_partial_render, base, f"{_PartialTemplate.__name__}._render"
)


class NodeKey:
    """Stands for a stateful native node as a key in `render_context`, and is printed as that one.

    `{% ifchanged %}` leaves it in `forloop`, which a template can print.
    """

    __slots__ = ("node",)

    def __init__(self, node: str) -> None:
        self.node = node

    def __repr__(self) -> str:
        return f"<django.template.{self.node} object at {id(self):#x}>"


def engine_facts(context: Any) -> tuple[str, bool, bool, bool, bool, dict[str, Any] | None]:
    """string_if_invalid, debug, observed, strict, direct, templates by name: see `EngineFacts`."""
    template = context.template
    if template is None or template.engine is None:
        return "", False, False, False, False, None
    engine = template.engine
    direct = (
        _DIRECT
        and _DjangoTemplate._render is _pristine_render
        and _PartialTemplate._render is _pristine_partial_render
    )
    kept = getattr(engine, "kept_templates", None) if direct else None
    is_strict = policies.asks_strict and policies.is_strict()
    observed = engine.debug or is_strict or (running.watchers > 0 and running.is_watched())
    found = kept() if kept else None
    return engine.string_if_invalid, engine.debug, observed, is_strict, direct, found


def new_context(context: Any, values: Any) -> Any:
    """`context.new(values)`: for contexts of Django and a plain dict, without its four copies."""
    if type(context) not in _CONTEXTS or type(values) is not dict:
        return context.new(values)
    made = object.__new__(type(context))
    vars(made).update(vars(context))
    made.dicts = [{"True": True, "False": False, "None": None}, values]
    made.render_context = _copied(context.render_context)
    vars(made).pop("_processors_index", None)
    return made


def _copied(state: Any) -> Any:
    """`copy(state)`, without its three copies for a plain `RenderContext`."""
    if type(state) is not RenderContext:
        return copy(state)
    made = object.__new__(RenderContext)
    vars(made).update(vars(state))
    made.dicts = state.dicts[:]
    return made


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
    except Exception:  # whatever it is: the include raises it, if it comes to be rendered
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
        from .errors import percent_formatted

        message = percent_formatted("Invalid template name in 'extends' tag: %r.", parent)
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
