use super::{JoinError, Part, Piece, Shard, join, owners};
use crate::run::{CaseReport, RunResult};
use std::time::Duration;

fn seconds(times: &[Option<u64>]) -> Vec<Option<Duration>> {
    times
        .iter()
        .map(|time| time.map(Duration::from_secs))
        .collect()
}

#[test]
fn a_shard_is_one_of_so_many() {
    assert_eq!("3/8".parse(), Ok(Shard { number: 3, of: 8 }));
    let outside = "9/8".parse::<Shard>();
    assert_eq!(
        outside,
        Err("there is no part 9 of 8; expected 1/8 to 8/8".to_owned())
    );
    for wrong in ["0/8", "3", "", "a/b", "1/0", "-1/2", "1/2/3", "1.5/2"] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
    }
}

#[test]
fn without_times_the_split_is_even() {
    assert_eq!(owners(&seconds(&[None; 7]), 3), [1, 2, 3, 1, 2, 3, 1]);
    assert_eq!(owners(&seconds(&[None; 1]), 3), [1]);
}

#[test]
fn times_fill_the_shards_equally() {
    let times = seconds(&[Some(1), Some(9), Some(1), Some(1), Some(6), None]);
    let owners = owners(&times, 2);
    let load = |shard: usize| -> u64 {
        let own = owners
            .iter()
            .zip(&times)
            .filter(|(owner, _)| **owner == shard);
        // 18 seconds for five: a new one counts as 3.6, here as 4.
        own.map(|(_, time)| time.map_or(4, |time| time.as_secs()))
            .sum()
    };
    assert_eq!((load(1), load(2)), (11, 11), "{owners:?}");
}

fn piece(number: usize, of: usize, names: &[&str]) -> Piece {
    let case = |name: &&str| CaseReport {
        name: (*name).to_owned(),
        spec: "specs/a.yml".into(),
        url: String::new(),
        snapshots: Vec::new(),
        problems: Vec::new(),
        waited: std::time::Duration::ZERO,
        notes: Vec::new(),
        elapsed: Duration::from_secs(1),
    };
    Piece {
        folder: format!("part-{number}").into(),
        result: RunResult {
            cases: names.iter().map(case).collect(),
            browser: "Chrome/1".to_owned(),
            elapsed: Duration::from_secs(number as u64),
            interrupted: false,
            untested: Vec::new(),
            part: Some(Part {
                number,
                of,
                plan: "plan".to_owned(),
                run: None,
                cases: ["a", "b", "c"].map(str::to_owned).to_vec(),
            }),
        },
    }
}

#[test]
fn parts_are_joined_in_the_order_of_the_specs() {
    let pieces = vec![
        piece(2, 2, &["sessions/login", "b"]),
        piece(1, 2, &["sessions/login", "a", "c"]),
    ];
    let joined = join(pieces).expect("a whole");
    let names: Vec<&str> = joined.cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["sessions/login", "a", "b", "c"]);
    assert_eq!(joined.browser, "Chrome/1");
    assert_eq!(joined.elapsed, Duration::from_secs(2));
    assert_eq!(joined.part, None);
}

#[test]
fn what_is_not_all_of_one_run_is_not_joined() {
    let refusal = |pieces: Vec<Piece>| join(pieces).map_err(|error| error.to_string()).err();
    assert_eq!(
        refusal(vec![piece(1, 3, &[])]).as_deref(),
        Some(
            "the parts 2, 3 of 3 are missing; name the folders of all parts, and check the logs \
             of the jobs that write them"
        )
    );
    assert_eq!(
        refusal(vec![piece(1, 2, &[]), piece(1, 2, &[])]).as_deref(),
        Some("part 1 of 2 appears twice, in part-1 and in part-1; remove one of them")
    );
    let mut other = piece(2, 2, &[]);
    if let Some(part) = &mut other.result.part {
        part.plan = "another".to_owned();
    }
    let error = join(vec![piece(1, 2, &[]), other]);
    assert!(
        matches!(error, Err(JoinError::Different { .. })),
        "{error:?}"
    );
    let mut whole = piece(2, 2, &[]);
    whole.result.part = None;
    assert!(matches!(
        join(vec![piece(1, 2, &[]), whole.clone()]),
        Err(JoinError::Whole { .. })
    ));
    assert_eq!(join(vec![whole.clone()]), Ok(whole.result));
    assert_eq!(join(Vec::new()), Err(JoinError::Nothing));
}
