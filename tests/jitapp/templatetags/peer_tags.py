"""Tags and filters that ask instances and QuerySets for relations, as a project's own do."""

from django import template

register = template.Library()


@register.simple_tag
def origin_of(book):
    return f"{book.author}, {book.author.country}"


@register.simple_tag
def origins(books):
    return "; ".join(origin_of(book) for book in books)


@register.simple_tag
def of_holder(holder):
    return origins(holder.results)


@register.simple_tag(takes_context=True)
def origins_in_context(context):
    return origins(context["books"])


@register.simple_tag
def chosen(books, **filters):
    return books.filter(**filters)


@register.simple_tag
def renamed(book):
    type(book.author).objects.update(last_name=f"after {book.title}")
    book.tags.model.objects.update(name=f"after {book.title}")
    return ""


@register.filter
def joined(books, separator):
    return separator.join(origin_of(book) for book in books)


@register.filter
def author_of(book):
    return book.author.last_name


@register.filter
def nick_of(author):
    profile = getattr(author, "profile", None)
    return "-" if profile is None else f"{profile.nick};"


@register.filter
def tags_of(book):
    return ", ".join(tag.name for tag in book.tags.all())


@register.inclusion_tag("peers/rows.html")
def rows_of(holder):
    return {"rows": [{"book": book, "tags": book.tags} for book in holder.results]}


class OriginsNode(template.Node):
    def __init__(self, books):
        self.books = books

    def render(self, context):
        return origins(self.books.resolve(context))


@register.tag
def origins_node(parser, token):
    return OriginsNode(parser.compile_filter(token.split_contents()[1]))
