//! Ctrl-C and other signals: one listener for the whole command.
//!
//! A command that can stop between two files or pages holds a [`Polling`] and finishes its current one. Any
//! other command ends at once, and so does every command at the second signal.

use std::process::exit;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::exit::Exit;

/// Whether a signal came.
static CAME: OnceLock<watch::Receiver<bool>> = OnceLock::new();

/// How many parts of the command handle signals themselves.
static POLLING: AtomicUsize = AtomicUsize::new(0);

/// Exists while its owner handles signals.
pub(super) struct Polling(());

impl Polling {
    pub(super) fn begin() -> Polling {
        POLLING.fetch_add(1, Ordering::SeqCst);
        Polling(())
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        POLLING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Starts to listen, and returns when no signal can be missed. If that fails, signals end the process as
/// usual.
pub(super) fn listen() {
    let (sender, receiver) = watch::channel(false);
    let (ready, is_ready) = std::sync::mpsc::channel();
    let listener = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build();
        let Ok(runtime) = runtime else {
            return;
        };
        runtime.block_on(async move {
            let kinds = [
                SignalKind::interrupt(),
                SignalKind::terminate(),
                SignalKind::hangup(),
            ];
            let [Ok(interrupt), Ok(terminate), Ok(hangup)] = kinds.map(signal) else {
                return;
            };
            let mut signals = [interrupt, terminate, hangup];
            let _ = ready.send(());
            next(&mut signals).await;
            if POLLING.load(Ordering::SeqCst) == 0 {
                exit(Exit::Interrupted as i32);
            }
            let _ = sender.send(true);
            next(&mut signals).await;
            exit(Exit::Interrupted as i32);
        });
    };
    let thread = std::thread::Builder::new().name("signals".to_owned());
    if thread.spawn(listener).is_ok() {
        // An error means that the thread has ended.
        let _ = is_ready.recv();
        let _ = CAME.set(receiver);
    }
}

async fn next([one, two, three]: &mut [Signal; 3]) {
    tokio::select! {
        _ = one.recv() => {}
        _ = two.recv() => {}
        _ = three.recv() => {}
    }
}

/// Returns whether a signal came.
pub(super) fn came() -> bool {
    CAME.get().is_some_and(|came| *came.borrow())
}

/// Waits for a signal; returns at once if one came before.
pub(super) async fn stopped() {
    if let Some(came) = CAME.get() {
        let mut came = came.clone();
        if came.wait_for(|came| *came).await.is_ok() {
            return;
        }
    }
    std::future::pending().await
}
