//! The documents of a page and its frames.

use serde::{Deserialize, Serialize};

use super::{Document, Facts, FactsError, NodeId};

/// The documents of a page and its frames.
#[derive(Debug, Default)]
pub struct Capture {
    /// The page's own document first, then those of its frames, level by level.
    pub documents: Vec<FrameDocument>,
}

/// The document of a page or frame.
#[derive(Debug)]
#[allow(missing_docs, reason = "the types say it")]
pub struct FrameDocument {
    pub document: Document,
    pub place: FramePlace,
}

/// The place of a document in a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FramePlace {
    /// How many frames the page had before this one; 0 for the page itself.
    pub sequence: u32,
    /// The document (index in [`Capture::documents`]) and the element that hold the frame.
    pub owner: Option<(usize, NodeId)>,
}

/// A capture as it is sent and stored.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct CaptureFacts {
    /// As [`Capture::documents`].
    pub documents: Vec<(FramePlace, Facts)>,
}

impl Capture {
    /// Builds the documents.
    pub fn from_facts(facts: CaptureFacts) -> Result<Capture, FactsError> {
        let document = |(place, facts)| {
            let document = Document::from_facts(facts)?;
            Ok(FrameDocument { document, place })
        };
        let documents = facts.documents.into_iter().map(document);
        Ok(Capture {
            documents: documents.collect::<Result<_, _>>()?,
        })
    }
}

/// Which shadow roots are captured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shadow {
    /// Those that scripts of the page can read, as Playwright does.
    #[default]
    Open,
    /// Closed ones too: assistive technology gets their content like any other.
    All,
}
