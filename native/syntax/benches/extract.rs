//! Lexing, parsing and usage analysis of a realistic 5 KB page.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use djust_syntax::{Lexer, Parser, SyntaxHost, UsageTree, extract_template_variables};

const PAGE: &str = include_str!("page.html");

fn extract(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("page");
    group.throughput(Throughput::Bytes(PAGE.len() as u64));
    group.bench_function("lex", |bench| {
        bench.iter(|| Lexer::new(black_box(PAGE)).tokenize())
    });
    group.bench_function("lex and parse", |bench| {
        bench.iter(|| parse(black_box(PAGE)))
    });
    group.bench_function("lex, parse and analyse", |bench| {
        bench.iter(|| UsageTree::analyse(&parse(black_box(PAGE))));
    });
    group.bench_function("extract_template_variables", |bench| {
        bench.iter(|| extract_template_variables(black_box(PAGE)));
    });
    group.finish();
}

fn parse(source: &str) -> djust_syntax::ast::Template {
    let parser = Parser::new(Arc::from(source), SyntaxHost);
    parser.parse_template().expect("the page is well-formed")
}

criterion_group!(benches, extract);
criterion_main!(benches);
