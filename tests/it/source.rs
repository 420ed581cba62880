//! Pages against the Markdown that they were made from: every archive of `tests/source/` holds a
//! source, the snapshot of its page, and what got lost on the way, a line each.

use ariasnap::internals::compare::source::against_source;
use ariasnap::internals::snapshot;
use libtest_mimic::Trial;
use proptest::prelude::{ProptestConfig, proptest};

use crate::archive::{self, Archive};
use crate::harness::case;

pub(crate) fn tests() -> Vec<Trial> {
    let mut list = tests![no_text_makes_the_reader_panic,];
    for archive in Archive::all(&archive::tests("source")) {
        let name = archive.name().to_owned();
        list.push(case(module_path!(), &name, move || check(&archive)));
    }
    list
}

fn check(archive: &Archive) -> Result<(), String> {
    let page = archive.text("page.yml").or_else(|| archive.text("page.md"));
    let tree = snapshot::read(page.expect("a page")).unwrap().to_tree();
    let source = archive.text("source.md").expect("a source");
    let found = match against_source(source, &tree) {
        Ok(compared) => {
            let lines = compared.findings.iter().map(|one| format!("{one}\n"));
            lines.collect()
        }
        Err(error) => format!("{error}\n"),
    };
    archive.expect("expected.txt", found)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    fn no_text_makes_the_reader_panic(
        text in "([a-z]{1,3}|#|-|\\*|_|`|\\[|\\]\\(|\\)|!\\[|\\||:::|---|<!--|-->|<p>|\\+\\+\\+|é|’| |\n|\n\n|    ){0,60}"
    ) {
        let tree = snapshot::read("- heading \"x\" [level=1]\n").unwrap().to_tree();
        let compared = against_source(&text, &tree);
        if let Ok(compared) = compared {
            assert!(compared.findings.len() <= compared.parts);
            assert!(compared.findings.iter().all(|one| one.first_line <= one.last_line));
        }
    }
}
