//! Step 2E: names from the host language: <https://www.w3.org/TR/html-aam-1.0/#accessible-name-computations-by-html-element>
//! and <https://www.w3.org/TR/svg-aam-1.0/#mapping_additional_nd>.

use super::{Namer, Step, Traversal};
use crate::aria::Role;
use crate::dom::{Attribute, Namespace, NodeId, Tag, ecmascript};

impl Namer<'_, '_> {
    pub(super) fn native_text(&mut self, element: NodeId, traversal: Traversal) -> Step {
        let document = self.computed.document;
        let role = self.computed.role(element);
        if role.is_some_and(Role::is_presentational) {
            return Step::Open;
        }
        let tag = document.tag(element);
        if tag == Tag::Input {
            match document.input_type(element) {
                kind @ ("button" | "submit" | "reset") => return self.input_button(element, kind),
                "file" => return self.input_file(element, traversal),
                "image" => return self.input_image(element, traversal),
                _ => {}
            }
        }
        let is_labelled = document
            .labelled_by_elements(element)
            .is_some_and(|elements| !elements.is_empty());
        if !is_labelled {
            let step = self.unlabelled(element, tag, traversal);
            if step == Step::Settled {
                return step;
            }
        }
        match tag {
            Tag::Img | Tag::Area => return self.image(element),
            Tag::Table => {
                let step = self.table(element, traversal);
                if step == Step::Settled {
                    return step;
                }
            }
            _ => {}
        }
        self.svg(element, tag, traversal)
    }

    /// The steps for elements without a valid `aria-labelledby`.
    fn unlabelled(&mut self, element: NodeId, tag: Tag, traversal: Traversal) -> Step {
        match tag {
            Tag::Button => {
                self.visit(element);
                self.labels(element)
            }
            Tag::Output => {
                self.visit(element);
                match self.labels(element) {
                    Step::Settled => Step::Settled,
                    Step::Open => self.settle_attribute(element, Attribute::Title),
                }
            }
            Tag::TextArea | Tag::Select | Tag::Input | Tag::Meter | Tag::Progress => {
                self.visit(element);
                match self.labels(element) {
                    Step::Settled => Step::Settled,
                    Step::Open => self.title_or_placeholder(element, tag),
                }
            }
            Tag::FieldSet => self.first_child_or_title(element, Tag::Legend, traversal),
            Tag::Figure => self.first_child_or_title(element, Tag::FigCaption, traversal),
            _ => Step::Open,
        }
    }

    /// <https://www.w3.org/TR/html-aam-1.0/#input-type-button-input-type-submit-and-input-type-reset-accessible-name-computation>
    fn input_button(&mut self, element: NodeId, kind: &str) -> Step {
        let value = self.computed.document.value(element).unwrap_or_default();
        match kind {
            _ if !ecmascript::trim(value).is_empty() => self.settle(element, value),
            "submit" => self.settle(element, "Submit"),
            "reset" => self.settle(element, "Reset"),
            _ => self.settle_attribute(element, Attribute::Title),
        }
    }

    fn input_file(&mut self, element: NodeId, traversal: Traversal) -> Step {
        match self.labels_outside_labelled_by(element, traversal) {
            Step::Settled => Step::Settled,
            Step::Open => self.settle(element, "Choose File"),
        }
    }

    fn labels_outside_labelled_by(&mut self, element: NodeId, traversal: Traversal) -> Step {
        self.visit(element);
        match traversal.labelled_by {
            None => self.labels(element),
            Some(_) => Step::Open,
        }
    }

    /// <https://www.w3.org/TR/html-aam-1.0/#input-type-image-accessible-name-computation>
    fn input_image(&mut self, element: NodeId, traversal: Traversal) -> Step {
        if self.labels_outside_labelled_by(element, traversal) == Step::Settled {
            return Step::Settled;
        }
        for attribute in [Attribute::Alt, Attribute::Title] {
            let text = self.attribute_text(element, attribute);
            if !ecmascript::trim(text).is_empty() {
                return self.settle(element, text);
            }
        }
        self.settle(element, "Submit")
    }

    /// Appends the texts of the element's labels, including hidden ones. Settled if there is any label.
    fn labels(&mut self, element: NodeId) -> Step {
        let labels = self.computed.document.labels(element);
        if labels.is_empty() {
            return Step::Open;
        }
        let start = self.text.len();
        for label in labels {
            let mark = self.mark();
            if self.text.len() > start {
                self.text.push(' ');
            }
            let before = self.text.len();
            let traversal = Traversal {
                label: Some(self.reference(*label)),
                ..Traversal::default()
            };
            self.text_alternative(*label, traversal);
            if self.text.len() == before {
                self.take_back(mark);
            }
        }
        Step::Settled
    }

    /// <https://www.w3.org/TR/html-aam-1.0/#input-type-text-input-type-password-input-type-number-input-type-search-input-type-tel-input-type-email-input-type-url-and-textarea-element-accessible-name-computation>
    fn title_or_placeholder(&mut self, element: NodeId, tag: Tag) -> Step {
        let document = self.computed.document;
        let has_placeholder = match tag {
            Tag::TextArea => true,
            Tag::Input => matches!(
                document.input_type(element),
                "text" | "password" | "number" | "search" | "tel" | "email" | "url"
            ),
            _ => false,
        };
        let title = self.attribute_text(element, Attribute::Title);
        if has_placeholder && title.is_empty() {
            return self.settle_attribute(element, Attribute::Placeholder);
        }
        self.settle(element, title)
    }

    fn first_child_or_title(&mut self, element: NodeId, tag: Tag, traversal: Traversal) -> Step {
        self.visit(element);
        match self.first_child(element, tag) {
            Some(child) => self.native_child(child, traversal),
            None => self.settle_attribute(element, Attribute::Title),
        }
    }

    fn first_child(&self, element: NodeId, tag: Tag) -> Option<NodeId> {
        let document = self.computed.document;
        document
            .child_elements(element)
            .find(|child| document.tag(*child) == tag)
    }

    fn native_child(&mut self, child: NodeId, traversal: Traversal) -> Step {
        let inside = Traversal {
            native: Some(self.reference(child)),
            ..traversal.inside()
        };
        self.text_alternative(child, inside);
        Step::Settled
    }

    /// <https://www.w3.org/TR/html-aam-1.0/#img-element-accessible-name-computation>
    fn image(&mut self, element: NodeId) -> Step {
        let alternative = self.attribute_text(element, Attribute::Alt);
        if ecmascript::trim(alternative).is_empty() {
            return self.settle_attribute(element, Attribute::Title);
        }
        self.settle(element, alternative)
    }

    /// <https://www.w3.org/TR/html-aam-1.0/#table-element-accessible-name-computation>
    fn table(&mut self, element: NodeId, traversal: Traversal) -> Step {
        self.visit(element);
        if let Some(caption) = self.first_child(element, Tag::Caption) {
            return self.native_child(caption, traversal);
        }
        match self.attribute_text(element, Attribute::Summary) {
            "" => Step::Open,
            summary => self.settle(element, summary),
        }
    }

    /// <https://www.w3.org/TR/svg-aam-1.0/#mapping_additional_nd>
    fn svg(&mut self, element: NodeId, tag: Tag, traversal: Traversal) -> Step {
        let is_inside = self.is_inside_svg(element);
        if tag == Tag::Svg || is_inside {
            self.visit(element);
            let document = self.computed.document;
            let title = document
                .child_elements(element)
                .find(|child| document.tag(*child) == Tag::Title && self.is_inside_svg(*child));
            if let Some(title) = title {
                let inside = Traversal {
                    labelled_by: Some(self.reference(title)),
                    ..traversal.inside()
                };
                self.text_alternative(title, inside);
                return Step::Settled;
            }
        }
        if is_inside && tag == Tag::A {
            let title = self.attribute_text(element, Attribute::XlinkTitle);
            if !ecmascript::trim(title).is_empty() {
                return self.settle(element, title);
            }
        }
        Step::Open
    }

    /// `ownerSVGElement`: <https://svgwg.org/svg2-draft/types.html#__svg__SVGElement__ownerSVGElement>
    fn is_inside_svg(&self, element: NodeId) -> bool {
        let document = self.computed.document;
        let is_svg = |element: NodeId| document.namespace(element) == Namespace::Svg;
        is_svg(element)
            && document
                .inclusive_ancestors(element)
                .skip(1)
                .any(|ancestor| is_svg(ancestor) && document.tag(ancestor) == Tag::Svg)
    }

    fn settle_attribute(&mut self, element: NodeId, attribute: Attribute) -> Step {
        let text = self.attribute_text(element, attribute);
        self.settle(element, text)
    }
}
