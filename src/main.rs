//! Accessibility-tree snapshots of web pages: `ariasnap --help`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
