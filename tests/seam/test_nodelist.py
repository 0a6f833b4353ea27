"""`NativeNodeList`: native while it is rendered, Django's own nodes for whoever looks inside."""

import copy
import operator
import pickle
from unittest import mock

import pytest
from django.template import Context, engines
from django.template.base import Node, NodeList, TextNode, VariableNode
from django.template.defaulttags import ForNode, IfNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode

from djust_engine.nodelist import NativeNodeList, RecordingParser

SOURCE = (
    "{% load seam_tags %}text {{ a|upper }}{% if a %}yes{% elif b %}b{% endif %}"
    "{% for i in l %}{{ i }}{% empty %}e{% endfor %}{% block x %}{% block y %}{{ a }}{% endblock %}"
    "{% endblock %}{% wrap '-' %}in {{ a }}{% wrap '+' %}{% block z %}z{% endblock %}{% endwrap %}"
    "{% endwrap %}{% include 'seam/item.html' %}{# c #}"
)


def nodelists(source=SOURCE):
    return [engines[name].from_string(source).template.nodelist for name in ("django", "oracle")]


def types(nodes):
    return [type(node) for node in nodes]


def test_the_nodes_are_those_of_django():
    ours, django = nodelists()
    assert type(ours) is NativeNodeList
    assert isinstance(ours, NodeList)
    assert types(ours) == types(django)
    assert len(ours) == len(django)
    assert [node.token.lineno for node in ours] == [node.token.lineno for node in django]
    assert repr(ours[1]) == repr(django[1])
    assert types(ours[1:4]) == types(django[1:4])
    assert types(reversed(ours)) == types(reversed(django))


@pytest.mark.parametrize(
    "kind", [Node, TextNode, VariableNode, BlockNode, ForNode, IfNode, IncludeNode, ExtendsNode]
)
def test_nodes_by_type(kind):
    ours, django = nodelists()
    found = ours.get_nodes_by_type(kind)
    assert types(found) == types(django.get_nodes_by_type(kind))


def test_blocks_are_those_that_render():
    ours, _ = nodelists()
    blocks = ours.get_nodes_by_type(BlockNode)
    assert [block.name for block in blocks] == ["x", "y", "z"]
    assert all(type(block.nodelist) is NativeNodeList for block in blocks)
    with mock.patch.object(blocks[0], "name", "renamed"):
        assert ours.get_nodes_by_type(BlockNode)[0].name == "renamed"


def test_django_parses_only_when_somebody_looks():
    with mock.patch.object(RecordingParser, "parse", side_effect=AssertionError):
        ours, _ = nodelists()
        assert ours.render(context_with()) is not None
        with pytest.raises(AssertionError):
            len(ours)


def context_with(**names):
    context = Context({"a": "a", "l": [1, 2], **names})
    context.template = engines["django"].from_string("").template
    context.render_context.template = context.template
    return context


@pytest.mark.parametrize(
    "read",
    [
        lambda nodes: bool(nodes),
        lambda nodes: nodes.contains_nontext,
        lambda nodes: nodes.count(None),
        lambda nodes: None in nodes,
        lambda nodes: types(nodes + [1]),
        lambda nodes: types([1] + nodes),
        lambda nodes: types([*nodes, 2]),
        lambda nodes: types(list(nodes)),
        lambda nodes: types(tuple(nodes)),
        lambda nodes: types(nodes * 2),
        lambda nodes: types(nodes.copy()),
        lambda nodes: types([].__class__(nodes)),
        lambda nodes: nodes == [],
        lambda nodes: nodes != [],
        lambda nodes: nodes == list(nodes),
        lambda nodes: operator.eq([], nodes),
        lambda nodes: type(nodes[0]),
        lambda nodes: type(nodes[-1]),
        lambda nodes: nodes.index(nodes[2]),
        lambda nodes: "NodeList" in repr(type(nodes)),
        lambda nodes: types(copy.copy(nodes)),
        lambda nodes: types(node for _, node in zip(range(3), nodes, strict=False)),
        lambda nodes: isinstance(nodes, list),
        lambda nodes: types(max((nodes, nodes), key=len)),
        lambda nodes: [len(one) for one in ([nodes] * 2)],
    ],
)
@pytest.mark.parametrize("source", [SOURCE, "", "text", "{# only a comment #}", "{{ a }}"])
def test_every_way_to_read_a_list(read, source):
    ours, django = nodelists(source)

    def outcome(nodes):
        try:
            return read(nodes)
        except (IndexError, ValueError) as error:
            return repr(error)

    assert outcome(ours) == outcome(django)


def test_a_list_extended_by_it():
    ours, django = nodelists()
    for grow in (
        lambda found, nodes: found.extend(nodes),
        lambda found, nodes: found.__iadd__(nodes),
        lambda found, nodes: found.__setitem__(slice(0, 0), nodes),
    ):
        lists = [NodeList(), NodeList()]
        grow(lists[0], nodelists()[0])
        grow(lists[1], django)
        assert types(lists[0]) == types(lists[1])


@pytest.mark.parametrize(
    "edit",
    [
        lambda nodes: nodes.append(TextNode("!")),
        lambda nodes: nodes.insert(0, TextNode("!")),
        lambda nodes: nodes.extend([TextNode("!"), TextNode("?")]),
        lambda nodes: nodes.__iadd__([TextNode("!")]),
        lambda nodes: nodes.pop(),
        lambda nodes: nodes.pop(0),
        lambda nodes: nodes.clear(),
        lambda nodes: nodes.reverse(),
        lambda nodes: nodes.remove(nodes[1]),
        lambda nodes: nodes.__delitem__(slice(1, 3)),
        lambda nodes: nodes.__setitem__(0, TextNode("!")),
        lambda nodes: nodes.sort(key=id) or nodes.clear(),
    ],
)
def test_an_edited_list_renders_what_is_in_it(edit):
    texts = []
    for name in ("django", "oracle"):
        template = engines[name].from_string("one {{ a }}{% if a %}two{% endif %}")
        edit(template.template.nodelist)
        texts.append(template.render({"a": "<a>"}))
    assert texts[0] == texts[1]


def test_walking_by_child_nodelists():
    """As compressors and placeholder finders walk: through the attributes of nodes."""

    def walk(nodes):
        for node in nodes:
            yield type(node)
            for name in node.child_nodelists:
                yield from walk(getattr(node, name, None) or ())

    ours, django = nodelists()
    assert list(walk(ours)) == list(walk(django))


def test_nodes_found_inside_can_be_rendered():
    source = (
        "{% load seam_tags %}{% if a %}{% wrap '-' %}{{ a }}{% cycle 1 2 %}{% endwrap %}{% endif %}"
    )
    texts = []
    for nodes in nodelists(source):
        wrap = next(node for node in nodes.get_nodes_by_type(Node) if hasattr(node, "expression"))
        texts.append(wrap.render(context_with(a="<x>")))
    assert texts[0] == texts[1] == "-&lt;x&gt;1-"


def test_the_template_is_iterable_as_its_nodelist_is():
    for name in ("django", "oracle"):
        template = engines[name].from_string("{{ a }}").template
        assert types(template.nodelist) == [VariableNode]


def test_bodies_inside_nodes_of_libraries():
    from tests.seam.templatetags.seam_tags import WrapNode

    found = []
    for nodes in nodelists(
        "{% load seam_tags %}{% wrap 1 %}a{{ b }}{% wrap 2 %}{% endwrap %}{% endwrap %}"
    ):
        wraps = nodes.get_nodes_by_type(WrapNode)
        found.append([types(wrap.nodelist) for wrap in wraps])
    assert found[0] == found[1]


def test_a_copy_holds_djangos_nodes_and_renders():
    ours, django = nodelists("a {{ a }}")
    for copied in (copy.copy(ours), copy.deepcopy(ours)):
        assert type(copied) is NodeList
        assert types(copied) == types(django)
        assert copied.contains_nontext is django.contains_nontext
        assert copied.render(context_with(a="<x>")) == "a &lt;x&gt;"


def test_pickling_gives_what_django_gives():
    ours, django = nodelists("only text")
    for nodes in (ours, django):
        for node in nodes:
            node.origin = node.token = None
    assert [node.s for node in pickle.loads(pickle.dumps(ours))] == ["only text"]


def test_a_body_may_be_empty():
    ours, django = nodelists(
        "{% load seam_tags %}{% choice a %}{% otherwise %}{# c #}{% endchoice %}"
    )
    for a in (1, 0):
        assert ours.render(context_with(a=a)) == django.render(context_with(a=a)) == "nothing"
