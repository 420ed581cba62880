//! Which part of a page a picture shows, in the real browser.

use crate::reference::{browser, settled_page};
use ariasnap::internals::browser::evidence::{PageImage, PagePart};
use ariasnap::internals::site::Server;
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        async a_picture_shows_the_part_that_is_asked_for,
        async a_picture_of_a_scrolled_page_counts_from_its_top,
    ]
}

/// The pixels of a JPEG file, from its first frame header: <https://www.w3.org/Graphics/JPEG/itu-t81.pdf#page=39>
fn pixels(jpeg: &[u8]) -> (u16, u16) {
    assert!(jpeg.starts_with(&[0xff, 0xd8]), "a picture is JPEG");
    let mut at = 2;
    loop {
        let [_, marker, high, low, ..] = jpeg[at..] else {
            panic!("the picture has no frame");
        };
        if matches!(marker, 0xc0..=0xc2) {
            let number = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
            return (number(at + 7), number(at + 5));
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}

fn place(shot: &PageImage) -> (u32, u32, u32) {
    (shot.top, shot.height, shot.page_height)
}

async fn a_picture_shows_the_part_that_is_asked_for() {
    check(
        5000,
        0,
        &[
            // What the window shows, pixel by pixel.
            (PagePart::Between(10, 700), (0, 720), (1280, 720)),
            (PagePart::Between(4000, 4100), (3800, 720), (1280, 720)),
            (PagePart::Between(600, 2600), (400, 2400), (730, 1369)),
            // No more than there is.
            (PagePart::Between(4950, 5000), (4280, 720), (1280, 720)),
            (PagePart::Between(-40, 9000), (0, 5000), (640, 2500)),
            (PagePart::Whole, (0, 5000), (640, 2500)),
        ],
    )
    .await;
}

async fn a_picture_of_a_scrolled_page_counts_from_its_top() {
    check(
        14_000,
        1000,
        &[
            (PagePart::Between(1100, 1200), (1000, 720), (1280, 720)),
            (PagePart::Between(0, 0), (0, 720), (1280, 720)),
            // No longer than browsers draw.
            (PagePart::Between(10, 13_990), (0, 12_000), (640, 6000)),
        ],
    )
    .await;
}

/// Where a picture begins, how high it is, and its pixels.
type Expected = (PagePart, (u32, u32), (u16, u16));

/// Pictures of a page of that height, scrolled so far.
async fn check(height: u32, scrolled: u32, shots: &[Expected]) {
    let folder = tempfile::tempdir().expect("a folder");
    let html = format!(
        "<!doctype html><style>body {{ margin: 0 }} div {{ height: {height}px }}</style><div></div>
        <script>scrollTo(0, {scrolled})</script>"
    );
    std::fs::write(folder.path().join("index.html"), html).expect("a page is written");
    let server = Server::start(folder.path(), None).await;
    let server = server.expect("a server starts");
    let browser = browser(&[]).await;
    let page = settled_page(&browser, server.base().as_str()).await;
    for (part, seen, drawn) in shots {
        let shot = page.screenshot(*part).await.expect("a picture");
        assert_eq!(place(&shot), (seen.0, seen.1, height), "{part:?}");
        assert_eq!(pixels(&shot.bytes), *drawn, "{part:?}");
    }
    page.close().await;
    browser.close().await;
}
