//! The package manager: asked where the download fails, for libraries and for fonts.

use std::time::Duration;

use ariasnap::internals::browser::install::packages::{Manager, Packages};
use ariasnap::internals::browser::install::{Build, Installed, Installer};

use super::world::{Answer, EXECUTABLE, Server, VERSION, World, archive, good, install, unpinned};
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        where_the_download_fails_it_is_said_and_the_package_manager_is_asked,
        the_other_package_is_tried_where_the_first_is_unknown,
        every_manager_is_spoken_to_in_its_own_words,
        a_failed_command_is_shown_with_the_end_of_its_output,
        an_ordinary_user_needs_sudo_without_a_password,
        a_machine_without_a_manager_is_told_all_commands,
        a_machine_without_a_build_asks_the_manager_at_once,
        fonts_come_too_where_there_are_none,
        fonts_that_do_not_come_are_told_and_the_browser_stays,
        libraries_that_the_browser_lacks_are_installed_under_the_name_that_the_system_knows,
        libraries_that_do_not_come_are_named_with_their_packages,
    ]
}

const APT: &str = "apt-get -o DPkg::Lock::Timeout=120";

/// An install whose download fails, with fonts, as root.
fn without_server(world: &World) -> Installer {
    with_packages(world, &world.no_server(), unpinned())
}

fn with_packages(world: &World, url: &str, build: Build) -> Installer {
    world.file("fonts/font.ttf", "");
    let mut installer = world.installer(url, build);
    installer.packages = Some(Packages {
        path: vec![world.path("bin")],
        superuser: true,
        fonts: vec![world.path("fonts")],
        deadline: Duration::from_secs(60),
    });
    installer
}

fn as_user(mut installer: Installer) -> Installer {
    if let Some(packages) = &mut installer.packages {
        packages.superuser = false;
    }
    installer
}

fn where_the_download_fails_it_is_said_and_the_package_manager_is_asked() {
    let world = World::new();
    world.program("apt-get", "[ \"$DEBIAN_FRONTEND\" = noninteractive ]");
    let (outcome, events) = install(&without_server(&world));
    assert_eq!(
        outcome.unwrap(),
        Installed::Package {
            manager: Manager::Apt,
            package: "chromium-headless-shell"
        }
    );
    assert_eq!(
        world.log(),
        [
            format!("{APT} update"),
            format!("{APT} install -y --no-install-recommends chromium-headless-shell"),
        ]
    );
    assert!(
        events[0].starts_with("DownloadFailed") && events[0].contains("ConnectionRefused"),
        "{events:?}"
    );
    assert_eq!(
        events[1],
        format!("Running {{ command: {:?} }}", format!("{APT} update"))
    );
}

fn the_other_package_is_tried_where_the_first_is_unknown() {
    let world = World::new();
    world.program("apt-get", "case $* in *headless-shell) exit 100;; esac");
    let outcome = install(&without_server(&world)).0;
    assert_eq!(
        outcome.unwrap(),
        Installed::Package {
            manager: Manager::Apt,
            package: "chromium"
        }
    );
    assert_eq!(world.log().len(), 3);
}

fn every_manager_is_spoken_to_in_its_own_words() {
    for (program, command) in [
        ("dnf", "dnf install -y chromium-headless"),
        ("apk", "apk add --no-cache chromium"),
        ("pacman", "pacman -Sy --noconfirm --needed chromium"),
        ("brew", "brew install --cask chromium"),
    ] {
        let world = World::new();
        world.program(program, "true");
        let installer = without_server(&world);
        // Homebrew is used by ordinary users.
        let installer = if program == "brew" {
            as_user(installer)
        } else {
            installer
        };
        install(&installer).0.unwrap();
        assert_eq!(world.log(), [command]);
    }
}

fn a_failed_command_is_shown_with_the_end_of_its_output() {
    let world = World::new();
    world.program("apt-get", "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do echo line $i; done\necho E: no such package >&2\nexit 100");
    let error = install(&without_server(&world)).0.unwrap_err().to_string();
    assert!(error.contains("cannot be reached"), "{error}");
    let failed =
        format!("- `{APT} install -y --no-install-recommends chromium` failed (exit status: 100)");
    assert!(error.contains(&failed), "{error}");
    assert!(error.contains("line 14\n    E: no such package"), "{error}");
    assert!(!error.contains("line 3\n"), "{error}");
}

fn an_ordinary_user_needs_sudo_without_a_password() {
    let world = World::new();
    world.program("apt-get", "[ \"$DEBIAN_FRONTEND\" = noninteractive ]");
    world.program("sudo", "exit 1");
    let error = install(&as_user(without_server(&world)))
        .0
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("- apt-get may not be used: this user is not root"),
        "{error}"
    );
    assert!(
        error.contains(
            "\n    sudo apt-get update && sudo apt-get install -y chromium-headless-shell"
        ),
        "{error}"
    );
    assert_eq!(world.log(), ["sudo -n true"]);

    world.program("sudo", "shift; unset DEBIAN_FRONTEND; exec \"$@\"");
    install(&as_user(without_server(&world))).0.unwrap();
    assert_eq!(
        world
            .log()
            .iter()
            .filter(|line| line.starts_with("apt-get"))
            .count(),
        2
    );
}

fn a_machine_without_a_manager_is_told_all_commands() {
    let world = World::new();
    let error = install(&without_server(&world)).0.unwrap_err().to_string();
    assert!(
        error.contains("- there is no package manager to ask"),
        "{error}"
    );
    for manager in Manager::ALL {
        assert!(error.contains(&manager.to_type()), "{error}");
    }
}

fn a_machine_without_a_build_asks_the_manager_at_once() {
    let world = World::new();
    world.program("apk", "true");
    let mut installer = without_server(&world);
    installer.build = None;
    let (outcome, events) = install(&installer);
    outcome.unwrap();
    assert_eq!(
        events,
        [r#"Running { command: "apk add --no-cache chromium" }"#]
    );
}

fn fonts_come_too_where_there_are_none() {
    let world = World::new();
    let server = Server::new(Answer::Body(good()));
    world.program("fc-list", "true");
    // The first time the lists are missing.
    let lists = world.path("lists").display().to_string();
    world.program(
        "apt-get",
        &format!("case $* in *update) touch {lists};; *) [ -e {lists} ];; esac"),
    );
    let (outcome, events) = install(&with_packages(&world, &server.url, unpinned()));
    outcome.unwrap();
    let install = format!("{APT} install -y --no-install-recommends fonts-liberation");
    assert_eq!(
        world.log(),
        [
            "fc-list".to_owned(),
            install.clone(),
            format!("{APT} update"),
            install
        ]
    );
    assert!(events.contains(&"NoFonts".to_owned()), "{events:?}");
}

fn fonts_that_do_not_come_are_told_and_the_browser_stays() {
    let world = World::new();
    let server = Server::new(Answer::Body(good()));
    world.program("fc-list", "true");
    world.program("apt-get", "exit 100");
    let (outcome, events) = install(&with_packages(&world, &server.url, unpinned()));
    outcome.unwrap();
    assert!(
        events.last().unwrap().starts_with("FontsFailed"),
        "{events:?}"
    );
}

/// An archive whose browser needs a library that `there` stands for, and a `ldd` that knows it.
fn needs_library(world: &World) -> Vec<u8> {
    let there = world.path("there").display().to_string();
    world.program(
        "ldd",
        &format!("[ -e {there} ] || echo '\tlibatk-1.0.so.0 => not found'"),
    );
    archive(&[(
        EXECUTABLE,
        &format!("#!/bin/sh\n[ -e {there} ] || exit 127\necho Chrome {VERSION}\n"),
    )])
}

fn libraries_that_the_browser_lacks_are_installed_under_the_name_that_the_system_knows() {
    let world = World::new();
    let server = Server::new(Answer::Body(needs_library(&world)));
    let there = world.path("there").display().to_string();
    world.program("apt-cache", "case $* in *t64) exit 100;; esac");
    world.program(
        "apt-get",
        &format!("case $* in *install*) touch {there};; esac"),
    );
    let (outcome, events) = install(&with_packages(&world, &server.url, unpinned()));
    outcome.unwrap();
    let install = format!("{APT} install -y --no-install-recommends libatk1.0-0");
    assert_eq!(world.log().last(), Some(&install));
    assert!(
        events.contains(&r#"MissingLibraries { names: ["libatk-1.0.so.0"] }"#.to_owned()),
        "{events:?}"
    );
}

fn libraries_that_do_not_come_are_named_with_their_packages() {
    let world = World::new();
    let server = Server::new(Answer::Body(needs_library(&world)));
    let error = install(&world.installer(&server.url, unpinned()))
        .0
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("needs libraries that this system does not have: libatk-1.0.so.0"),
        "{error}"
    );
    assert!(
        error.contains("sudo apt-get install -y libatk1.0-0t64"),
        "{error}"
    );
    assert_eq!(world.builds(), Vec::<String>::new());
}
