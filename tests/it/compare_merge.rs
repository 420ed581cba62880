//! Merging two versions of a baseline by nodes, as a library and as git's merge driver.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::trees::Random;
use ariasnap::internals::aria::{Child, Node, Role, Tree};
use ariasnap::internals::compare::three_way;
use ariasnap::internals::snapshot::{Rendering, parse, write};
use libtest_mimic::Trial;
use proptest::prelude::*;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        changes_in_different_nodes_merge,
        both_sides_keep_what_hands_wrote,
        the_same_addition_of_both_is_one,
        a_node_that_both_changed_is_a_conflict,
        a_node_that_one_removed_and_the_other_changed_is_a_conflict,
        git_merges_with_the_driver,
    ]
}

/// `PROPTEST_CASES` asks for more.
fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        // Both sides of a small tree often change the same node.
        max_global_rejects: 1_000_000,
        ..ProptestConfig::with_cases(
            std::env::var("PROPTEST_CASES")
                .ok()
                .and_then(|cases| cases.parse().ok())
                .unwrap_or(10_000),
        )
    }
}

/// A way to a node: the place among the children of each node on it.
type Way = Vec<usize>;

fn ways(children: &[Child], above: &[usize], found: &mut Vec<Way>) {
    for (at, child) in children.iter().enumerate() {
        let way: Way = above.iter().copied().chain([at]).collect();
        found.push(way.clone());
        if let Child::Node(node) = child {
            ways(&node.children, &way, found);
        }
    }
}

fn list_of<'t>(tree: &'t mut Tree, way: &[usize]) -> Option<&'t mut Vec<Child>> {
    let mut list = &mut tree.children;
    for at in &way[..way.len() - 1] {
        match list.get_mut(*at)? {
            Child::Node(node) => list = &mut node.children,
            Child::Text(_) => return None,
        }
    }
    Some(list)
}

/// One edit that leaves the places of all other nodes alone.
fn edit(tree: &mut Tree, way: &[usize], operation: usize, word: &str) {
    let Some(list) = list_of(tree, way) else {
        return;
    };
    let at = way[way.len() - 1];
    match (&mut list[at], operation) {
        (Child::Text(text), _) => word.clone_into(text),
        (Child::Node(node), 0) => word.clone_into(&mut node.name),
        (Child::Node(node), 1) => node.states.disabled = Some(true),
        (Child::Node(node), 2) => {
            let mut button = Node::new(Role::Button);
            word.clone_into(&mut button.name);
            node.children.push(Child::Node(Box::new(button)));
        }
        (Child::Node(node), _) => node.cursor_pointer = !node.cursor_pointer,
    }
}

fn name_all(children: &mut [Child], count: &mut usize) {
    for child in children {
        *count += 1;
        match child {
            Child::Text(text) => *text = format!("text {count}"),
            Child::Node(node) => {
                node.name = format!("name {count}");
                name_all(&mut node.children, count);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    fn changes_in_different_nodes_merge(seed in any::<u64>(), size in 2usize..20) {
        let mut random = Random::new(seed);
        let mut base = random.tree(size, false);
        name_all(&mut base.children, &mut 0);
        let mut found = Vec::new();
        ways(&base.children, &[], &mut found);
        let ours_at = random.below(found.len());
        let theirs_at = random.below(found.len());
        prop_assume!(ours_at != theirs_at);
        let (mut ours, mut theirs, mut both) = (base.clone(), base.clone(), base.clone());
        let operations = [random.below(4), random.below(4)];
        edit(&mut ours, &found[ours_at], operations[0], "mine");
        edit(&mut theirs, &found[theirs_at], operations[1], "yours");
        edit(&mut both, &found[ours_at], operations[0], "mine");
        edit(&mut both, &found[theirs_at], operations[1], "yours");
        let text = |tree: &Tree| write(tree, Rendering::default());
        let commented = random.commented(&text(&base));
        let merged = three_way(&text(&base), &text(&ours), &text(&theirs)).expect("readable");
        prop_assert_eq!(
            (merged.conflicts, merged.text),
            (0, text(&both)),
            "--- base\n{}\n--- ours\n{}\n--- theirs\n{}", text(&base), text(&ours), text(&theirs)
        );
        // Comments of one side stay with the changes of the other.
        let merged = three_way(&text(&base), &commented, &text(&theirs)).expect("readable");
        prop_assert_eq!(merged.conflicts, 0);
        let tree = |text: &str| parse(text).map(|template| template.to_tree());
        prop_assert_eq!(
            tree(&merged.text).map(|tree| write(&tree, Rendering::default())).ok(),
            Some(text(&theirs)),
            "{}", merged.text
        );
        for line in commented.lines().filter(|line| line.contains('#')) {
            let comment = &line[line.find('#').unwrap_or(0)..];
            prop_assert!(merged.text.contains(comment), "{comment} is lost\n{}", merged.text);
        }
    }
}

fn merged(base: &str, ours: &str, theirs: &str) -> (String, usize) {
    let merged = three_way(base, ours, theirs).expect("readable");
    (merged.text, merged.conflicts)
}

const BASE: &str = "\
- main:
  # the title
  - heading \"Shop\" [level=1]
  - list:
    - /children: contain
    - listitem: Pots
    - listitem: Pans
  - button /Cart \\d+/
";

fn both_sides_keep_what_hands_wrote() {
    let ours = BASE
        .replace("Pots", "Big pots  # mine")
        .replace("# the title", "# the one title");
    let theirs = BASE
        .replace("button /Cart \\d+/", "button /Cart \\d+/ [disabled]")
        .replace("Pans", "/Pans .*/");
    let both = ours
        .replace("button /Cart \\d+/", "button /Cart \\d+/ [disabled]")
        .replace("Pans", "/Pans .*/");
    assert_eq!(merged(BASE, &ours, &theirs), (both, 0));
}

fn the_same_addition_of_both_is_one() {
    let with_link = |name: &str| format!("{BASE}- contentinfo:\n  - link \"{name}\"\n");
    let (text, conflicts) = merged(BASE, &with_link("Help"), &with_link("Help"));
    assert_eq!((text, conflicts), (with_link("Help"), 0));
    let (text, conflicts) = merged("", "- text: a\n- text: b\n", "- text: a\n- text: c\n");
    assert_eq!(
        (text.as_str(), conflicts),
        ("- text: a\n- text: b\n- text: c\n", 0)
    );
}

fn a_node_that_both_changed_is_a_conflict() {
    let ours = BASE.replace("Shop", "Store");
    let theirs = BASE.replace("Shop", "Market").replace("Pots", "Kettles");
    let (text, conflicts) = merged(BASE, &ours, &theirs);
    assert_eq!(conflicts, 1);
    assert_eq!(
        text,
        BASE.replace("Pots", "Kettles").replace(
            "  - heading \"Shop\" [level=1]\n",
            "<<<<<<< ours\n  - heading \"Store\" [level=1]\n=======\n  - heading \"Market\" [level=1]\n>>>>>>> theirs\n"
        )
    );
}

fn a_node_that_one_removed_and_the_other_changed_is_a_conflict() {
    let ours = BASE.replace("  - button /Cart \\d+/\n", "");
    let theirs = BASE.replace("button /Cart \\d+/", "button /Cart \\d+/ [disabled]");
    let (text, conflicts) = merged(BASE, &ours, &theirs);
    assert_eq!(conflicts, 1);
    assert!(text.starts_with("<<<<<<< ours\n"), "{text}");
}

fn git(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git");
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

fn git_merges_with_the_driver() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = folder.join("page.aria.yml");
    let run = |arguments: &[&str]| {
        let (done, text) = git(folder, arguments);
        assert!(done, "{arguments:?}: {text}");
    };
    let commit = |text: &str| {
        fs::write(&file, text).unwrap();
        run(&["add", "."]);
        run(&["commit", "-q", "-m", "x"]);
    };
    run(&["init", "-q", "-b", "main"]);
    let driver = format!("{} merge %O %A %B %P", env!("CARGO_BIN_EXE_ariasnap"));
    run(&["config", "merge.ariasnap.driver", &driver]);
    fs::write(folder.join(".gitattributes"), "*.aria.yml merge=ariasnap\n").unwrap();
    commit(BASE);
    // Neighbouring lines, which git alone cannot merge.
    run(&["checkout", "-q", "-b", "topic"]);
    commit(&BASE.replace("Pots", "Kettles"));
    run(&["checkout", "-q", "main"]);
    commit(&BASE.replace("Pans", "/Pans .*/"));
    run(&["merge", "-q", "--no-edit", "topic"]);
    let both = BASE.replace("Pots", "Kettles").replace("Pans", "/Pans .*/");
    assert_eq!(fs::read_to_string(&file).unwrap(), both);
    run(&["checkout", "-q", "-b", "other"]);
    commit(&both.replace("Shop", "Market"));
    run(&["checkout", "-q", "main"]);
    commit(&both.replace("Shop", "Store"));
    let (done, text) = git(folder, &["merge", "--no-edit", "other"]);
    assert!(!done, "{text}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("<<<<<<< ours\n  - heading \"Store\""),
        "{text}"
    );
}
