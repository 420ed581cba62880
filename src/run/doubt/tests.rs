use super::{Allowed, Came, Doubt, doubt};
use crate::browser::page::FailedFrame;
use crate::snapshot;

fn of(asked: &str, came: &str, page: &str, allowed: &[Allowed]) -> Option<Doubt> {
    let tree = match snapshot::read(page) {
        Ok(template) => template.to_tree(),
        Err(errors) => panic!("{page}: {errors:?}"),
    };
    let came = Came {
        asked,
        url: Some(came),
        tree: &tree,
        asks_password: false,
        failed_frames: &[],
    };
    doubt(came, allowed)
}

const FORM: &str = "- main:\n  - heading \"Welcome\" [level=1]\n  - textbox \"E-mail\"\n  - textbox \"Password\"\n  - button \"Sign in\"\n";

#[test]
fn a_login_form_is_not_another_page() {
    let is_login = |asked: &str, came: &str, page: &str| {
        let found = of(asked, came, page, &[]);
        assert_eq!(of(asked, came, page, &[Allowed::Login]), None);
        matches!(found, Some(Doubt::Login { .. }))
    };
    let page = "- heading \"x\"\n";
    assert!(is_login(
        "http://x/admin",
        "http://x/login?next=admin",
        page
    ));
    assert!(is_login("http://x/admin", "http://x/users/sign_in", page));
    assert!(is_login("http://x/admin", "http://x/admin", FORM));
    assert!(is_login("http://x/", "http://x/welcome", FORM));
    // Asked for, a start page, an article about it, another form.
    assert!(!is_login("http://x/login", "http://x/auth/step", FORM));
    assert!(!is_login("http://x/", "http://x/", FORM));
    assert!(!is_login(
        "http://x/docs/login",
        "http://x/docs/login/",
        page
    ));
    assert!(!is_login("http://x/a", "http://x/b", page));
    let long = format!("{FORM}{}", "  - paragraph: text\n".repeat(7));
    assert!(!is_login("http://x/admin", "http://x/admin", &long));
    let two = FORM.replace("\"E-mail\"", "\"Old password\"");
    assert!(!is_login("http://x/admin", "http://x/admin", &two));
    let new = FORM.replace("Sign in", "Sign up");
    assert!(!is_login("http://x/admin", "http://x/admin", &new));
}

#[test]
fn error_pages_of_frameworks_are_known() {
    for (page, framework) in [
        (
            "- generic:\n  - generic: \"[plugin:vite:react] x\"\n  - generic:\n    - text: Click outside, press\n    - generic: Esc\n    - text: key, or fix the code to dismiss.\n",
            Some("Vite"),
        ),
        (
            "- iframe:\n  - generic: \"Compiled with problems:\"\n  - generic: ERROR in ./a.js\n",
            Some("webpack"),
        ),
        (
            "- 'heading \"Application error: a client-side exception has occurred while loading x (see the browser console for more information).\" [level=2]'\n",
            Some("Next.js"),
        ),
        (
            "- heading \"This page crashed\" [level=1]\n- button \"Try again\"\n",
            Some("Docusaurus"),
        ),
        (
            "- heading \"Unexpected Application Error!\" [level=2]\n",
            Some("React Router"),
        ),
        ("- paragraph: Vite tells you to click outside.\n", None),
        (
            "- paragraph: \"The text Failed to compile cannot be dismissed\"\n",
            None,
        ),
        ("- code: Unhandled Runtime Error\n", None),
        (
            "- heading \"Build Error\" [level=1]\n- paragraph: x\n",
            None,
        ),
    ] {
        let found = of("http://x/", "http://x/", page, &[]);
        let found = match found {
            Some(Doubt::ErrorPage { framework, .. }) => Some(framework),
            Some(other) => panic!("{other}"),
            None => None,
        };
        assert_eq!(found, framework, "{page}");
        assert_eq!(
            of("http://x/", "http://x/", page, &[Allowed::ErrorPage]),
            None
        );
    }
}

#[test]
fn what_is_missing_is_told_with_the_setting_that_allows_it() {
    let empty = of("http://x/", "http://x/", "", &[]).map(|doubt| doubt.to_string());
    assert_eq!(
        empty.as_deref(),
        Some(
            "http://x/ shows no content: its snapshot is empty; if that is the page to test, set `allow: [no-content]`"
        )
    );
    let tree = snapshot::read("- paragraph: x\n").map(|page| page.to_tree());
    let frames = [FailedFrame {
        url: "http://y/".to_owned(),
        reason: "HTTP 404".to_owned(),
    }];
    let came = Came {
        asked: "http://x/",
        url: Some("http://x/"),
        tree: &tree.unwrap_or_default(),
        asks_password: false,
        failed_frames: &frames,
    };
    let shown = doubt(came, &[]).map(|doubt| doubt.to_string());
    assert_eq!(
        shown.as_deref(),
        Some(
            "http://x/ has a frame that could not be loaded: http://y/ (HTTP 404); correct it, or if that is the page to test, set `allow: [failed-frames]`"
        )
    );
    assert_eq!(doubt(came, &[Allowed::FailedFrames]), None);
}
