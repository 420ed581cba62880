//! As what, where and when a page is opened.

mod requests;
mod storage;

use std::collections::HashSet;
use std::future::Future;

use serde::Deserialize;
use serde_json::{Value, json};

use super::devtools::{CallError, Event, Session};
use super::page::Viewport;
use super::settle::hook;

pub use requests::Requests;
pub use storage::{Item, StorageState};

/// Makes `Date` stand still; a function of milliseconds since 1970.
const CLOCK: &str = include_str!("emulate/clock.js");

/// As what, where and when a page is opened.
#[derive(Debug, Clone, Default)]
pub struct Emulation {
    /// The size of the window.
    pub viewport: Viewport,
    /// Device pixels for a CSS pixel; 1 where it is `None`.
    pub device_scale: Option<f64>,
    /// What clicks are.
    pub tapping: Tapping,
    /// CSS media features with their values.
    pub features: Vec<(&'static str, &'static str)>,
    /// The CSS media type; `screen` where it is `None`.
    pub media: Option<&'static str>,
    /// A language tag.
    pub locale: Option<String>,
    /// A name of the time zone database.
    pub timezone: Option<String>,
    /// The time that `Date` tells, in milliseconds since 1970.
    pub clock: Option<i64>,
    /// How many times slower the page's main thread runs.
    pub cpu_throttling: Option<f64>,
    /// What its requests bring, and where they may go.
    pub requests: Requests,
    /// Run in every document before its own scripts.
    pub init_scripts: Vec<String>,
    /// Requests that fail: addresses in which `*` stands for anything.
    pub blocked_urls: Vec<String>,
    /// What becomes of the page's dialogs.
    pub dialogs: Dialogs,
    /// Whom servers are told that they ask for, those of one origin alone.
    pub basic_auth: Option<BasicAuth>,
}

/// A name and a password: <https://www.rfc-editor.org/rfc/rfc7617>
#[derive(Clone, Default)]
pub struct BasicAuth {
    /// Such as `https://example.com`.
    pub origin: String,
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for BasicAuth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BasicAuth").finish_non_exhaustive()
    }
}

/// Answers the questions that a page asks somebody who sits before it: without an answer it stands
/// still.
#[derive(Debug)]
pub(super) struct Answers {
    dialogs: Dialogs,
    basic_auth: Option<BasicAuth>,
    requests: Requests,
    /// Requests for which name and password were told once.
    told: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paused {
    request_id: String,
    auth_challenge: Option<Challenge>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dialog {
    default_prompt: Option<String>,
}

#[derive(Deserialize)]
struct Challenge {
    origin: String,
}

impl Answers {
    pub(super) fn new(emulation: &Emulation) -> Answers {
        Answers {
            dialogs: emulation.dialogs.clone(),
            basic_auth: emulation.basic_auth.clone(),
            requests: emulation.requests.clone(),
            told: HashSet::new(),
        }
    }

    /// The call that answers an event, where it is a question.
    pub(super) fn to(&mut self, event: &Event) -> Option<(&'static str, Value)> {
        match event.method.as_str() {
            "Page.javascriptDialogOpening" => {
                let proposed = event.params::<Dialog>()?.default_prompt.unwrap_or_default();
                let answer = self.dialogs.answer(&proposed);
                Some(("Page.handleJavaScriptDialog", answer))
            }
            "Fetch.requestPaused" => {
                Some(self.requests.answer(event.params::<requests::Paused>()?))
            }
            "Fetch.authRequired" => {
                let paused: Paused = event.params()?;
                let origin = paused.auth_challenge.map(|challenge| challenge.origin);
                let known = self
                    .basic_auth
                    .as_ref()
                    .filter(|known| Some(&known.origin) == origin.as_ref());
                let answer = match known {
                    Some(known) if self.told.insert(paused.request_id.clone()) => json!({
                        "response": "ProvideCredentials",
                        "username": known.user, "password": known.password,
                    }),
                    // They are wrong, or another server asks.
                    Some(_) | None => json!({"response": "CancelAuth"}),
                };
                let params =
                    json!({"requestId": paused.request_id, "authChallengeResponse": answer});
                Some(("Fetch.continueWithAuth", params))
            }
            _ => None,
        }
    }
}

/// What clicks are to the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tapping {
    /// Those of a mouse.
    #[default]
    Mouse,
    /// Those of a finger.
    Touch,
}

/// What becomes of a page's dialogs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Dialogs {
    /// OK; a prompt keeps what it proposes.
    #[default]
    Accept,
    /// Cancel.
    Dismiss,
    /// OK, and this text into prompts.
    Prompt(String),
}

impl Dialogs {
    /// The parameters of `Page.handleJavaScriptDialog`.
    fn answer(&self, proposed: &str) -> Value {
        match self {
            Dialogs::Accept => json!({"accept": true, "promptText": proposed}),
            Dialogs::Dismiss => json!({"accept": false}),
            Dialogs::Prompt(text) => json!({"accept": true, "promptText": text}),
        }
    }
}

impl Emulation {
    /// Sends all that it needs in a row.
    pub(super) fn apply<'a>(
        &'a self,
        session: &'a Session,
    ) -> impl Future<Output = Result<(), CallError>> + Send + use<'a> {
        let answers: Vec<_> = self
            .calls()
            .into_iter()
            .map(|(method, params)| session.tell(method, params))
            .collect();
        async move {
            for answer in answers {
                answer.await?;
            }
            Ok(())
        }
    }

    /// Tells servers and scripts the language; the browser takes it only together with its name.
    pub(super) async fn speak(&self, session: &Session) -> Result<(), CallError> {
        #[derive(Deserialize)]
        struct Evaluated {
            result: Name,
        }
        #[derive(Deserialize)]
        struct Name {
            value: String,
        }
        let Some(locale) = &self.locale else {
            return Ok(());
        };
        let evaluated: Evaluated = session
            .call(
                "Runtime.evaluate",
                json!({"expression": "navigator.userAgent", "returnByValue": true}),
            )
            .await?;
        session
            .tell(
                "Emulation.setUserAgentOverride",
                json!({"userAgent": evaluated.result.value, "acceptLanguage": locale}),
            )
            .await
    }

    /// What a frame in a process of its own is to be told, so that it is opened as its page is. Its
    /// size is that of its element.
    pub(super) fn calls_of_frames(&self) -> Vec<(&'static str, Value)> {
        let mut calls = self.calls();
        calls.retain(|(method, _)| *method != "Emulation.setDeviceMetricsOverride");
        calls
    }

    /// What runs in every worker before its own script.
    pub(super) fn script_of_workers(&self) -> String {
        let mut script = hook();
        if let Some(clock) = self.clock {
            script += &format!(";({})({clock})", function(CLOCK));
        }
        script
    }

    fn calls(&self) -> Vec<(&'static str, Value)> {
        let Viewport { width, height } = self.viewport;
        let is_touch = self.tapping == Tapping::Touch;
        let mut calls = vec![
            (
                "Emulation.setDeviceMetricsOverride",
                json!({
                    "width": width, "height": height, "screenWidth": width, "screenHeight": height,
                    "deviceScaleFactor": self.device_scale.unwrap_or(1.0), "mobile": false,
                }),
            ),
            script(&hook()),
        ];
        if is_touch {
            calls.push((
                "Emulation.setTouchEmulationEnabled",
                json!({"enabled": true, "maxTouchPoints": 1}),
            ));
        }
        if !self.features.is_empty() || self.media.is_some() {
            let features: Vec<Value> = self
                .features
                .iter()
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect();
            let media = self.media.unwrap_or_default();
            calls.push((
                "Emulation.setEmulatedMedia",
                json!({"media": media, "features": features}),
            ));
        }
        if let Some(locale) = &self.locale {
            calls.push(("Emulation.setLocaleOverride", json!({"locale": locale})));
        }
        if let Some(rate) = self.cpu_throttling {
            calls.push(("Emulation.setCPUThrottlingRate", json!({"rate": rate})));
        }
        if let Some(timezone) = &self.timezone {
            calls.push((
                "Emulation.setTimezoneOverride",
                json!({"timezoneId": timezone}),
            ));
        }
        if let Some(clock) = self.clock {
            calls.push(script(&format!("({})({clock})", function(CLOCK))));
        }
        if !self.blocked_urls.is_empty() {
            calls.push(("Network.setBlockedURLs", json!({"urls": self.blocked_urls})));
        }
        if let Some(held) = self.requests.to_hold(self.basic_auth.is_some()) {
            calls.push(("Fetch.enable", held));
        }
        calls.extend(self.init_scripts.iter().map(|source| script(source)));
        calls
    }
}

/// A function's source without the comments before it and white space around it.
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
