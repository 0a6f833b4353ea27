//! Nodes made by the parser for the usage analysis and the program compiler.
//!
//! Names follow `django/template/defaulttags.py` and `loader_tags.py`. A node never holds a
//! Python object: what belongs to the host (foreign tags, filters) is an id that the host gave.

use crate::lexer::Span;

/// Most names fit into it without an allocation.
pub type Name = compact_str::CompactString;

/// The bits of a dotted name.
pub type Path = smallvec::SmallVec<[Name; 2]>;

/// A filter as the host knows it (`Host::filter`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterId(pub u32);

/// A node that the host compiled (`Host::compile_foreign`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignId(pub u32);

/// Index into `Template::bodies`: a nodelist that Python can see, of a foreign tag or of a partial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyId(pub u32);

/// Numbers each `Variable` of a template, in the order of parsing; `UsageTree::ends` is indexed by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariableId(pub u32);

/// Where a node's token stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Bytes of the whole token in the source, delimiters included.
    pub span: Span,
    /// One-based line, as `Token.lineno`.
    pub line: u32,
}

/// A parsed template.
#[derive(Debug, PartialEq)]
pub struct Template {
    pub root: NodeList,
    pub bodies: Vec<NodeList>,
    /// Every `{% block %}` in order of appearance, nested ones and those in bodies included.
    pub blocks: Vec<Name>,
    /// Every `{% partialdef %}`, inner ones first.
    pub partials: Vec<(Name, BodyId)>,
    /// How many `VariableId`s were given.
    pub variables: u32,
}

pub type NodeList = Vec<Node>;

#[derive(Debug, PartialEq)]
pub struct Node {
    pub at: Position,
    pub kind: NodeKind,
}

#[derive(Debug, PartialEq)]
pub enum NodeKind {
    Text(Span),
    Variable(FilterExpression),
    If(If),
    For(Box<For>),
    With {
        bindings: Vec<(Name, FilterExpression)>,
        body: NodeList,
    },
    Include {
        template: FilterExpression,
        bindings: Vec<(Name, FilterExpression)>,
        only: bool,
    },
    Extends {
        parent: FilterExpression,
        body: NodeList,
    },
    Block {
        name: Name,
        body: NodeList,
    },
    /// `{% load %}`, `{% comment %}`: parsed, and nothing to render.
    Nothing,
    CsrfToken,
    Url(Box<Url>),
    Static {
        path: FilterExpression,
        variable: Option<Name>,
    },
    /// `format` is the argument as Django takes it: `bits[1][1:-1]`.
    Now {
        format: Box<str>,
        variable: Option<Name>,
    },
    FirstOf {
        values: Vec<FilterExpression>,
        variable: Option<Name>,
    },
    Cycle(Cycle),
    ResetCycle {
        cycle: u32,
    },
    AutoEscape {
        on: bool,
        body: NodeList,
    },
    Spaceless {
        body: NodeList,
    },
    /// No values: the rendered body itself is compared.
    IfChanged {
        values: Vec<FilterExpression>,
        body: NodeList,
        otherwise: Option<NodeList>,
    },
    Translate(Box<Translate>),
    BlockTranslate(Box<BlockTranslate>),
    Language {
        language: FilterExpression,
        body: NodeList,
    },
    TimeZone {
        zone: FilterExpression,
        body: NodeList,
    },
    Localize {
        on: bool,
        body: NodeList,
    },
    LocalTime {
        on: bool,
        body: NodeList,
    },
    /// `{% get_current_language as name %}` and its kin.
    LocaleFact {
        fact: LocaleFact,
        argument: Option<FilterExpression>,
        variable: Name,
    },
    WidthRatio(Box<WidthRatio>),
    Regroup(Box<Regroup>),
    /// The head of `filtered` is a variable named `var`: the rendered body.
    Filter {
        filtered: FilterExpression,
        body: NodeList,
    },
    TemplateTag {
        text: &'static str,
    },
    /// `method` is `w`, `p` or `b`.
    Lorem {
        count: FilterExpression,
        method: Name,
        common: bool,
    },
    Debug,
    /// `{% get_static_prefix %}`, `{% get_media_prefix %}`.
    Prefix {
        setting: &'static str,
        variable: Option<Name>,
    },
    Cache(Box<Cache>),
    PartialDef {
        name: Name,
        inline: bool,
        body: BodyId,
    },
    Partial {
        name: Name,
    },
    Foreign(Box<Foreign>),
}

#[derive(Debug, PartialEq)]
pub struct If {
    pub branches: Vec<(Condition, NodeList)>,
    pub otherwise: Option<NodeList>,
}

#[derive(Debug, PartialEq)]
pub struct For {
    pub targets: Vec<Name>,
    pub iterable: FilterExpression,
    pub reversed: bool,
    pub body: NodeList,
    pub empty: Option<NodeList>,
}

#[derive(Debug, PartialEq)]
pub struct Url {
    pub view: FilterExpression,
    pub args: Vec<FilterExpression>,
    pub kwargs: Vec<(Name, FilterExpression)>,
    pub variable: Option<Name>,
}

/// `{% cycle %}`. A reference by name (`{% cycle rows %}`) repeats the `id` of the node it names,
/// because Django returns the very same node there.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    pub id: u32,
    pub values: Vec<FilterExpression>,
    pub variable: Option<Name>,
    pub silent: bool,
}

/// `{% translate %}`: `message` as `TranslateNode` reads it, a plain literal unescaped twice.
#[derive(Debug, PartialEq)]
pub struct Translate {
    pub message: FilterExpression,
    pub noop: bool,
    pub context: Option<FilterExpression>,
    pub variable: Option<Name>,
}

/// `{% blocktranslate %}`. With a `count` there is a `plural`, which is empty without.
#[derive(Debug, PartialEq)]
pub struct BlockTranslate {
    /// As it is written, for the messages of errors.
    pub tag: Name,
    pub bindings: Vec<(Name, FilterExpression)>,
    pub count: Option<(Name, FilterExpression)>,
    pub context: Option<FilterExpression>,
    pub trimmed: bool,
    pub variable: Option<Name>,
    pub singular: Vec<MessagePart>,
    pub plural: Vec<MessagePart>,
}

#[derive(Debug, PartialEq)]
pub enum MessagePart {
    Text(Span),
    /// Looked up in the context whole: neither a path nor filters.
    Name(Name),
}

/// What the tags ask of the active language and time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocaleFact {
    AvailableLanguages,
    CurrentLanguage,
    CurrentLanguageBidi,
    CurrentTimeZone,
    LanguageInfo,
    LanguageInfoList,
}

/// A tag whose compile function is not native.
#[derive(Debug, PartialEq)]
pub struct Foreign {
    pub id: ForeignId,
    pub tag: Name,
    /// True when the node may read the whole context; false when it sees its arguments alone.
    pub opaque: bool,
    /// The token's bits that read as filter expressions (values of `name=value` included), for usage.
    pub arguments: Vec<FilterExpression>,
    pub bodies: Vec<BodyId>,
    /// A function is called with these arguments, and nothing else happens; `arguments` is empty.
    pub call: Option<Call>,
}

/// The arguments of a `simple_tag`, a `simple_block_tag` or an `inclusion_tag`.
#[derive(Debug, PartialEq)]
pub struct Call {
    pub args: Vec<FilterExpression>,
    pub kwargs: Vec<(Name, FilterExpression)>,
}

#[derive(Debug, PartialEq)]
pub struct WidthRatio {
    pub value: FilterExpression,
    pub maximum: FilterExpression,
    pub width: FilterExpression,
    pub variable: Option<Name>,
}

/// `key` is read under the name `variable`, which is bound to each element in turn, and then to the
/// groups.
#[derive(Debug, PartialEq)]
pub struct Regroup {
    pub target: FilterExpression,
    pub key: FilterExpression,
    pub variable: Name,
}

/// `name` is part of the key as it is written.
#[derive(Debug, PartialEq)]
pub struct Cache {
    pub timeout: FilterExpression,
    pub name: Name,
    pub vary: Vec<FilterExpression>,
    pub using: Option<FilterExpression>,
    pub body: NodeList,
}

/// The smart `if` (`django/template/smartif.py`).
#[derive(Debug, PartialEq)]
pub enum Condition {
    Value(FilterExpression),
    Not(Box<Condition>),
    Binary(Operator, Box<Condition>, Box<Condition>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    In,
    NotIn,
    Is,
    IsNot,
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
}

/// What stands between `{{` and `}}`, and each argument of a tag (`FilterExpression`).
#[derive(Clone, Debug, PartialEq)]
pub struct FilterExpression {
    pub head: Operand,
    pub filters: Vec<FilterCall>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FilterCall {
    pub name: Name,
    pub id: FilterId,
    /// `Host::is_native`: Django's own filter of that name, whose reads the usage analysis knows.
    pub native: bool,
    pub argument: Option<Operand>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Unescaped text of a quoted literal; safe, as Django marks it.
    Text {
        text: Box<str>,
        translated: bool,
    },
    /// Digits as written: the host reads them by Python's `int()`.
    Int(Box<str>),
    /// As written: the host reads them by Python's `float()`.
    Float(Box<str>),
    Variable(Variable),
}

/// `a.b.c`: never empty; `path[0]` is looked up in the context.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub id: VariableId,
    /// `_(name)` marks a translated variable.
    pub translated: bool,
    pub path: Path,
}
