use super::{Action, Event, RowKey, Session};
use crate::baseline::BaselinePath;
use crate::compare::recurring::GroupId;
use crate::compare::{Match, compare};
use crate::review::decide::{Choice, Part, Target};
use crate::review::pile::Item;
use crate::snapshot::read;

fn item(path: &str, old: &str, new: &str) -> Item {
    let read = |text: &str| read(text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let changes = if old.is_empty() {
        Vec::new()
    } else {
        compare(&read(old), &read(new).to_tree(), Match::Exact)
            .unwrap_or_else(|error| panic!("{error}"))
    };
    Item {
        path: BaselinePath::try_from(path.to_owned()).unwrap_or_else(|error| panic!("{error}")),
        is_new: old.is_empty(),
        shared: None,
        ids: changes.iter().map(GroupId::of).collect(),
        changes,
        evidence: None,
        problem: None,
        shown: None,
    }
}

fn session() -> Session {
    let page = |link: &str, own: &str| {
        format!("- navigation \"Docs\":\n  - link \"A\"\n{link}- main:\n  - {own}\n")
    };
    let new = "  - link \"New\"\n";
    Session::new(vec![
        item("a/page", &page("", "text: x"), &page(new, "text: y")),
        item("b/page", &page("", "button \"Go\""), &page(new, "button")),
        item("c/page", &page("", "text: z"), &page(new, "text: z")),
        item("d/page", "", "- main\n"),
    ])
}

fn titles(session: &Session) -> Vec<&str> {
    session
        .rows()
        .iter()
        .map(|row| row.title.as_str())
        .collect()
}

const GROUP: &str = "3 pages: navigation \"Docs\" gained link \"New\"";

#[test]
fn regressions_first_then_groups_then_new_ones() {
    assert_eq!(
        titles(&session()),
        ["b/page", GROUP, "a/page", "d/page (new)"]
    );
}

#[test]
fn a_group_is_decided_once_and_taken_back_once() {
    let mut session = session();
    session.event(Event::Move(1));
    let Action::Decide(step) = session.event(Event::Decide(Choice::Accept)) else {
        panic!("no decision");
    };
    let paths: Vec<&str> = step.parts.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["a/page", "b/page", "c/page"]);
    let before = session.items().to_vec();
    let now = step
        .parts
        .iter()
        .map(|Target { path, part, .. }| {
            let mut item = before.iter().find(|item| item.path == *path).cloned();
            if let (Some(item), Part::Groups(groups)) = (&mut item, part) {
                item.changes.retain(|change| {
                    !groups.contains(&crate::compare::recurring::GroupId::of(change))
                });
            }
            (path.clone(), item.filter(|item| !item.changes.is_empty()))
        })
        .collect();
    session.decided(step, now);
    assert_eq!(titles(&session), ["b/page", "a/page", "d/page (new)"]);
    assert_eq!(session.tally().accepted, 3);
    assert!(matches!(session.event(Event::Undo), Action::Undo(step) if step.parts.len() == 3));
    let restored = before
        .into_iter()
        .map(|item| (item.path.clone(), Some(item)));
    session.undone(restored.collect());
    assert_eq!(
        titles(&session),
        ["b/page", GROUP, "a/page", "d/page (new)"]
    );
    assert_eq!((session.tally().accepted, session.can_undo()), (0, false));
}

#[test]
fn a_split_group_is_decided_page_by_page_and_can_be_joined_again() {
    let mut session = session();
    session.event(Event::Move(1));
    session.event(Event::Split);
    assert_eq!(
        titles(&session),
        ["b/page", "a/page", "c/page", "d/page (new)"]
    );
    session.event(Event::Move(1));
    session.event(Event::Split);
    assert_eq!(
        titles(&session),
        ["b/page", GROUP, "a/page", "d/page (new)"]
    );
}

#[test]
fn the_rest_is_what_is_shown_and_not_skipped() {
    let mut session = session();
    session.event(Event::Skip);
    session.event(Event::Search("page".to_owned()));
    session.event(Event::Search("gained".to_owned()));
    assert_eq!(titles(&session), [GROUP]);
    session.event(Event::Search(String::new()));
    let Action::Decide(step) = session.event(Event::DecideRest(Choice::Reject)) else {
        panic!("no decision");
    };
    let parts: Vec<(&str, usize)> = step
        .parts
        .iter()
        .map(|Target { path, part, .. }| match part {
            Part::All => (path.as_str(), 0),
            Part::Groups(groups) => (path.as_str(), groups.len()),
        })
        .collect();
    // The change of b that was skipped stays pending.
    assert_eq!(
        parts,
        [("a/page", 2), ("b/page", 1), ("c/page", 1), ("d/page", 0)]
    );
}

#[test]
fn an_impact_alone_can_be_shown() {
    let mut session = session();
    session.event(Event::NextFilter);
    assert_eq!(titles(&session), ["b/page"]);
    assert_eq!(session.current().map(|row| row.counts), Some([1, 0, 0, 0]));
    for _ in 0..4 {
        session.event(Event::NextFilter);
    }
    assert_eq!(session.rows().len(), 4);
    let key = RowKey::Snapshot(session.items()[3].path.clone());
    assert!(matches!(
        session.decide_row(&key, Choice::Accept),
        Action::Decide(_)
    ));
}

#[test]
fn nothing_to_decide_is_no_decision() {
    let mut session = Session::new(Vec::new());
    for event in [
        Event::Decide(Choice::Accept),
        Event::DecideRest(Choice::Accept),
        Event::Undo,
        Event::Skip,
        Event::Split,
        Event::Move(-3),
        Event::Last,
    ] {
        assert_eq!(session.event(event), Action::Show);
    }
}
