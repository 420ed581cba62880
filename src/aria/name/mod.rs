//! The accessible name: <https://www.w3.org/TR/accname-1.2/#computation-steps>, one function per step.
//!
//! All steps append to one buffer, and a step that finds nothing removes what it appended. So text is
//! never copied between steps.

mod content;
mod embedded;
mod native;

use super::Role;
use super::computed::Computed;
use super::white_space::normalize_white_space;
use crate::dom::{Attribute, NodeId, ecmascript};

/// The stack that one level of the recursion must find, and what is added otherwise.
const STACK_LEFT: usize = 128 << 10;
const STACK_ADDED: usize = 4 << 20;

/// A name and the elements that gave its text.
#[derive(Debug, Default)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) contributors: Vec<NodeId>,
}

/// How the computation reached an element.
#[derive(Debug, Clone, Copy, Default)]
struct Traversal {
    target: Option<Target>,
    /// Inside an element that `aria-labelledby` references.
    labelled_by: Option<Reference>,
    /// Inside a `label`.
    label: Option<Reference>,
    /// Inside a `legend`, `caption`, `figcaption`.
    native: Option<Reference>,
}

/// The element to name, or an element inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Itself,
    Descendant,
}

/// A reference to an element. A hidden element counts too.
#[derive(Debug, Clone, Copy)]
struct Reference {
    hidden: bool,
}

impl Traversal {
    fn of_labelled_by(reference: Reference) -> Traversal {
        Traversal {
            labelled_by: Some(reference),
            ..Traversal::default()
        }
    }

    fn inside(self) -> Traversal {
        Traversal {
            target: self.target.map(|_| Target::Descendant),
            ..self
        }
    }

    fn is_in_hidden_reference(self) -> bool {
        [self.labelled_by, self.label, self.native]
            .into_iter()
            .flatten()
            .any(|reference| reference.hidden)
    }
}

/// Whether a step determined the text of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Settled,
    Open,
}

/// Computes names within one document.
pub(super) struct Namer<'c, 'd> {
    computed: &'c Computed<'d>,
    /// The computation that last visited each node.
    visited: Vec<u32>,
    computation: u32,
    text: String,
    contributors: Vec<NodeId>,
}

impl<'c, 'd> Namer<'c, 'd> {
    pub(super) fn new(computed: &'c Computed<'d>) -> Namer<'c, 'd> {
        Namer {
            computed,
            visited: vec![0; computed.document.len()],
            computation: 0,
            text: String::new(),
            contributors: Vec::new(),
        }
    }

    /// Computes the name of an element with that role, with normalised white space.
    pub(super) fn name(&mut self, element: NodeId, role: Option<Role>) -> Name {
        if role.is_some_and(Role::prohibits_name) {
            return Name::default();
        }
        self.computation += 1;
        self.text.clear();
        self.contributors.clear();
        let target = Traversal {
            target: Some(Target::Itself),
            ..Traversal::default()
        };
        self.text_alternative(element, target);
        Name {
            text: normalize_white_space(&self.text),
            contributors: std::mem::take(&mut self.contributors),
        }
    }

    /// Computes the description of an element with that name: <https://www.w3.org/TR/accname-1.2/#computation-steps-description>
    pub(super) fn description(&mut self, element: NodeId, name: &str) -> String {
        let document = self.computed.document;
        let referred = self.referred(element, Attribute::AriaDescribedby);
        if !referred.is_empty() {
            return referred;
        }
        [Attribute::AriaDescription, Attribute::Title]
            .into_iter()
            .filter_map(|attribute| document.attribute(element, attribute))
            .map(normalize_white_space)
            .find(|text| !text.is_empty() && text != name)
            .unwrap_or_default()
    }

    /// Computes the text of the elements that an attribute references, including hidden ones.
    pub(super) fn referred(&mut self, element: NodeId, attribute: Attribute) -> String {
        let document = self.computed.document;
        let Some(ids) = document.attribute(element, attribute) else {
            return String::new();
        };
        let scope = document.scope(element);
        self.computation += 1;
        self.text.clear();
        self.contributors.clear();
        for id in ids.split(ecmascript::is_white_space) {
            if let Some(target) = document.element_by_id(scope, id) {
                self.text.push(' ');
                let traversal = Traversal::of_labelled_by(self.reference(target));
                self.text_alternative(target, traversal);
            }
        }
        normalize_white_space(&self.text)
    }

    fn is_visited(&self, element: NodeId) -> bool {
        self.visited[element.index()] == self.computation
    }

    fn visit(&mut self, element: NodeId) {
        self.visited[element.index()] = self.computation;
    }

    /// Appends the text alternative of an element.
    fn text_alternative(&mut self, element: NodeId, traversal: Traversal) {
        // The specification defines a recursion, and pages can be nested deeper than the stack.
        stacker::maybe_grow(STACK_LEFT, STACK_ADDED, || {
            self.compute(element, traversal);
        });
    }

    fn compute(&mut self, element: NodeId, traversal: Traversal) {
        self.computed.look_at(element);
        if self.is_visited(element) || self.skip_hidden(element, traversal) == Step::Settled {
            return;
        }
        if self.labelled_by(element, traversal) == Step::Settled
            || self.embedded_control(element, traversal) == Step::Settled
            || self.aria_label(element) == Step::Settled
            || self.native_text(element, traversal) == Step::Settled
            || self.name_from_content(element, traversal) == Step::Settled
        {
            return;
        }
        self.title(element);
    }

    /// Step 2A: a hidden element has no name, unless it is referenced.
    fn skip_hidden(&mut self, element: NodeId, traversal: Traversal) -> Step {
        let ignored = super::visibility::is_ignored(self.computed.document, element);
        let hidden = !traversal.is_in_hidden_reference() && self.computed.is_hidden(element);
        if ignored || hidden {
            self.visit(element);
            return Step::Settled;
        }
        Step::Open
    }

    /// Step 2B: `aria-labelledby`, not followed twice.
    fn labelled_by(&mut self, element: NodeId, traversal: Traversal) -> Step {
        if traversal.labelled_by.is_some() {
            return Step::Open;
        }
        let document = self.computed.document;
        let references = document.labelled_by_elements(element).unwrap_or_default();
        let start = self.mark();
        for (at, reference) in references.iter().enumerate() {
            if at > 0 {
                self.text.push(' ');
            }
            let traversal = Traversal::of_labelled_by(self.reference(*reference));
            self.text_alternative(*reference, traversal);
        }
        self.settled_if_text(start)
    }

    /// Step 2D: `aria-label`.
    fn aria_label(&mut self, element: NodeId) -> Step {
        let document = self.computed.document;
        match document.attribute(element, Attribute::AriaLabel) {
            Some(label) if !ecmascript::trim(label).is_empty() => self.settle(element, label),
            _ => Step::Open,
        }
    }

    /// Step 2I: the tooltip.
    fn title(&mut self, element: NodeId) {
        let document = self.computed.document;
        let role = self.computed.role(element);
        let is_frame = matches!(
            document.tag(element),
            crate::dom::Tag::IFrame | crate::dom::Tag::Frame
        );
        self.visit(element);
        if role.is_some_and(Role::is_presentational) && !is_frame {
            return;
        }
        if let Some(title) = document.attribute(element, Attribute::Title)
            && !ecmascript::trim(title).is_empty()
        {
            self.push(element, title);
        }
    }

    fn reference(&self, element: NodeId) -> Reference {
        Reference {
            hidden: self.computed.is_hidden(element),
        }
    }

    /// Appends a text of the element itself.
    fn push(&mut self, element: NodeId, text: &str) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.contributors.push(element);
        }
    }

    fn settle(&mut self, element: NodeId, text: &str) -> Step {
        self.visit(element);
        self.push(element, text);
        Step::Settled
    }

    fn attribute_text(&self, element: NodeId, attribute: Attribute) -> &'d str {
        let document = self.computed.document;
        document.attribute(element, attribute).unwrap_or_default()
    }

    fn mark(&self) -> Mark {
        Mark {
            text: self.text.len(),
            contributors: self.contributors.len(),
        }
    }

    fn take_back(&mut self, mark: Mark) {
        self.text.truncate(mark.text);
        self.contributors.truncate(mark.contributors);
    }

    fn settled_if_text(&mut self, start: Mark) -> Step {
        if self.text.len() > start.text {
            return Step::Settled;
        }
        self.take_back(start);
        Step::Open
    }
}

/// The lengths of the buffers when a step began.
#[derive(Debug, Clone, Copy)]
struct Mark {
    text: usize,
    contributors: usize,
}
