"""What the native renderer asks of Django's translation, localisation and time zones.

Called from Rust by name. Each function repeats, or calls, the part of Django that it names.
"""

from typing import Any

from django.conf import settings
from django.template import TemplateSyntaxError, defaulttags
from django.template.base import render_value_in_context
from django.templatetags.i18n import GetLanguageInfoListNode
from django.utils import timesince, timezone, translation
from django.utils.formats import get_format
from django.utils.html import avoid_wrapping
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import trans_real

from djust_engine.originals import is_own


def number_style(context: Any) -> tuple[str | None, str, list[int] | None, bool]:
    """Decimal separator, thousand separator, sizes of groups, and whether dates are localised.

    None stands for what is of no ordinary type: then Django itself prints the number.
    """
    use_l10n = context.use_l10n
    if use_l10n is False:
        return ".", "", [], False
    decimal = get_format("DECIMAL_SEPARATOR", use_l10n=use_l10n)
    localizes = use_l10n is None or bool(use_l10n)
    is_grouped = localizes and settings.USE_THOUSAND_SEPARATOR
    thousand, groups = "", _groups(use_l10n) if is_grouped else []
    if groups:
        thousand = get_format("THOUSAND_SEPARATOR", use_l10n=use_l10n)
        groups = groups if isinstance(thousand, str) else None
    return decimal if isinstance(decimal, str) else None, thousand, groups, localizes


def grouping_style() -> tuple[str | None, str, list[int] | None]:
    """The first three of `number_style` where groups are forced (`intcomma`)."""
    decimal, thousand = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
    is_plain = isinstance(decimal, str) and isinstance(thousand, str)
    return (decimal, thousand, _groups(None)) if is_plain else (None, "", None)


def _groups(use_l10n: Any) -> list[int] | None:
    """`NUMBER_GROUPING`, less what stands for no groups."""
    grouping = get_format("NUMBER_GROUPING", use_l10n=use_l10n)
    if type(grouping) is int:
        return [grouping, 0] if grouping else []
    if type(grouping) in (list, tuple) and grouping and all(type(one) is int for one in grouping):
        return list(grouping)
    return None


def duration(unit: int, count: int) -> str:
    """So many years, months, weeks, days, hours or minutes, as `timesince` writes them."""
    strings: dict[str, Any] = timesince.TIME_STRINGS
    return avoid_wrapping(strings[timesince.TIME_STRINGS_KEYS[unit]] % {"num": count})


def local_zone(context: Any) -> Any:
    """The time zone to which `template_localtime` converts; None where it does not."""
    wanted = settings.USE_TZ if context.use_tz is None else context.use_tz
    return timezone.get_current_timezone() if wanted else None


def present() -> Any:
    """The clock of `{% now %}`."""
    zone = timezone.get_current_timezone() if settings.USE_TZ else None
    return defaulttags.datetime.now(tz=zone)  # type: ignore[attr-defined]


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


def gettext_is_stock() -> bool:
    """Whether `gettext` ends in Django's own function, which says the same each time."""
    backend: Any = translation
    function = backend._trans.gettext
    return is_own(function, trans_real, "gettext")


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
