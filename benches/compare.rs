//! How the time of a comparison grows: trees of 1,000 to 100,000 nodes with 1 to 1,000 edits.
//!
//! `cargo bench --bench compare`
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for people"
)]

#[path = "../tests/it/trees/mod.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod trees;

use std::time::{Duration, Instant};

use ariasnap::internals::compare::{Accept, Match, compare, merge};
use ariasnap::internals::snapshot::{Rendering, read, write};
use trees::Random;

const REPEAT: usize = 5;

fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..REPEAT)
        .map(|_| {
            let started = Instant::now();
            work();
            started.elapsed()
        })
        .collect();
    times.sort();
    times[REPEAT / 2]
}

fn main() {
    println!("| nodes | edits | changes | read ms | compare ms | merge all ms |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    for nodes in [1_000, 10_000, 100_000] {
        for edits in [1, 100, 1_000] {
            let mut random = Random::new(nodes as u64 + edits as u64);
            let before = random.tree(nodes, false);
            let after = random.edited(&before, edits);
            let text = write(&before, Rendering::default());
            let template = read(&text).expect("a snapshot that was written");
            let changes = compare(&template, &after, Match::Exact).expect("no patterns");
            let reading = median(|| drop(read(&text)));
            let comparing = median(|| drop(compare(&template, &after, Match::Exact)));
            let merging = median(|| drop(merge(&template, &after, Match::Exact, Accept::All)));
            println!(
                "| {nodes} | {edits} | {} | {:.1} | {:.1} | {:.1} |",
                changes.len(),
                reading.as_secs_f64() * 1e3,
                comparing.as_secs_f64() * 1e3,
                merging.as_secs_f64() * 1e3,
            );
        }
    }
}
