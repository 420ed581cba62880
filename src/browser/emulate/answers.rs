//! Answers to the questions of a page, which stops until it gets them: dialogs, requests that wait, servers
//! that ask for a password.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Credentials, PageSetup, Requests, requests};
use crate::browser::devtools::Event;
use crate::emulation::Dialogs;

#[derive(Debug)]
pub(in crate::browser) struct Answers {
    dialogs: Dialogs,
    credentials: Option<Credentials>,
    requests: Requests,
    /// Requests that got the credentials. A second question means that they are wrong.
    answered: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthRequired {
    request_id: String,
    auth_challenge: Option<Challenge>,
}

#[derive(Deserialize)]
struct Challenge {
    origin: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dialog {
    default_prompt: Option<String>,
}

impl Answers {
    pub(in crate::browser) fn new(setup: &PageSetup) -> Answers {
        Answers {
            dialogs: setup.dialogs.clone(),
            credentials: setup.credentials.clone(),
            requests: setup.requests.clone(),
            answered: HashSet::new(),
        }
    }

    /// Returns the call that answers an event; `None` where the event is no question.
    pub(in crate::browser) fn to(&mut self, event: &Event) -> Option<(&'static str, Value)> {
        match event.method.as_str() {
            "Page.javascriptDialogOpening" => {
                let answer = match &self.dialogs {
                    Dialogs::Accept => {
                        let text = event.params::<Dialog>()?.default_prompt;
                        json!({"accept": true, "promptText": text.unwrap_or_default()})
                    }
                    Dialogs::Dismiss => json!({"accept": false}),
                    Dialogs::Prompt(text) => json!({"accept": true, "promptText": text}),
                };
                Some(("Page.handleJavaScriptDialog", answer))
            }
            "Fetch.requestPaused" => {
                Some(self.requests.answer(event.params::<requests::Paused>()?))
            }
            "Fetch.authRequired" => {
                let AuthRequired {
                    request_id,
                    auth_challenge,
                } = event.params()?;
                let origin = auth_challenge.map(|challenge| challenge.origin);
                let credentials = self
                    .credentials
                    .as_ref()
                    .filter(|known| Some(&known.origin) == origin.as_ref())
                    .filter(|_| self.answered.insert(request_id.clone()));
                let answer = match credentials {
                    Some(Credentials { user, password, .. }) => json!({
                        "response": "ProvideCredentials", "username": user, "password": password,
                    }),
                    None => json!({"response": "CancelAuth"}),
                };
                let params = json!({"requestId": request_id, "authChallengeResponse": answer});
                Some(("Fetch.continueWithAuth", params))
            }
            _ => None,
        }
    }
}
