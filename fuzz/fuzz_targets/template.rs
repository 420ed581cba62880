//! Any text is a template or an error with a place in it; what was written as a snapshot once is
//! read and written the same for ever.
#![no_main]

use ariasnap::internals::snapshot::{Rendering, Template, read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match read(text) {
        Ok(template) => {
            // Patterns and odd white space become names, which are read as names are.
            let Ok(once) = read(&written(&template)) else {
                return;
            };
            let twice = read(&written(&once)).expect("what was read is read again");
            assert_eq!(written(&twice), written(&once));
        }
        Err(errors) => {
            for error in errors {
                assert!(error.place.span.end <= text.len(), "{error:?}");
            }
        }
    }
});

fn written(template: &Template) -> String {
    write(&template.to_tree(), Rendering::default())
}
