use super::{Change, Match, compare};
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
    assert!(matches!(template(&text).children[0], Item::Node(_)));
}
