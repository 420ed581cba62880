//! Accessibility-tree snapshots of web pages: `ariasnap --help`.

mod cli;

/// Trees are many small texts and lists, which the system's allocator takes longer to give and to take back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
