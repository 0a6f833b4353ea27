//! How Django's own filters read their value and argument.

use super::Marks;
use crate::ast::FilterCall;

/// What a filter does with the node of its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reading {
    /// Reads the value itself; the result is new and has nothing of it.
    Consumed(Marks),
    /// Writes each element into a text.
    ItemsPrinted,
    /// The result is a part of the value with the same elements.
    Same,
    /// The same elements, each read at the path that the argument spells.
    Sorted,
    /// The result is one of the elements.
    Element,
    /// The last element, which a QuerySet gives only when it was evaluated before.
    Last,
    /// The result is the value or the argument.
    Default,
    /// May read anything of value and argument.
    Escapes,
}

impl Reading {
    pub(super) fn of(call: &FilterCall) -> Self {
        if call.native {
            Self::of_builtin(&call.name)
        } else {
            Self::Escapes
        }
    }

    fn of_builtin(name: &str) -> Self {
        match name {
            "slice" => Self::Same,
            "dictsort" | "dictsortreversed" => Self::Sorted,
            "first" | "random" => Self::Element,
            "last" => Self::Last,
            "default" | "default_if_none" => Self::Default,
            "join" | "safeseq" | "escapeseq" => Self::ItemsPrinted,
            "length" | "length_is" | "pluralize" => Self::Consumed(Marks::LENGTH),
            "yesno" => Self::Consumed(Marks::TESTED),
            "add"
            | "addslashes"
            | "apnumber"
            | "capfirst"
            | "center"
            | "cut"
            | "date"
            | "divisibleby"
            | "escape"
            | "escapejs"
            | "filesizeformat"
            | "floatformat"
            | "force_escape"
            | "get_digit"
            | "intcomma"
            | "intword"
            | "iriencode"
            | "language_bidi"
            | "language_name"
            | "language_name_local"
            | "language_name_translated"
            | "linebreaks"
            | "linebreaksbr"
            | "linenumbers"
            | "ljust"
            | "localize"
            | "localtime"
            | "lower"
            | "make_list"
            | "naturalday"
            | "naturaltime"
            | "ordinal"
            | "phone2numeric"
            | "rjust"
            | "safe"
            | "slugify"
            | "stringformat"
            | "striptags"
            | "time"
            | "timesince"
            | "timeuntil"
            | "timezone"
            | "title"
            | "truncatechars"
            | "truncatechars_html"
            | "truncatewords"
            | "truncatewords_html"
            | "unlocalize"
            | "upper"
            | "urlencode"
            | "urlize"
            | "urlizetrunc"
            | "utc"
            | "wordcount"
            | "wordwrap" => Self::Consumed(Marks::PRINTED),
            _ => Self::Escapes,
        }
    }
}
