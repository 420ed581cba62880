//! Text from style sheets: <https://www.w3.org/TR/accname-1.2/#comp_name_from_content>, step 2F.ii.

use cssparser::{ParseError, Parser, Token};

use crate::dom::{Display, Document, NodeId, Pseudo};

/// Returns the text of a pseudo-element, with spaces around it unless it is inline.
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

/// Returns the alternative text of the element's own `content`, which replaces its children.
pub(super) fn replaced_text(document: &Document, element: NodeId) -> Option<String> {
    let content = document.content(element)?;
    let style = document.style(element);
    // Playwright compares with `hidden` here, so that `collapse` is shown.
    if style.display == Display::None || !style.visible && !style.collapsed {
        return None;
    }
    content_text(document, element, content, Fallback::Nothing)
}

/// What to use if `content` has no alternative text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fallback {
    Content,
    Nothing,
}

/// Joins the strings and `attr()` after the slash, or all of them if there is no slash. With any other
/// token there is no text. <https://drafts.csswg.org/css-content/#alt>
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
        skip_past_slash(&mut parser);
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
    skip_past_slash(&mut Parser::new(content))
}

fn skip_past_slash(parser: &mut Parser<'_>) -> bool {
    while let Ok(token) = parser.next() {
        if matches!(token, Token::Delim('/')) {
            return true;
        }
    }
    false
}
