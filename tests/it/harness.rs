//! What makes tests of functions and of cases.

use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Failed, Trial};

/// The tests that functions of a module are, by their names.
macro_rules! tests {
    (@ [$($test:expr,)*]) => {
        vec![$($test),*]
    };
    (@ [$($test:expr,)*] async $name:ident, $($rest:tt)*) => {
        tests!(@ [
            $($test,)*
            $crate::harness::test(module_path!(), stringify!($name), || {
                $crate::harness::runtime().block_on($name());
            }),
        ] $($rest)*)
    };
    (@ [$($test:expr,)*] $name:ident, $($rest:tt)*) => {
        tests!(@ [
            $($test,)*
            $crate::harness::test(module_path!(), stringify!($name), $name),
        ] $($rest)*)
    };
    ($($names:tt)*) => {
        tests!(@ [] $($names)*)
    };
}

/// A test that fails by panicking.
pub(crate) fn test(module: &str, name: &str, run: impl FnOnce() + Send + 'static) -> Trial {
    case(module, name, move || {
        run();
        Ok(())
    })
}

/// A test that fails with a text, such as one of a case in a file.
pub(crate) fn case(
    module: &str,
    name: &str,
    run: impl FnOnce() -> Result<(), String> + Send + 'static,
) -> Trial {
    // The program's own name says nothing.
    let module = module.split_once("::").map_or(module, |(_, rest)| rest);
    let run = move || run().map_err(Failed::from);
    Trial::test(format!("{module}::{name}"), run)
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
}

/// Whether what comes out is to be written into the cases, to be reviewed.
pub(crate) fn is_recording() -> bool {
    std::env::var_os("ARIASNAP_RECORD").is_some()
}

/// The lines in which a text differs from what is expected.
pub(crate) fn difference(expected: &str, actual: &str) -> String {
    similar::TextDiff::from_lines(expected, actual)
        .unified_diff()
        .context_radius(3)
        .header("expected", "is")
        .to_string()
}

/// What several tests use, such as a browser: made by the first that asks for it.
pub(crate) struct Shared<T>(Mutex<Option<Arc<T>>>);

impl<T> Shared<T> {
    pub(crate) const fn new() -> Shared<T> {
        Shared(Mutex::new(None))
    }

    pub(crate) fn get(&self, start: impl FnOnce() -> T) -> Arc<T> {
        let mut shared = self.0.lock().expect("it could be made");
        Arc::clone(shared.get_or_insert_with(|| Arc::new(start())))
    }

    /// Drops it after the last test: statics are not dropped.
    pub(crate) fn end(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
