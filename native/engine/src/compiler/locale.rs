//! The tags of `{% load i18n %}`, `{% load l10n %}` and `{% load tz %}`.

use djust_syntax::ast::{self, LocaleFact, MessagePart};
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Compiler;
use crate::django::django;
use crate::program::*;

impl<'py> Compiler<'_, 'py> {
    /// The node of a tag that translates, localises or converts; nothing for any other.
    pub(super) fn locale(&mut self, kind: &ast::NodeKind) -> PyResult<Option<NodeKind>> {
        Ok(Some(match kind {
            ast::NodeKind::Translate(tag) => NodeKind::Translate(Box::new(self.translate(tag)?)),
            ast::NodeKind::BlockTranslate(tag) => {
                NodeKind::BlockTranslate(Box::new(self.block_translate(tag)?))
            }
            ast::NodeKind::Language { language, body } => NodeKind::Language {
                language: self.expression(language)?,
                body: self.nodes(body)?,
            },
            ast::NodeKind::TimeZone { zone, body } => NodeKind::TimeZone {
                zone: self.expression(zone)?,
                body: self.nodes(body)?,
            },
            ast::NodeKind::Localize { on, body } => NodeKind::Localize {
                on: *on,
                body: self.nodes(body)?,
            },
            ast::NodeKind::LocalTime { on, body } => NodeKind::LocalTime {
                on: *on,
                body: self.nodes(body)?,
            },
            ast::NodeKind::LocaleFact {
                fact,
                argument,
                variable,
            } => NodeKind::LocaleFact {
                question: self.name(question(*fact)),
                argument: self.optional_expression(argument)?,
                variable: self.name(variable),
            },
            _ => return Ok(None),
        }))
    }

    /// `{{ _("text") }}`, without filters.
    pub(super) fn translated_literal(
        &self,
        expression: &ast::FilterExpression,
    ) -> PyResult<Option<NodeKind>> {
        Ok(match &expression.head {
            ast::Operand::Text {
                text,
                translated: true,
            } if expression.filters.is_empty() => Some(NodeKind::TranslatedLiteral {
                message: self.locale_made("doubled_percents", text)?.unbind(),
            }),
            _ => None,
        })
    }

    fn translate(&mut self, tag: &ast::Translate) -> PyResult<Translate> {
        let message = match &tag.message.head {
            _ if tag.noop => Message::Given,
            ast::Operand::Text {
                translated: true, ..
            } => Message::Given,
            ast::Operand::Text { text, .. } => {
                Message::Literal(self.locale_made("doubled_percents", text)?.unbind())
            }
            _ => Message::Translated,
        };
        Ok(Translate {
            message,
            expression: self.expression(&tag.message)?,
            context: self.optional_expression(&tag.context)?,
            variable: self.optional_name(&tag.variable),
        })
    }

    fn block_translate(&mut self, tag: &ast::BlockTranslate) -> PyResult<BlockTranslate> {
        let count = match &tag.count {
            Some((name, value)) => Some(Count {
                name: self.name(name),
                value: self.expression(value)?,
                plural: self.message(&tag.plural, tag.trimmed)?,
            }),
            None => None,
        };
        let parts = tag.singular.iter().chain(&tag.plural);
        Ok(BlockTranslate {
            tag: self.name(&tag.tag),
            bindings: self.bindings(&tag.bindings)?,
            count,
            context: self.optional_expression(&tag.context)?,
            variable: self.optional_name(&tag.variable),
            singular: self.message(&tag.singular, tag.trimmed)?,
            names: parts.filter_map(|part| self.message_name(part)).collect(),
        })
    }

    /// As `BlockTranslateNode.render_token_list`.
    fn message(&self, parts: &[MessagePart], trimmed: bool) -> PyResult<Py<PyString>> {
        let mut message = String::new();
        for part in parts {
            match part {
                MessagePart::Text(span) => {
                    message.push_str(&span.text(self.source).replace('%', "%%"));
                }
                MessagePart::Name(name) => {
                    message.push_str("%(");
                    message.push_str(name);
                    message.push_str(")s");
                }
            }
        }
        if trimmed {
            let message = self.locale_made("trimmed", &message)?;
            return Ok(message.cast_into::<PyString>()?.unbind());
        }
        Ok(PyString::new(self.py, &message).unbind())
    }

    fn message_name(&self, part: &MessagePart) -> Option<Py<PyString>> {
        match part {
            MessagePart::Text(_) => None,
            MessagePart::Name(name) => Some(self.name(name)),
        }
    }

    fn locale_made(&self, function: &str, text: &str) -> PyResult<Bound<'py, PyAny>> {
        let locale = django(self.py)?.locale.bind(self.py);
        locale.getattr(function)?.call1((text,))
    }

    fn optional_expression(
        &mut self,
        expression: &Option<ast::FilterExpression>,
    ) -> PyResult<Option<Expression>> {
        let made = expression.as_ref();
        made.map(|expression| self.expression(expression))
            .transpose()
    }
}

/// The function of `djust_engine.bridge.locale` that answers.
fn question(fact: LocaleFact) -> &'static str {
    match fact {
        LocaleFact::AvailableLanguages => "available_languages",
        LocaleFact::CurrentLanguage => "current_language",
        LocaleFact::CurrentLanguageBidi => "current_language_bidi",
        LocaleFact::CurrentTimeZone => "current_timezone",
        LocaleFact::LanguageInfo => "language_info",
        LocaleFact::LanguageInfoList => "language_info_list",
    }
}
