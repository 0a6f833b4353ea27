//! Usage across templates.

mod support;

use std::sync::Arc;

use djust_syntax::usage::{LinkTarget, Marks};
use djust_syntax::{Parser, UsageTree};
use support::TestHost;

fn analyse(source: &str) -> UsageTree {
    let template = Parser::new(Arc::from(source), TestHost).parse_template();
    UsageTree::analyse(&template.expect("the template is well-formed"))
}

fn joined(source: &str, included: &str) -> UsageTree {
    let mut tree = analyse(source);
    tree.join(0, &analyse(included));
    tree
}

fn paths(tree: &UsageTree) -> String {
    format!("{:?}", tree.paths())
}

#[test]
fn names_of_the_scope_are_joined_and_others_are_roots() {
    let tree = joined(
        "{% for x in xs %}{% include 'a' with y=x.z %}{% endfor %}",
        "{{ x.a }}{{ y.b }}{{ c.d }}",
    );
    assert_eq!(
        paths(&tree),
        r#"{"c": ["d"], "x": ["a", "z", "z.b"], "xs": ["a", "z", "z.b"]}"#
    );
}

#[test]
fn only_hides_everything_else() {
    let tree = joined(
        "{% for x in xs %}{% include 'a' with y=x.z only %}{% endfor %}",
        "{{ x.a }}{{ y.b }}",
    );
    assert_eq!(paths(&tree), r#"{"x": ["z", "z.b"], "xs": ["z", "z.b"]}"#);
}

#[test]
fn links_of_the_included_template_are_taken_over() {
    let tree = joined(
        "{% for x in xs %}{% include 'a' %}{% endfor %}",
        "{% with y=x.z %}{% include 'b' %}{% endwith %}",
    );
    let link = tree.links.last().expect("there are two links");
    assert_eq!(link.target, LinkTarget::Include("b".into()));
    let names: Vec<&str> = link.scope.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["forloop", "x", "y"]);
    let mut tree = tree.clone();
    tree.join(1, &analyse("{{ y.deep }}"));
    assert_eq!(paths(&tree), r#"{"x": ["z.deep"], "xs": ["z.deep"]}"#);
}

#[test]
fn what_an_unknown_template_sees_escapes() {
    let mut tree = analyse("{% for x in xs %}{% include name %}{% endfor %}");
    tree.escape_scope(0);
    let item = tree.links[0].scope.last().expect("the loop variable").1;
    assert!(tree.nodes[item.0 as usize].marks.contains(Marks::ESCAPES));
    assert!(tree.opaque);
}

#[test]
fn an_opaque_template_makes_its_includer_opaque() {
    assert!(joined("{% include 'a' %}", "{% peek %}").opaque);
    assert!(!joined("{% include 'a' only %}", "{% peek %}").opaque);
}

#[test]
fn the_value_of_an_expression_is_a_node() {
    let source = "{% for x in a.b|slice:':2'|dictsort:'c' %}{{ x.d }}{% endfor %}";
    let template = Parser::new(Arc::from(source), TestHost)
        .parse_template()
        .expect("well-formed");
    let tree = UsageTree::analyse(&template);
    let djust_syntax::ast::NodeKind::For(tag) = &template.root[0].kind else {
        panic!("a loop")
    };
    let iterated = tree
        .iterated(template.root[0].at)
        .expect("a loop has a node");
    assert_eq!(tree.value(&tag.iterable), Some(iterated));
    assert!(tree.node(iterated).marks.contains(Marks::ITERATED));
}
