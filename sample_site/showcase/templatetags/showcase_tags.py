"""Two habits that no engine can help: tokens written into a template, and a query for each row."""

from django import template
from django.template import Context
from django.template.base import Node, Parser, Token, TokenType
from django.utils.safestring import SafeString, mark_safe

from sample_site.rentals.models import Lease, MaintenanceRequest

register = template.Library()


class Silent(Node):
    def render(self, context: Context) -> SafeString:
        return mark_safe("")


@register.tag
def greeting(parser: Parser, token: Token) -> Node:
    """``{% greeting %}`` puts tokens of its own before those of the template."""
    parser.prepend_token(Token(TokenType.TEXT, "Good day."))
    return Silent()


@register.filter
def open_requests(lease: Lease) -> int:
    """How many repairs of the lease's property are open, counted in the database."""
    requests = MaintenanceRequest.objects.filter(property_id=lease.property_id)
    return requests.exclude(status=MaintenanceRequest.Status.DONE).count()
