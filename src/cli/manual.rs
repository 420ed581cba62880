//! `ariasnap completions` and `ariasnap man`

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::args::Arguments;
use super::exit::{Exit, Failure};
use super::output;

pub(super) fn completions(shell: Shell) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ariasnap", &mut text);
    output::data(&String::from_utf8_lossy(&text));
    Exit::AllMatch
}

pub(super) fn page() -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Arguments::command())
        .render(&mut text)
        .map_err(Failure::usage)?;
    output::data(&String::from_utf8_lossy(&text));
    Ok(Exit::AllMatch)
}
