//! The ARIA rules: from the facts of a document to its accessibility tree.
//!
//! Specifications: WAI-ARIA 1.2 <https://www.w3.org/TR/wai-aria-1.2/>, accname 1.2
//! <https://www.w3.org/TR/accname-1.2/>, HTML-AAM <https://www.w3.org/TR/html-aam-1.0/>,
//! SVG-AAM <https://www.w3.org/TR/svg-aam-1.0/>. Where the text format differs from
//! them, it follows Playwright, and the comment at the rule says so.

mod attributes;
mod build;
mod computed;
mod computed_role;
mod css_content;
mod distill;
mod focus;
mod implicit_role;
pub mod locator;
mod name;
pub mod notation;
pub mod pattern;
pub mod role;
mod shape;
mod state;
pub mod tree;
mod visibility;
mod vocabulary;
pub mod white_space;

pub use locator::Locator;
pub use pattern::Pattern;
pub use role::Role;
pub use shape::{Additions, Request, Shape, TooDeep, snapshot, snapshot_with};
pub use tree::{Child, Node, Tree};
