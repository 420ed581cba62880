//! Browsers that somebody else started.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

/// A browser of its own, killed with the test.
pub struct Elsewhere {
    child: Child,
    pub endpoint: String,
    _profile: tempfile::TempDir,
}

impl Elsewhere {
    pub fn start() -> Elsewhere {
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new(super::browser())
            .args(["--headless", "--no-sandbox", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let endpoint = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("DevTools listening on ")?.to_owned()))
            .expect("the browser says where it listens");
        // A full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Elsewhere {
            child,
            endpoint,
            _profile: profile,
        }
    }

    /// As `http://`, which is asked for the rest.
    pub fn http(&self) -> String {
        let address = self.endpoint.strip_prefix("ws://").unwrap();
        format!("http://{}", address.split('/').next().unwrap())
    }

    pub fn signal(&self, signal: Signal) {
        let _ = kill_process_group(Pid::from_child(&self.child), signal);
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
        let _ = self.child.wait();
    }
}
