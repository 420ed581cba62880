//! What comes from the server, and what is refused.

use std::io::{Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use ariasnap::internals::browser::install::{Build, Installed};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::world::{
    Answer, EXECUTABLE, Server, VERSION, World, archive, browser, good, install, make_executable,
    pinned, stored, unpinned,
};
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        a_good_archive_is_installed_with_progress,
        an_archive_of_which_nothing_is_pinned_is_checked_by_its_browsers_answer,
        a_build_that_does_not_work_is_replaced,
        two_installs_at_once_leave_one_whole_build,
        a_body_that_breaks_off_is_refused,
        another_length_is_refused,
        a_body_that_never_ends_is_cut_off,
        another_content_is_refused,
        a_damaged_archive_is_refused_without_a_pinned_hash_too,
        a_page_in_the_archives_place_is_refused,
        an_archive_that_leads_out_of_its_folder_is_refused,
        a_link_that_leads_out_of_its_folder_is_refused,
        an_archive_without_the_browser_is_refused,
        another_version_is_refused,
        a_browser_that_does_not_start_is_refused_with_what_it_said,
        an_error_of_the_server_is_reported,
        a_server_that_falls_silent_is_given_up,
        a_missing_server_is_reported,
        what_a_killed_install_left_is_removed_after_a_day,
        the_command_of_each_package_manager_is_named,
        missing_libraries_are_named_with_the_command_that_installs_them,
        a_machine_without_a_published_build_gets_the_command,
    ]
}

/// The error of an install that must fail and leave nothing behind.
#[track_caller]
fn refused(answer: Answer, build: Build) -> String {
    let (world, server) = (World::new(), Server::new(answer));
    let (outcome, _) = install(&world.installer(&server.url, build));
    let error = outcome.unwrap_err().to_string();
    assert_eq!(world.builds(), Vec::<String>::new(), "{error}");
    assert!(error.starts_with("no browser was installed: "), "{error}");
    assert!(
        error.contains("\n  install Chromium or Chrome with the system's package manager\n"),
        "{error}"
    );
    error
}

fn a_good_archive_is_installed_with_progress() {
    let (world, zip) = (World::new(), good());
    let server = Server::new(Answer::Body(zip.clone()));
    let installer = world.installer(&server.url, pinned(&zip));
    let (outcome, events) = install(&installer);
    assert_eq!(
        outcome.unwrap(),
        Installed {
            executable: world.executable(),
            version: VERSION.to_owned(),
            is_old: false
        }
    );
    assert_eq!(world.builds(), [format!("chrome-headless-shell-{VERSION}")]);
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o111;
    assert_ne!(mode(&world.executable()), 0);
    assert_eq!(mode(&world.executable().with_file_name("resources.pak")), 0);

    let bytes = zip.len();
    assert!(
        events[0].starts_with("Downloading") && events[0].contains(&format!("Some({bytes})")),
        "{events:?}"
    );
    assert!(
        events.contains(&format!("Received {{ bytes: {bytes} }}")),
        "{events:?}"
    );

    // Once there, it is not downloaded again.
    let (outcome, _) = install(&installer);
    assert!(outcome.unwrap().is_old);
    assert_eq!(server.requests(), 1);
}

fn an_archive_of_which_nothing_is_pinned_is_checked_by_its_browsers_answer() {
    let (world, server) = (World::new(), Server::new(Answer::Body(good())));
    let (outcome, _) = install(&world.installer(&server.url, unpinned()));
    outcome.unwrap();
    assert!(world.executable().is_file());
}

fn a_build_that_does_not_work_is_replaced() {
    let world = World::new();
    let server = Server::new(Answer::Body(good()));
    make_executable(&world.file(
        &format!("browsers/chrome-headless-shell-{VERSION}/{EXECUTABLE}"),
        "#!/bin/sh\nexit 1\n",
    ));
    let (outcome, _) = install(&world.installer(&server.url, unpinned()));
    assert!(!outcome.unwrap().is_old);
    assert_eq!(
        std::fs::read_to_string(world.executable()).unwrap(),
        browser(VERSION)
    );
    assert_eq!(world.builds(), [format!("chrome-headless-shell-{VERSION}")]);
}

fn two_installs_at_once_leave_one_whole_build() {
    let (world, zip) = (World::new(), good());
    let server = Server::new(Answer::Body(zip.clone()));
    let installer = world.installer(&server.url, pinned(&zip));
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| install(&installer).0))
            .collect();
        for run in runs {
            run.join().unwrap().unwrap();
        }
    });
    assert_eq!(world.builds(), [format!("chrome-headless-shell-{VERSION}")]);
    assert!(install(&installer).0.unwrap().is_old);
}

fn a_body_that_breaks_off_is_refused() {
    let zip = good();
    let half = zip.len() / 2;
    let error = refused(Answer::Part(zip.clone(), half), pinned(&zip));
    let expected = format!("broke off after {half} bytes of {}", zip.len());
    assert!(error.contains(&expected), "{error}");
}

fn another_length_is_refused() {
    let zip = good();
    let mut build = pinned(&zip);
    build.bytes = Some(124_203_329);
    let error = refused(Answer::Body(zip.clone()), build);
    let expected = format!("it has {} bytes instead of 124203329", zip.len());
    assert!(error.contains(&expected), "{error}");
}

fn a_body_that_never_ends_is_cut_off() {
    let zip = good();
    let error = refused(Answer::Endless(zip.clone()), pinned(&zip));
    let expected = format!("it has more than {0} bytes instead of {0}", zip.len());
    assert!(error.contains(&expected), "{error}");
}

fn another_content_is_refused() {
    let zip = good();
    let mut other = zip.clone();
    other[50] ^= 1;
    let error = refused(Answer::Body(other), pinned(&zip));
    assert!(
        error.contains(&format!("instead of {}", pinned(&zip).sha256.unwrap())),
        "{error}"
    );
}

fn a_damaged_archive_is_refused_without_a_pinned_hash_too() {
    let text = "the browser's resources";
    let mut zip = stored(&[(EXECUTABLE, &browser(VERSION)), ("resources.pak", text)]);
    let at = zip
        .windows(text.len())
        .position(|window| window == text.as_bytes());
    zip[at.unwrap()] ^= 1;
    let error = refused(Answer::Body(zip), unpinned());
    assert!(
        error.contains("the archive cannot be unpacked") && error.contains("hecksum"),
        "{error}"
    );
}

fn a_page_in_the_archives_place_is_refused() {
    let page = b"<!doctype html><title>Sign in</title>".to_vec();
    let error = refused(Answer::Body(page), unpinned());
    assert!(error.contains("the archive cannot be unpacked"), "{error}");
}

fn an_archive_that_leads_out_of_its_folder_is_refused() {
    for name in ["../outside", "/tmp/ariasnap-outside", "a/../../outside"] {
        let zip = archive(&[(EXECUTABLE, &browser(VERSION)), (name, "evil")]);
        let error = refused(Answer::Body(zip), unpinned());
        assert!(
            error.contains(&format!("its entry `{name}` is outside")),
            "{error}"
        );
    }
}

fn a_link_that_leads_out_of_its_folder_is_refused() {
    let world = World::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let outside = world.path("outside");
    std::fs::create_dir(&outside).unwrap();
    zip.add_symlink("link", outside.to_str().unwrap(), options)
        .unwrap();
    zip.start_file("link/evil", options).unwrap();
    zip.write_all(b"evil").unwrap();
    let zip = zip.finish().unwrap().into_inner();
    refused(Answer::Body(zip), unpinned());
    assert!(!outside.join("evil").exists());
}

fn an_archive_without_the_browser_is_refused() {
    let error = refused(Answer::Body(archive(&[("readme", "nothing")])), unpinned());
    assert!(
        error.contains(&format!("the archive has no `{EXECUTABLE}`")),
        "{error}"
    );
}

fn another_version_is_refused() {
    let zip = archive(&[(EXECUTABLE, &browser("1.2.3.45"))]);
    let error = refused(Answer::Body(zip), unpinned());
    assert!(
        error.contains(
            "should have version 1.2.3.4, but reports `Google Chrome for Testing 1.2.3.45`"
        ),
        "{error}"
    );
}

fn a_browser_that_does_not_start_is_refused_with_what_it_said() {
    let zip = archive(&[(EXECUTABLE, "#!/bin/sh\necho no display >&2\nexit 3\n")]);
    let error = refused(Answer::Body(zip), unpinned());
    assert!(
        error.contains("does not start: exit status: 3") && error.contains("no display"),
        "{error}"
    );
}

fn an_error_of_the_server_is_reported() {
    let error = refused(Answer::Status(404), unpinned());
    assert!(
        error.contains("the server answered with status 404"),
        "{error}"
    );
    assert!(
        error.contains(&format!(
            "/{VERSION}/linux64/chrome-headless-shell-linux64.zip"
        )),
        "{error}"
    );
}

fn a_server_that_falls_silent_is_given_up() {
    let (world, server) = (World::new(), Server::new(Answer::Silence));
    let mut installer = world.installer(&server.url, unpinned());
    installer.limits.silence = Duration::from_secs(3);
    let error = install(&installer).0.unwrap_err().to_string();
    assert!(
        error.contains("broke off after 0 bytes of 100: timeout"),
        "{error}"
    );
}

fn a_missing_server_is_reported() {
    let world = World::new();
    let error = install(&world.installer(&world.no_server(), unpinned()))
        .0
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("cannot be reached: io: Connection refused"),
        "{error}"
    );
    assert!(error.contains("ARIASNAP_BROWSER"), "{error}");
}

fn what_a_killed_install_left_is_removed_after_a_day() {
    let (world, server) = (World::new(), Server::new(Answer::Body(good())));
    for (name, hours) in [("old", 25), ("new", 1)] {
        let folder = world.path(&format!("browsers/.installing-{name}"));
        std::fs::create_dir_all(&folder).unwrap();
        let then = std::time::SystemTime::now() - Duration::from_secs(hours * 3600);
        std::fs::File::open(&folder)
            .unwrap()
            .set_modified(then)
            .unwrap();
    }
    install(&world.installer(&server.url, unpinned()))
        .0
        .unwrap();
    assert_eq!(
        world.builds(),
        [
            ".installing-new".to_owned(),
            format!("chrome-headless-shell-{VERSION}")
        ]
    );
}

fn the_command_of_each_package_manager_is_named() {
    for (program, command) in [
        (
            "apt-get",
            "sudo apt-get update && sudo apt-get install -y chromium-headless-shell",
        ),
        ("dnf", "sudo dnf install -y chromium-headless"),
        ("apk", "sudo apk add chromium"),
        ("pacman", "sudo pacman -Sy chromium"),
        ("brew", "brew install --cask chromium"),
    ] {
        let world = World::new();
        world.program(program, "exit 1");
        let (outcome, _) = install(&world.installer(&world.no_server(), unpinned()));
        let error = outcome.unwrap_err().to_string();
        let expected = format!("\n  install Chromium or Chrome: {command}\n");
        assert!(error.contains(&expected), "{error}");
    }
}

fn missing_libraries_are_named_with_the_command_that_installs_them() {
    let world = World::new();
    world.program("ldd", "echo '\tlibatk-1.0.so.0 => not found'");
    world.program("dnf", "exit 1");
    let zip = archive(&[(EXECUTABLE, "#!/bin/sh\nexit 127\n")]);
    let server = Server::new(Answer::Body(zip));
    let (outcome, _) = install(&world.installer(&server.url, unpinned()));
    let error = outcome.unwrap_err().to_string();
    for expected in [
        "needs libraries that this system does not have: libatk-1.0.so.0\n",
        "  install the missing libraries: sudo dnf install -y nss ",
    ] {
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(world.builds(), Vec::<String>::new());
}

fn a_machine_without_a_published_build_gets_the_command() {
    let world = World::new();
    world.program("apk", "exit 1");
    let mut installer = world.installer(&world.no_server(), unpinned());
    installer.build = None;
    let error = install(&installer).0.unwrap_err();
    assert_eq!(
        error.advice,
        ["install Chromium or Chrome: sudo apk add chromium"]
    );
}
