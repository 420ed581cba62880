use std::thread;

use super::{Request, Shape, TooDeep, Tree, snapshot};
use crate::aria::{Child, Role};
use crate::dom::{Capture, Document, ElementFlags, Facts, FrameDocument, FramePlace};

const LEVELS: usize = 20_000;

/// Strings: 0 `role`, 1 the outer role, 2 the inner role, 3 the text.
fn page(outer: &str, inner: &str) -> Capture {
    let strings = ["role", outer, inner, "deep"].map(str::to_owned).to_vec();
    let flags = ElementFlags::CHECK_VISIBILITY | ElementFlags::HAS_AREA;
    let mut nodes = format!("1,0,{flags},0,0,1,1,{flags},0,0,1,2,{flags},0,1,0,1,");
    nodes.push_str(&format!("1,2,{flags},1,1,0,2,").repeat(LEVELS));
    nodes.push_str("0,3");
    let facts = Facts {
        strings,
        tags: ["HTML", "BODY", "DIV"]
            .map(|tag| (tag.to_owned(), 0))
            .to_vec(),
        styles: ["block", "inline"].map(style).to_vec(),
        nodes,
        ..Facts::default()
    };
    let document = Document::from_facts(facts).expect("facts without contradictions");
    let place = FramePlace::default();
    Capture {
        documents: vec![FrameDocument { document, place }],
    }
}

fn style(display: &str) -> (String, String, String, String) {
    let auto = "auto".to_owned();
    (display.to_owned(), "visible".to_owned(), auto.clone(), auto)
}

/// Makes a snapshot on a thread with a small stack.
fn on_a_small_stack(capture: Capture, request: Request) -> Result<Tree, TooDeep> {
    let thread = thread::Builder::new().stack_size(512 << 10);
    let handle = thread.spawn(move || snapshot(&capture, request));
    let handle = handle.expect("a thread");
    handle.join().expect("no overflow")
}

fn request(shape: Shape) -> Request {
    Request {
        shape,
        ..Request::default()
    }
}

#[test]
fn deep_pages_end_with_an_error() {
    for shape in [Shape::Page, Shape::Test, Shape::Compact] {
        let tree = on_a_small_stack(page("main", "group"), request(shape));
        assert_eq!(tree, Err(TooDeep), "{shape:?}");
    }
}

#[test]
fn deep_elements_without_nodes_are_no_problem() {
    let tree = on_a_small_stack(page("main", "none"), request(Shape::Test)).expect("a tree");
    let nodes: Vec<_> = tree.nodes().collect();
    assert_eq!(nodes.len(), 1);
    assert_eq!(nodes[0].only_text(), Some("deep"));
}

#[test]
fn a_name_can_come_from_the_depth() {
    let tree = on_a_small_stack(page("button", "none"), request(Shape::Page)).expect("a tree");
    let button = tree.nodes().find(|node| node.role == Role::Button);
    assert_eq!(button.map(|node| node.name.as_str()), Some("deep"));
}

#[test]
fn a_depth_limit_cuts_deep_pages() {
    let request = Request {
        depth: Some(2),
        ..request(Shape::Test)
    };
    let tree = on_a_small_stack(page("main", "group"), request).expect("a tree");
    assert_eq!(tree.nodes().count(), 3);
    assert!(matches!(tree.children.as_slice(), [Child::Node(_)]));
}
