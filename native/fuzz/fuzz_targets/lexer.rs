//! Tokens cover the source, in order, each with its line; what it contains lies inside it.

#![no_main]

use djust_syntax::Lexer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    let tokens = Lexer::new(source).tokenize();
    let text: String = tokens.iter().map(|token| token.span.text(source)).collect();
    assert_eq!(text, source);
    for token in &tokens {
        let before = &source[..token.span.start as usize];
        assert_eq!(token.line as usize, before.matches('\n').count() + 1);
        assert!(token.span.text(source).contains(token.contents.text(source)));
    }
});
