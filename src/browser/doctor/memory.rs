//! The shared memory that the browser's processes pass pictures and pages through.

use std::path::Path;

use super::{Check, Subject, Verdict, good};

/// Docker gives 64 MiB where nothing is said, and large pages crash in it.
const ENOUGH: u64 = 256 << 20;

/// The room in `/dev/shm`; nothing where it cannot be told.
pub(super) fn shared(root: &Path) -> Option<Check> {
    let bytes = size(&root.join("dev").join("shm"))?;
    Some(verdict(bytes))
}

fn verdict(bytes: u64) -> Check {
    let fact = format!("/dev/shm has {} MiB", bytes >> 20);
    if bytes >= ENOUGH {
        return good(Subject::SharedMemory, fact);
    }
    Check {
        subject: Subject::SharedMemory,
        verdict: Verdict::Warning,
        fact: format!("{fact}, too little for large pages"),
        advice: vec!["in a container, give it more: docker run --shm-size=1g".into()],
    }
}

#[cfg(unix)]
fn size(folder: &Path) -> Option<u64> {
    let facts = rustix::fs::statvfs(folder).ok()?;
    Some(facts.f_blocks.saturating_mul(facts.f_frsize))
}

#[cfg(not(unix))]
fn size(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_docker_gives_is_too_little() {
        assert_eq!(verdict(64 << 20).verdict, Verdict::Warning);
        assert_eq!(verdict(1 << 30).verdict, Verdict::Good);
    }

    #[test]
    fn a_machine_without_it_is_not_judged() {
        assert_eq!(shared(Path::new("/nonexistent")), None);
    }
}
