//! The workers of a page: dedicated, shared and service workers, as the browser reports them.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::devtools::Session;
use super::frames::attach_automatically;

/// A worker that runs.
#[derive(Debug, Clone)]
pub(super) struct Worker {
    /// The address of its script.
    pub(super) url: String,
    /// The session that reaches it.
    pub(super) session: Session,
    is_dedicated: bool,
}

/// The workers of a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Workers {
    list: Vec<Worker>,
    /// How many dedicated workers have started so far, those that ended too.
    pub(super) started: u64,
    /// What the session of a worker is sent first.
    calls: Arc<[(&'static str, Value)]>,
    /// Run in each before its own script.
    script: Arc<str>,
}

/// What kind of target a session was attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TargetKind {
    Iframe,
    Worker,
    SharedWorker,
    ServiceWorker,
    #[serde(other)]
    Other,
}

impl Workers {
    /// None yet. Of `calls`, those reach workers that are about requests.
    pub(super) fn new(calls: &[(&'static str, Value)], script: String) -> Workers {
        let is_of_requests = |(method, _): &&(&'static str, Value)| {
            method.starts_with("Network.") || method.starts_with("Fetch.")
        };
        Workers {
            calls: calls.iter().filter(is_of_requests).cloned().collect(),
            script: script.into(),
            ..Workers::default()
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Worker> {
        self.list.iter()
    }

    /// Prepares a worker, which waits for that, and lets it run. The calls are sent in a row without
    /// waiting: a worker that ends in the middle answers none of them.
    pub(super) fn attached(&mut self, kind: TargetKind, url: String, session: Session) {
        drop(session.send("Network.enable", json!({})));
        for (method, params) in self.calls.iter() {
            drop(session.send(method, params.clone()));
        }
        drop(session.send("Runtime.evaluate", json!({"expression": &*self.script})));
        drop(attach_automatically(&session));
        drop(session.send("Runtime.runIfWaitingForDebugger", json!({})));
        let is_dedicated = kind == TargetKind::Worker;
        self.started += u64::from(is_dedicated);
        self.list.push(Worker {
            url,
            session,
            is_dedicated,
        });
    }

    /// Forgets the worker of a session; whether there was one.
    pub(super) fn ended(&mut self, session: &str) -> bool {
        let before = self.list.len();
        self.list
            .retain(|worker| worker.session.id() != Some(session));
        self.list.len() != before
    }

    /// Another document is there: its dedicated workers are counted anew.
    pub(super) fn new_document(&mut self) {
        self.started = 0;
        self.list.retain(|worker| !worker.is_dedicated);
    }
}
