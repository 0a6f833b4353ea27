//! `extract_template_variables`: the flat public face of the usage tree.

use djust_syntax::{Reason, extract_template_variables};

fn assert_variables(source: &str, expected: &[(&str, &[&str])]) {
    let variables = extract_template_variables(source).expect("the template is well-formed");
    let found: Vec<(&str, Vec<&str>)> = variables
        .iter()
        .map(|(name, paths)| (name.as_str(), paths.iter().map(String::as_str).collect()))
        .collect();
    let expected: Vec<(&str, Vec<&str>)> = expected
        .iter()
        .map(|(name, paths)| (*name, paths.to_vec()))
        .collect();
    assert_eq!(found, expected, "{source}");
}

#[test]
fn names_and_paths_are_sorted_and_stand_once() {
    assert_variables("", &[]);
    assert_variables(
        "{{ b }}{{ a.z }}{{ a.y.x }}{{ a.z|upper }}",
        &[("a", &["y.x", "z"]), ("b", &[])],
    );
}

#[test]
fn loop_variables_stand_for_themselves_and_under_their_iterable() {
    assert_variables(
        "{% for tag in post.tags.all %}{{ tag.name }}{{ forloop.counter }}{% endfor %}",
        &[("post", &["tags.all", "tags.all.name"]), ("tag", &["name"])],
    );
    assert_variables("{% for x in xs %}{% endfor %}", &[("xs", &[])]);
    assert_variables(
        "{% for a, b in pairs %}{{ a }}{{ b.c }}{% endfor %}",
        &[("a", &[]), ("b", &["c"]), ("pairs", &["0", "1.c"])],
    );
}

#[test]
fn aliases_are_resolved() {
    assert_variables(
        "{% with a=b.c %}{{ a.d }}{% endwith %}",
        &[("a", &["d"]), ("b", &["c", "c.d"])],
    );
    assert_variables("{% include 'x.html' with a=b.c only %}", &[("b", &["c"])]);
    assert_variables(
        "{% regroup people by city.name as groups %}{% for g in groups %}{{ g.grouper }}{% for p in g.list %}{{ p.age }}{% endfor %}{% endfor %}",
        &[
            ("g", &["grouper", "list", "list.age", "list.city.name"]),
            ("groups", &["grouper", "list", "list.age", "list.city.name"]),
            ("p", &["age", "city.name"]),
            ("people", &["age", "city.name"]),
        ],
    );
}

#[test]
fn literals_are_no_paths() {
    assert_variables(
        "{% if url == 'https://example.com' or x > 1.5 %}{% endif %}",
        &[("url", &[]), ("x", &[])],
    );
    assert_variables(
        "{{ a|default:'b.c'|add:1.5 }}{% if d == True %}{% endif %}",
        &[("a", &[]), ("d", &[])],
    );
}

#[test]
fn conditions_and_arguments_are_read() {
    assert_variables(
        "{% if a.b %}{% elif c.d %}{% endif %}",
        &[("a", &["b"]), ("c", &["d"])],
    );
    assert_variables(
        "{{ a|default:b.c }}{{ d|custom:e.f }}",
        &[("a", &[]), ("b", &["c"]), ("d", &[]), ("e", &["f"])],
    );
    assert_variables(
        "{% url 'x' a.b c=d.e as u %}",
        &[("a", &["b"]), ("d", &["e"])],
    );
}

#[test]
fn tags_of_libraries_are_read_by_their_words() {
    assert_variables("{% load x %}{% react props=a.b %}", &[("a", &["b"])]);
    assert_variables("{% get_things for a.b as things %}", &[("a", &["b"])]);
    assert_variables(
        "{% card title=a.b %}{{ c.d }}{% else %}{{ e }}{% endcard %}",
        &[("a", &["b"]), ("c", &["d"]), ("e", &[])],
    );
}

#[test]
fn other_tags_of_django_are_known() {
    assert_variables(
        "{% blocktranslate with a=b.c count n=d.e %}{{ a }}{{ f }}{% plural %}{{ n }}{% endblocktranslate %}",
        &[
            ("a", &[]),
            ("b", &["c"]),
            ("d", &["e"]),
            ("f", &[]),
            ("n", &[]),
        ],
    );
    assert_variables(
        "{% translate a.b context 'x' as y %}{% trans 'z' noop %}",
        &[("a", &["b"])],
    );
    assert_variables(
        "{% filter cut:a.b|upper %}{{ c }}{% endfilter %}",
        &[("a", &["b"]), ("c", &[])],
    );
    assert_variables(
        "{% cache a.b name c.d using='x' %}{{ e }}{% endcache %}",
        &[("a", &["b"]), ("c", &["d"]), ("e", &[])],
    );
    assert_variables(
        "{% widthratio a.b c 100 as w %}{% lorem n p random %}{% templatetag openblock %}",
        &[("a", &["b"]), ("c", &[]), ("n", &[])],
    );
    assert_variables(
        "{% language a.b %}{% timezone c %}{% localtime off %}{{ d }}{% endlocaltime %}{% endtimezone %}{% endlanguage %}",
        &[("a", &["b"]), ("c", &[]), ("d", &[])],
    );
}

#[test]
fn verbatim_and_comments_are_not_read() {
    assert_variables(
        "{% verbatim %}{{ a }}{% b %}{% endverbatim %}{% comment %}{{ c }}{% endcomment %}{# {{ d }} #}",
        &[],
    );
}

#[test]
fn malformed_templates_are_errors() {
    let reason = |source| extract_template_variables(source).expect_err(source).reason;
    assert_eq!(reason("{% if x"), Reason::UnclosedDelimiter);
    assert_eq!(reason("{% if x %}"), Reason::UnclosedTag);
    assert_eq!(reason("{% endif %}"), Reason::UnknownTag);
    assert_eq!(reason("{% cache 1 a %}"), Reason::UnclosedTag);
    assert_eq!(reason("{{ a b }}"), Reason::BadExpression);
}
