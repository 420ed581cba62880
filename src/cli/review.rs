//! `ariasnap review`

use std::io::Write as _;

use crate::review::web::{Web, WebError};
use crate::review::{Review, terminal};
use crate::store::Store;
use crate::store::evidence::is_web_address;
use crate::text::{Terminal, end_of_options, shell};

use super::args::ReviewOptions;
use super::context::Context;
use super::exit::{Exit, Failure, chain};
use super::signals::{self, Polling};
use super::{browser, output};

pub(super) fn run(options: &ReviewOptions, context: &Context) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let filters = context.filters(&config, &options.filters)?;
    let mut review = Review::new(Store::new(&config.snapshots), |path| filters.matches(path))?;
    if review.session.items().is_empty() {
        output::note("nothing is pending");
        return Ok(Exit::NothingRan);
    }
    if options.web {
        return web(review, options, context);
    }
    if !context.can_ask || context.is_dumb {
        output::result(&commands(&review));
        return Ok(Exit::Different);
    }
    let open = |url: &str| {
        if !is_web_address(url) {
            return Err("only http and https addresses can be opened".to_owned());
        }
        open::that_detached(url).map_err(|error| error.to_string())
    };
    let face = terminal::Face {
        is_plain: context.is_plain,
        open: &open,
    };
    let ended = terminal::run(&mut review, &face);
    review.finish()?;
    ended.map_err(|error| Failure::usage(format!("cannot use the terminal: {}", chain(&error))))?;
    let tally = review.session.tally();
    Ok(summary(
        tally.accepted,
        tally.rejected,
        review.session.items().len(),
    ))
}

fn web(review: Review, options: &ReviewOptions, context: &Context) -> Result<Exit, Failure> {
    let failed = |error: WebError| Failure::usage(chain(&error));
    let _polling = Polling::begin();
    browser::runtime()?.block_on(async {
        let web = Web::bind(review).await.map_err(failed)?;
        let url = web.url();
        output::result(&terminal!("{}\n", url));
        let door = (!options.no_open && context.can_ask).then(|| door(&web));
        if door.as_ref().is_some_and(Result::is_err) {
            output::note("could not open a browser; open the address yourself");
        }
        output::note("Ctrl-C ends the review and keeps your decisions");
        let ended = web.serve(signals::stopped()).await.map_err(failed)?;
        Ok(summary(ended.accepted, ended.rejected, ended.left))
    })
}

/// Opens the review through a file that only its owner can read, which is deleted when the result is dropped.
fn door(web: &Web) -> std::io::Result<tempfile::TempPath> {
    let mut file = tempfile::Builder::new()
        .prefix("ariasnap-review-")
        .suffix(".html")
        .tempfile()?;
    file.write_all(web.door().as_bytes())?;
    let path = file.into_temp_path();
    open::that_detached(&path)?;
    Ok(path)
}

fn summary(accepted: usize, rejected: usize, left: usize) -> Exit {
    output::note(format!(
        "{accepted} accepted, {rejected} rejected, {left} still pending"
    ));
    match left {
        0 => Exit::AllMatch,
        _ => Exit::Different,
    }
}

/// Lists the commands to type, for use without a terminal.
fn commands(review: &Review) -> Terminal {
    use crate::review::session::RowKey;
    let mut text = terminal!("There is no terminal for a review. Decide with these commands:\n");
    for row in review.session.rows() {
        let what = match &row.key {
            RowKey::Group(id) => format!("--group {id}"),
            RowKey::Snapshot(path) => {
                let path = path.as_str();
                format!("{}{}", end_of_options(path), shell(path))
            }
        };
        put!(
            text,
            "\n# {}\nariasnap accept {}\nariasnap reject {}\n",
            row.title,
            what,
            what
        );
    }
    put!(text, "\n# everything\nariasnap accept --all\n");
    text
}
