"""Pieces of template text, right and wrong, of which random templates are made."""

# ruff: noqa: E501 -- a row of fragments holds what belongs together

FILTERS = [
    "add:{a}", "addslashes", "capfirst", "center:{n}", "cut:{a}", "date", "date:{f}", "default:{a}",
    "default_if_none:{a}", "dictsort:{k}", "dictsortreversed:{k}", "divisibleby:{n}", "escape",
    "escapejs", "escapeseq", "filesizeformat", "first", "floatformat", "floatformat:{n}",
    "force_escape", "get_digit:{n}", "iriencode", "join:{a}", "json_script", "json_script:{a}",
    "last", "length", "linebreaks", "linebreaksbr", "linenumbers", "ljust:{n}", "lower",
    "make_list", "phone2numeric", "pluralize", "pluralize:{a}", "pprint", "rjust:{n}", "safe",
    "safeseq", "slice:{s}", "slugify", "stringformat:{f}", "striptags", "time", "time:{f}", "title",
    "truncatechars:{n}", "truncatechars_html:{n}", "truncatewords:{n}", "truncatewords_html:{n}",
    "unordered_list", "upper", "urlencode", "urlencode:{a}", "urlize", "urlizetrunc:{n}",
    "wordcount", "wordwrap:{n}", "yesno", "yesno:{a}", "shown", "listed", "read:{a}", "bold",
    "timesince:{a}", "timeuntil:{a}", "localize", "unlocalize", "localtime", "utc",
    "timezone:'Asia/Tokyo'", "timezone:{a}", "language_name", "language_name_translated",
    "language_name_local", "language_bidi", "intcomma", "intcomma:{n}", "ordinal", "intword",
    "apnumber", "naturalday", "naturalday:{f}", "naturaltime",
]  # fmt: skip
BAD_FILTERS = [
    "nothing", "upper:1", "add", "default:", "slice", "upper|", " upper", "|", "cut:'",
]  # fmt: skip
FORMATS = [
    "'Y-m-d'", "'c'", "'P e T'", "'r'", "'s'", "'d'", "'05.1f'", "'SHORT_DATE_FORMAT'", "'U'",
]  # fmt: skip
SLICES = [
    "':2'", "'1:'", "'-1:'", "'::2'", "'::-1'", "'x'", "'1:2:3:4'", "2", "''",
]  # fmt: skip
LITERALS = [
    "'x'", "\"<q>\"", "'it\\'s'", "_('Monday')", "_(\"<i>\")", "1", "-3", "1.5", "1e3", "'a,b,c'",
    "''", ".5", "1.", "True", "None", "'%'", "'%s'", "10000000000", "'%%(a)s'", "'é'", "'yes,no'",
    "'{{'", "'|'", "' '", "'a b'", "+1", "'1'",
]  # fmt: skip
TEXTS = [
    " ", "\n", "text", "<b>", "é", "{", "}", "{ {", "%}", "{# note #}", "{#", "#}", "}}", "\r\n",
    "{# {{ a }} #}", "&amp;", "\t", "😀", "{% verbatim %}{{ a }}{% x %}{% endverbatim %}",
    "{% comment %}{{ a }{% for %}{% endcomment %}", "{% templatetag openblock %}", "\x00", "\u2028",
    "{% verbatim v %}{% endverbatim %}{% endverbatim v %}", "<a> </a>", "{%%}", "{%", "{{",
    "{% comment 'note' %}x{% endcomment %}", "{% load fuzz %}", "{% load i18n %}",
    "{% trans 'Monday' %}",
    "{% load i18n %}{% blocktranslate with v=a %}{{ v }} x{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate %}{{ a }} {{ x }}{% endblocktranslate %}",
    "{% load i18n %}{% blocktranslate count n=3 %}one{% plural %}{{ n }}{% endblocktranslate %}",
    "{% load l10n %}{{ a|localize }}{{ b|unlocalize }}",
    "{% load tz %}{{ a|utc }}{{ b|localtime }}",
    "{% load humanize %}{{ a|intcomma }}{{ b|naturaltime }}{{ c|apnumber }}",
    "{% load i18n %}{% translate 'Monday' as m %}{{ m }}",
]  # fmt: skip
BROKEN = [
    "{{ }}", "{{ a|}}", "{{ a b }}", "{{ _a }}", "{{ a._b }}", "{{ a.. }}", "{{ 'x }}", "{{ a|b|}}",
    "{{ .a }}", "{{ a:b }}", "{% %}", "{% nothing %}", "{% endif %}", "{% else %}", "{% endfor %}",
    "{% for x a %}", "{% for x in %}", "{% for , in a %}", "{% if %}", "{% if a == %}",
    "{% if a b %}", "{% if not %}", "{% if a and %}", "{% with %}{% endwith %}", "{% with a %}",
    "{% include %}", "{% include 'x' with %}", "{% include 'i.html' only only %}",
    "{% extends 'base.html' %}", "{% block %}{% endblock %}", "{% block one %}{% endblock two %}",
    "{% cycle %}", "{% cycle c %}", "{% firstof %}", "{% now %}", "{% now Y %}",
    "{% autoescape maybe %}{% endautoescape %}", "{% ifchanged a %}", "{% spaceless %}",
    "{% load nothing %}", "{% load a from fuzz %}", "{% url %}", "{% url a b=1 2 %}",
    "{% regroup a by b %}", "{% widthratio a %}", "{% csrf_token a %}",
    "{% filter upper|escape %}x{% endfilter %}", "{% resetcycle %}", "{% resetcycle c %}",
    "{% verbatim %}", "{% comment %}", "{% templatetag x %}", "{% lorem x y z %}", "{% elif a %}",
    "{{ a.1_0 }}", "{{ a.-1 }}", "{{ 1_000 }}", "{{ a.1e3 }}", "{{ 1.2.3 }}", "{{ '' }}",
    "{{ \"a'b\" }}", "{{ a\n}}", "{% if a\n%}x{% endif %}", "{{a}}", "{%if a%}x{%endif%}",
    "{{ a|upper:}}", "{{ a | upper }}", "{{ a|default : 'x' }}", "{% include 'base.html' %}",
    "{% include a %}", "{% extends a %}", "{% cycle a b as c %}{% cycle c %}",
    "{% cycle 'a' 'b' as c silent %}{{ c }}{% resetcycle c %}", "{% with a as b c %}{% endwith %}",
    "{% with a=1 b=a %}{{ b }}{% endwith %}", "{% filter %}{% endfilter %}",
    "{% for a in a %}{{ a }}{% endfor %}{{ a }}", "{{ block.super }}", "{{ forloop }}",
    "{{ True }}", "{% include 'i.html' with a %}", "{% include 'missing.html' %}",
    "{% include 'i.html' with b=a c=1 %}", "{{ é }}", "{{ a.é }}", "{{ a٣ }}", "{{ a.٣ }}",
    "{% load fuzz %}{% show a.b|upper c=1 %}", "{% show a as %}", "{% count %}", "{% look 'a' %}",
    "{% put 'a' 5 %}{{ a }}", "{% framed %}x", "{% if a %}{% else %}{% else %}{% endif %}",
    "{% if a %}{% elif %}{% endif %}", "{{ a|add:b|add:_('x') }}",
    "{% if a in b or not c == 1 and 2 > 1 %}y{% endif %}", "{% if (a) %}{% endif %}",
    "{% if a = b %}{% endif %}", "{% ifequal a b %}{% endifequal %}",
    "{% autoescape off %}{% endautoescape on %}", "{% endblock %}",
    "{% partialdef x %}{{ a }}{% endpartialdef %}{% partial x %}", "{% static 'a' %}",
    "{% load static %}{% static 'a b.css' %}{% get_static_prefix %}", "{% url 'nothing' %}",
    "{% url 'nothing' as u %}{{ u }}", "{% querystring a=1 %}", "{% body %}{{ turn }}{% endbody %}",
]  # fmt: skip
# Tags of languages, formats, zones, fragments and partials; {e} is an expression, {x} a name.
LOCAL_TAGS = [
    "{% translate {e} %}", "{% translate 'Monday' noop %}", "{% trans 'May' context 'alt. month' %}",
    "{% translate {e} as m %}{{ m }}", "{% translate 'Monday'|upper %}", "{% translate {e} context {e} %}",
    "{% get_current_language as l %}{{ l }}", "{% get_current_language_bidi as l %}{{ l }}",
    "{% get_available_languages as ls %}{{ ls|length }}", "{% get_language_info for 'de' as l %}{{ l.name }}",
    "{% get_language_info for {e} as l %}{{ l.name_local }}", "{% get_current_timezone as z %}{{ z }}",
    "{% get_language_info_list for {e} as ls %}{% for l in ls %}{{ l.code }}{% endfor %}",
    "{% blocktranslate %}Monday{% endblocktranslate %}", "{% blocktranslate %}{{ {x} }} & %{% endblocktranslate %}",
    "{% blocktranslate with v={e} w={e} %}{{ v }} {{ w }}{% endblocktranslate %}",
    "{% blocktranslate trimmed with v={e} %}\n  a {{ v }}\n  b\n{% endblocktranslate %}",
    "{% blocktranslate count n={e} %}one {{ n }}{% plural %}{{ n }} of {{ {x} }}{% endblocktranslate %}",
    "{% blocktranslate count n={e} with v={e} asvar t %}{{ v }}{% plural %}{{ n }}{% endblocktranslate %}[{{ t }}]",
    "{% blocktranslate asvar t %}{{ {x} }}{% endblocktranslate %}{{ t }}{{ t|upper }}",
    "{% blocktranslate context {e} %}May{% endblocktranslate %}", "{% blocktrans {e} as v %}{{ v }}{% endblocktrans %}",
    "{% blocktranslate %}{% if a %}{% endblocktranslate %}", "{% blocktranslate count %}{% plural %}{% endblocktranslate %}",
    "{% blocktranslate %}{{ {x}|upper }}{% endblocktranslate %}", "{% blocktranslate %}%(a)s 100%%{% endblocktranslate %}",
    "{% static {e} %}", "{% get_static_prefix %}{% get_media_prefix as p %}{{ p }}", "{% now 'Y-m e' %}",
    "{% querystring a={e} %}", "{% templatetag openbrace %}", "{% widthratio {e} {e} {e} as r %}{{ r }}",
    "{% regroup {e} by {x} as g %}{% for h in g %}{{ h.grouper }}={{ h.list }};{% endfor %}",
    "{% partialdef p%}{{ {x} }}{% endpartialdef %}{% partial p %}", "{% partial p %}",
    "{% partialdef q inline %}{{ {x} }}{% endpartialdef q %}{% partial q %}{% include 'i.html#q' %}",
]  # fmt: skip
LOCAL_BLOCKS = [
    ("{% language {e} %}", "{% endlanguage %}"), ("{% language 'de' %}", "{% endlanguage %}"),
    ("{% localize on %}", "{% endlocalize %}"), ("{% localize off %}", "{% endlocalize %}"),
    ("{% localtime off %}", "{% endlocaltime %}"), ("{% localtime %}", "{% endlocaltime %}"),
    ("{% timezone 'Asia/Tokyo' %}", "{% endtimezone %}"), ("{% timezone {e} %}", "{% endtimezone %}"),
    ("{% timezone None %}", "{% endtimezone %}"), ("{% cache 60 f {e} %}", "{% endcache %}"),
    ("{% cache {e} 'g' %}", "{% endcache %}"), ("{% cache None h using='default' %}", "{% endcache %}"),
    ("{% partialdef r inline %}", "{% endpartialdef %}"), ("{% filter {c} %}", "{% endfilter %}"),
]  # fmt: skip
OPERATORS = [
    "==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "and", "or",
]  # fmt: skip
