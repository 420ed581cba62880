//! A page on its way through a case: opened, waited for, looked at.

use std::time::{Duration, Instant};

use super::emulation::{Opening, opening};
use super::locate::Moment;
use super::masking::mask_tree;
use super::{Doubt, RunError, Setting, secrecy};
use super::{doubt, source};
use crate::aria::{self, Request, Shape, Tree};
use crate::browser::capture::CaptureOptions;
use crate::browser::emulate::StorageState;
use crate::browser::page::{Page, PageError};
use crate::browser::settle::{
    Certainty, Evidence, ScrollStep, Settled, Settling, TreeText, most_windows,
};
use crate::dom::Capture;
use crate::site::Site;
use crate::snapshot::{self, Rendering};
use crate::spec::{Allowed, Animations, Case, Isolation, Scroll, Settle, Target};

/// A page that is open.
pub(super) struct Visit<'a> {
    pub(super) case: &'a Case,
    pub(super) setting: &'a Setting<'a>,
    pub(super) page: Page,
    /// The address that was opened; empty for markup.
    pub(super) url: String,
    /// What was not waited for.
    pub(super) notes: Vec<String>,
    /// What the page had done when it was last found finished.
    pub(super) evidence: Option<Evidence>,
    /// How long it was waited for so far, in its own time.
    pub(super) waited: Duration,
    purpose: Purpose,
    /// Whether the page may share its browser context with others.
    shares: bool,
}

/// Returns whether the page of a case may follow another in its browser context.
fn may_share(case: &Case, opening: &Opening) -> bool {
    case.isolation == Isolation::Traces
        && case.steps.is_empty()
        && opening.cookies.is_empty()
        && opening.storages.is_empty()
        && !opening.is_offline
        && opening.setup.is_of_tab_alone()
}

/// What a page is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Its snapshots: it is to be the page that was asked for.
    Look,
    /// Signing in, which may start at any page, and lead anywhere.
    SignIn,
}

impl<'a> Visit<'a> {
    /// Opens a page, not yet any address, with what a session left.
    pub(super) async fn open(
        case: &'a Case,
        setting: &'a Setting<'a>,
        session: Option<&StorageState>,
        purpose: Purpose,
    ) -> Result<Visit<'a>, RunError> {
        let url = address(case, setting)?;
        secrecy::check(case, &url, setting)?;
        let opening = opening(case, &url, setting);
        let shares = purpose == Purpose::Look && session.is_none() && may_share(case, &opening);
        if shares {
            let page =
                Page::open_sharing(setting.browser, &opening.setup, &url, case.timeout.0).await?;
            let is_used = page.is_in_used_context();
            let mut visit = Visit::of(case, setting, page, url.clone(), purpose);
            let started = visit.start(&[], &[], false).await;
            // What may come of another page is tried in a context of its own.
            if !is_used || (started.is_ok() && !visit.page.found_storage()) {
                visit.shares = true;
                return visit.started(started).await;
            }
            visit.close().await;
        }
        let browser = setting.browser.session();
        let page = Page::open_as(&browser, &opening.setup, case.timeout.0).await?;
        let mut visit = Visit::of(case, setting, page, url, purpose);
        let mut cookies = opening.cookies;
        let mut storages = opening.storages;
        if let Some(state) = session {
            cookies.extend(state.cookies.iter().cloned());
            // What the case itself says comes last, and holds.
            storages.splice(0..0, state.origins.iter().cloned());
        }
        let started = visit.start(&cookies, &storages, opening.is_offline).await;
        visit.started(started).await
    }

    fn of(
        case: &'a Case,
        setting: &'a Setting<'a>,
        page: Page,
        url: String,
        purpose: Purpose,
    ) -> Visit<'a> {
        Visit {
            case,
            setting,
            page,
            url,
            notes: Vec::new(),
            evidence: None,
            waited: Duration::ZERO,
            purpose,
            shares: false,
        }
    }

    async fn started(self, started: Result<(), RunError>) -> Result<Visit<'a>, RunError> {
        match started {
            Ok(()) => Ok(self),
            Err(error) => {
                self.page.close().await;
                Err(error)
            }
        }
    }

    async fn start(
        &mut self,
        cookies: &[serde_json::Value],
        storages: &[crate::browser::emulate::OriginStorage],
        is_offline: bool,
    ) -> Result<(), RunError> {
        let timeout = self.case.timeout.0;
        self.page.set_cookies(cookies).await?;
        let filling = self.page.fill_storages(storages).await?;
        match &self.case.target {
            Target::Url(_) => {
                let opened = self.page.goto(&self.url, timeout).await;
                self.check_status(opened)?;
                self.check_origin(&self.url)?;
            }
            Target::Html(html) => self.page.set_html(&html.value, timeout).await?,
        }
        self.page.stop_filling_storages(filling).await?;
        if is_offline {
            self.page.set_offline(true).await?;
        }
        self.settle(Certainty::Usual).await?;
        if self.case.scroll == Scroll::Through {
            self.scroll_through().await?;
        }
        if self.purpose == Purpose::Look && !self.case.steps.is_empty() {
            self.check_opened().await?;
        }
        Ok(())
    }

    /// An HTTP error is not the page that was asked for.
    pub(super) fn check_status(&self, opened: Result<(), PageError>) -> Result<(), RunError> {
        match opened {
            Err(PageError::HttpStatus { .. }) if self.may(Allowed::HttpError) => Ok(()),
            Err(PageError::HttpStatus { url, status }) => {
                Err(Doubt::HttpError { url, status }.into())
            }
            opened => Ok(opened?),
        }
    }

    fn may(&self, allowed: Allowed) -> bool {
        self.case.allow.contains(&allowed)
    }

    /// Whether the page that steps are to be done to is the one that was asked for. What is not yet
    /// there may come by them.
    async fn check_opened(&self) -> Result<(), RunError> {
        let moment = self.look().await?;
        self.doubt(&moment, &[Allowed::NoContent, Allowed::FailedFrames])?;
        source::check(self.case, &moment.whole)
    }

    /// Whether what is to be judged is a page at all. Steps may lead anywhere, to a login too.
    pub(super) fn check_moment(&self, moment: &Moment) -> Result<(), RunError> {
        if !self.case.steps.is_empty() {
            return self.doubt(moment, &[Allowed::Login]);
        }
        self.doubt(moment, &[])?;
        source::check(self.case, &moment.whole)
    }

    fn doubt(&self, moment: &Moment, more: &[Allowed]) -> Result<(), RunError> {
        let mut allowed = self.case.allow.clone();
        allowed.extend(more);
        let response = self.page.response();
        let document = moment.capture.documents.first().map(|one| &one.document);
        let asks_password = document.is_some_and(|document| {
            let mut nodes = document.ids();
            nodes.any(|node| document.input_type(node) == "password")
        });
        let came = doubt::Came {
            asked: &self.url,
            url: response.as_ref().map(|response| response.url.as_str()),
            tree: &moment.whole,
            asks_password,
            failed_frames: &self.page.failed_frames(),
        };
        match doubt::doubt(came, &allowed) {
            Some(doubt) => Err(doubt.into()),
            None => Ok(()),
        }
    }

    pub(super) async fn close(self) {
        self.page.close().await;
    }

    /// Leaves the page after all is done. Another page may follow in its browser context where no work
    /// goes on and nothing is left there.
    pub(super) async fn leave(self) {
        if self.shares && self.notes.is_empty() {
            self.page.leave(self.setting.browser, &self.url).await;
        } else {
            self.close().await;
        }
    }

    /// Waits until the page is finished.
    pub(super) async fn settle(&mut self, certainty: Certainty) -> Result<(), RunError> {
        let settling = Settling {
            deadline: Instant::now() + self.case.timeout.0,
            certainty,
            stops_animations: self.case.animations == Animations::Stop,
        };
        let tree = || -> TreeText<'_> { Box::pin(self.tree_text()) };
        match self.page.settle(settling, tree).await? {
            Settled::Finished {
                evidence,
                not_waited_for,
                waited,
            } => {
                self.waited += waited;
                self.evidence = Some(evidence);
                self.note(not_waited_for);
                Ok(())
            }
            Settled::Changing(what) => self.restless(what),
            Settled::Unfinished(what) if self.case.settle == Settle::Relaxed => {
                self.note(what);
                Ok(())
            }
            Settled::Unfinished(what) => Err(RunError::Unfinished {
                url: self.shown_url(),
                patience: self.case.timeout.0,
                what: what.join(", "),
            }),
        }
    }

    /// Scrolls to the end of the page and back, and waits at each window.
    async fn scroll_through(&mut self) -> Result<(), RunError> {
        let mut is_end = false;
        for _ in 0..most_windows() {
            is_end = self.page.scroll(ScrollStep::Next).await?;
            self.settle(Certainty::Usual).await?;
            // What came at the end may have made the page longer.
            if is_end {
                is_end = self.page.scroll(ScrollStep::Next).await?;
            }
            if is_end {
                break;
            }
        }
        if !is_end {
            self.notes.push(format!(
                "the page is longer than {} windows, and was not scrolled further",
                most_windows()
            ));
        }
        self.page.scroll(ScrollStep::Start).await?;
        self.settle(Certainty::Usual).await
    }

    /// Decides what becomes of a page whose tree changes all the time.
    pub(super) fn restless(&mut self, what: Vec<String>) -> Result<(), RunError> {
        if self.case.settle == Settle::Relaxed {
            self.note(what);
            return Ok(());
        }
        Err(RunError::NeverSettles {
            url: self.shown_url(),
            what: what.join(", "),
        })
    }

    /// The page's address as messages name it.
    fn shown_url(&self) -> String {
        match self.page.url() {
            url if url.is_empty() || url == "about:blank" => "the page of `html`".to_owned(),
            url => url,
        }
    }

    fn note(&mut self, what: Vec<String>) {
        for what in what {
            let note = format!("not waited for, because it may never end: {what}");
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// The text of the page's tree. An error may be that of a document which is just being left.
    async fn tree_text(&self) -> Option<String> {
        let tree = self.masked_tree().await.ok()?;
        Some(snapshot::write(&tree, Rendering::default()))
    }

    async fn masked_tree(&self) -> Result<Tree, RunError> {
        let mut tree = self.look().await?.whole;
        self.mask(&mut tree);
        Ok(tree)
    }

    /// Takes out of a tree what the case masks, and what is secret.
    pub(super) fn mask(&self, tree: &mut Tree) {
        self.case.rules.apply(tree);
        mask_tree(tree, self.setting.secrets);
    }

    /// The page as it is now; when it is just making way for another, that one.
    pub(super) async fn look(&self) -> Result<Moment, RunError> {
        let deadline = Instant::now() + self.case.timeout.0;
        loop {
            match self.try_look().await {
                Err(error) if error.is_of_document() && Instant::now() < deadline => {
                    self.page.next_change().await?;
                }
                looked => return looked,
            }
        }
    }

    async fn try_look(&self) -> Result<Moment, RunError> {
        let case = self.case;
        let wanted = CaptureOptions {
            layout: case.shape != Shape::Test || case.additions.frames,
            rects: false,
        };
        let live = self.page.capture_live(wanted, case.shadow).await?;
        let capture = Capture::from_facts(live.facts)?;
        let request = Request {
            shape: case.shape,
            ..Request::default()
        };
        let whole = aria::snapshot_with(&capture, request, case.additions)?;
        Ok(Moment {
            capture,
            elements: live.elements,
            whole,
            shape: case.shape,
            additions: case.additions,
        })
    }

    /// A login form or a parked domain is not the page that was asked for.
    pub(super) fn check_origin(&self, url: &str) -> Result<(), RunError> {
        let Some(response) = self.page.response() else {
            return Ok(());
        };
        if self.purpose == Purpose::SignIn || self.may(Allowed::OtherOrigin) {
            return Ok(());
        }
        let origin = |url: &str| url::Url::parse(url).ok().map(|url| url.origin());
        if origin(&response.url) == origin(url) {
            return Ok(());
        }
        Err(Doubt::OtherOrigin {
            from: url.to_owned(),
            to: response.url,
        }
        .into())
    }

    /// Does all steps of a session, and gives what they leave.
    pub(super) async fn log_in(&mut self) -> Result<StorageState, RunError> {
        for at in 0..self.case.steps.len() {
            self.step(at).await?;
        }
        Ok(self.page.storage_state().await?)
    }
}

/// The address to open; empty for markup.
fn address(case: &Case, setting: &Setting<'_>) -> Result<String, RunError> {
    match &case.target {
        Target::Url(reference) => resolve(&reference.value, setting),
        Target::Html(_) => Ok(String::new()),
    }
}

/// A reference as a whole URL.
pub(super) fn resolve(reference: &str, setting: &Setting<'_>) -> Result<String, RunError> {
    complete(reference, setting.site).map(String::from)
}

/// The whole URL of a reference of the site, or of an address that needs none.
pub(super) fn complete(reference: &str, site: Option<&Site>) -> Result<url::Url, RunError> {
    let resolved = match site {
        Some(site) => site.resolve(reference),
        None => url::Url::parse(reference),
    };
    resolved.map_err(|error| RunError::Address {
        reference: reference.to_owned(),
        reason: error.to_string(),
    })
}
