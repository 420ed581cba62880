use super::{LocateError, Locator};
use crate::aria::{Child, Node, Role, Tree};

fn node(role: Role, name: &str, children: Vec<Child>) -> Child {
    let mut node = Node::new(role);
    node.name = name.to_owned();
    node.children = children;
    Child::Node(Box::new(node))
}

fn page() -> Tree {
    Tree {
        children: vec![
            node(
                Role::Navigation,
                "Main",
                vec![
                    node(Role::Link, "Docs", vec![]),
                    node(Role::Link, "API", vec![]),
                ],
            ),
            node(
                Role::Main,
                "",
                vec![
                    node(Role::Link, "Docs", vec![]),
                    node(Role::Button, "Save \"draft\"", vec![]),
                    node(
                        Role::List,
                        "",
                        vec![node(Role::List, "", vec![node(Role::ListItem, "", vec![])])],
                    ),
                ],
            ),
        ],
    }
}

fn locate(text: &str) -> Result<String, LocateError> {
    let locator = Locator::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    locator
        .resolve(&page())
        .map(|node| format!("{} {}", node.role, node.name))
}

#[test]
fn finds_exactly_one() {
    for (text, found) in [
        ("button", "button Save \"draft\""),
        (r#"button "Save \"draft\"""#, "button Save \"draft\""),
        ("navigation \"Main\" >> link \"Docs\"", "link Docs"),
        ("main>>link", "link Docs"),
        ("link /^A >> .|API/", "link API"),
        ("list >> list", "list "),
        ("  main  ", "main "),
    ] {
        assert_eq!(locate(text).as_deref(), Ok(found), "{text}");
    }
}

#[test]
fn says_what_there_is_instead() {
    let Err(LocateError::Ambiguous { count, found, .. }) = locate("link") else {
        panic!()
    };
    assert_eq!(count, 3);
    assert_eq!(found[0].inside, "navigation \"Main\"");
    let Err(LocateError::NotFound { nearest, step, .. }) = locate("navigation >> link \"Dosc\"")
    else {
        panic!()
    };
    assert_eq!(step.as_deref(), Some("link \"Dosc\""));
    assert_eq!(nearest[0].node, "link \"Docs\"");
    assert_eq!(nearest.len(), 2);
    let Err(LocateError::NotFound { nearest, .. }) = locate("link \"Save\"") else {
        panic!()
    };
    assert_eq!(nearest[0].node, r#"button "Save \"draft\"""#);
    assert!(matches!(locate("css=.x"), Err(LocateError::Css { .. })));
}

#[test]
fn finds_nodes_by_their_text() {
    let text = |text: &str| vec![Child::Text(text.to_owned())];
    let tree = Tree {
        children: vec![
            node(Role::Status, "", text("1 in  cart")),
            node(Role::ListItem, "", text("12 results")),
        ],
    };
    let found = |locator: &str| {
        let locator = Locator::parse(locator).expect("a locator");
        locator.resolve(&tree).map(|node| node.role).ok()
    };
    assert_eq!(found("status: 1 in cart"), Some(Role::Status));
    assert_eq!(found("listitem: /\\d+ results/"), Some(Role::ListItem));
    assert_eq!(found("status: \"2 in cart\""), None);
    assert_eq!(found("status: 1 in cart >> link"), None);
    assert!(Locator::parse("status: ").is_err());
    assert!(Locator::parse("status: /(/").is_err());
}

#[test]
fn wrong_locators_say_where() {
    for (text, at, message) in [
        ("buton", 0..5, "there is no role `buton`"),
        ("main >> lnk \"x\"", 8..11, "there is no role `lnk`"),
        ("main >> ", 8..8, "a role is expected here"),
        ("main 'x'", 5..8, "`'x'` is not expected here"),
        ("css= >> main", 0..4, "a CSS selector is missing"),
        (
            "css=.a > >> main",
            4..8,
            "`.a >` is not a CSS selector: nothing follows the combinator",
        ),
        ("", 0..0, "a role is expected here"),
    ] {
        let error = Locator::parse(text).expect_err(text);
        assert_eq!(
            (error.at.clone(), error.message.as_str()),
            (at, message),
            "{text}"
        );
    }
}
