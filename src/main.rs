//! The program `ariasnap`: the library's command line.

use std::process::ExitCode;
use std::thread;

/// Trees are many small texts and lists; the system's allocator is slower at these.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Trees are walked and dropped by recursion, which the stack of the main thread may be too small for:
/// `ulimit -s` sets it.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let thread = thread::Builder::new().name("main".to_owned());
    match thread.stack_size(STACK).spawn(ariasnap::cli::main) {
        // The thread has printed the message of its panic.
        Ok(thread) => thread.join().unwrap_or(ExitCode::from(101)),
        Err(_) => ariasnap::cli::main(),
    }
}
