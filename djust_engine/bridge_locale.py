"""What the native renderer asks of Django's translation, localisation and time zones.

Called from Rust by name. Each function repeats, or calls, the part of Django that it names.
"""

from typing import Any

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.base import render_value_in_context
from django.templatetags.i18n import GetLanguageInfoListNode
from django.utils import timezone, translation
from django.utils.safestring import SafeData, SafeString, mark_safe


def doubled_percents(text: str) -> SafeString:
    """The message of a literal, as `Variable.resolve` makes it."""
    return mark_safe(text.replace("%", "%%"))


def trimmed(message: str) -> str:
    return translation.trim_whitespace(message)


def printed_message(value: Any, context: Any) -> Any:
    """The second half of `TranslateNode.render`."""
    text = render_value_in_context(value, context)
    is_safe = isinstance(text, SafeData)
    text = text.replace("%%", "%")
    return mark_safe(text) if is_safe else text


def not_a_number(name: str, tag: str) -> TemplateSyntaxError:
    """What `{% blocktranslate %}` raises for a count of another kind."""
    return TemplateSyntaxError(f"{name!r} argument to {tag!r} tag must be a number.")


def formatted(message: Any, values: dict[str, Any]) -> Any:
    """The text of `{% blocktranslate %}`: the exception, if there is one, names the operator."""
    message %= values
    return message


def bad_message(
    tag: str, message: str, values: dict[str, Any], cause: BaseException
) -> TemplateSyntaxError:
    """What `{% blocktranslate %}` raises where not even its own text takes the values."""
    error = TemplateSyntaxError(
        f"{tag!r} is unable to format string returned by gettext: {message!r} using {values!r}"
    )
    error.__context__ = cause
    return error


def available_languages() -> list[tuple[str, str]]:
    return [(code, translation.gettext(name)) for code, name in settings.LANGUAGES]


def current_language() -> str | None:
    return translation.get_language()


def current_language_bidi() -> bool:
    return translation.get_language_bidi()


def current_timezone() -> str:
    return timezone.get_current_timezone_name()


def language_info(code: Any) -> Any:
    return translation.get_language_info(code)


def language_info_list(languages: Any) -> list[Any]:
    node: Any = GetLanguageInfoListNode
    one = node(None, None)
    return [one.get_language_info(language) for language in languages]
