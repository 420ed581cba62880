//! The processes of a group, as Linux tells of them.

use std::fs;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};

/// A process group, named by its leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group(Pid);

/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
struct Stat {
    id: Pid,
    is_zombie: bool,
    parent: i32,
    group: i32,
}

impl Group {
    /// The group that a child of the process leads.
    pub fn of_child(parent: Pid) -> Group {
        let parent = parent.as_raw_nonzero().get();
        let leads = |stat: &Stat| stat.parent == parent && stat.group == raw(stat.id);
        let leader = processes().into_iter().find(leads);
        Group(leader.expect("there is a child that leads a group").id)
    }

    /// How many run.
    pub fn count(&self) -> usize {
        self.running().len()
    }

    pub fn kill_leader(&self) {
        kill_process(self.0, Signal::KILL).unwrap();
    }

    /// Waits until none runs any more.
    pub fn wait_until_gone(&self, deadline: Duration) {
        let until = Instant::now() + deadline;
        loop {
            let running = self.running();
            let Some(first) = running.first() else {
                return;
            };
            // One that ended meanwhile has no descriptor.
            if let Ok(process) = pidfd_open(*first, PidfdFlags::empty()) {
                let left = until.saturating_duration_since(Instant::now());
                let left = Timespec::try_from(left).unwrap();
                let mut ended = [PollFd::new(&process, PollFlags::IN)];
                let count = poll(&mut ended, Some(&left)).unwrap();
                assert!(count > 0, "processes {running:?} still run");
            }
        }
    }

    fn running(&self) -> Vec<Pid> {
        processes()
            .into_iter()
            .filter(|stat| stat.group == raw(self.0) && !stat.is_zombie)
            .map(|stat| stat.id)
            .collect()
    }
}

fn raw(id: Pid) -> i32 {
    id.as_raw_nonzero().get()
}

fn processes() -> Vec<Stat> {
    let stat = |entry: fs::DirEntry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let text = fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name of the program stands in brackets and may hold anything.
        let (_, after_name) = text.rsplit_once(") ")?;
        let mut fields = after_name.split(' ');
        Some(Stat {
            id: Pid::from_raw(id)?,
            is_zombie: matches!(fields.next()?, "Z" | "X"),
            parent: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    };
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| stat(entry.unwrap()))
        .collect()
}
