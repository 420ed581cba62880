use super::{Accept, Change, Match, compare, merge};
use crate::aria::{Child, Node, Role, Tree};
use crate::snapshot::template::Item;
use crate::snapshot::{Rendering, Template, parse, write};

fn template(text: &str) -> Template {
    parse(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

fn changes(template_text: &str, tree: &Tree, mode: Match) -> Vec<Change> {
    compare(&template(template_text), tree, mode).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_deep_tree_is_no_danger() {
    let mut tree = Tree::default();
    for _ in 0..900 {
        let mut node = Node::new(Role::List);
        node.children = std::mem::take(&mut tree.children);
        tree.children = vec![Child::Node(Box::new(node))];
    }
    let text = write(&tree, Rendering::default());
    assert_eq!(changes(&text, &tree, Match::Exact), []);
    assert_eq!(changes(&text, &tree, Match::Contain), []);
    let other = text.replace("- list\n", "- listbox\n");
    assert_eq!(changes(&other, &tree, Match::Exact).len(), 2);
    assert_eq!(changes(&other, &tree, Match::Contain).len(), 1);
    for accept in [Accept::All, Accept::Only(&[0])] {
        let merged = merge(&template(&other), &tree, Match::Exact, accept);
        assert!(merged.is_ok_and(|merged| merged.lines().count() >= 899));
    }
    assert!(matches!(template(&text).children[0], Item::Node(_)));
}

#[test]
fn a_wrapper_around_thousands_is_no_danger() {
    let lines = |indent: &str| -> String {
        (0..20_000)
            .map(|number| format!("{indent}- listitem: number {number}\n"))
            .collect()
    };
    let old = format!("- list:\n{}", lines("  "));
    let new = format!("- list:\n  - group:\n{}", lines("    "));
    let tree = template(&new).to_tree();
    assert_eq!(changes(&old, &tree, Match::Exact).len(), 1);
    let merged = merge(&template(&old), &tree, Match::Exact, Accept::All);
    assert_eq!(merged.as_deref(), Ok(new.as_str()));
}

#[test]
fn a_pattern_that_takes_too_long_is_named() {
    let old = "- paragraph: /^(?=a)(a|aa)+\\1$/\n";
    let tree = template(&format!("- paragraph: {}b\n", "a".repeat(60))).to_tree();
    let error = compare(&template(old), &tree, Match::Exact).expect_err("too slow");
    assert_eq!(error.pattern, r"^(?=a)(a|aa)+\1$");
}

#[test]
fn a_default_for_children_holds_where_no_line_says() {
    let tree = template("- heading \"a\"\n- heading \"b\"\n").to_tree();
    let mut partial = template("- heading \"a\"\n");
    assert_eq!(
        compare(&partial, &tree, Match::Contain).map(|changes| changes.len()),
        Ok(0)
    );
    partial.default_children = Some(crate::snapshot::template::ChildrenMode::Equal);
    assert_eq!(
        compare(&partial, &tree, Match::Contain).map(|changes| changes.len()),
        Ok(1)
    );
}

#[test]
fn a_partial_template_that_matches_keeps_every_byte() {
    let text = "- listitem  # behind line 0\n- img \"About us 1\" [expanded]:\n  - textbox [checked=mixed]:\n    - /placeholder: Search  # behind line 3\n  - main \"API\" [checked=mixed] [disabled] [expanded]\n";
    let page = "- listitem: About us\n- img \"About us 1\" [expanded]:\n  - textbox [checked=mixed]:\n    - /placeholder: Search\n  - listitem \"Sign in\" [disabled] [pressed=mixed]:\n    - generic\n  - main \"API\" [checked=mixed] [disabled] [expanded]:\n    - heading \"Docs\":\n      - generic [pressed] [cursor=pointer]:\n        - listitem\n        - navigation \"Settings 1\"\n        - paragraph \"Settings\" [expanded]\n";
    let tree = template(page).to_tree();
    assert_eq!(changes(text, &tree, Match::Contain), []);
    let merged = merge(&template(text), &tree, Match::Contain, Accept::All);
    assert!(merged.is_ok_and(|merged| merged == text));
}
