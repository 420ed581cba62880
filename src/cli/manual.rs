//! `ariasnap completions` and `ariasnap man`

use std::io;

use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::Arguments;
use super::exit::{Exit, Failure};
use super::output;
use crate::text::Data;

pub(super) fn completions(shell: Shell) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "ariasnap", &mut text);
    output::data(&Data::own(&text));
    Exit::AllMatch
}

pub(super) fn page() -> Result<Exit, Failure> {
    let page = with_subcommands().map_err(Failure::usage)?;
    output::data(&Data::own(page.as_bytes()));
    Ok(Exit::AllMatch)
}

/// Returns the page of the program, and a section with the options of each subcommand.
fn with_subcommands() -> io::Result<String> {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    let mut page = String::from_utf8_lossy(&page).into_owned();
    for subcommand in command.get_subcommands() {
        let mut options = Vec::new();
        Man::new(subcommand.clone()).render_options_section(&mut options)?;
        let title = format!(".SH ARIASNAP {}", subcommand.get_name().to_uppercase());
        page += &String::from_utf8_lossy(&options).replacen(".SH OPTIONS", &title, 1);
    }
    Ok(page)
}
