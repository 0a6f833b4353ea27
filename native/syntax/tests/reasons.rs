//! The catalogue of reasons: complete, distinct, and each with an input that gives it.

mod support;

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;

use djust_syntax::{Parser, Reason};
use support::TestHost;

/// No file can hold the one; the other is of `extract_template_variables`.
const WITHOUT_INPUT: [Reason; 2] = [Reason::TooLong, Reason::UnclosedDelimiter];

#[test]
fn codes_are_distinct_and_sentences_whole() {
    let codes: HashSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), Reason::ALL.len());
    for reason in Reason::ALL {
        assert!(
            reason
                .code()
                .chars()
                .all(|c| c == '-' || c.is_ascii_lowercase()),
            "{reason:?}"
        );
        assert!(reason.message().ends_with('.'), "{reason:?}");
        assert!(!reason.description().trim().is_empty(), "{reason:?}");
    }
}

#[test]
fn every_reason_has_an_input() {
    let given: HashSet<Reason> = reasons_of_inputs().into_iter().collect();
    let missing = Reason::ALL.iter().filter(|reason| !given.contains(reason));
    assert_eq!(missing.copied().collect::<Vec<_>>(), WITHOUT_INPUT);
}

fn reasons_of_inputs() -> Vec<Reason> {
    let inputs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inputs/ast");
    let paths = fs::read_dir(inputs)
        .expect("the inputs are there")
        .map(|entry| entry.expect("readable").path());
    let errors = paths.filter(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("err_"))
    });
    errors
        .map(|path| {
            let source = fs::read_to_string(&path).expect("an input is UTF-8");
            let parser = Parser::new(Arc::from(source), TestHost);
            parser
                .parse_template()
                .expect_err(&path.to_string_lossy())
                .reason
        })
        .collect()
}
