//! Whether what came is the page that was asked for: a login form, an error page or a part that is
//! missing must never become a baseline.

#[cfg(test)]
mod tests;

use url::Url;

use crate::aria::{Child, Node, Role, Tree};
use crate::browser::page::FailedFrame;
use crate::spec::Allowed;

/// Why a capture is not accepted as the page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The server refused it.
    #[error(
        "{url} answers with HTTP {status}, and a page was expected; {}",
        wanted(Allowed::HttpError)
    )]
    HttpError {
        /// What was opened.
        url: String,
        /// The status.
        status: u16,
    },
    /// It is another site than the one that was asked for.
    #[error(
        "{from} leads to another site: {to}; give that address in the spec if it is the one to test, or {}",
        wanted(Allowed::OtherOrigin)
    )]
    OtherOrigin {
        /// What was to be opened.
        from: String,
        /// What came.
        to: String,
    },
    /// Nothing on it for anybody.
    #[error(
        "{url} shows no content: its snapshot is empty; {}",
        wanted(Allowed::NoContent)
    )]
    NoContent {
        /// The page.
        url: String,
    },
    /// Somebody has to sign in first.
    #[error(
        "{asked} was asked for, and a login form came{}; start the case in a `session`, or {}",
        from(asked, came),
        wanted(Allowed::Login)
    )]
    Login {
        /// What was to be opened.
        asked: String,
        /// What came.
        came: String,
    },
    /// The framework reports that the page is broken.
    #[error(
        "{url} shows an error of {framework} in place of the page: \"{text}\"; correct the page, or {}",
        wanted(Allowed::ErrorPage)
    )]
    ErrorPage {
        /// The page.
        url: String,
        /// Whose error.
        framework: &'static str,
        /// How it begins.
        text: &'static str,
    },
    /// A frame of the page shows nothing.
    #[error(
        "{url} has a frame that could not be loaded: {frame} ({reason}); correct it, or {}",
        wanted(Allowed::FailedFrames)
    )]
    FailedFrame {
        /// The page.
        url: String,
        /// The frame's address.
        frame: String,
        /// What is known.
        reason: String,
    },
}

/// The setting that lets it pass.
fn wanted(allowed: Allowed) -> String {
    format!(
        "if that is the page to test, set `allow: [{}]`",
        allowed.as_str()
    )
}

fn from(asked: &str, came: &str) -> String {
    if asked == came {
        String::new()
    } else {
        format!(" from {came}")
    }
}

/// What came of a visit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Came<'a> {
    /// The address that was asked for.
    pub(super) asked: &'a str,
    /// The address after redirects; `None` for markup.
    pub(super) url: Option<&'a str>,
    /// What the page shows.
    pub(super) tree: &'a Tree,
    /// Whether it has a field for a password.
    pub(super) asks_password: bool,
    /// The frames that failed.
    pub(super) failed_frames: &'a [FailedFrame],
}

/// What speaks against taking it for the page, but for what is allowed.
pub(super) fn doubt(came: Came<'_>, allowed: &[Allowed]) -> Option<Doubt> {
    let may = |one: Allowed| allowed.contains(&one);
    let is_empty = came.tree.children.is_empty();
    if is_empty && !may(Allowed::NoContent) {
        return Some(Doubt::NoContent {
            url: came.asked.to_owned(),
        });
    }
    let url = came.url?;
    if !may(Allowed::Login) && is_login(came, url) {
        return Some(Doubt::Login {
            asked: came.asked.to_owned(),
            came: url.to_owned(),
        });
    }
    if !may(Allowed::ErrorPage)
        && let Some((framework, text)) = error_page(came.tree)
    {
        return Some(Doubt::ErrorPage {
            url: url.to_owned(),
            framework,
            text,
        });
    }
    if !may(Allowed::FailedFrames)
        && let Some(frame) = came.failed_frames.first()
    {
        return Some(Doubt::FailedFrame {
            url: url.to_owned(),
            frame: frame.url.clone(),
            reason: frame.reason.clone(),
        });
    }
    None
}

/// Parts of paths that say what they lead to.
const LOGIN_PATHS: &[&str] = &[
    "login",
    "log-in",
    "log_in",
    "signin",
    "sign-in",
    "sign_in",
    "logon",
    "sso",
    "auth",
    "oauth",
    "oauth2",
    "authorize",
    "saml",
];

/// Whether a login form came in place of another page: by a redirect to an address that says so or
/// to a field for a password, or by a page of little but a password and a button to sign in with. The start page of a site may
/// be its login form.
fn is_login(page: Came<'_>, came: &str) -> bool {
    let (Ok(asked), Ok(came)) = (Url::parse(page.asked), Url::parse(came)) else {
        return false;
    };
    if leads_to_login(&asked) {
        return false;
    }
    let is_other = asked.path().trim_end_matches('/') != came.path().trim_end_matches('/');
    if is_other && (page.asks_password || leads_to_login(&came)) {
        return true;
    }
    (is_other || asked.path() != "/") && is_login_form(page.tree)
}

fn leads_to_login(url: &Url) -> bool {
    let mut parts = url.path_segments().into_iter().flatten();
    parts.any(|part| {
        let name = part.split('.').next().unwrap_or_default();
        LOGIN_PATHS.contains(&name.to_ascii_lowercase().as_str())
    })
}

const PASSWORD_WORDS: &[&str] = &[
    "password",
    "passwort",
    "kennwort",
    "mot de passe",
    "contraseña",
    "senha",
    "wachtwoord",
    "lösenord",
    "hasło",
    "пароль",
    "パスワード",
    "密码",
    "비밀번호",
];

const SIGN_IN_WORDS: &[&str] = &[
    "log in",
    "login",
    "log on",
    "logon",
    "sign in",
    "signin",
    "continue",
    "anmelden",
    "einloggen",
    "connexion",
    "se connecter",
    "iniciar sesión",
    "entrar",
    "accedi",
    "inloggen",
    "logga in",
    "zaloguj",
    "войти",
    "ログイン",
    "登录",
    "로그인",
];

/// A page with one password, a button to sign in, and hardly anything else to read.
fn is_login_form(tree: &Tree) -> bool {
    /// The most headings and paragraphs of a page that is but a form.
    const FEW: usize = 6;
    let mut form = Form::default();
    match find(&tree.children, Role::Main) {
        Some(main) => form.look(&main.children),
        None => form.look(&tree.children),
    }
    form.passwords == 1 && form.sign_ins >= 1 && form.texts <= FEW
}

#[derive(Default)]
struct Form {
    passwords: usize,
    sign_ins: usize,
    texts: usize,
}

impl Form {
    fn look(&mut self, children: &[Child]) {
        for node in nodes(children) {
            let name = node.name.to_lowercase();
            let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
            match node.role {
                Role::TextBox if has(PASSWORD_WORDS) => self.passwords += 1,
                Role::Button if has(SIGN_IN_WORDS) => self.sign_ins += 1,
                Role::Heading | Role::Paragraph | Role::Article | Role::ListItem => self.texts += 1,
                _ => {}
            }
            self.look(&node.children);
        }
    }
}

fn nodes(children: &[Child]) -> impl Iterator<Item = &Node> {
    children.iter().filter_map(|child| match child {
        Child::Node(node) => Some(node.as_ref()),
        Child::Text(_) => None,
    })
}

fn find(children: &[Child], role: Role) -> Option<&Node> {
    nodes(children).find_map(|node| {
        if node.role == role {
            return Some(node);
        }
        find(&node.children, role)
    })
}

/// How the error pages of frameworks that answer with 200 can be known: texts that must all be there,
/// the first one as a heading, as a dialog's beginning, or as one whole text.
///
/// These are known messages of these frameworks; they were not compared with the sources of a
/// certain version. A page whose words are others is no doubt, and comes as a snapshot for review.
const ERROR_PAGES: &[(&str, &[&str])] = &[
    (
        "Vite",
        &["Click outside, press Esc key, or fix the code to dismiss."],
    ),
    ("webpack", &["Compiled with problems:", "ERROR"]),
    (
        "Create React App",
        &["Failed to compile", "cannot be dismissed"],
    ),
    (
        "Next.js",
        &["Application error: a client-side exception has occurred"],
    ),
    (
        "Next.js",
        &["Application error: a server-side exception has occurred"],
    ),
    ("Next.js", &["Unhandled Runtime Error"]),
    ("Next.js", &["Build Error", "Next.js"]),
    ("Docusaurus", &["This page crashed"]),
    (
        "Docusaurus",
        &["Your Docusaurus site did not load properly."],
    ),
    ("React Router", &["Unexpected Application Error!"]),
];

/// Whose error the page is, and its text.
fn error_page(tree: &Tree) -> Option<(&'static str, &'static str)> {
    let mut texts = Vec::new();
    gather(&tree.children, &mut texts);
    ERROR_PAGES.iter().find_map(|(framework, marks)| {
        let (first, others) = marks.split_first()?;
        let begins = texts.iter().any(|text| text.starts_with(&squeezed(first)));
        let has = |mark: &&&str| texts.iter().any(|text| text.contains(&squeezed(mark)));
        let rest = others.iter().filter(has).count();
        (begins && rest == others.len()).then_some((*framework, *first))
    })
}

/// The texts of lines and headings, and of nodes that hold nothing but text and what is in it. A text
/// in a code block or a sentence of an article that speaks of an error begins otherwise.
fn gather(children: &[Child], texts: &mut Vec<String>) {
    for child in children {
        match child {
            Child::Text(text) => texts.push(squeezed(text)),
            Child::Node(node) if node.role == Role::Code => {}
            Child::Node(node) => {
                texts.push(squeezed(&node.name));
                let mut line = String::new();
                if line_of(&node.children, &mut line) {
                    texts.push(line);
                }
                gather(&node.children, texts);
            }
        }
    }
}

/// Adds the text of a line of texts and nodes of one text each; `false` where there is more.
fn line_of(children: &[Child], line: &mut String) -> bool {
    children.iter().all(|child| match child {
        Child::Text(text) => {
            line.push_str(&squeezed(text));
            true
        }
        Child::Node(node) => match (&node.children[..], node.only_text()) {
            ([], _) => {
                line.push_str(&squeezed(&node.name));
                true
            }
            (_, Some(text)) => {
                line.push_str(&squeezed(text));
                true
            }
            (_, None) => false,
        },
    })
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}
