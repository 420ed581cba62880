//! A program that is talked with while it runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Killed, with the group that it leads, when the test ends without it.
pub struct Dialogue {
    pub id: Pid,
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    deadline: Duration,
}

impl Dialogue {
    /// `deadline` is how long anything that is waited for may take.
    pub fn start(command: &mut Command, deadline: Duration) -> Dialogue {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let (sender, lines) = channel();
        read(child.stdout.take().unwrap(), sender.clone());
        read(child.stderr.take().unwrap(), sender);
        Dialogue {
            id: Pid::from_child(&child),
            input: child.stdin.take().unwrap(),
            child,
            lines,
            deadline,
        }
    }

    pub fn press_enter(&mut self) {
        self.input.write_all(b"\n").unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.id, signal).unwrap();
    }

    /// Everything that it says up to a line with that text, with that line. Both streams, each in its
    /// order.
    pub fn until(&self, text: &str) -> Vec<String> {
        let last = Instant::now() + self.deadline;
        let mut said = Vec::new();
        loop {
            match self.line(last) {
                Ok(line) => said.push(line),
                Err(why) => panic!("no line has {text:?} ({why}), but:\n{}", said.join("\n")),
            }
            if said.last().is_some_and(|line| line.contains(text)) {
                return said;
            }
        }
    }

    fn line(&self, last: Instant) -> Result<String, RecvTimeoutError> {
        let left = last.saturating_duration_since(Instant::now());
        self.lines.recv_timeout(left)
    }

    /// What it says until its end, and its exit code.
    pub fn end(mut self) -> (Vec<String>, Option<i32>) {
        let last = Instant::now() + self.deadline;
        let mut said = Vec::new();
        loop {
            match self.line(last) {
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it goes on:\n{}", said.join("\n")),
            }
        }
        (said, self.child.wait().unwrap().code())
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process_group(self.id, Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

fn read(pipe: impl Read + Send + 'static, lines: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
}
