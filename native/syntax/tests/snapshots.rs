//! What the crate makes of each file under `inputs/`; the snapshot shows its template.

mod support;

use std::fs;
use std::sync::Arc;

use djust_syntax::{Lexer, Parser, UsageTree};
use support::TestHost;

fn assert_snapshots(inputs: &str, shape: impl Fn(&str) -> String) {
    insta::glob!(&format!("inputs/{inputs}/*.html"), |path| {
        let source = fs::read_to_string(path).expect("an input is UTF-8");
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_input_file(path);
        settings.set_omit_expression(true);
        settings.set_description(source.chars().take(400).collect::<String>());
        settings.bind(|| insta::assert_snapshot!(inputs, shape(&source)));
    });
}

#[test]
fn tokens() {
    assert_snapshots("tokens", |source| {
        support::tokens(source, &Lexer::new(source).tokenize())
    });
}

#[test]
fn nodes() {
    assert_snapshots("ast", |source| {
        let parser = Parser::new(Arc::from(source), TestHost);
        match parser.parse_template() {
            Ok(template) => support::nodes(source, &template),
            Err(error) => format!("{}: {error}\nat {:?}", error.reason.code(), error.at.span),
        }
    });
}

#[test]
fn usage() {
    assert_snapshots("usage", |source| {
        let parser = Parser::new(Arc::from(source), TestHost);
        let template = parser.parse_template().expect("an input is well-formed");
        support::usage(&UsageTree::analyse(&template))
    });
}
