"""What tags that are functions are given of QuerySets."""

from tests.jitapp.models import Book


def test_rows_of_which_a_tag_is_given_a_column(render_both):
    source = (
        "{% load function_tags %}{% for b in books %}{% told b.title|upper %}"
        "{% told b.author.last_name %}{% endfor %}"
    )
    renders = render_both(source, lambda: {"books": Book.objects.order_by("pk")})
    assert (renders.django[1], renders.ours[1]) == (9, 1)


def test_an_element_that_is_handed_over_is_an_instance(render_both):
    source = (
        "{% load function_tags %}{% for b in books %}{% told b x=b.author %}"
        "{% card b %}{% framed b.author.country %}{{ b.title }}{% endframed %}{% endfor %}"
    )
    renders = render_both(source, lambda: {"books": Book.objects.order_by("pk")})
    assert renders.ours[1] <= 2
