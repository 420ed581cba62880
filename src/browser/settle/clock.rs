//! The page's clock: time as the page gets it.
//!
//! Work that may never end is waited for only for a while. Were that while measured on the wall, a busy
//! machine would cut off work that an idle one lets end. So it is measured in time that the page got:
//! of each tick of the wall clock, the part that a free core at full speed would have needed.
//!
//! - A fixed piece of work in the page shows how fast its thread runs: a throttled or slow processor
//!   needs longer.
//! - The count of runnable threads shows how many share a core (Linux; elsewhere the first alone).
//! - While frames are waited for, a tick is as long as the frames that came in it.

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

/// A processor that needs up to this many times longer is taken for one of full speed: measured times
/// are coarse, and machines differ.
const TOLERANCE: f64 = 2.0;

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
        let mut gained = passed.mul_f64(speed.of_thread() * share_of_core());
        let before = frames.replace(tick.frames);
        if tick.waits_for_frames {
            let drawn = tick.frames.saturating_sub(before.unwrap_or_default());
            gained = gained.min(FRAME * u32::try_from(drawn).unwrap_or(u32::MAX));
        }
        time.send_modify(|time| *time += gained);
    }
}

/// How fast the page's thread runs: the best of all ticks so far, for the others were held up by
/// threads that share the core, which count for themselves.
#[derive(Debug, Default)]
struct Speed {
    took: Option<f64>,
}

impl Speed {
    fn note(&mut self, took: f64) {
        self.took = Some(self.took.map_or(took, |best| best.min(took)));
    }

    /// Between 0 and 1.
    fn of_thread(&self) -> f64 {
        match self.took {
            Some(took) if took > USUAL * TOLERANCE => USUAL / took,
            Some(_) | None => 1.0,
        }
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
    use super::{Speed, USUAL, share};

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

    #[test]
    fn a_throttled_thread_is_slow() {
        let mut speed = Speed::default();
        assert!((speed.of_thread() - 1.0).abs() < 1e-9);
        speed.note(USUAL * 40.0);
        assert!((speed.of_thread() - 0.025).abs() < 1e-9);
        speed.note(USUAL * 20.0);
        assert!((speed.of_thread() - 0.05).abs() < 1e-9);
        speed.note(USUAL * 1.5);
        assert!((speed.of_thread() - 1.0).abs() < 1e-9);
    }
}
