//! Gathers what shows why a snapshot is pending, while its page is still open.

use std::sync::Arc;

use super::locate::Moment;
use super::masking::has_secrets;
use super::visit::Visit;
use crate::aria::Tree;
use crate::aria::tree::{Rect, Source};
use crate::baseline::BaselinePath;
use crate::browser::evidence::{Described, PageImage, PagePart};
use crate::compare::{Change, Match};
use crate::dom::{Capture, NodeId};
use crate::store::evidence::{
    ChangedNode, Evidence, Picture, RECORD_VERSION, Record, Screenshot, fingerprint,
};
use crate::store::{Store, StoreError};

const SCREENSHOT: &str = "page.jpg";

/// What is to be seen of a node that is taller, in CSS pixels.
const TALL: i32 = 200;

/// What was seen of a page beside its tree.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) evidence: Evidence,
    pub(super) tree: Tree,
    shot: Option<Arc<PageImage>>,
}

/// What evidence says of all snapshots of a case.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) case: String,
    pub(super) url: String,
    pub(super) browser: String,
    pub(super) viewport: (u32, u32),
    pub(super) matching: Match,
}

impl Visit<'_> {
    /// For each change its node, as far as nothing secret is seen in it. A page that refuses gives
    /// less evidence, not another verdict.
    pub(super) async fn changed_nodes(
        &self,
        moment: &Moment,
        changes: &[Change],
    ) -> Vec<Option<ChangedNode>> {
        let in_page = |change: &Change| in_page(&moment.capture, change.element?);
        let elements: Vec<Option<NodeId>> = changes.iter().map(in_page).collect();
        match self.page.describe(&elements).await {
            Ok(nodes) => nodes
                .into_iter()
                .map(|node| Some(self.changed_node(node?)))
                .collect(),
            Err(_) => vec![None; changes.len()],
        }
    }

    fn changed_node(&self, node: Described) -> ChangedNode {
        let secrets = self.setting.secrets;
        ChangedNode {
            selector: secrets.mask(&node.selector),
            html: secrets.mask(&node.html),
            rect: node.rect.map(|[x, y, width, height]| Rect {
                x,
                y,
                width,
                height,
            }),
        }
    }

    /// The page as it looks; `None` where it shows a secret, which no file is to hold, and where it
    /// refuses.
    pub(super) async fn picture(&self, moment: &Moment, part: PagePart) -> Option<PageImage> {
        if has_secrets(&moment.whole, self.setting.secrets) {
            return None;
        }
        self.page.screenshot(part).await.ok()
    }
}

/// The part of the page that changes are in, of tall nodes where they begin. All of it where there is
/// nothing to compare it with, and its beginning where none of the changed nodes takes room.
pub(super) fn part_of(shown: &[Vec<Option<ChangedNode>>]) -> PagePart {
    if shown.iter().any(Vec::is_empty) {
        return PagePart::Whole;
    }
    let nodes = shown.iter().flatten().flatten();
    let rects = nodes.filter_map(|node| node.rect);
    let heights = rects.map(|rect| (rect.y, rect.y.saturating_add(rect.height.min(TALL))));
    let joined = heights.reduce(|(top, bottom), other| (top.min(other.0), bottom.max(other.1)));
    let (top, bottom) = joined.unwrap_or_default();
    PagePart::Between(top, bottom)
}

/// The element of the page's own document that is the node, or holds the frame that it is in.
fn in_page(capture: &Capture, source: Source) -> Option<NodeId> {
    let (mut document, mut element) = (source.frame as usize, source.element);
    while document != 0 {
        (document, element) = capture.documents.get(document)?.place.owner?;
    }
    Some(element)
}

impl Seen {
    pub(super) fn new(
        origin: &Origin,
        tree: Tree,
        nodes: Vec<Option<ChangedNode>>,
        shot: Option<Arc<PageImage>>,
    ) -> Seen {
        Seen {
            evidence: Evidence {
                case: origin.case.clone(),
                url: origin.url.clone(),
                browser: origin.browser.clone(),
                viewport: origin.viewport,
                matching: origin.matching,
                nodes,
                screenshot: shot.as_ref().map(|shot| Screenshot {
                    file: SCREENSHOT.into(),
                    top: shot.top,
                    width: shot.width,
                    height: shot.height,
                    page_height: shot.page_height,
                }),
            },
            tree,
            shot,
        }
    }

    /// Writes the evidence beside the pending text; the value for reports.
    pub(super) fn keep(
        self,
        store: &Store,
        path: &BaselinePath,
        pending: &str,
        changes: &[Change],
        shared: Option<BaselinePath>,
    ) -> Result<Evidence, StoreError> {
        let record = Record {
            version: RECORD_VERSION,
            pending: fingerprint(pending),
            shared,
            evidence: self.evidence,
            changes: changes.to_vec(),
            rejected: Vec::new(),
        };
        let picture = self.shot.as_ref().map(|shot| Picture {
            name: SCREENSHOT,
            bytes: &shot.bytes,
        });
        store.write_evidence(path, &record, &self.tree, picture)?;
        let mut evidence = record.evidence;
        if let Some(screenshot) = &mut evidence.screenshot {
            screenshot.file = store.evidence_folder(path).join(&screenshot.file);
        }
        Ok(evidence)
    }
}
