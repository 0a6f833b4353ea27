//! Which nodes an expression's value is, through its filters, and how it is read there.

use super::analysis::Analysis;
use super::filters::Reading;
use super::{Marks, UsageId, find};
use crate::ast::{FilterCall, FilterExpression, Operand, Variable};

/// The nodes that a value may be: none when it is new, several after `default`.
#[derive(Default)]
pub(super) struct Value {
    pub(super) node: Option<UsageId>,
    pub(super) others: Vec<UsageId>,
}

impl Analysis<'_> {
    pub(super) fn read_all(&mut self, expressions: &[FilterExpression], marks: Marks) {
        for expression in expressions {
            self.read(expression, marks);
        }
    }

    pub(super) fn read(&mut self, expression: &FilterExpression, marks: Marks) {
        let value = self.value(expression);
        self.mark(value, marks);
    }

    fn mark(&mut self, value: Value, marks: Marks) {
        for id in value.node.into_iter().chain(value.others) {
            self.tree.mark(id, marks);
        }
    }

    pub(super) fn value(&mut self, expression: &FilterExpression) -> Value {
        let head = Value {
            node: self.operand(&expression.head),
            others: Vec::new(),
        };
        expression
            .filters
            .iter()
            .fold(head, |value, call| self.filtered(value, call))
    }

    fn filtered(&mut self, mut value: Value, call: &FilterCall) -> Value {
        let reading = Reading::of(call);
        if let Some(argument) = call
            .argument
            .as_ref()
            .and_then(|operand| self.operand(operand))
        {
            match reading {
                Reading::Default => value.others.push(argument),
                Reading::Escapes => self.tree.mark(argument, Marks::ESCAPES),
                _ => self.tree.mark(argument, Marks::PRINTED),
            }
        }
        match reading {
            Reading::Same => value,
            Reading::Sorted => {
                self.escape(&value);
                self.sorted(value, call)
            }
            Reading::Element => self.element_of(value, Marks::default()),
            Reading::Last => self.element_of(value, Marks::COMPARED),
            Reading::Default => {
                value
                    .node
                    .into_iter()
                    .for_each(|id| self.tree.mark(id, Marks::TESTED));
                value
            }
            Reading::ItemsPrinted => {
                let item = self.element_of(value, Marks::ITERATED);
                self.consumed(item, Marks::PRINTED)
            }
            Reading::Consumed(marks) => self.consumed(value, marks),
            Reading::Escapes => self.consumed(value, Marks::ESCAPES),
        }
    }

    /// Nothing of the value is in the result.
    fn consumed(&mut self, value: Value, marks: Marks) -> Value {
        self.mark(value, marks);
        Value::default()
    }

    fn element_of(&mut self, value: Value, marks: Marks) -> Value {
        let element = |id| {
            self.tree.mark(id, marks);
            self.tree.item(id, self.line)
        };
        let mut ids = value.node.into_iter().chain(value.others).map(element);
        Value {
            node: ids.next(),
            others: ids.collect(),
        }
    }

    /// Python code that sorts a QuerySet evaluates it.
    fn escape(&mut self, value: &Value) {
        for &id in value.node.iter().chain(&value.others) {
            self.tree.mark(id, Marks::ESCAPES);
        }
    }

    /// `dictsort` looks its argument up in each element, as a path.
    fn sorted(&mut self, value: Value, call: &FilterCall) -> Value {
        for &id in value.node.iter().chain(&value.others) {
            self.tree.mark(id, Marks::ITERATED);
            let key = self.sort_key(id, call);
            self.tree.mark(key, Marks::COMPARED);
        }
        value
    }

    /// The node in each element that the argument spells; the element itself, handed on whole, when
    /// the argument is known at rendering only.
    fn sort_key(&mut self, list: UsageId, call: &FilterCall) -> UsageId {
        let item = self.tree.item(list, self.line);
        match &call.argument {
            Some(Operand::Text { text, .. } | Operand::Int(text)) => {
                let names = text.split('.');
                names.fold(item, |node, name| self.tree.child(node, name, self.line))
            }
            _ => {
                self.tree.mark(item, Marks::ESCAPES);
                item
            }
        }
    }

    fn operand(&mut self, operand: &Operand) -> Option<UsageId> {
        match operand {
            Operand::Variable(variable) => Some(self.variable(variable)),
            Operand::Text { .. } | Operand::Int(_) | Operand::Float(_) => None,
        }
    }

    fn variable(&mut self, variable: &Variable) -> UsageId {
        let name = &variable.path[0];
        let start = find(&self.scope, name).unwrap_or_else(|| self.tree.root(name, self.line));
        let mut end = start;
        for name in &variable.path[1..] {
            end = self.tree.child(end, name, self.line);
        }
        let index = variable.id.0 as usize;
        if self.tree.starts[index] == UsageId::NONE {
            self.tree.starts[index] = start;
            self.tree.ends[index] = end;
        }
        end
    }
}
