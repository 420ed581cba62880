//! Text that style sheets generate: <https://www.w3.org/TR/accname-1.2/#comp_name_from_content>, step 2F.ii.

use cssparser::{ParseError, Parser, Token};

use crate::dom::{Display, Document, NodeId, Pseudo};

/// The text of a pseudo-element, with spaces around it where it stands on lines of its own.
pub(super) fn pseudo_text(document: &Document, element: NodeId, pseudo: Pseudo) -> Option<String> {
    let generated = document.pseudo(element, pseudo)?;
    if generated.display == Display::None || generated.hidden {
        return None;
    }
    let text = content_text(document, element, &generated.content, Fallback::Content)?;
    Some(match generated.display {
        Display::Inline => text,
        _ => format!(" {text} "),
    })
}

/// The alternative text of the element's own `content`, which replaces its children.
pub(super) fn replaced_text(document: &Document, element: NodeId) -> Option<String> {
    let content = document.content(element)?;
    let style = document.style(element);
    // The reference compares with `hidden` here; `collapse` shows.
    if style.display == Display::None || !style.visible && !style.collapsed {
        return None;
    }
    content_text(document, element, content, Fallback::Nothing)
}

/// What stands for a `content` that has no alternative text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fallback {
    Content,
    Nothing,
}

/// Strings and `attr()` behind the slash, or all of them where there is no slash. Any other token
/// makes the whole value no text. <https://drafts.csswg.org/css-content/#alt>
fn content_text(
    document: &Document,
    element: NodeId,
    content: &str,
    fallback: Fallback,
) -> Option<String> {
    let has_alternative = has_slash(content);
    if !has_alternative && fallback == Fallback::Nothing {
        return None;
    }
    let mut parser = Parser::new(content);
    if has_alternative {
        skip_behind_slash(&mut parser);
    }
    let mut text = String::new();
    while let Ok(token) = parser.next() {
        match token {
            Token::QuotedString(string) => text.push_str(string),
            Token::Function(name) if **name == *"attr" => {
                let attribute = parser
                    .parse_nested_block(|inner| {
                        let name = inner.expect_ident()?.clone();
                        inner.expect_exhausted()?;
                        Ok::<_, ParseError<()>>(name)
                    })
                    .ok()?;
                text.push_str(document.attribute_named(element, &attribute).unwrap_or(""));
            }
            _ => return None,
        }
    }
    Some(text)
}

fn has_slash(content: &str) -> bool {
    skip_behind_slash(&mut Parser::new(content))
}

fn skip_behind_slash(parser: &mut Parser<'_>) -> bool {
    while let Ok(token) = parser.next() {
        if matches!(token, Token::Delim('/')) {
            return true;
        }
    }
    false
}
