//! The element of a step: looked for until it is there and can be acted upon.

use std::time::{Duration, Instant};

use super::failure::Failed;
use crate::aria::Locator;
use crate::aria::locator::LocateError;
use crate::browser::steps::{Needs, NotActionable, Point, Readiness};
use crate::browser::world::Element;
use crate::run::locate::{Moment, locate, name_of};
use crate::run::visit::Visit;
use crate::source::Spanned;

/// An element that can be acted upon.
pub(super) struct Found {
    pub(super) element: Element,
    /// Where the pointer hits it, where that was asked for.
    pub(super) point: Point,
}

/// What a look came to.
enum Look {
    Found(Found),
    /// It may come.
    Missing(LocateError),
    /// It went away in the middle.
    Vanished,
}

impl Visit<'_> {
    /// Whether a locator finds something.
    pub(super) async fn is_there(&self, locator: &Spanned<Locator>) -> Result<bool, Failed> {
        let moment = self.look().await?;
        Ok(match locate(&locator.value, &moment).await? {
            Ok(_) | Err(LocateError::Ambiguous { .. }) => true,
            Err(LocateError::NotFound { .. } | LocateError::Css { .. }) => false,
        })
    }

    /// The one element that a locator finds, as soon as it can be acted upon.
    pub(super) async fn find(
        &self,
        locator: &Spanned<Locator>,
        needs: Needs,
    ) -> Result<Found, Failed> {
        let deadline = Instant::now() + self.case.timeout.0;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let look = match self.try_find(locator, needs, left).await {
                // The document that it was in is being replaced.
                Err(failed) if failed.is_of_document() => Look::Vanished,
                look => look?,
            };
            let is_over = Instant::now() >= deadline;
            match look {
                Look::Found(found) => return Ok(found),
                Look::Missing(error) if is_over => return Err(Failed::missing(&error)),
                Look::Vanished if is_over => {
                    return Err(Failed::because("it disappeared from the page before it could be used")
                        .with_help("add a step before this one that waits for the page, such as `wait-for: {gone: progressbar}`"));
                }
                Look::Missing(_) | Look::Vanished => self.page.next_change().await?,
            }
        }
    }

    async fn try_find(
        &self,
        locator: &Spanned<Locator>,
        needs: Needs,
        left: Duration,
    ) -> Result<Look, Failed> {
        let moment = self.look().await?;
        let source = match locate(&locator.value, &moment).await? {
            Ok(source) => source,
            Err(error @ LocateError::NotFound { .. }) => return Ok(Look::Missing(error)),
            Err(error) => return Err(Failed::missing(&error)),
        };
        let document = source.frame as usize;
        let element = moment.elements.element(document, source.element).await?;
        let Some(element) = element else {
            return Ok(Look::Vanished);
        };
        let nothing_needed = !(needs.enabled || needs.editable || needs.hit);
        if nothing_needed {
            let point = Point { x: 0.0, y: 0.0 };
            return Ok(Look::Found(Found { element, point }));
        }
        match moment
            .elements
            .ready(document, &element, needs, left)
            .await?
        {
            Readiness::Ready(point) => Ok(Look::Found(Found { element, point })),
            Readiness::Gone => Ok(Look::Vanished),
            Readiness::Not(obstacle) => Err(not_actionable(&obstacle, &moment)),
        }
    }
}

fn not_actionable(obstacle: &NotActionable, moment: &Moment) -> Failed {
    match obstacle {
        NotActionable::Hidden => Failed::because("it is not visible"),
        NotActionable::Disabled => Failed::because("it is disabled"),
        NotActionable::ReadOnly => Failed::because("it is read-only"),
        NotActionable::Moving => Failed::because("it keeps moving")
            .with_help("set `animations: stop` in the spec to skip animations"),
        NotActionable::Outside => {
            Failed::because("it is outside the window and cannot be scrolled into view")
                .with_help("try a larger `viewport`")
        }
        NotActionable::Covered {
            document,
            chain,
            tag,
        } => {
            let what = name_of(chain, *document, moment).unwrap_or_else(|| tag.clone());
            Failed::because(format!("it is covered by {what}"))
                .with_help("first close what covers it")
        }
    }
}

impl Failed {
    /// Whether a document went away, which another may follow.
    fn is_of_document(&self) -> bool {
        match self {
            Failed::Error(error) => error.is_of_document(),
            Failed::Because { .. } => false,
        }
    }
}
