//! The review in a terminal: keys in, a full screen out.

mod keys;
mod view;

use std::io;

use crossterm::event::{self, Event as Input, KeyEventKind};

use super::Review;
use super::session::{Action, Event};
use crate::baseline::BaselinePath;
use crate::compare::lines::DiffLine;
use crate::review::pile;
use crate::store::StoreError;
use keys::{Command, Mode};

/// What the face knows of the terminal, and how it opens pages.
pub struct Face<'a> {
    /// Whether the terminal shows no colours.
    pub is_plain: bool,
    /// Opens an address in a browser; why it could not.
    pub open: &'a dyn Fn(&str) -> Result<(), String>,
}

impl std::fmt::Debug for Face<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face")
            .field("is_plain", &self.is_plain)
            .finish_non_exhaustive()
    }
}

/// What is on the screen beside the session.
#[derive(Debug, Default)]
struct Screen {
    mode: Mode,
    message: String,
    scroll: u16,
    whole: bool,
    /// The lines of the row that is shown, read when it changes.
    shown: Option<Shown>,
}

/// The example that the details show.
#[derive(Debug)]
struct Shown {
    key: super::session::RowKey,
    whole: bool,
    lines: Vec<DiffLine>,
}

/// Whether the review goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    On,
    End,
}

/// Runs the review until it ends. The terminal is as before then, after a panic too.
///
/// # Errors
/// The terminal cannot be read or written.
pub fn run(review: &mut Review, face: &Face<'_>) -> io::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let result = drive(review, face, &mut terminal);
    let restored = ratatui::try_restore();
    result.and(restored)
}

fn drive(
    review: &mut Review,
    face: &Face<'_>,
    terminal: &mut ratatui::DefaultTerminal,
) -> io::Result<()> {
    let mut screen = Screen::default();
    loop {
        screen.read(review);
        terminal.draw(|frame| view::draw(frame, review, &screen, face.is_plain))?;
        match event::read()? {
            Input::Key(key) if key.kind != KeyEventKind::Release => {
                let command = keys::command(&screen.mode, key);
                if screen.command(command, review, face) == Course::End {
                    return Ok(());
                }
            }
            // A new size is a new drawing.
            _ => {}
        }
    }
}

impl Screen {
    /// Reads the lines of the current row once. Where a run has replaced what the row was read from,
    /// the row is read anew first.
    fn read(&mut self, review: &mut Review) {
        if let Err(Some(replaced)) = self.read_lines(review) {
            review.refresh_one(&replaced);
            let _ = self.read_lines(review);
        }
    }

    /// Returns what has to be read anew, where it was replaced.
    fn read_lines(&mut self, review: &Review) -> Result<(), Option<BaselinePath>> {
        let Some(row) = review.session.current() else {
            self.shown = None;
            return Ok(());
        };
        let is_shown = |shown: &Shown| shown.key == row.key && shown.whole == self.whole;
        if self.shown.as_ref().is_some_and(is_shown) {
            return Ok(());
        }
        const CONTEXT: usize = 3;
        let context = (!self.whole).then_some(CONTEXT);
        let item = row
            .members
            .first()
            .and_then(|(at, _)| review.session.items().get(*at));
        let lines = item.map(|item| pile::diff(review.store(), item, context));
        let lines = match lines {
            Some(Ok(lines)) => lines,
            Some(Err(error)) => {
                self.message = error.to_string();
                if let StoreError::PendingChanged { path } | StoreError::NothingPending { path } =
                    error
                {
                    return Err(Some(path));
                }
                Vec::new()
            }
            None => Vec::new(),
        };
        self.shown = Some(Shown {
            key: row.key.clone(),
            whole: self.whole,
            lines,
        });
        Ok(())
    }

    fn command(&mut self, command: Command, review: &mut Review, face: &Face<'_>) -> Course {
        match command {
            Command::None => {}
            Command::Quit => return Course::End,
            Command::Event(event) => return self.event(event, review),
            Command::Scroll(by) => self.scroll = self.scroll.saturating_add_signed(by),
            Command::Whole => {
                self.whole = !self.whole;
                self.scroll = 0;
            }
            Command::Mode(mode) => self.mode = mode,
            Command::Open => self.open(review, face),
        }
        Course::On
    }

    fn event(&mut self, event: Event, review: &mut Review) -> Course {
        let searched = match &event {
            Event::Search(text) => Some(text.clone()),
            _ => None,
        };
        let is_split = event == Event::Split;
        let action = review.session.event(event);
        if action == Action::Quit {
            return Course::End;
        }
        let problems = review.carry_out(&action);
        self.message = match &action {
            Action::Decide(step) if problems.is_empty() => {
                format!("{} {}", done(step.choice), step.title)
            }
            Action::Undo(step) if problems.is_empty() => format!("taken back: {}", step.title),
            _ if is_split => "split or joined".to_owned(),
            _ => problems.join("; "),
        };
        if action != Action::Show {
            // The files have changed under the lines that are shown.
            self.shown = None;
        }
        match searched {
            Some(text) if self.mode != Mode::List => self.mode = Mode::Search(text),
            _ => {}
        }
        self.scroll = 0;
        Course::On
    }

    fn open(&mut self, review: &Review, face: &Face<'_>) {
        let item = review
            .session
            .current()
            .and_then(|row| row.members.first())
            .and_then(|(at, _)| review.session.items().get(*at));
        let url = item
            .and_then(|item| item.evidence.as_ref())
            .map(|evidence| evidence.url.as_str())
            .filter(|url| !url.is_empty());
        self.message = match url {
            None => "this page has no address".to_owned(),
            Some(url) => match (face.open)(url) {
                Ok(()) => {
                    format!("opened {url}; this works for a `site.dir` only while its server runs")
                }
                Err(error) => format!("cannot open {url}: {error}"),
            },
        };
    }
}

fn done(choice: super::decide::Choice) -> &'static str {
    match choice {
        super::decide::Choice::Accept => "accepted",
        super::decide::Choice::Reject => "rejected",
    }
}
