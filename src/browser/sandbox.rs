//! Whether the browser locks its pages in.
//!
//! On Linux it needs user namespaces or a helper that belongs to root. Settings, AppArmor or a container can
//! refuse both, and only trying shows it: the browser starts with its sandbox. If it reports that it has
//! no sandbox, it starts again without one.
//! <https://chromium.googlesource.com/chromium/src/+/main/docs/linux/suid_sandbox_development.md>

/// The sandbox of a running browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandbox {
    On,
    /// Browsers have no sandbox as root.
    OffForRoot,
    /// The system refused it.
    Refused,
}

impl Sandbox {
    /// Returns the sandbox to try first.
    pub(super) fn to_try() -> Sandbox {
        if cfg!(target_os = "linux") && rustix::process::geteuid().is_root() {
            Sandbox::OffForRoot
        } else {
            Sandbox::On
        }
    }

    /// Returns why the browser has no sandbox.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Sandbox::On => None,
            Sandbox::OffForRoot => Some("ariasnap runs as root"),
            Sandbox::Refused => Some("this system does not allow user namespaces"),
        }
    }

    /// Returns what the user can do, one sentence or command a line.
    pub(super) fn advice(self) -> &'static [&'static str] {
        match self {
            Sandbox::On => &[],
            Sandbox::OffForRoot => {
                &["run as an ordinary user, above all for pages that are not your own"]
            }
            Sandbox::Refused => &[
                "in a container: docker run --security-opt seccomp=unconfined, or a profile that permits clone and unshare",
                "on Ubuntu: https://chromium.googlesource.com/chromium/src/+/main/docs/security/apparmor-userns-restrictions.md",
                "elsewhere: sudo sysctl -w user.max_user_namespaces=15000, or kernel.unprivileged_userns_clone=1",
            ],
        }
    }
}

/// Returns whether the output of a browser that ended says that it could not use its sandbox.
pub(super) fn is_refused(output: &str) -> bool {
    let output = output.to_lowercase();
    output.contains("sandbox") || output.contains("namespace")
}
