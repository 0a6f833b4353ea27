//! Django's builtin filters (django/template/defaultfilters.py): one row a filter.
//!
//! A native filter answers for the values it is exact for, and says nothing (`None`) for all others:
//! those go to Django's own Python function.

pub mod call;
mod dates;
mod floats;
mod html;
mod lists;
mod logic;
mod numbers;
mod since;
mod strings;
pub mod urls;
mod words;

use pyo3::prelude::*;

pub use call::{Call, text_of};

use crate::value::Value;

/// What a native filter answers; `None` leaves the call to Django's function.
pub type Answer<'py> = PyResult<Option<Value<'py>>>;

/// A native filter.
pub type Native = for<'a, 'py> fn(&Call<'a, 'py>) -> Answer<'py>;

/// The native filter of a name that Django registered.
pub fn native(name: &str) -> Option<Native> {
    FILTERS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, function)| *function)
}

/// Whether Django's function returns what Python's methods of `str` return, which may be its argument.
pub fn takes_text(name: &str) -> bool {
    TAKE_TEXT.contains(&name)
}

const TAKE_TEXT: &[&str] = &[
    "add",
    "addslashes",
    "capfirst",
    "center",
    "cut",
    "intcomma",
    "ljust",
    "lower",
    "phone2numeric",
    "rjust",
    "slugify",
    "striptags",
    "title",
    "truncatechars",
    "truncatewords",
    "upper",
];

/// Every native filter, in the order of Django's sections.
pub const FILTERS: &[(&str, Native)] = &[
    // STRINGS
    ("addslashes", strings::addslashes),
    ("capfirst", strings::capfirst),
    ("escapejs", html::escapejs),
    ("floatformat", floats::floatformat),
    ("iriencode", urls::iriencode),
    ("linenumbers", html::linenumbers),
    ("lower", strings::lower),
    ("make_list", lists::make_list),
    ("slugify", words::slugify),
    ("stringformat", strings::stringformat),
    ("title", words::title),
    ("truncatechars", words::truncatechars),
    ("truncatewords", words::truncatewords),
    ("upper", strings::upper),
    ("urlencode", urls::urlencode),
    ("wordcount", words::wordcount),
    ("ljust", strings::ljust),
    ("rjust", strings::rjust),
    ("center", strings::center),
    ("cut", strings::cut),
    // HTML STRINGS
    ("escape", html::escape),
    ("escapeseq", html::escapeseq),
    ("force_escape", html::force_escape),
    ("linebreaks", html::linebreaks),
    ("linebreaksbr", html::linebreaksbr),
    ("safe", html::safe),
    ("safeseq", html::safeseq),
    ("striptags", html::striptags),
    // LISTS
    ("first", lists::first),
    ("join", lists::join),
    ("last", lists::last),
    ("length", lists::length),
    ("slice", lists::slice),
    // INTEGERS
    ("add", numbers::add),
    ("get_digit", numbers::get_digit),
    // DATES
    ("date", dates::date),
    ("time", dates::time),
    ("intcomma", numbers::intcomma),
    ("timesince", since::timesince),
    ("timeuntil", since::timeuntil),
    // LOGIC
    ("default", logic::default),
    ("default_if_none", logic::default_if_none),
    ("divisibleby", numbers::divisibleby),
    ("yesno", logic::yesno),
    // MISC
    ("pluralize", numbers::pluralize),
    ("phone2numeric", strings::phone2numeric),
];

/// Why Django's own function is always called for a builtin filter that has no row in `FILTERS`.
pub fn why_left(name: &str) -> Option<&'static str> {
    LEFT_TO_DJANGO
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, why)| *why)
}

/// Every other builtin filter, and why it is not native.
pub const LEFT_TO_DJANGO: &[(&str, &str)] = &[
    ("apnumber", "it speaks the language"),
    ("dictsort", "it compares Python objects"),
    ("dictsortreversed", "it compares Python objects"),
    ("filesizeformat", "it formats by settings and language"),
    ("intword", "it formats by settings and language"),
    ("language_bidi", "django.conf.locale knows it"),
    ("language_name", "django.conf.locale knows it"),
    ("language_name_local", "django.conf.locale knows it"),
    ("language_name_translated", "django.conf.locale knows it"),
    ("localize", "it formats by settings and language"),
    ("localtime", "it makes a datetime of another class"),
    ("timezone", "it makes a datetime of another class"),
    ("unlocalize", "it formats by settings"),
    ("utc", "it makes a datetime of another class"),
    ("json_script", "Python's json encodes the value"),
    ("naturalday", "it reads the clock, and speaks the language"),
    ("naturaltime", "it reads the clock, and speaks the language"),
    ("ordinal", "it speaks the language"),
    ("pprint", "Python's pprint prints the value"),
    ("random", "Python's random chooses"),
    ("truncatechars_html", "Python's html.parser reads the value"),
    ("truncatewords_html", "Python's html.parser reads the value"),
    ("unordered_list", "it walks nested Python iterables"),
    ("urlize", "Python's urllib.parse reads the addresses"),
    ("urlizetrunc", "Python's urllib.parse reads the addresses"),
    ("wordwrap", "Python's textwrap breaks the lines"),
];
