//! A source gives a template, whose usage can be analysed, or an error; never a panic.

#![no_main]

use std::sync::Arc;

use djust_syntax::{Parser, UsageTree, extract_template_variables};
use libfuzzer_sys::fuzz_target;
use support::TestHost;

#[path = "../../syntax/tests/support/mod.rs"]
mod support;

fuzz_target!(|source: &str| {
    let parser = Parser::new(Arc::from(source), TestHost);
    if let Ok(template) = parser.parse_template() {
        let _ = UsageTree::analyse(&template).paths();
    }
    let _ = extract_template_variables(source);
});
