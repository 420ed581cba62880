//! The page's clock: time as the page gets it.
//!
//! Work that may never end is waited for only for a while. Were that while measured on the wall, a busy
//! machine would cut off work that an idle one lets end. So it is measured in time that the page got:
//! of each tick of the wall clock, the part that a free core at full speed would have needed.
//!
//! - A fixed piece of work in the page shows how fast its thread runs. A slow or throttled processor needs
//!   longer, and so does a thread that others interrupt.
//! - The count of runnable threads shows how many share a core (Linux; elsewhere the first alone). A thread
//!   that only wakes up for a moment is not interrupted, but it waits for its turn.
//! - While frames are waited for, a tick is as long as the frames that came in it.
//! - A tick that is late counts only in part: either the thread was held up, or the page ran a script.
//!
//! The first two may see the same thing twice, so that the slower one counts.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::policy::POLICY;
use crate::browser::devtools::Session;
use crate::browser::world::World;

/// Sorts as many numbers as this, so often: about a millisecond on a core of 2023.
const NUMBERS: u32 = 4000;
const ROUNDS: u32 = 4;
const USUAL: f64 = 1.2;

/// A processor that needs up to this many times longer counts as one of full speed: measured times
/// are coarse, and machines differ.
const TOLERANCE: f64 = 2.0;

/// The speed is that of the last ticks, and unknown before the first few: a throttled thread has fast
/// moments.
const LAST: usize = 15;
const FIRST: usize = 4;

/// How long a frame is at 60 a second.
const FRAME: Duration = Duration::from_micros(16_667);

const TICK: &str = include_str!("tick.js");

/// Runs from its start until it is dropped.
#[derive(Debug)]
pub(super) struct PageClock {
    time: watch::Receiver<Duration>,
    task: JoinHandle<()>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tick {
    took: f64,
    frames: u64,
    waits_for_frames: bool,
}

impl PageClock {
    pub(super) fn start(session: Session, main_frame: String) -> PageClock {
        let (sender, time) = watch::channel(Duration::ZERO);
        PageClock {
            time,
            task: tokio::spawn(run(session, main_frame, sender)),
        }
    }

    pub(super) fn now(&self) -> Duration {
        *self.time.borrow()
    }

    /// Waits until that time.
    pub(super) async fn reaches(&self, time: Duration) {
        let mut now = self.time.clone();
        if now.wait_for(|now| *now >= time).await.is_err() {
            // The clock stops with the page, which others report.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for PageClock {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(session: Session, main_frame: String, time: watch::Sender<Duration>) {
    let mut world: Option<World> = None;
    let mut speed = Speed::default();
    let mut frames = None;
    let mut last = Instant::now();
    let mut ungained = Duration::ZERO;
    let arguments = json!([{"value": {"length": NUMBERS, "rounds": ROUNDS}}]);
    tokio::time::sleep(POLICY.clock).await;
    while !time.is_closed() {
        tokio::time::sleep(POLICY.tick).await;
        let current = match &world {
            Some(world) => world.clone(),
            None => match World::of_frame(&session, &main_frame).await {
                Ok(created) => world.insert(created).clone(),
                Err(_) => continue,
            },
        };
        let Ok(tick) = current.evaluate::<Tick>(TICK, arguments.clone()).await else {
            // Another document came.
            world = None;
            last = Instant::now();
            continue;
        };
        let passed = last.elapsed();
        last = Instant::now();
        speed.note(tick.took);
        ungained += passed.min(POLICY.longest_tick);
        let before = frames.replace(tick.frames);
        let Some(of_thread) = speed.of_thread() else {
            continue;
        };
        let mut gained = std::mem::take(&mut ungained).mul_f64(of_thread.min(share_of_core()));
        if tick.waits_for_frames {
            let drawn = tick.frames.saturating_sub(before.unwrap_or_default());
            gained = gained.min(FRAME * u32::try_from(drawn).unwrap_or(u32::MAX));
        }
        time.send_modify(|time| *time += gained);
    }
}

/// How fast the page's thread runs.
#[derive(Debug, Default)]
struct Speed {
    took: VecDeque<f64>,
}

impl Speed {
    fn note(&mut self, took: f64) {
        if self.took.len() == LAST {
            self.took.pop_front();
        }
        self.took.push_back(took);
    }

    /// Between 0 and 1; `None` while it is unknown.
    fn of_thread(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let count = self.took.len() as f64;
        let mean = self.took.iter().sum::<f64>() / count;
        (self.took.len() >= FIRST).then_some(if mean > USUAL * TOLERANCE {
            USUAL / mean
        } else {
            1.0
        })
    }
}

/// The part of a core that a thread gets where more of them want to run than there are cores.
fn share_of_core() -> f64 {
    std::fs::read_to_string("/proc/stat").map_or(1.0, |stat| share(&stat))
}

/// <https://man7.org/linux/man-pages/man5/proc_stat.5.html>
fn share(stat: &str) -> f64 {
    let is_core = |line: &&str| {
        line.strip_prefix("cpu")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let cores = stat.lines().filter(is_core).count();
    let running = stat
        .lines()
        .find_map(|line| line.strip_prefix("procs_running "));
    let running: Option<usize> = running.and_then(|count| count.trim().parse().ok());
    match running {
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of cores and threads are small"
        )]
        Some(running) if cores > 0 && running > cores => cores as f64 / running as f64,
        Some(_) | None => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST, LAST, Speed, USUAL, share};

    #[test]
    fn threads_share_cores() {
        let stat = |running: u32| {
            format!(
                "cpu  1 2 3\ncpu0 1 2 3\ncpu1 1 2 3\nctxt 5\nprocs_running {running}\nprocs_blocked 0\n"
            )
        };
        assert!((share(&stat(1)) - 1.0).abs() < 1e-9);
        assert!((share(&stat(2)) - 1.0).abs() < 1e-9);
        assert!((share(&stat(8)) - 0.25).abs() < 1e-9);
        assert!((share("") - 1.0).abs() < 1e-9);
    }

    fn after(ticks: &[f64]) -> Option<f64> {
        let mut speed = Speed::default();
        for tick in ticks {
            speed.note(USUAL * tick);
        }
        speed.of_thread()
    }

    #[test]
    fn a_speed_is_known_after_some_ticks() {
        assert_eq!(after(&[]), None);
        assert_eq!(after(&[1.0; FIRST - 1]), None);
        assert_eq!(after(&[1.0; FIRST]), Some(1.0));
    }

    #[test]
    fn a_throttled_thread_is_slow() {
        let speed = after(&[20.0, 38.0, 1.0, 21.0]).expect("a speed");
        assert!((speed - 0.05).abs() < 1e-9);
        assert_eq!(after(&[1.5; FIRST]), Some(1.0));
    }

    #[test]
    fn a_speed_is_that_of_the_last_ticks() {
        let ticks = [[20.0; LAST], [1.0; LAST]];
        assert_eq!(after(ticks.as_flattened()), Some(1.0));
    }
}
