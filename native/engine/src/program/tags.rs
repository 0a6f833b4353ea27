//! What tags hold that need more than a variant.

use djust_syntax::usage::UsageId;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{Expression, NodeList};

/// A tag of `Library.simple_tag`, `simple_block_tag` or `inclusion_tag`.
pub struct Call {
    pub function: Py<PyAny>,
    /// The function is given the context.
    pub takes_context: bool,
    /// It may look names up there.
    pub sees_names: bool,
    pub args: Box<[Expression]>,
    pub kwargs: Bindings,
    pub answer: CallAnswer,
}

/// What becomes of a function's answer.
pub enum CallAnswer {
    /// Printed, or bound; the body, if there is one, is an argument.
    Simple {
        variable: Option<Py<PyString>>,
        body: Option<usize>,
    },
    /// The context of the template that the node names.
    Inclusion { node: Py<PyAny> },
}

pub struct Regroup {
    pub target: Expression,
    /// Read while `variable` is bound to an element.
    pub key: Expression,
    pub variable: Py<PyString>,
    /// The node that is grouped, in the usage tree.
    pub usage: Option<UsageId>,
}

pub struct Cache {
    pub timeout: Named,
    pub using: Option<Named>,
    pub name: Py<PyString>,
    pub vary: Box<[Expression]>,
    pub body: NodeList,
}

/// An expression, and `FilterExpression.var` for an error that shows it.
pub struct Named {
    pub expression: Expression,
    pub var: Py<PyAny>,
}

pub type Bindings = Box<[(Py<PyString>, Expression)]>;

pub struct For {
    pub targets: Box<[Py<PyString>]>,
    pub iterable: Expression,
    pub reversed: bool,
    pub body: NodeList,
    pub empty: Option<NodeList>,
    /// The node that is iterated, in the usage tree.
    pub usage: Option<UsageId>,
}

pub struct Translate {
    pub message: Message,
    pub expression: Expression,
    pub context: Option<Expression>,
    pub variable: Option<Py<PyString>>,
}

/// What `{% translate %}` gives to gettext.
pub enum Message {
    /// The literal that is the expression's head, its percent signs doubled.
    Literal(Py<PyAny>),
    /// What the expression's head is at rendering.
    Translated,
    /// Nothing: the expression is printed as it is.
    Given,
}

pub struct BlockTranslate {
    pub tag: Py<PyString>,
    pub bindings: Bindings,
    pub count: Option<Count>,
    pub context: Option<Expression>,
    pub variable: Option<Py<PyString>>,
    pub singular: Py<PyString>,
    /// The names in singular and plural, as often as they occur.
    pub names: Vec<Py<PyString>>,
}

/// What chooses between singular and plural.
pub struct Count {
    pub name: Py<PyString>,
    pub value: Expression,
    pub plural: Py<PyString>,
}
