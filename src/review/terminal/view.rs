//! What the screen shows. Nothing is shown by colour alone: signs and words say the same.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Clear, List, ListItem, ListState, Paragraph, Wrap};

use super::keys::{HELP, Mode};
use super::{Review, Screen};
use crate::compare::Impact;
use crate::compare::lines::{DiffLine, Sign};
use crate::compare::recurring::sentence;
use crate::compare::visible::show;
use crate::review::session::{Row, RowKey};
use crate::text::one_line;

/// From this width on, list and details are side by side.
const WIDE: u16 = 130;

/// The colours of the terminal's own palette, which its user has chosen to be readable; none where
/// they are not wanted.
#[derive(Debug, Clone, Copy)]
struct Palette {
    is_plain: bool,
}

impl Palette {
    fn colour(self, colour: Color) -> Style {
        match self.is_plain {
            true => Style::new(),
            false => Style::new().fg(colour),
        }
    }

    fn impact(self, impact: Option<Impact>) -> Style {
        match impact {
            Some(Impact::Regression) => self.colour(Color::Red).add_modifier(Modifier::BOLD),
            Some(Impact::Improvement) => self.colour(Color::Green),
            Some(Impact::Content) => self.colour(Color::Yellow),
            Some(Impact::Structure) => Style::new(),
            None => self.colour(Color::Cyan),
        }
    }

    fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }
}

const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);

pub(super) fn draw(frame: &mut Frame<'_>, review: &Review, screen: &Screen, is_plain: bool) {
    let palette = Palette { is_plain };
    let [head, body, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(2),
    ])
    .areas(frame.area());
    frame.render_widget(Paragraph::new(title(review)).style(BOLD), head);
    if review.session.rows().is_empty() {
        frame.render_widget(
            Paragraph::new(nothing(review)).wrap(Wrap { trim: false }),
            body,
        );
    } else {
        let wanted = u16::try_from(review.session.rows().len()).unwrap_or(u16::MAX);
        let [list, details] = if body.width >= WIDE {
            Layout::horizontal([Constraint::Percentage(45), Constraint::Percentage(55)]).areas(body)
        } else {
            let most = (body.height * 2 / 5).max(3);
            let height = wanted.saturating_add(1).min(most);
            Layout::vertical([Constraint::Length(height), Constraint::Min(3)]).areas(body)
        };
        draw_list(frame, list, review, palette);
        draw_details(frame, details, review, screen, palette);
    }
    draw_foot(frame, foot, screen, palette);
    if screen.mode == Mode::Help {
        draw_help(frame);
    }
}

fn title(review: &Review) -> String {
    let session = &review.session;
    let tally = session.tally();
    let mut title = format!(
        "ariasnap review: {} pending, {} accepted, {} rejected",
        session.items().len(),
        tally.accepted,
        tally.rejected
    );
    if let Some(impact) = session.filter() {
        title += &format!("; only {}", impact.as_str());
    }
    if !session.search().is_empty() {
        title += &format!("; /{}", one_line(session.search()));
    }
    title
}

fn nothing(review: &Review) -> &'static str {
    let session = &review.session;
    if session.items().is_empty() {
        "\nEverything is decided. q quits, u undoes the last decision."
    } else if session.filter().is_some() || !session.search().is_empty() {
        "\nNothing matches. f shows other impacts, Esc ends the search."
    } else {
        "\nNothing is left."
    }
}

fn draw_list(frame: &mut Frame<'_>, area: Rect, review: &Review, palette: Palette) {
    let session = &review.session;
    let items: Vec<ListItem<'_>> = session
        .rows()
        .iter()
        .map(|row| ListItem::new(row_line(row, session.is_skipped(row), palette)))
        .collect();
    let list = List::new(items)
        .block(Block::new().borders(Borders::BOTTOM))
        .highlight_symbol("> ")
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = ListState::default().with_selected(Some(session.cursor()));
    frame.render_stateful_widget(list, area, &mut state);
}

fn row_line(row: &Row, is_skipped: bool, palette: Palette) -> Line<'static> {
    let word = row.impact.map_or("new", Impact::as_str);
    let skipped = if is_skipped { " (skipped)" } else { "" };
    let mut counts: Vec<String> = Vec::new();
    if matches!(row.key, RowKey::Snapshot(_)) {
        for (impact, count) in Impact::ALL.into_iter().zip(row.counts) {
            if count > 0 {
                counts.push(format!("{count} {}", impact.as_str()));
            }
        }
    }
    let counts = match counts.is_empty() {
        true => String::new(),
        false => format!(": {}", counts.join(", ")),
    };
    Line::from(vec![
        Span::styled(format!("{word:<11} "), palette.impact(row.impact)),
        Span::raw(format!("{}{counts}{skipped}", one_line(&row.title))),
    ])
}

fn draw_details(
    frame: &mut Frame<'_>,
    area: Rect,
    review: &Review,
    screen: &Screen,
    palette: Palette,
) {
    let Some(row) = review.session.current() else {
        return;
    };
    let lines = details(row, review, screen, palette);
    // The last line stays on the screen, however far somebody scrolls.
    let last = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_sub(1);
    let scroll = screen.scroll.min(last);
    let paragraph = Paragraph::new(lines).wrap(Wrap { trim: false });
    frame.render_widget(paragraph.scroll((scroll, 0)), area);
}

fn details<'a>(
    row: &'a Row,
    review: &'a Review,
    screen: &'a Screen,
    palette: Palette,
) -> Vec<Line<'a>> {
    let session = &review.session;
    let Some((at, part)) = row.members.first() else {
        return Vec::new();
    };
    let Some(item) = session.items().get(*at) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    if let Some(problem) = &item.problem {
        lines.push(Line::styled(
            one_line(problem),
            palette.impact(Some(Impact::Regression)),
        ));
    }
    let changes = session.changes(*at, part);
    let shown: Vec<usize> = changes.iter().map(|(index, _)| *index).collect();
    for (index, change) in changes {
        let style = palette.impact(Some(change.impact));
        lines.push(Line::from(vec![
            Span::styled(change.impact.as_str(), style),
            Span::styled(format!(": {}", one_line(&sentence(change))), BOLD),
        ]));
        lines.push(Line::styled(
            format!("  {} {}", change.rule.what(), change.rule.reason()),
            palette.quiet(),
        ));
        let node = item
            .evidence
            .as_ref()
            .and_then(|evidence| evidence.nodes.get(index)?.as_ref());
        if let Some(node) = node {
            lines.push(Line::styled(
                format!("  at {}", one_line(&node.selector)),
                palette.quiet(),
            ));
        }
    }
    if matches!(row.key, RowKey::Group(_)) {
        lines.push(Line::raw(format!(
            "Snapshots; the first one is shown:{}",
            one_line(&pages(row, review))
        )));
    }
    lines.push(Line::raw(""));
    let diff = screen.shown.iter().flat_map(|shown| &shown.lines);
    let is_one = screen.whole || matches!(row.key, RowKey::Snapshot(_));
    lines.extend(
        diff.filter(|line| is_one || line.change.is_none_or(|change| shown.contains(&change)))
            .map(|line| diff_line(line, palette)),
    );
    lines
}

fn pages(row: &Row, review: &Review) -> String {
    const NAMED: usize = 4;
    let paths = row
        .members
        .iter()
        .filter_map(|(at, _)| review.session.items().get(*at));
    let named: Vec<String> = paths
        .take(NAMED)
        .map(|item| format!(" {}", item.path))
        .collect();
    let more = row.members.len().saturating_sub(NAMED);
    match more {
        0 => named.join(","),
        more => format!("{} and {more} more", named.join(",")),
    }
}

fn diff_line(line: &DiffLine, palette: Palette) -> Line<'_> {
    let (sign, style) = match line.sign {
        Sign::Same => ("  ", Style::new()),
        Sign::Removed => ("- ", palette.colour(Color::Red)),
        Sign::Added => ("+ ", palette.colour(Color::Green)),
        Sign::Gap => ("~ ", palette.quiet()),
    };
    Line::from(vec![
        Span::styled(sign, style),
        Span::styled(show(&line.text), style),
    ])
}

fn draw_foot(frame: &mut Frame<'_>, area: Rect, screen: &Screen, palette: Palette) {
    let keys = match &screen.mode {
        Mode::Search(text) => format!("search: {text}_   Enter applies it, Esc clears it"),
        Mode::List | Mode::Help => {
            "a accept  r reject  s skip  A R S all  u undo  Tab split  d whole  ? help".to_owned()
        }
    };
    let lines = vec![
        Line::styled(one_line(&screen.message), palette.impact(None)),
        Line::raw(keys),
    ];
    frame.render_widget(Paragraph::new(lines), area);
}

fn draw_help(frame: &mut Frame<'_>) {
    let area = frame.area();
    let height = u16::try_from(HELP.len())
        .unwrap_or(u16::MAX)
        .saturating_add(2);
    let [area] = Layout::vertical([Constraint::Length(height)])
        .flex(ratatui::layout::Flex::Center)
        .areas(area);
    let [area] = Layout::horizontal([Constraint::Max(78)])
        .flex(ratatui::layout::Flex::Center)
        .areas(area);
    let lines: Vec<Line<'_>> = HELP
        .iter()
        .map(|(keys, what)| {
            Line::from(vec![
                Span::styled(format!(" {keys:<14}"), BOLD),
                Span::raw(*what),
            ])
        })
        .collect();
    frame.render_widget(Clear, area);
    let block = Block::new()
        .borders(Borders::ALL)
        .title(" Keys (any key closes this) ");
    frame.render_widget(Paragraph::new(lines).block(block), area);
}
