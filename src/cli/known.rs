//! The baselines that the specs use, as far as ariasnap knows them without asking a server.

use std::collections::BTreeSet;

use crate::baseline::BaselinePath;
use crate::run;
use crate::site::certificates::Trust;
use crate::site::{Server, Site};
use crate::spec::{Collection, Config, Secrets, SiteConfig, Specs};
use crate::store::Listing;

use super::browser;
use super::exit::Failure;

/// The snapshots of the specs.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) cases: usize,
    /// The baselines of their snapshots.
    pub(super) paths: BTreeSet<BaselinePath>,
    /// Collections whose pages only the running site knows.
    open: Vec<Collection>,
}

impl Known {
    /// Expands sitemaps and crawls too if the site is a folder, which is served for that.
    pub(super) fn of(specs: Specs, config: &Config) -> Result<Known, Failure> {
        let mut open: Vec<Collection> = specs.collections().cloned().collect();
        let mut cases: Vec<_> = specs.cases().cloned().collect();
        if !open.is_empty()
            && let Some(SiteConfig::Dir {
                dir,
                fallback,
                base,
                ..
            }) = &config.site
            && dir.is_dir()
        {
            let expanded = browser::runtime()?.block_on(async {
                let server = Server::start_at(dir, fallback.as_deref(), base)
                    .await
                    .ok()?;
                Some(
                    run::expand(
                        specs,
                        Some(&Site::Dir(server)),
                        &Secrets::default(),
                        &Trust::Public,
                    )
                    .await,
                )
            });
            if let Some(expanded) = expanded {
                cases = expanded?.cases;
                open.clear();
            }
        }
        let snapshots = cases.iter().flat_map(|case| &case.snapshots);
        Ok(Known {
            cases: cases.len(),
            paths: snapshots.map(|one| one.baseline.clone()).collect(),
            open,
        })
    }

    /// Lists baselines that neither a case nor a page of a collection can use.
    pub(super) fn obsolete<'a>(
        &'a self,
        listing: &'a Listing,
    ) -> impl Iterator<Item = &'a BaselinePath> {
        listing
            .obsolete(&self.paths)
            .filter(|path| !self.open.iter().any(|one| one.may_own(path)))
    }

    /// Returns whether a case has the snapshot, or a page that a collection may have.
    pub(super) fn has(&self, path: &BaselinePath) -> bool {
        self.paths.contains(path) || self.open.iter().any(|one| one.may_own(path))
    }

    /// Names the collections whose pages are not known.
    pub(super) fn notes(&self, listing: &Listing) -> Vec<String> {
        let note = |collection: &Collection| {
            let all = listing.obsolete(&self.paths);
            let count = all.filter(|path| collection.may_own(path)).count();
            format!(
                "note: {} in {}: its pages are known only while the site runs; {count} baselines may belong to it",
                collection.title(),
                collection.pattern.place
            )
        };
        self.open.iter().map(note).collect()
    }
}
