//! The browser's switches.

use std::path::Path;

use super::{LaunchOptions, Sandbox};

/// Returns the switches that the browser is started with.
pub(super) fn arguments(
    options: &LaunchOptions,
    switches: &[String],
    sandbox: Sandbox,
    profile: &Path,
) -> Vec<String> {
    let own = ALWAYS.iter().map(ToString::to_string);
    let more = [
        (!options.headed).then(|| "--headless".to_owned()),
        (sandbox != Sandbox::On).then(|| "--no-sandbox".to_owned()),
        Some(format!("--user-data-dir={}", profile.display())),
    ];
    let confined = CONFINED.iter().filter(|_| options.is_confined);
    own.chain(more.into_iter().flatten())
        .chain(confined.map(ToString::to_string))
        .chain(switches.iter().cloned())
        .collect()
}

/// Datagrams and name lookups bypass proxies.
const CONFINED: &[&str] = &[
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
];

const ALWAYS: &[&str] = &[
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    // Every page is opened in a context of its own.
    "--no-startup-window",
    // Background traffic.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-field-trial-config",
    "--disable-domain-reliability",
    "--metrics-recording-only",
    "--no-pings",
    "--disable-breakpad",
    // Pages in the background run like the one in front.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-back-forward-cache",
    // Tabs of one context share a renderer process.
    "--renderer-process-limit=1",
    "--disable-ipc-flooding-protection",
    "--disable-hang-monitor",
    "--disable-popup-blocking",
    "--disable-prompt-on-repost",
    "--disable-dev-shm-usage",
    "--password-store=basic",
    "--use-mock-keychain",
    "--mute-audio",
    // The same layout on every machine.
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    // A mouse that hovers, as on a desktop.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    "--disable-features=Translate,OptimizationHints,MediaRouter,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,PaintHolding,DestroyProfileOnBrowserClose",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
];
