//! A run in parts, each on a machine of its own: which cases are whose, and the parts together again.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CaseReport, RunResult, groups};
use crate::spec::Case;
use crate::store::{Fingerprint, Store, StoreError};

/// One of several parts, as in `3/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(number, of)| {
            let shard = Shard {
                number: number.parse().ok()?,
                of: of.parse().ok()?,
            };
            (shard.of > 0).then_some(shard)
        });
        let shard = parts.ok_or("expected N/OF, such as `3/8`")?;
        if (1..=shard.of).contains(&shard.number) {
            return Ok(shard);
        }
        Err(format!(
            "there is no part {} of {of}; expected 1/{of} to {of}/{of}",
            shard.number,
            of = shard.of
        ))
    }
}

/// What a part says about the whole that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// Which, from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
    /// What is the same in all parts: a fingerprint of specs, baselines and the way they are split.
    pub plan: String,
    /// The run of a CI system that it is a part of, where that is known.
    pub run: Option<String>,
    /// The titles of all cases of the whole, in their order.
    pub cases: Vec<String>,
}

/// Takes the cases of a shard out of all cases, and says what they are a part of. Where times are
/// known, the shards take about as long as each other; a case that is new counts as an average one.
///
/// # Errors
/// A baseline cannot be read.
pub fn split(
    cases: &[Case],
    shard: Shard,
    run: Option<String>,
    took: impl Fn(&str) -> Option<Duration>,
    store: &Store,
) -> Result<(Vec<Case>, Part), StoreError> {
    let groups = groups(cases);
    let times: Vec<Option<Duration>> = groups
        .iter()
        .map(|group| {
            let known: Vec<Duration> = group.iter().filter_map(|one| took(&one.title())).collect();
            (!known.is_empty()).then(|| sum(&known))
        })
        .collect();
    let owners = owners(&times, shard.of);
    let own = groups.iter().zip(&owners);
    let own = own.filter(|(_, owner)| **owner == shard.number);
    let part = Part {
        number: shard.number,
        of: shard.of,
        plan: plan(&groups, &owners, store)?,
        run,
        cases: cases.iter().map(Case::title).collect(),
    };
    let own = own.flat_map(|(group, _)| group.iter().cloned()).collect();
    Ok((own, part))
}

/// For each group the shard that runs it: the longest first, each to the one that has least to do.
fn owners(times: &[Option<Duration>], of: usize) -> Vec<usize> {
    let known: Vec<Duration> = times.iter().flatten().copied().collect();
    let average = match u32::try_from(known.len()) {
        Ok(count @ 1..) => sum(&known) / count,
        Ok(0) | Err(_) => Duration::from_secs(1),
    };
    let time = |at: usize| times[at].unwrap_or(average);
    let mut order: Vec<usize> = (0..times.len()).collect();
    // Stable: what takes as long stays in the order of the specs.
    order.sort_by_key(|at| std::cmp::Reverse(time(*at)));
    let mut loads: BTreeSet<(Duration, usize)> =
        (1..=of).map(|shard| (Duration::ZERO, shard)).collect();
    let mut owners = vec![0; times.len()];
    for at in order {
        let Some((load, shard)) = loads.pop_first() else {
            break;
        };
        owners[at] = shard;
        loads.insert((load.saturating_add(time(at)), shard));
    }
    owners
}

/// The file that remembers them may say anything.
fn sum(times: &[Duration]) -> Duration {
    let add = |sum: Duration, time: &Duration| sum.saturating_add(*time);
    times.iter().fold(Duration::ZERO, add)
}

fn plan(groups: &[&[Case]], owners: &[usize], store: &Store) -> Result<String, StoreError> {
    let mut text = format!("ariasnap {}\n", env!("CARGO_PKG_VERSION"));
    let mut specs: HashMap<&Path, Fingerprint> = HashMap::new();
    for (group, owner) in groups.iter().zip(owners) {
        for case in *group {
            let file = &case.place.file;
            let spec = specs
                .entry(&file.path)
                .or_insert_with(|| Fingerprint::of(file.text.as_bytes()));
            text += &format!("{owner} {} {spec}\n", case.title());
            for snapshot in &case.snapshots {
                let baseline = store.baseline(&snapshot.baseline)?;
                let baseline = baseline.map_or(Fingerprint::None, |one| one.fingerprint);
                text += &format!("  {} {baseline}\n", snapshot.baseline);
            }
        }
    }
    Ok(Fingerprint::of(text.as_bytes()).to_string())
}

/// The result of a part, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Its folder, as messages name it.
    pub folder: PathBuf,
    /// What it found.
    pub result: RunResult,
}

/// Why parts are not those of one run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// No part at all.
    #[error("there are no parts to join")]
    Nothing,
    /// The result of a whole run among parts.
    #[error(
        "{} has the result of a whole run, not of a part; remove it, or create it with `ariasnap \
         test --shard`", folder.display()
    )]
    Whole {
        /// Where it is.
        folder: PathBuf,
    },
    /// Parts of different runs.
    #[error(
        "{} and {} belong to different runs: {why}", one.display(), other.display()
    )]
    Different {
        /// Where the first is.
        one: PathBuf,
        /// Where the other one is.
        other: PathBuf,
        /// What differs, and what to do.
        why: String,
    },
    /// One part, twice.
    #[error(
        "part {number} of {of} appears twice, in {} and in {}; remove one of them",
        one.display(), other.display()
    )]
    Twice {
        /// Which.
        number: usize,
        /// Of how many.
        of: usize,
        /// Where it is.
        one: PathBuf,
        /// Where it is again.
        other: PathBuf,
    },
    /// Parts are missing.
    #[error(
        "{} missing; name the folders of all parts, and check the logs of the jobs that write \
         them", counted(numbers, *of)
    )]
    Missing {
        /// Which.
        numbers: Vec<usize>,
        /// Of how many.
        of: usize,
    },
}

/// `part 2 of 3 is`, `the parts 1, 3 of 4 are`
fn counted(numbers: &[usize], of: usize) -> String {
    let list: Vec<String> = numbers.iter().map(usize::to_string).collect();
    match list.as_slice() {
        [one] => format!("part {one} of {of} is"),
        all => format!("the parts {} of {of} are", all.join(", ")),
    }
}

/// The result of the whole: as one run would have had it, but for its times.
///
/// # Errors
/// The parts are not all those of one run.
pub fn join(pieces: Vec<Piece>) -> Result<RunResult, JoinError> {
    if let [one] = pieces.as_slice()
        && one.result.part.is_none()
    {
        return Ok(one.result.clone());
    }
    let first = check(&pieces)?;
    let order: HashMap<&String, usize> = first.cases.iter().zip(0..).collect();
    let mut cases: Vec<(usize, CaseReport)> = Vec::new();
    let mut sessions: BTreeMap<String, CaseReport> = BTreeMap::new();
    let mut joined = RunResult {
        cases: Vec::new(),
        browser: String::new(),
        elapsed: Duration::ZERO,
        interrupted: false,
        untested: Vec::new(),
        part: None,
    };
    let mut browsers = BTreeSet::new();
    for Piece { result, .. } in &pieces {
        joined.elapsed = joined.elapsed.max(result.elapsed);
        joined.interrupted |= result.interrupted;
        joined.untested.extend(result.untested.iter().cloned());
        browsers.extend(Some(result.browser.clone()).filter(|name| !name.is_empty()));
        for case in &result.cases {
            match order.get(&case.name) {
                Some(at) => cases.push((*at, case.clone())),
                // A login that failed did so in every part, and is reported once.
                None => drop(sessions.insert(case.name.clone(), case.clone())),
            }
        }
    }
    cases.sort_by_key(|(at, _)| *at);
    joined.cases.extend(sessions.into_values());
    joined.cases.extend(cases.into_iter().map(|(_, case)| case));
    joined.browser = browsers.into_iter().collect::<Vec<_>>().join(", ");
    Ok(joined)
}

/// Whether they are the parts of one run, all of them, each once.
fn check(pieces: &[Piece]) -> Result<&Part, JoinError> {
    let mut parts = Vec::new();
    for Piece { folder, result } in pieces {
        let part = result.part.as_ref().ok_or_else(|| JoinError::Whole {
            folder: folder.clone(),
        })?;
        parts.push((folder, part));
    }
    let Some((first_folder, first)) = parts.first().copied() else {
        return Err(JoinError::Nothing);
    };
    let mut seen: BTreeMap<usize, &PathBuf> = BTreeMap::new();
    for (folder, part) in parts {
        if let Some(why) = difference(first, part) {
            return Err(JoinError::Different {
                one: first_folder.clone(),
                other: folder.clone(),
                why,
            });
        }
        if let Some(one) = seen.insert(part.number, folder) {
            return Err(JoinError::Twice {
                number: part.number,
                of: part.of,
                one: one.clone(),
                other: folder.clone(),
            });
        }
    }
    let numbers: Vec<usize> = (1..=first.of)
        .filter(|one| !seen.contains_key(one))
        .collect();
    if numbers.is_empty() {
        return Ok(first);
    }
    Err(JoinError::Missing {
        numbers,
        of: first.of,
    })
}

fn difference(one: &Part, other: &Part) -> Option<String> {
    if one.of != other.of {
        return Some(format!(
            "one is of {} parts, the other of {}",
            one.of, other.of
        ));
    }
    if let (Some(one), Some(other)) = (&one.run, &other.run)
        && one != other
    {
        return Some(format!("one is of the CI run {one}, the other of {other}"));
    }
    if one.cases != other.cases {
        return Some(
            "their cases are not the same; give all parts the same commit, the same \
             site and the same filters"
                .to_owned(),
        );
    }
    (one.plan != other.plan).then(|| {
        "their specs, baselines or times are not the same; give all parts the same commit, and \
         the same .ariasnap/history.json or none"
            .to_owned()
    })
}
