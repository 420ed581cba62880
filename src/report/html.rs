//! The HTML report, one file with everything; also the page of `ariasnap review --web`.

use std::collections::HashMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};

use super::{Format, ReportError};
use crate::baseline::BaselinePath;
use crate::run::RunResult;
use crate::store::Fingerprint;
use crate::text::Data;

mod model;

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The addresses of screenshots, by their files in the result.
pub type Pictures = HashMap<PathBuf, String>;

/// Returns a picture as a data URL.
pub fn data_url(jpeg: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(jpeg))
}

/// What the page needs for decisions.
#[derive(Debug, Clone, Copy)]
pub struct Live<'a> {
    /// Authorises each request.
    pub token: &'a str,
    /// The pending snapshots that the page shows.
    pub shown: &'a HashMap<BaselinePath, Fingerprint>,
}

pub(super) fn report(result: &RunResult, pictures: &Pictures) -> Result<Data, ReportError> {
    page(result, pictures, None).map(Data::html)
}

/// Makes the page, with buttons if it is live.
///
/// # Errors
/// The template cannot be rendered.
pub fn page(
    result: &RunResult,
    pictures: &Pictures,
    live: Option<Live<'_>>,
) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let template = environment
        .template_from_named_str("page.html", TEMPLATE)
        .map_err(|error| ReportError::new(Format::Html, error))?;
    template
        .render(context! {
            report => Value::from(Serde(model::Report::of(result, pictures, live))),
            style => STYLE,
            script => SCRIPT,
            live => live.is_some(),
            token => live.map(|live| live.token),
        })
        .map_err(|error| ReportError::new(Format::Html, error))
}
