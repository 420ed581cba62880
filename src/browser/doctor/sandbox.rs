//! Whether the browser can lock its pages in.
//!
//! On Linux it does so with user namespaces, or with a helper that belongs to root.
//! <https://chromium.googlesource.com/chromium/src/+/main/docs/linux/suid_sandbox_development.md>

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Check, Machine, Subject, Verdict, good};
use crate::browser::command;
use crate::browser::platform::program_on;

/// Whether the sandbox can be used, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandbox {
    /// Nothing speaks against it.
    Possible,
    /// The browser refuses to use it as root.
    Superuser,
    /// The kernel gives ordinary users no namespaces, by this setting.
    NamespacesOff(&'static str),
    /// AppArmor gives them to listed programs alone, as on Ubuntu since 23.10.
    AppArmor,
    /// A trial was refused, as in most containers.
    Refused,
}

/// Settings that mean "no namespaces" when they are 0.
const SETTINGS: [(&str, &str); 2] = [
    (
        "kernel.unprivileged_userns_clone",
        "proc/sys/kernel/unprivileged_userns_clone",
    ),
    (
        "user.max_user_namespaces",
        "proc/sys/user/max_user_namespaces",
    ),
];

const APPARMOR: &str = "proc/sys/kernel/apparmor_restrict_unprivileged_userns";

impl Sandbox {
    /// Looks at the machine; `path` leads to `unshare` for a trial, `browser` to its helper.
    pub fn examine(machine: &Machine, path: &[PathBuf], browser: Option<&Path>) -> Sandbox {
        if machine.superuser {
            return Sandbox::Superuser;
        }
        if browser.is_some_and(has_helper) {
            return Sandbox::Possible;
        }
        let value = |file: &str| {
            let text = fs_err::read_to_string(machine.root.join(file)).ok()?;
            text.trim().parse::<u64>().ok()
        };
        if let Some((name, _)) = SETTINGS
            .into_iter()
            .find(|(_, file)| value(file) == Some(0))
        {
            return Sandbox::NamespacesOff(name);
        }
        if value(APPARMOR).is_some_and(|restricted| restricted != 0) {
            return Sandbox::AppArmor;
        }
        let trial = program_on(path, "unshare").and_then(|unshare| {
            let mut command = Command::new(unshare);
            command.args(["--user", "--map-root-user", "true"]);
            command::run(&mut command, Duration::from_secs(10)).ok()
        });
        match trial {
            Some(ended) if !ended.success => Sandbox::Refused,
            Some(_) | None => Sandbox::Possible,
        }
    }

    pub(super) fn check(self) -> Check {
        let (fact, advice) = match self {
            Sandbox::Possible => {
                return good(Subject::Sandbox, "the browser can lock its pages in".into());
            }
            Sandbox::Superuser => (
                "this is root, as which the browser has no sandbox".into(),
                vec!["run as an ordinary user, above all for pages that are not your own".into()],
            ),
            Sandbox::NamespacesOff(setting) => (
                format!("the kernel gives ordinary users no namespaces: {setting} is 0"),
                vec![format!(
                    "allow them: sudo sysctl -w {setting}={}",
                    if setting.starts_with("user.") { "15000" } else { "1" }
                )],
            ),
            Sandbox::AppArmor => (
                "AppArmor gives user namespaces to listed programs alone".into(),
                vec![
                    "list the browser: https://chromium.googlesource.com/chromium/src/+/main/docs/security/apparmor-userns-restrictions.md".into(),
                    "or allow them to all: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0".into(),
                ],
            ),
            Sandbox::Refused => (
                "user namespaces are refused, as in most containers".into(),
                vec!["in a container, allow them: docker run --security-opt seccomp=unconfined, or a profile that permits clone and unshare".into()],
            ),
        };
        Check {
            subject: Subject::Sandbox,
            verdict: Verdict::Warning,
            fact,
            advice,
        }
    }
}

/// Whether the helper beside the browser belongs to root and runs as root.
#[cfg(unix)]
fn has_helper(browser: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let setuid = 0o4000;
    ["chrome-sandbox", "chrome_sandbox"].iter().any(|name| {
        fs_err::metadata(browser.with_file_name(name))
            .is_ok_and(|facts| facts.uid() == 0 && facts.mode() & setuid != 0)
    })
}

#[cfg(not(unix))]
fn has_helper(_: &Path) -> bool {
    false
}
