use super::{Template, parse, read};
use crate::aria::Role;
use crate::snapshot::template::Item;

fn errors(text: &str) -> Vec<String> {
    match parse(text) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .iter()
            .map(|error| format!("{error} ({})", error.help.as_deref().unwrap_or("-")))
            .collect(),
    }
}

fn template(text: &str) -> Template {
    parse(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

#[test]
fn places_are_those_of_the_file() {
    let text = "- main:\n  - 'link \"it''s: x\"':\n    - /url: /a\n    - text: \"b\"\n";
    let template = template(text);
    let [Item::Node(main)] = template.children.as_slice() else {
        panic!("{template:?}")
    };
    let [Item::Node(link)] = main.children.as_slice() else {
        panic!("{main:?}")
    };
    assert_eq!(link.test.role, Role::Link);
    assert_eq!(link.key.slice(text), "'link \"it''s: x\"'");
    assert_eq!((link.key.line, link.key.column), (2, 5));
    assert_eq!(link.properties[0].test.span.slice(text), "/a");
    assert_eq!(main.place.span.slice(text), &text[2..text.len() - 1]);
}

#[test]
fn wrong_templates_say_where_and_what_to_do() {
    for (text, expected) in [
        (
            "- buton \"x\"",
            "1:3: there is no role `buton` (did you mean `button`?)",
        ),
        (
            "- button [chekced]",
            "1:11: there is no state `chekced` (did you mean `checked`?)",
        ),
        (
            "- main:\n  - 'button \"it''s\" [level=x]'",
            "2:28: `level` cannot be `x`",
        ),
        ("- button \"x", "1:10: a name without its closing quote"),
        (
            "- button /(/",
            "1:11: regular expression /(/: group without a closing )",
        ),
        ("- main: &a\n  - button\n- *a", "anchors are not supported"),
        ("- *a", "1:3: aliases are not supported"),
        ("- !x button", "tags are not supported"),
        ("- main:\n\t- button", "2:2: not valid YAML: tabs"),
        ("- a: b\n  a: b", "there is no role `a`"),
        ("- button: b\n  button: b", "2:3: the same key twice"),
        ("- text: 12", "1:9: the value of `text` must be a text"),
        ("- main:", "1:3: nothing follows the colon"),
        (
            "- main:\n    button: x",
            "2:5: the content of a node is a list",
        ),
        ("main", "1:1: a snapshot is a list"),
        ("- /url: x", "1:3: a property outside of any node"),
        (
            "- link:\n  - /ulr: x",
            "there is no property `/ulr` (did you mean `/url`?)",
        ),
        ("- main\n---\n- main", "2:1: a second YAML document"),
        ("- main:\n  - /children: equals", "`/children` must be"),
        ("- text", "write a text with its value"),
        (
            "# Page snapshot\n\n```yaml\n- buton\n```\n",
            "4:3: there is no role `buton`",
        ),
    ] {
        let found = match read(text) {
            Ok(_) => Vec::new(),
            Err(_) if !text.starts_with('#') => errors(text),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        };
        assert!(
            found.iter().any(|error| error.contains(expected)),
            "{text}\n{expected}\n{found:#?}"
        );
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = |levels: usize| {
        let mut text = String::new();
        for level in 0..levels {
            text.push_str(&"  ".repeat(level));
            text.push_str("- list:\n");
        }
        text.push_str(&"  ".repeat(levels));
        text.push_str("- list\n");
        text
    };
    assert!(parse(&deep(990)).is_ok());
    let errors = parse(&deep(1_100)).expect_err("too deep");
    assert!(errors[0].message.contains("levels deep"), "{errors:?}");
    assert!(parse(&"[".repeat(100_000)).is_err());
    assert!(parse(&"- ".repeat(100_000)).is_err());
}

#[test]
fn valid_yaml_of_other_shapes_is_read() {
    for text in [
        "\u{feff}- button \"x\"\r\n- main:\r\n  - text: a\r\n",
        "# comment\n- button: # another\n  - text: x\n\n# end\n",
        "- { button: x, link: y }\n",
        "[ main, { list: [ listitem ] } ]",
        "- main: >-\n    folded\n    text\n- text: |\n    block\n",
        "- ? main\n  : - button\n",
        "\n",
        "",
        "# nothing\n",
    ] {
        template(text);
    }
    let (markdown, yaml) = (
        "# Title\n\n# Page snapshot\n\n```yaml\n- main\n```\n",
        "# a\n- main\n",
    );
    for text in [markdown, yaml] {
        assert_eq!(
            read(text).map(|template| template.children.len()),
            Ok(1),
            "{text}"
        );
    }
}

#[test]
fn a_huge_file_is_refused_at_once() {
    let errors = parse(&"- button: x\n".repeat(9_000_000)).expect_err("too long");
    assert!(errors[0].message.contains("32 MiB"), "{errors:?}");
}

#[test]
fn what_only_looks_like_a_pattern_is_a_text() {
    let template = template("- link \"x\":\n  - /url: /a(/\n");
    assert_eq!(template.warnings.len(), 1);
    assert!(
        template.warnings[0].message.contains("/a(/"),
        "{:?}",
        template.warnings
    );
}
