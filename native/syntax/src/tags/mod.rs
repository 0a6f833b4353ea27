//! The native tags: one row a builtin, its grammar in the file named after its kind.

mod analysed;
mod blocks;
mod builtins;
mod foreign;
mod inheritance;
mod inline;
mod locale;
mod tag_parser;

use crate::ast::NodeKind;
use crate::lexer::Token;
use crate::parser::{Host, Parser};
use crate::reason::Error;
use tag_parser::TagParser;

pub(crate) use analysed::parse as parse_analysed;
pub(crate) use foreign::arguments as foreign_arguments;

macro_rules! tags {
    ($($tag:ident = $name:literal, $grammar:path;)+) => {
        /// A builtin tag that is parsed natively.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Tag {
            $($tag,)+
        }

        impl Tag {
            pub const ALL: &'static [Tag] = &[$(Tag::$tag),+];

            /// The name under which Django registers it.
            pub fn name(self) -> &'static str {
                match self { $(Tag::$tag => $name),+ }
            }

            pub fn from_name(name: &str) -> Option<Tag> {
                match name {
                    $($name => Some(Tag::$tag),)+
                    _ => None,
                }
            }
        }

        pub(crate) fn parse<H: Host>(tag: Tag, parser: &Parser<H>, token: &Token) -> Result<NodeKind, Error> {
            let tag_parser = TagParser { parser, token };
            match tag { $(Tag::$tag => $grammar(&tag_parser)),+ }
        }
    };
}

tags! {
    AutoEscape = "autoescape", blocks::autoescape;
    Block = "block", inheritance::block;
    BlockTrans = "blocktrans", locale::block_translate;
    BlockTranslate = "blocktranslate", locale::block_translate;
    Cache = "cache", builtins::cache;
    Comment = "comment", blocks::comment;
    CsrfToken = "csrf_token", inline::csrf_token;
    Cycle = "cycle", inline::cycle;
    Debug = "debug", builtins::debug;
    Extends = "extends", inheritance::extends;
    Filter = "filter", builtins::filter;
    FirstOf = "firstof", inline::firstof;
    For = "for", blocks::parse_for;
    GetAvailableLanguages = "get_available_languages", locale::get_available_languages;
    GetCurrentLanguage = "get_current_language", locale::get_current_language;
    GetCurrentLanguageBidi = "get_current_language_bidi", locale::get_current_language_bidi;
    GetCurrentTimeZone = "get_current_timezone", locale::get_current_timezone;
    GetLanguageInfo = "get_language_info", locale::get_language_info;
    GetLanguageInfoList = "get_language_info_list", locale::get_language_info_list;
    GetMediaPrefix = "get_media_prefix", builtins::media_prefix;
    GetStaticPrefix = "get_static_prefix", builtins::static_prefix;
    If = "if", blocks::parse_if;
    IfChanged = "ifchanged", blocks::ifchanged;
    Include = "include", inheritance::include;
    Language = "language", locale::language;
    Load = "load", inline::load;
    Localize = "localize", locale::localize;
    LocalTime = "localtime", locale::localtime;
    Lorem = "lorem", builtins::lorem;
    Now = "now", inline::now;
    Partial = "partial", builtins::partial;
    PartialDef = "partialdef", builtins::partialdef;
    Regroup = "regroup", builtins::regroup;
    ResetCycle = "resetcycle", inline::resetcycle;
    Spaceless = "spaceless", blocks::spaceless;
    Static = "static", inline::parse_static;
    TemplateTag = "templatetag", builtins::templatetag;
    TimeZone = "timezone", locale::timezone;
    Trans = "trans", locale::translate;
    Translate = "translate", locale::translate;
    Url = "url", inline::url;
    Verbatim = "verbatim", blocks::verbatim;
    WidthRatio = "widthratio", builtins::widthratio;
    With = "with", blocks::with;
}
