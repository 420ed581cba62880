//! Temporary driver.
#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used
)]
use ariasnap::{
    aria,
    browser::{capture::Wanted, launch::*, page::*},
    snapshot,
};
use std::time::{Duration, Instant};
#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let shape = match args[3].as_str() {
        "page" => aria::Shape::Page,
        "test" => aria::Shape::Test,
        _ => aria::Shape::Compact,
    };
    let t = Duration::from_secs(30);
    let b = Browser::launch(&LaunchOptions {
        executable: "/usr/lib/chromium/chromium-headless-shell".into(),
        headed: false,
        deadline: t,
    })
    .await
    .unwrap();
    for url in &args[4..] {
        let mut p = Page::open(
            &b.session(),
            Viewport {
                width: 1280,
                height: 720,
            },
            t,
        )
        .await
        .unwrap();
        p.goto(url, t).await.unwrap();
        p.settle(t).await.unwrap();
        let t0 = Instant::now();
        let c = p
            .capture(Wanted {
                layout: shape != aria::Shape::Test,
                rects: false,
            })
            .await
            .unwrap();
        let t1 = Instant::now();
        let c = ariasnap::dom::Capture::from_facts(c).unwrap();
        let tree = aria::snapshot(
            &c,
            aria::Request {
                shape,
                root: None,
                depth: None,
            },
        );
        let t2 = Instant::now();
        let text = snapshot::write(
            &tree,
            snapshot::Rendering {
                refs: shape != aria::Shape::Test,
                boxes: false,
            },
        );
        let t3 = Instant::now();
        print!("{text}");
        if std::env::var("TIMES").is_ok() {
            eprintln!(
                "capture {:?} rules {:?} text {:?}",
                t1 - t0,
                t2 - t1,
                t3 - t2
            );
        }
        p.close().await;
    }
    b.close().await;
}
