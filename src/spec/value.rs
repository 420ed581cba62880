//! The values that configuration and specs are made of.

mod moment;

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::compare::{Change, Impact, Kind};
pub use crate::emulation::{Dialogs, Viewport};
pub use moment::Instant;

/// Which attributes a snapshot holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Attributes {
    /// Those of Playwright's snapshots.
    #[default]
    Plain,
    /// All that assistive technology gets.
    All,
}

/// A span of time, written with its unit: `30s`, `500ms`, `1.5s`, `2m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout(pub Duration);

impl Timeout {
    /// A longer one is a typing error; the limit also keeps clocks from overflowing.
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
}

impl Default for Timeout {
    fn default() -> Timeout {
        Timeout(Duration::from_secs(30))
    }
}

impl FromStr for Timeout {
    type Err = String;

    fn from_str(text: &str) -> Result<Timeout, String> {
        let text = text.trim();
        let unit_at = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(unit_at);
        let number: f64 = number
            .parse()
            .map_err(|_| format!("`{text}` does not start with a number"))?;
        let seconds = match unit.trim() {
            "ms" => number / 1000.0,
            "s" => number,
            "m" | "min" => number * 60.0,
            "" => return Err(format!("`{text}` has no unit")),
            other => return Err(format!("unknown unit `{other}`: write ms, s or m")),
        };
        let duration = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        if duration.is_zero() || duration > Timeout::LONGEST {
            return Err(format!("`{text}` is not between 1ms and 24 hours"));
        }
        Ok(Timeout(duration))
    }
}

/// Device pixels for a CSS pixel, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale(pub u32);

impl Scale {
    /// Returns it as a factor.
    pub fn factor(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Scale, String> {
        let factor: f64 = text
            .parse()
            .map_err(|_| format!("`{text}` is not a number"))?;
        if (0.1..=10.0).contains(&factor) {
            Ok(Scale((factor * 1000.0).round() as u32))
        } else {
            Err(format!("`{text}` is not between 0.1 and 10"))
        }
    }
}

/// How many times slower the processor is for the page, from 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CpuThrottling(pub u8);

impl FromStr for CpuThrottling {
    type Err = String;

    fn from_str(text: &str) -> Result<CpuThrottling, String> {
        match text.parse() {
            Ok(rate @ 1..=100) => Ok(CpuThrottling(rate)),
            Ok(_) | Err(_) => Err(format!("`{text}` is not a whole number from 1 to 100")),
        }
    }
}

/// What happens where a page does not settle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Settle {
    /// It is an error.
    #[default]
    Strict,
    /// The page is captured as it is.
    Relaxed,
}

/// What happens to animations and transitions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Animations {
    /// Those that end are waited for.
    #[default]
    Run,
    /// Those that end are at their end at once, the others stay at their beginning.
    Stop,
}

/// Whether a page is scrolled before it is captured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scroll {
    /// It is not.
    #[default]
    None,
    /// To the end and back, for content that loads once it is seen.
    Through,
}

/// Which pages share a browser context.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// Pages use a context one after another, as long as none leaves anything in it.
    #[default]
    Traces,
    /// Each case has a context of its own.
    Case,
}

/// How many pages are open at a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Jobs {
    /// As many as the machine has processors.
    #[default]
    Auto,
    /// This many.
    Count(std::num::NonZeroUsize),
}

impl FromStr for Jobs {
    type Err = String;

    fn from_str(text: &str) -> Result<Jobs, String> {
        match text {
            "auto" => Ok(Jobs::Auto),
            _ => text
                .parse()
                .map(Jobs::Count)
                .map_err(|_| format!("`{text}` is neither `auto` nor a number from 1")),
        }
    }
}

/// Which changes make a run fail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FailOn {
    /// All.
    #[default]
    Any,
    /// Only those of these impacts or kinds.
    Only(Vec<Failing>),
}

/// An impact or a kind of change that makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Failing {
    /// All changes of an impact.
    Impact(Impact),
    /// All changes of a kind.
    Kind(Kind),
}

impl FailOn {
    /// Returns whether the change makes a run fail.
    pub fn includes(&self, change: &Change) -> bool {
        let is_of = |failing: &Failing| match failing {
            Failing::Impact(impact) => change.impact == *impact,
            Failing::Kind(kind) => change.kind == *kind,
        };
        match self {
            FailOn::Any => true,
            FailOn::Only(list) => list.iter().any(is_of),
        }
    }
}

/// What may come in place of an ordinary page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowed {
    /// The page of an answer with an HTTP error.
    HttpError,
    /// A redirect to another site.
    OtherOrigin,
    /// A login form in place of the page.
    Login,
    /// The error page of a framework.
    ErrorPage,
    /// Frames that failed to load.
    FailedFrames,
    /// A page that shows nothing.
    NoContent,
    /// Style sheets or scripts of the page's own site that failed.
    FailedResources,
    /// Requests of scripts that failed.
    FailedRequests,
    /// Exceptions that no handler caught.
    ScriptErrors,
}

impl Allowed {
    /// Returns it as specs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Allowed::HttpError => "http-error",
            Allowed::OtherOrigin => "other-origin",
            Allowed::Login => "login",
            Allowed::ErrorPage => "error-page",
            Allowed::FailedFrames => "failed-frames",
            Allowed::NoContent => "no-content",
            Allowed::FailedResources => "failed-resources",
            Allowed::FailedRequests => "failed-requests",
            Allowed::ScriptErrors => "script-errors",
        }
    }
}

/// Whether a missing browser is installed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Install {
    /// Never.
    Never,
    /// After asking on a terminal.
    #[default]
    Ask,
    /// Without asking.
    Auto,
}

/// Checks that a text can be the address of a page: an `http(s)` URL, or a reference that the site
/// completes.
pub(super) fn check_page_url(text: &str) -> Result<(), String> {
    match Url::parse(text) {
        Ok(_) => web_url(text, &["https", "http"]).map(|_| ()),
        Err(url::ParseError::RelativeUrlWithoutBase) => Ok(()),
        Err(error) => Err(format!("`{text}` is not a URL: {error}")),
    }
}

/// Parses a complete URL of one of these schemes.
pub(super) fn web_url(text: &str, schemes: &[&str]) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => {
            let scheme = schemes.first().copied().unwrap_or_default();
            format!("`{text}` has no scheme such as `{scheme}:`")
        }
        _ => format!("`{text}` is not a URL: {error}"),
    })?;
    if !schemes.contains(&url.scheme()) {
        let schemes = schemes.join(" or ");
        return Err(format!(
            "`{text}` has the scheme `{}`; expected {schemes}",
            url.scheme()
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::{Jobs, Scale, Timeout, Viewport};
    use std::time::Duration;

    #[test]
    fn viewports() {
        let parse = |text: &str| text.parse::<Viewport>().map(|v| (v.width, v.height));
        assert_eq!(parse("1280x720"), Ok((1280, 720)));
        assert_eq!(parse("390 x 844"), Ok((390, 844)));
        for text in ["", "1280", "0x1", "x", "1x", "-1x5", "1e3x2", "99999999x1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn spans_of_time() {
        let parse = |text: &str| text.parse::<Timeout>().map(|timeout| timeout.0);
        assert_eq!(parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("1.5 s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse("2m"), Ok(Duration::from_secs(120)));
        for text in [
            "", "30", "s", "0s", "-1s", "1h", "1..s", "9999999m", "infs", "NaNs",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn scales() {
        let parse = |text: &str| text.parse::<Scale>().map(|scale| scale.0).ok();
        assert_eq!((parse("2"), parse("1.5")), (Some(2000), Some(1500)));
        assert_eq!((parse("0"), parse("x"), parse("NaN")), (None, None, None));
    }

    #[test]
    fn jobs() {
        assert_eq!("auto".parse(), Ok(Jobs::Auto));
        assert!(matches!("4".parse(), Ok(Jobs::Count(count)) if count.get() == 4));
        assert!("0".parse::<Jobs>().is_err());
    }
}
