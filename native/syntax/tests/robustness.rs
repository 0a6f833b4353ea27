//! Whatever the source: no panic, spans on character boundaries, tokens that cover the source.

mod support;

use std::sync::Arc;

use djust_syntax::{Lexer, Parser, UsageTree, extract_template_variables};
use support::TestHost;

const PIECES: [&str; 64] = [
    "{%",
    "%}",
    "{{",
    "}}",
    "{#",
    "#}",
    "{",
    "}",
    "%",
    "#",
    "\n",
    " ",
    "\t",
    "a",
    ".",
    "..",
    "_",
    "|",
    ":",
    "\"",
    "'",
    "\\",
    "_(",
    ")",
    "=",
    ",",
    "-",
    "+",
    "1",
    "e",
    "é",
    "日",
    "\u{1c}",
    "\u{2028}",
    "\u{a0}",
    "😀",
    "٣",
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "in",
    "empty",
    "endfor",
    "with",
    "as",
    "endwith",
    "block",
    "endblock",
    "extends",
    "include",
    "only",
    "cycle",
    "verbatim",
    "endverbatim",
    "comment",
    "endcomment",
    "box",
    "endbox",
    "regroup",
    "by",
    "blocktranslate",
    "not",
];

/// xorshift64*
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    /// Pieces as they come, or tags and variables of them, which parse more often.
    fn source(&mut self) -> String {
        let tags = self.below(2) == 0;
        (0..self.below(30))
            .map(|_| if tags { self.tag() } else { self.piece() })
            .collect()
    }

    fn piece(&mut self) -> String {
        match self.below(20) {
            0 => char::from_u32(self.below(0x11_0000) as u32)
                .unwrap_or('\u{fffd}')
                .to_string(),
            _ => PIECES[self.below(PIECES.len())].to_owned(),
        }
    }

    fn tag(&mut self) -> String {
        let words: Vec<String> = (0..self.below(6)).map(|_| self.piece()).collect();
        match self.below(3) {
            0 => words.concat(),
            1 => format!("{{{{ {} }}}}", words.concat()),
            _ => format!("{{% {} %}}", words.join(" ")),
        }
    }
}

#[test]
fn any_source_gives_a_template_or_an_error() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..60_000 {
        let source = random.source();
        assert_covers(&source);
        let parser = Parser::new(Arc::from(source.as_str()), TestHost);
        if let Ok(template) = parser.parse_template() {
            let _ = UsageTree::analyse(&template).paths();
        }
        let _ = extract_template_variables(&source);
    }
}

fn assert_covers(source: &str) {
    let tokens = Lexer::new(source).tokenize();
    let text: String = tokens.iter().map(|token| token.span.text(source)).collect();
    assert_eq!(text, source);
    for token in &tokens {
        let before = &source[..token.span.start as usize];
        assert_eq!(token.line as usize, before.matches('\n').count() + 1);
        assert!(
            token
                .span
                .text(source)
                .contains(token.contents.text(source))
        );
    }
}

#[test]
fn nesting_ends_in_an_error_before_the_stack_does() {
    for (open, close) in [
        ("{% if a %}", "{% endif %}"),
        ("{% box %}", "{% endbox %}"),
        ("{% filter upper %}", "{% endfilter %}"),
        ("{% cache 1 a %}", "{% endcache %}"),
    ] {
        let source = open.repeat(50_000) + &close.repeat(50_000);
        let parser = Parser::new(Arc::from(source.as_str()), TestHost);
        assert!(parser.parse_template().is_err());
        let _ = extract_template_variables(&source);
    }
}

#[test]
fn long_lines_of_openings_are_read_once() {
    let source = "{{".repeat(500_000) + &"{%".repeat(500_000) + &"{#".repeat(500_000);
    assert_eq!(Lexer::new(&source).tokenize().len(), 1);
}

#[test]
fn a_parser_is_shared_between_threads() {
    fn assert_shared<T: Send + Sync>() {}
    assert_shared::<Parser<TestHost>>();
}
