//! The program `ariasnap`: the library's command line.

/// Trees are many small texts and lists; the system's allocator is slower at these.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    ariasnap::cli::main()
}
