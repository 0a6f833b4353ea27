//! Tokens, nodes and usage trees, one a line.

use std::fmt::Write;

use djust_syntax::Span;
use djust_syntax::ast::{
    BlockTranslate, Cache, Condition, FilterExpression, Foreign, MessagePart, Name, Node, NodeKind,
    NodeList, Operand, Template,
};
use djust_syntax::lexer::{Token, TokenType};
use djust_syntax::usage::{Marks, UsageId, UsageTree};

pub fn tokens(source: &str, tokens: &[Token]) -> String {
    let mut out = String::new();
    for Token {
        kind,
        contents,
        span: Span { start, end },
        line,
    } in tokens
    {
        let kind = match kind {
            TokenType::Text => "text",
            TokenType::Var => "var",
            TokenType::Block => "block",
            TokenType::Comment => "comment",
        };
        writeln!(
            out,
            "{line}: {start}..{end} {kind} {:?}",
            contents.text(source)
        )
        .unwrap();
    }
    out
}

pub fn nodes(source: &str, template: &Template) -> String {
    let mut shapes = Shapes {
        source,
        template,
        out: String::new(),
        depth: 0,
    };
    shapes.list(&template.root);
    if !template.blocks.is_empty() {
        writeln!(shapes.out, "blocks: {}", template.blocks.join(", ")).unwrap();
    }
    shapes.out
}

struct Shapes<'t> {
    source: &'t str,
    template: &'t Template,
    out: String,
    depth: usize,
}

impl Shapes<'_> {
    fn list(&mut self, nodes: &NodeList) {
        for node in nodes {
            self.node(node);
        }
    }

    fn body(&mut self, label: &str, nodes: &NodeList) {
        self.line(label);
        self.depth += 1;
        self.list(nodes);
        self.depth -= 1;
    }

    fn line(&mut self, text: &str) {
        writeln!(self.out, "{}{text}", "  ".repeat(self.depth)).unwrap();
    }

    fn node(&mut self, node: &Node) {
        let line = node.at.line;
        let text = match &node.kind {
            NodeKind::Text(span) => format!("text {:?}", span.text(self.source)),
            NodeKind::Variable(value) => format!("variable {}", expression(value)),
            NodeKind::If(tag) => {
                self.line(&format!("{line}: if"));
                for (condition, body) in &tag.branches {
                    self.body(&format!("  when {}", shape(condition)), body);
                }
                return self.optional("  else", tag.otherwise.as_ref());
            }
            NodeKind::For(tag) => {
                let order = if tag.reversed { " reversed" } else { "" };
                let label = format!(
                    "{line}: for [{}] in {}{order}",
                    tag.targets.join("] ["),
                    expression(&tag.iterable)
                );
                self.body(&label, &tag.body);
                return self.optional("  empty", tag.empty.as_ref());
            }
            NodeKind::With { bindings, body } => {
                return self.body(&format!("{line}: with{}", named(bindings)), body);
            }
            NodeKind::Include {
                template,
                bindings,
                only,
            } => {
                let only = if *only { " only" } else { "" };
                format!(
                    "include {} with{}{only}",
                    expression(template),
                    named(bindings)
                )
            }
            NodeKind::Extends { parent, body } => {
                return self.body(&format!("{line}: extends {}", expression(parent)), body);
            }
            NodeKind::Block { name, body } => {
                return self.body(&format!("{line}: block {name}"), body);
            }
            NodeKind::Nothing => "nothing".into(),
            NodeKind::CsrfToken => "csrf_token".into(),
            NodeKind::Url(tag) => {
                let (view, variable) = (expression(&tag.view), variable(&tag.variable));
                format!(
                    "url {view}{}{}{variable}",
                    list(&tag.args),
                    named(&tag.kwargs)
                )
            }
            NodeKind::Static {
                path,
                variable: name,
            } => format!("static {}{}", expression(path), variable(name)),
            NodeKind::Now {
                format,
                variable: name,
            } => format!("now {format:?}{}", variable(name)),
            NodeKind::FirstOf {
                values,
                variable: name,
            } => format!("firstof{}{}", list(values), variable(name)),
            NodeKind::Cycle(tag) => {
                let silent = if tag.silent { " silent" } else { "" };
                format!(
                    "cycle #{}{}{}{silent}",
                    tag.id,
                    list(&tag.values),
                    variable(&tag.variable)
                )
            }
            NodeKind::ResetCycle { cycle } => format!("resetcycle #{cycle}"),
            NodeKind::AutoEscape { on, body } => {
                return self.body(&format!("{line}: autoescape {on}"), body);
            }
            NodeKind::Spaceless { body } => return self.body(&format!("{line}: spaceless"), body),
            NodeKind::IfChanged {
                values,
                body,
                otherwise,
            } => {
                self.body(&format!("{line}: ifchanged{}", list(values)), body);
                return self.optional("  else", otherwise.as_ref());
            }
            NodeKind::Translate(tag) => format!(
                "translate {}{}{}{}",
                expression(&tag.message),
                if tag.noop { " noop" } else { "" },
                context(&tag.context),
                variable(&tag.variable)
            ),
            NodeKind::BlockTranslate(tag) => return self.block_translate(tag, line),
            NodeKind::Language { language, body } => {
                return self.body(&format!("{line}: language {}", expression(language)), body);
            }
            NodeKind::TimeZone { zone, body } => {
                return self.body(&format!("{line}: timezone {}", expression(zone)), body);
            }
            NodeKind::Localize { on, body } => {
                return self.body(&format!("{line}: localize {on}"), body);
            }
            NodeKind::LocalTime { on, body } => {
                return self.body(&format!("{line}: localtime {on}"), body);
            }
            NodeKind::LocaleFact {
                fact,
                argument,
                variable,
            } => {
                let argument = argument.as_ref().map(expression).unwrap_or_default();
                format!("{fact:?} {argument} as {variable}")
            }
            NodeKind::Foreign(tag) => return self.foreign(tag, line),
            other => return self.builtin(other, line),
        };
        self.line(&format!("{line}: {text}"));
    }

    /// The rarer builtins.
    fn builtin(&mut self, kind: &NodeKind, line: u32) {
        let text = match kind {
            NodeKind::WidthRatio(tag) => {
                let operands = [&tag.value, &tag.maximum, &tag.width].map(expression);
                format!(
                    "widthratio {}{}",
                    operands.join(" "),
                    variable(&tag.variable)
                )
            }
            NodeKind::Regroup(tag) => {
                let (target, key) = (expression(&tag.target), expression(&tag.key));
                format!("regroup {target} by {key} as {}", tag.variable)
            }
            NodeKind::TemplateTag { text } => format!("templatetag {text}"),
            NodeKind::Lorem {
                count,
                method,
                common,
            } => format!("lorem {} {method} common {common}", expression(count)),
            NodeKind::Debug => "debug".into(),
            NodeKind::Prefix {
                setting,
                variable: name,
            } => format!("prefix {setting}{}", variable(name)),
            NodeKind::Partial { name } => format!("partial {name}"),
            NodeKind::Filter { filtered, body } => {
                return self.body(&format!("{line}: filter {}", expression(filtered)), body);
            }
            NodeKind::Cache(tag) => return self.cache(tag, line),
            NodeKind::PartialDef { name, inline, body } => {
                let template = self.template;
                let label = format!("{line}: partialdef {name} inline {inline}, body {}", body.0);
                return self.body(&label, &template.bodies[body.0 as usize]);
            }
            other => panic!("{other:?} has no shape"),
        };
        self.line(&format!("{line}: {text}"));
    }

    fn cache(&mut self, tag: &Cache, line: u32) {
        let using = tag
            .using
            .as_ref()
            .map(|name| format!(" using {}", expression(name)));
        let label = format!(
            "{line}: cache {} {}{}{}",
            expression(&tag.timeout),
            tag.name,
            list(&tag.vary),
            using.unwrap_or_default()
        );
        self.body(&label, &tag.body);
    }

    fn optional(&mut self, label: &str, nodes: Option<&NodeList>) {
        if let Some(nodes) = nodes {
            self.body(label, nodes);
        }
    }

    fn block_translate(&mut self, tag: &BlockTranslate, line: u32) {
        let count = tag.count.clone().into_iter().collect::<Vec<_>>();
        let trimmed = if tag.trimmed { " trimmed" } else { "" };
        self.line(&format!(
            "{line}: {} with{} count{}{}{trimmed}{}",
            tag.tag,
            named(&tag.bindings),
            named(&count),
            context(&tag.context),
            variable(&tag.variable)
        ));
        for (label, parts) in [("singular", &tag.singular), ("plural", &tag.plural)] {
            let parts: Vec<String> = parts.iter().map(|part| self.part(part)).collect();
            self.line(&format!("  {label} {}", parts.join(" ")));
        }
    }

    fn part(&self, part: &MessagePart) -> String {
        match part {
            MessagePart::Text(span) => format!("{:?}", span.text(self.source)),
            MessagePart::Name(name) => format!("<{name}>"),
        }
    }

    fn foreign(&mut self, tag: &Foreign, line: u32) {
        let opaque = if tag.opaque { " opaque" } else { "" };
        self.line(&format!(
            "{line}: foreign {}{opaque}{}",
            tag.tag,
            list(&tag.arguments)
        ));
        if let Some(call) = &tag.call {
            let (args, kwargs) = (list(&call.args), named(&call.kwargs));
            self.line(&format!("  call{args}{kwargs}"));
        }
        let template = self.template;
        for body in &tag.bodies {
            self.body(
                &format!("  body {}", body.0),
                &template.bodies[body.0 as usize],
            );
        }
    }
}

fn expression(expression: &FilterExpression) -> String {
    let mut out = operand(&expression.head);
    for call in &expression.filters {
        let argument = call
            .argument
            .as_ref()
            .map(|value| format!(":{}", operand(value)));
        write!(out, "|{}{}", call.name, argument.unwrap_or_default()).unwrap();
    }
    out
}

fn operand(operand: &Operand) -> String {
    match operand {
        Operand::Text {
            text,
            translated: true,
        } => format!("_({text:?})"),
        Operand::Text { text, .. } => format!("{text:?}"),
        Operand::Int(text) => format!("int({text})"),
        Operand::Float(text) => format!("float({text})"),
        Operand::Variable(variable) => format!("{}#{}", variable.path.join("/"), variable.id.0),
    }
}

fn list(expressions: &[FilterExpression]) -> String {
    expressions
        .iter()
        .map(|value| format!(" {}", expression(value)))
        .collect()
}

fn named(bindings: &[(Name, FilterExpression)]) -> String {
    bindings
        .iter()
        .map(|(name, value)| format!(" {name}={}", expression(value)))
        .collect()
}

fn context(value: &Option<FilterExpression>) -> String {
    value
        .as_ref()
        .map(|value| format!(" context {}", expression(value)))
        .unwrap_or_default()
}

fn variable(name: &Option<Name>) -> String {
    name.as_ref()
        .map(|name| format!(" as {name}"))
        .unwrap_or_default()
}

fn shape(condition: &Condition) -> String {
    match condition {
        Condition::Value(value) => expression(value),
        Condition::Not(operand) => format!("(not {})", shape(operand)),
        Condition::Binary(operator, left, right) => {
            format!("({} {operator:?} {})", shape(left), shape(right))
        }
    }
}

pub fn usage(tree: &UsageTree) -> String {
    let mut out = String::new();
    for (name, id) in &tree.roots {
        usage_node(&mut out, tree, name, *id, 0);
    }
    for link in &tree.links {
        let scope: Vec<_> = link
            .scope
            .iter()
            .map(|(name, id)| format!("{name}=#{}", id.0))
            .collect();
        let only = if link.only { " only" } else { "" };
        writeln!(out, "link {:?} [{}]{only}", link.target, scope.join(" ")).unwrap();
    }
    if tree.opaque {
        out.push_str("opaque\n");
    }
    writeln!(out, "paths {:?}", tree.paths()).unwrap();
    out
}

fn usage_node(out: &mut String, tree: &UsageTree, name: &str, id: UsageId, depth: usize) {
    let node = &tree.nodes[id.0 as usize];
    let indent = "  ".repeat(depth);
    let marks = if node.marks == Marks::default() {
        String::new()
    } else {
        format!(" {:?}", node.marks)
    };
    writeln!(out, "{indent}{name} #{} line {}{marks}", id.0, node.line).unwrap();
    for (name, child) in &node.children {
        usage_node(out, tree, name, *child, depth + 1);
    }
    if let Some(item) = node.item {
        usage_node(out, tree, "[]", item, depth + 1);
    }
}
