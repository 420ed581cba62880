//! How a page is opened: what it emulates, and what answers its questions.

mod answers;
mod requests;
mod storage;

use serde::Deserialize;
use serde_json::{Value, json};

use super::devtools::{CallError, Session};
use super::settle::hook;
use crate::emulation::{Dialogs, Viewport};

pub(super) use answers::Answers;
pub use requests::Requests;
pub use storage::{OriginStorage, StorageState};

/// Stops the clock of `Date`; a function of milliseconds since 1970.
const CLOCK: &str = include_str!("emulate/clock.js");

/// How a page is opened.
#[derive(Debug, Clone, Default)]
pub struct PageSetup {
    pub viewport: Viewport,
    /// Device pixels for a CSS pixel; 1 where it is `None`.
    pub device_scale: Option<f64>,
    /// Whether clicks are taps.
    pub has_touch: bool,
    /// CSS media features with their values.
    pub features: Vec<(&'static str, &'static str)>,
    /// The CSS media type; `screen` where it is `None`.
    pub media: Option<&'static str>,
    /// A language tag.
    pub locale: Option<String>,
    /// A name of the time zone database.
    pub timezone: Option<String>,
    /// What `Date` returns, in milliseconds since 1970.
    pub clock: Option<i64>,
    /// How many times slower the page's main thread runs.
    pub cpu_throttling: Option<f64>,
    pub requests: Requests,
    /// Run in every document before its own scripts.
    pub init_scripts: Vec<String>,
    /// Addresses of requests that fail; `*` matches anything.
    pub blocked_urls: Vec<String>,
    pub dialogs: Dialogs,
    pub credentials: Option<Credentials>,
}

/// A name and a password for servers of one origin: <https://www.rfc-editor.org/rfc/rfc7617>
#[derive(Clone, Default)]
pub struct Credentials {
    /// Such as `https://example.com`.
    pub origin: String,
    pub user: String,
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl PageSetup {
    /// Sends all calls that a page needs, and returns what waits for their answers. `looks_for_storage`:
    /// the document reports whether another page stored something.
    pub(super) fn apply(
        &self,
        looks_for_storage: bool,
        browser: &Session,
        session: &Session,
    ) -> impl Future<Output = Result<(), CallError>> + Send + 'static {
        let answers: Vec<_> = self
            .calls(looks_for_storage)
            .into_iter()
            .map(|(method, params)| session.send(method, params))
            .collect();
        let speaking = self
            .locale
            .clone()
            .map(|locale| speak(locale, browser, session.clone()));
        async move {
            for answer in answers {
                answer.await?;
            }
            match speaking {
                Some(speaking) => speaking.await,
                None => Ok(()),
            }
        }
    }

    /// Returns whether the page changes nothing of its renderer process and its context that lasts. Locale,
    /// time zone and throttling belong to the process, and a password stays with the context.
    pub fn is_of_tab_alone(&self) -> bool {
        self.locale.is_none()
            && self.timezone.is_none()
            && self.cpu_throttling.is_none()
            && self.credentials.is_none()
    }

    /// Returns the calls for a frame in a process of its own, to open it like its page. Its size is that of
    /// its element.
    pub(super) fn calls_of_frames(&self) -> Vec<(&'static str, Value)> {
        let mut calls = self.calls(false);
        calls.retain(|(method, _)| *method != "Emulation.setDeviceMetricsOverride");
        calls
    }

    /// Returns the script that runs in every worker before its own.
    pub(super) fn script_of_workers(&self) -> String {
        let mut script = hook(false);
        if let Some(clock) = self.clock {
            script += &format!(";({})({clock})", function(CLOCK));
        }
        script
    }

    fn calls(&self, looks_for_storage: bool) -> Vec<(&'static str, Value)> {
        let Viewport { width, height } = self.viewport;
        let mut calls = vec![
            (
                "Emulation.setDeviceMetricsOverride",
                json!({
                    "width": width, "height": height, "screenWidth": width, "screenHeight": height,
                    "deviceScaleFactor": self.device_scale.unwrap_or(1.0), "mobile": false,
                }),
            ),
            script(&hook(looks_for_storage)),
        ];
        let features: Vec<Value> = self
            .features
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        let has_media = !features.is_empty() || self.media.is_some();
        let media = self.media.unwrap_or_default();
        let optional = [
            self.has_touch.then(|| {
                let params = json!({"enabled": true, "maxTouchPoints": 1});
                ("Emulation.setTouchEmulationEnabled", params)
            }),
            has_media.then(|| {
                let params = json!({"media": media, "features": features});
                ("Emulation.setEmulatedMedia", params)
            }),
            self.locale
                .as_ref()
                .map(|locale| ("Emulation.setLocaleOverride", json!({"locale": locale}))),
            self.cpu_throttling
                .map(|rate| ("Emulation.setCPUThrottlingRate", json!({"rate": rate}))),
            self.timezone.as_ref().map(|timezone| {
                let params = json!({"timezoneId": timezone});
                ("Emulation.setTimezoneOverride", params)
            }),
            self.clock
                .map(|clock| script(&format!("({})({clock})", function(CLOCK)))),
            (!self.blocked_urls.is_empty())
                .then(|| ("Network.setBlockedURLs", json!({"urls": self.blocked_urls}))),
            self.requests
                .to_pause(self.credentials.is_some())
                .map(|params| ("Fetch.enable", params)),
        ];
        calls.extend(optional.into_iter().flatten());
        calls.extend(self.init_scripts.iter().map(|source| script(source)));
        calls
    }
}

/// Sets the language that servers and scripts see; the browser accepts it only together with its name.
fn speak(
    locale: String,
    browser: &Session,
    session: Session,
) -> impl Future<Output = Result<(), CallError>> + Send + 'static {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        user_agent: String,
    }
    let version = browser.call::<Version>("Browser.getVersion", json!({}));
    async move {
        let user_agent = version.await?.user_agent;
        let params = json!({"userAgent": user_agent, "acceptLanguage": locale});
        session.send("Emulation.setUserAgentOverride", params).await
    }
}

/// Returns a function's source without the comments before it and white space around it.
pub(super) fn function(source: &str) -> &str {
    let mut rest = source.trim();
    while rest.starts_with("//") {
        rest = rest
            .split_once('\n')
            .map_or("", |(_, rest)| rest.trim_start());
    }
    rest
}

fn script(source: &str) -> (&'static str, Value) {
    (
        "Page.addScriptToEvaluateOnNewDocument",
        json!({"source": source, "runImmediately": true}),
    )
}
