//! Programs with a deadline.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A program in a process group of its own; with the group it is killed when a test ends without it.
pub struct Running {
    pub id: Pid,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<Vec<u8>>,
    ended: Receiver<Option<i32>>,
    guard: Guard,
}

struct Guard(Option<Pid>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// How it ended.
pub struct Ended {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
}

impl Running {
    pub fn start(command: &mut Command) -> Running {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let id = Pid::from_child(&child);
        let (sender, ended) = channel();
        let stdout = read(child.stdout.take().unwrap());
        let stderr = read(child.stderr.take().unwrap());
        std::thread::spawn(move || sender.send(wait(&mut child)));
        Running {
            id,
            stdout,
            stderr,
            ended,
            guard: Guard(Some(id)),
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.id, signal).unwrap();
    }

    /// Waits for its end, which is to come before the deadline.
    pub fn end(mut self, deadline: Duration) -> Ended {
        let Ok(code) = self.ended.recv_timeout(deadline) else {
            panic!("it was still running after {deadline:?}");
        };
        // Its group may be somebody else's by now.
        self.guard.0 = None;
        Ended {
            stdout: self.stdout.join().unwrap(),
            stderr: self.stderr.join().unwrap(),
            code,
        }
    }
}

fn wait(child: &mut Child) -> Option<i32> {
    child.wait().unwrap().code()
}

fn read(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        bytes
    })
}
