//! The pages of `tests/aria/`, by subjects, each against the reference's snapshots: `page.html` and what
//! the reference says of it in each shape.
//!
//! `ARIASNAP_CASES=FOLDER cargo test --test it -- aria::` runs the cases of another folder, such as one
//! that `tests/aria/random.mjs` filled. A new case is a new page in the archive of its subject;
//! `tests/aria/record.mjs` records what the reference says.

use libtest_mimic::Trial;

use crate::harness::case;
use crate::reference::{self, LAB, differences};

pub(crate) fn tests() -> Vec<Trial> {
    let cases = reference::cases().into_iter().map(|archive| {
        let name = archive.name().to_owned();
        case(module_path!(), &name, move || {
            let lab = LAB.start();
            differences(&archive, &lab.capture(&lab.page(archive.name())))
        })
    });
    cases.collect()
}
