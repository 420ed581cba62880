//! Any text is a template or an error with a place in it; a template that is written again as a
//! snapshot is read as the same tree.
#![no_main]

use ariasnap::snapshot::{Rendering, read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match read(text) {
        Ok(template) => {
            let tree = template.to_tree();
            let written = write(&tree, Rendering::default());
            if let Ok(again) = read(&written) {
                assert_eq!(write(&again.to_tree(), Rendering::default()), written);
            }
        }
        Err(errors) => {
            for error in errors {
                assert!(error.span.end <= text.len(), "{error:?}");
            }
        }
    }
});
