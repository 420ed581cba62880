//! One case: its page is opened, brought to rest, captured once, and every snapshot judged.

use std::time::Instant;

use super::evidence::{self, Origin};
use super::verdict::Verdict;
use super::{CaseReport, Doubt, Outcome, RunError, Setting, SnapshotReport, Update};
use super::{doubt, source};
use crate::aria::locator::{LocateError, Locator};
use crate::aria::tree::Source;
use crate::aria::{self, Request, Tree};
use crate::browser::capture::Wanted;
use crate::browser::page::{Page, PageError, Viewport};
use crate::dom::Capture;
use crate::error::Spanned;
use crate::site::Site;
use crate::spec::{Allowed, Case, Shape, SnapshotRequest, Target};

pub(super) async fn run_case(case: &Case, setting: &Setting<'_>) -> CaseReport {
    let started = Instant::now();
    let (url, judged) = match address(case, setting.site) {
        Ok(url) => {
            let judged = visit(case, &url, setting).await;
            (url, judged)
        }
        Err(error) => (String::new(), Err(error)),
    };
    let report = |(request, verdict): (&SnapshotRequest, Verdict)| SnapshotReport {
        path: request.baseline.clone(),
        outcome: verdict.keep(&request.baseline, setting),
    };
    let snapshots = match judged {
        Ok(verdicts) => case.snapshots.iter().zip(verdicts).map(report).collect(),
        // Told once: what is wrong with a page is not wrong with each of its snapshots again.
        Err(error) => case
            .snapshots
            .first()
            .map(|request| SnapshotReport {
                path: request.baseline.clone(),
                outcome: Outcome::Failed(error.of_browser(&setting.browser.version).into()),
            })
            .into_iter()
            .collect(),
    };
    CaseReport {
        name: case.title(),
        url,
        snapshots,
        elapsed: started.elapsed(),
    }
}

/// The address to open; empty for markup.
fn address(case: &Case, site: Option<&Site>) -> Result<String, RunError> {
    match &case.target {
        Target::Url(reference) => complete(&reference.value, site).map(String::from),
        Target::Html(_) => Ok(String::new()),
    }
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

async fn visit(case: &Case, url: &str, setting: &Setting<'_>) -> Result<Vec<Verdict>, RunError> {
    let viewport = Viewport {
        width: case.viewport.width,
        height: case.viewport.height,
    };
    let browser = setting.browser.session();
    let mut page = Page::open(&browser, viewport, case.timeout.0).await?;
    let verdicts = look(case, url, setting, &mut page).await;
    page.close().await;
    verdicts
}

async fn look(
    case: &Case,
    url: &str,
    setting: &Setting<'_>,
    page: &mut Page,
) -> Result<Vec<Verdict>, RunError> {
    let timeout = case.timeout.0;
    match &case.target {
        Target::Url(_) => {
            match page.goto(url, timeout).await {
                Err(PageError::HttpStatus { url, status }) => {
                    if !case.allow.contains(&Allowed::HttpError) {
                        return Err(Doubt::HttpError { url, status }.into());
                    }
                }
                opened => opened?,
            }
            check_origin(case, page, url)?;
        }
        Target::Html(html) => page.set_html(&html.value, timeout).await?,
    }
    settle(page, case, url).await?;
    let (_, verdicts) = judge_all(case, url, setting, page).await?;
    if !verdicts.iter().any(Verdict::may_change) {
        return Ok(verdicts);
    }
    // What differs is looked at again: the page may have been about to change.
    settle(page, case, url).await?;
    let (capture, mut verdicts) = judge_all(case, url, setting, page).await?;
    if setting.update == Update::Never {
        see(case, url, setting, page, &capture, &mut verdicts).await;
    }
    Ok(verdicts)
}

/// Looks at the changed nodes while the page is open.
async fn see(
    case: &Case,
    url: &str,
    setting: &Setting<'_>,
    page: &Page,
    capture: &Capture,
    verdicts: &mut [Verdict],
) {
    let origin = Origin {
        case: case.title(),
        url: url.to_owned(),
        browser: setting.browser.version.clone(),
        viewport: (case.viewport.width, case.viewport.height),
        matching: case.matching,
    };
    for verdict in verdicts {
        if let Some((tree, changes, seen)) = verdict.shown_mut() {
            let tree = tree.clone();
            *seen = Some(evidence::gather(page, capture, &origin, tree, changes).await);
        }
    }
}

async fn settle(page: &Page, case: &Case, url: &str) -> Result<(), RunError> {
    if page.settle(case.timeout.0).await? {
        return Ok(());
    }
    Err(RunError::NeverSettles {
        url: url.to_owned(),
        patience: case.timeout.0,
    })
}

async fn judge_all(
    case: &Case,
    url: &str,
    setting: &Setting<'_>,
    page: &Page,
) -> Result<(Capture, Vec<Verdict>), RunError> {
    let capture = capture(page, case).await?;
    let whole = aria::snapshot_with(&capture, request(case.shape, None), case.additions);
    let response = page.response();
    let came = doubt::Came {
        asked: url,
        url: response.as_ref().map(|response| response.url.as_str()),
        tree: &whole,
        failed_frames: &page.failed_frames(),
    };
    if let Some(doubt) = doubt::doubt(came, &case.allow) {
        return Err(doubt.into());
    }
    source::check(case, &whole)?;
    let verdict = |snapshot: &SnapshotRequest| {
        let of = |tree| Verdict::of(tree, &snapshot.baseline, case.matching, setting);
        match snapshot.locator.as_ref().or(case.root.as_ref()) {
            None => of(Ok(&whole)),
            Some(locator) => match part(&capture, case, &whole, locator) {
                Ok(tree) => of(Ok(&tree)),
                Err(error) => of(Err(error)),
            },
        }
    };
    let verdicts = case.snapshots.iter().map(verdict).collect();
    Ok((capture, verdicts))
}

/// The tree of the one node that a locator finds.
fn part(
    capture: &Capture,
    case: &Case,
    whole: &Tree,
    locator: &Spanned<String>,
) -> Result<Tree, RunError> {
    let locate = |error| RunError::Locate {
        place: locator.place.to_string(),
        error,
    };
    let parsed = Locator::parse(&locator.value).map_err(|_| {
        // Specs with locators that cannot be read are refused before anything runs.
        locate(LocateError::Css {
            locator: locator.value.clone(),
        })
    })?;
    let node = parsed.resolve(whole).map_err(locate)?;
    let request = request(case.shape, node.source);
    Ok(aria::snapshot_with(capture, request, case.additions))
}

fn request(shape: Shape, root: Option<Source>) -> Request {
    Request {
        shape,
        root,
        ..Request::default()
    }
}

async fn capture(page: &Page, case: &Case) -> Result<Capture, RunError> {
    let wanted = Wanted {
        layout: case.shape != Shape::Test || case.additions.frames,
        rects: false,
    };
    let facts = page.capture_with(wanted, case.shadow).await?;
    Ok(Capture::from_facts(facts)?)
}

/// A login form or a parked domain is not the page that was asked for.
fn check_origin(case: &Case, page: &Page, url: &str) -> Result<(), RunError> {
    let Some(response) = page.response() else {
        return Ok(());
    };
    if case.allow.contains(&Allowed::OtherOrigin) {
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
