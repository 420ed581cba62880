//! Parts among units: the heaviest chain that keeps the order of both, and what is left over.

use std::collections::HashMap;

use similar::TextDiff;

use super::fold::{fold, one_line};
use super::markdown::Part;
use super::page::{TextPlace, Unit, UnitKind};
use super::{Fate, PartKind, SourceFinding, cut};

/// Longer texts are compared by their beginnings.
const LONGEST_COMPARED: usize = 4_000;

/// Where a page has little of its source, each part would be held against all of the page.
const MOST_COMPARED: usize = 200;

/// Texts less alike than that are two texts.
const ALIKE: f32 = 0.6;

/// What of the parts is not among the units in the same order.
pub(super) fn findings(parts: &[Part], units: &[Unit]) -> Vec<SourceFinding> {
    let candidates = candidates(parts, units);
    let chosen = heaviest_chain(parts, &candidates, units.len());
    let mut is_taken = vec![false; units.len()];
    for at in chosen.iter().flatten() {
        is_taken[*at] = true;
    }
    let mut fates: Vec<Option<Fate>> = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        let lost_with_owner = part
            .owner
            .is_some_and(|owner| matches!(fates[owner], Some(Fate::Missing)));
        let fate = if chosen[at].is_some() || lost_with_owner {
            None
        } else {
            let from = chosen[..at].iter().rev().flatten().next();
            let to = chosen[at..].iter().flatten().next();
            let gap = from.map_or(0, |from| from + 1)..to.copied().unwrap_or(units.len());
            let fate = in_gap(part, units, gap, &mut is_taken);
            Some(fate.unwrap_or(if candidates[at].is_empty() {
                Fate::Missing
            } else {
                Fate::Moved
            }))
        };
        fates.push(fate);
    }
    report(parts, fates)
}

/// The units that say the same as each part.
fn candidates(parts: &[Part], units: &[Unit]) -> Vec<Vec<usize>> {
    let mut by_form: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        for form in &unit.forms {
            by_form.entry(form).or_default().push(at);
        }
    }
    let same = |part: &Part| {
        let all = by_form.get(fold(&part.text).as_str());
        let all = all.into_iter().flatten().copied();
        all.filter(|at| difference(part, &units[*at]).is_none())
            .filter(|at| is_of_kind(part, &units[*at]))
            .collect()
    };
    parts.iter().map(same).collect()
}

/// Whether a unit can be what the part became, changed or not.
fn is_of_kind(part: &Part, unit: &Unit) -> bool {
    match part.kind {
        PartKind::Title | PartKind::Heading { .. } => {
            matches!(unit.kind, UnitKind::Heading { .. })
        }
        PartKind::Paragraph
        | PartKind::ListItem
        | PartKind::List { .. }
        | PartKind::TableHeader => matches!(unit.kind, UnitKind::Text { .. }),
        PartKind::Link { .. } => matches!(unit.kind, UnitKind::Link { .. }),
        PartKind::Image => matches!(unit.kind, UnitKind::Image),
    }
}

/// What differs beside the text.
fn difference(part: &Part, unit: &Unit) -> Option<String> {
    match (&part.kind, &unit.kind) {
        (PartKind::Title, UnitKind::Heading { level: Some(level) }) if *level != 1 => {
            Some(format!("it is a heading of level {level}"))
        }
        (
            PartKind::Heading { level },
            UnitKind::Heading {
                level: Some(on_page),
            },
        ) if level != on_page => Some(format!("its level is {on_page}")),
        (
            PartKind::Link {
                target: Some(target),
            },
            UnitKind::Link { target: on_page },
        ) => {
            let on_page = on_page.as_deref().unwrap_or_default();
            let leads_there =
                url::Url::parse(on_page).is_ok_and(|url| url.as_str() == target.as_str());
            (!leads_there).then(|| format!("it leads to \"{on_page}\""))
        }
        (PartKind::ListItem, UnitKind::Text { place }) if *place != TextPlace::ListItem => {
            Some("it is no item of a list".to_owned())
        }
        (PartKind::TableHeader, UnitKind::Text { place }) if *place != TextPlace::ColumnHeader => {
            Some("it is no header of a table".to_owned())
        }
        _ => None,
    }
}

/// For each part its unit, if any: of all ways to choose that keep the order, the
/// one whose texts are longest together.
fn heaviest_chain(parts: &[Part], candidates: &[Vec<usize>], units: usize) -> Vec<Option<usize>> {
    struct Link {
        part: usize,
        unit: usize,
        weight: usize,
        before: Option<usize>,
    }
    let mut links: Vec<Link> = Vec::new();
    let mut best = PrefixBest::new(units);
    for (at, (part, candidates)) in parts.iter().zip(candidates).enumerate() {
        let own = 10 + fold(&part.text).len().min(100);
        // All are looked up before any is entered: a part has one unit at most.
        let found: Vec<_> = candidates
            .iter()
            .map(|unit| {
                let before = best.before(*unit);
                let weight = own + before.map_or(0, |link| links[link].weight);
                Link {
                    part: at,
                    unit: *unit,
                    weight,
                    before,
                }
            })
            .collect();
        for link in found {
            let (unit, weight) = (link.unit, link.weight);
            links.push(link);
            best.enter(unit, weight, links.len() - 1);
        }
    }
    let mut chosen = vec![None; parts.len()];
    let mut at = best.before(units);
    while let Some(link) = at.map(|link| &links[link]) {
        chosen[link.part] = Some(link.unit);
        at = link.before;
    }
    chosen
}

/// The best link that ends before a unit, in a Fenwick tree of prefix maxima.
///
/// Entries are pairs of weight and link.
struct PrefixBest(Vec<Option<(usize, usize)>>);

impl PrefixBest {
    fn new(units: usize) -> PrefixBest {
        PrefixBest(vec![None; units + 1])
    }

    /// The best link among units below `unit`.
    fn before(&self, unit: usize) -> Option<usize> {
        let mut best: Option<(usize, usize)> = None;
        let mut at = unit;
        while at > 0 {
            if let Some(entry) = self.0[at]
                && best.is_none_or(|(weight, _)| entry.0 > weight)
            {
                best = Some(entry);
            }
            at &= at - 1;
        }
        best.map(|(_, link)| link)
    }

    fn enter(&mut self, unit: usize, weight: usize, link: usize) {
        let mut at = unit + 1;
        while at < self.0.len() {
            if self.0[at].is_none_or(|(other, _)| other < weight) {
                self.0[at] = Some((weight, link));
            }
            at += at & at.wrapping_neg();
        }
    }
}

/// What became of a part, judged by the units between its neighbours that no other part has.
fn in_gap(
    part: &Part,
    units: &[Unit],
    gap: std::ops::Range<usize>,
    is_taken: &mut [bool],
) -> Option<Fate> {
    let folded = fold(&part.text);
    let mut best: Option<(f32, usize)> = None;
    let mut empty = None;
    let free: Vec<usize> = gap
        .filter(|at| !is_taken[*at] && is_of_kind(part, &units[*at]))
        .take(MOST_COMPARED)
        .collect();
    for at in free {
        let unit = &units[at];
        if unit.forms.iter().all(String::is_empty) {
            empty = empty.or(Some(at));
            continue;
        }
        let alike = likeness(&folded, unit);
        if alike >= ALIKE && best.is_none_or(|(other, _)| alike > other) {
            best = Some((alike, at));
        }
    }
    if let Some((_, at)) = best {
        is_taken[at] = true;
        return Some(Fate::Changed {
            page: change(part, &folded, &units[at]),
        });
    }
    empty.map(|at| {
        is_taken[at] = true;
        Fate::Empty
    })
}

/// What a part became.
fn change(part: &Part, folded: &str, unit: &Unit) -> String {
    let difference = difference(part, unit);
    if unit.forms.iter().any(|form| form == folded) {
        return difference.unwrap_or_default();
    }
    let text = format!("\"{}\"", cut(&one_line(&unit.text)));
    match difference {
        Some(difference) => format!("{text}, and {difference}"),
        None => text,
    }
}

fn likeness(folded: &str, unit: &Unit) -> f32 {
    let short = |text: &str| text.chars().take(LONGEST_COMPARED).collect::<String>();
    let folded = short(folded);
    let of = |form: &String| {
        // What differs in length alone that much cannot be alike.
        let (one, other) = (folded.len() as f32, form.len() as f32);
        if 2.0 * one.min(other) / (one + other) < ALIKE {
            return 0.0;
        }
        TextDiff::from_chars(folded.as_str(), short(form).as_str()).ratio()
    };
    unit.forms.iter().map(of).fold(0.0, f32::max)
}

/// A list without any of its items on the page is one finding.
fn report(parts: &[Part], fates: Vec<Option<Fate>>) -> Vec<SourceFinding> {
    let mut sizes: HashMap<usize, (usize, usize)> = HashMap::new();
    for (part, fate) in parts.iter().zip(&fates) {
        if let Some(list) = part.list {
            let (all, missing) = sizes.entry(list).or_default();
            *all += 1;
            *missing += usize::from(*fate == Some(Fate::Missing));
        }
    }
    let mut findings: Vec<SourceFinding> = Vec::new();
    let mut reported: HashMap<usize, usize> = HashMap::new();
    for (part, fate) in parts.iter().zip(fates) {
        let Some(fate) = fate else { continue };
        let list = part.list.filter(|list| {
            sizes
                .get(list)
                .is_some_and(|(all, missing)| all == missing && *all > 1)
        });
        if let Some(first) = list.and_then(|list| reported.get(&list)) {
            findings[*first].last_line = part.lines.1;
            continue;
        }
        let kind = match list {
            Some(list) => {
                reported.insert(list, findings.len());
                PartKind::List {
                    items: sizes.get(&list).map_or(1, |(all, _)| *all),
                }
            }
            None => part.kind.clone(),
        };
        findings.push(SourceFinding {
            first_line: part.lines.0,
            last_line: part.lines.1,
            kind,
            text: part.text.clone(),
            fate,
        });
    }
    findings
}
