"""`assert_same` itself: it must be able to fail, at each thing that it compares."""

from unittest import mock

import pytest
from django.template.base import NodeList
from django.utils.safestring import mark_safe

from djust_engine.nodelist import NativeNodeList
from tests.oracle import assert_same, assert_same_error


def rendering(function):
    return mock.patch.object(NativeNodeList, "render", function)


def test_equal_outcomes_pass_and_the_text_is_returned():
    assert assert_same("{{ a }}<", {"a": "&"}) == "&amp;<"


def test_another_text_fails():
    with rendering(lambda self, context: mark_safe("other")), pytest.raises(AssertionError):
        assert_same("text")


def test_a_text_of_another_type_fails():
    with rendering(lambda self, context: "text"), pytest.raises(AssertionError):
        assert_same("text")


def test_another_exception_fails():
    def fail(self, context):
        raise KeyError("'number' object is not iterable")

    with rendering(fail), pytest.raises(AssertionError):
        assert_same_error("{% for a in number %}{% endfor %}", {"number": 1})


def test_a_lost_exception_fails():
    with rendering(lambda self, context: mark_safe("")), pytest.raises(AssertionError):
        assert_same("{% for a in number %}{% endfor %}", {"number": 1})


def test_a_name_left_in_the_context_fails():
    def leave(self, context):
        context["left"] = 1
        return mark_safe("text")

    with rendering(leave), pytest.raises(AssertionError):
        assert_same("text")


@pytest.mark.django_db
def test_one_more_query_fails():
    from django.contrib.auth.models import User

    def ask(self, context):
        User.objects.count()
        return mark_safe("text")

    with rendering(ask), pytest.raises(AssertionError):
        assert_same("text")


def test_a_template_that_fell_back_fails_unless_that_was_expected():
    render = NodeList.render
    replaced = mock.patch.object(NodeList, "render", lambda self, context: render(self, context))
    with replaced, pytest.raises(AssertionError, match="patched"):
        assert_same("text")
    with replaced:
        assert_same("text", fallback="patched")


def test_an_error_where_a_text_was_expected_fails():
    with pytest.raises(AssertionError):
        assert_same_error("text")
