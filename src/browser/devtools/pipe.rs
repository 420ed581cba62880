//! `--remote-debugging-pipe`: messages end with a NUL byte, the browser reads file descriptor 3 and
//! writes 4. A browser ends when its pipe breaks, so it never outlives ariasnap.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

/// The ends of the browser process.
#[derive(Debug)]
pub struct BrowserEnds {
    /// Descriptor 3.
    pub reads: OwnedFd,
    /// Descriptor 4.
    pub writes: OwnedFd,
}

/// Opens two pipes and returns our ends and the browser's.
pub fn pipe_pair() -> io::Result<((Sender, Receiver), BrowserEnds)> {
    let flags = rustix::pipe::PipeFlags::CLOEXEC;
    let (browser_reads, we_write) = rustix::pipe::pipe_with(flags)?;
    let (we_read, browser_writes) = rustix::pipe::pipe_with(flags)?;
    let ends = BrowserEnds {
        reads: browser_reads,
        writes: browser_writes,
    };
    for end in [&we_write, &we_read] {
        rustix::io::ioctl_fionbio(end, true)?;
    }
    let ours = (
        Sender::from_owned_fd(we_write)?,
        Receiver::from_owned_fd(we_read)?,
    );
    Ok((ours, ends))
}

/// Writes queued messages until the queue or the pipe closes.
pub(super) async fn write_all(mut pipe: Sender, mut queue: UnboundedReceiver<Vec<u8>>) {
    while let Some(mut message) = queue.recv().await {
        message.push(0);
        if pipe.write_all(&message).await.is_err() {
            break;
        }
    }
}

/// Passes on every message until the pipe closes.
pub(super) async fn read_all(mut pipe: Receiver, messages: UnboundedSender<Vec<u8>>) {
    let mut buffer: Vec<u8> = Vec::with_capacity(1 << 16);
    let mut searched = 0;
    while matches!(pipe.read_buf(&mut buffer).await, Ok(count) if count > 0) {
        while let Some(at) = buffer[searched..].iter().position(|byte| *byte == 0) {
            let rest = buffer.split_off(searched + at + 1);
            let mut message = std::mem::replace(&mut buffer, rest);
            message.pop();
            searched = 0;
            if messages.send(message).is_err() {
                return;
            }
        }
        searched = buffer.len();
        buffer.reserve(1 << 16);
    }
}
