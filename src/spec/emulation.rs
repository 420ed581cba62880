//! The keys that say as what, where and when a page is opened.

use serde::{Deserialize, Serialize};

use super::reader::{Field, Problem, keys};
use super::settings::Settings;
use super::value::{CpuThrottling, Instant, Scale, Viewport};
use crate::source::Spanned;

/// As what, where and when a page is opened. `None` leaves the browser's own value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emulation {
    /// The size of the window.
    pub viewport: Viewport,
    /// Device pixels for a CSS pixel.
    pub device_scale: Option<Scale>,
    /// How many times slower the processor is for the page.
    pub cpu_throttling: Option<CpuThrottling>,
    /// Touch input in place of a mouse.
    pub touch: bool,
    /// <https://drafts.csswg.org/mediaqueries-5/#prefers-color-scheme>
    pub color_scheme: Option<ColorScheme>,
    /// <https://drafts.csswg.org/mediaqueries-5/#prefers-reduced-motion>
    pub reduced_motion: Option<ReducedMotion>,
    /// <https://drafts.csswg.org/mediaqueries-5/#forced-colors>
    pub forced_colors: Option<ForcedColors>,
    /// <https://drafts.csswg.org/mediaqueries-5/#media-types>
    pub media: Option<Media>,
    /// A language tag such as `de-CH`.
    pub locale: Option<Spanned<String>>,
    /// A name of the time zone database, such as `Europe/Zurich`.
    pub timezone: Option<Spanned<String>>,
    /// The fixed time that `Date` returns; timers run.
    pub clock: Option<Instant>,
    /// Without network.
    pub offline: bool,
    /// Sent with every request to the site's own origin and to those that are trusted.
    pub headers: Vec<(String, Spanned<String>)>,
    /// Of the page's address.
    pub cookies: Vec<(String, Spanned<String>)>,
    /// Sent to a server that asks for credentials.
    pub basic_auth: Option<BasicAuth>,
    /// Of the page's origin.
    pub local_storage: Vec<(String, Spanned<String>)>,
    /// Run in every document before its own scripts.
    pub init_script: Option<Spanned<String>>,
    /// Requests that fail: addresses in which `*` matches anything.
    pub blocked_urls: Vec<Spanned<String>>,
    /// Origins beside the site's own that headers and secrets may go to.
    pub trusted_origins: Vec<Spanned<String>>,
    /// Whether requests to other origins than the site's own fail; set by `--untrusted`, not by a key.
    pub is_confined: bool,
}

/// User name and password: <https://www.rfc-editor.org/rfc/rfc7617>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicAuth {
    /// The user name.
    pub user: Spanned<String>,
    /// The password.
    pub password: Spanned<String>,
}

macro_rules! media_feature {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// The value as CSS has it.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }
    };
}

media_feature! {
    /// The colours that the user prefers.
    ColorScheme {
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark"
    }
}
media_feature! {
    /// Whether the user wants less movement.
    ReducedMotion {
        /// Yes.
        Reduce = "reduce",
        /// No.
        NoPreference = "no-preference"
    }
}
media_feature! {
    /// Whether the user's colours replace the page's.
    ForcedColors {
        /// Yes.
        Active = "active",
        /// No.
        None = "none"
    }
}
media_feature! {
    /// What the page is made for.
    Media {
        /// A screen.
        Screen = "screen",
        /// Paper.
        Print = "print"
    }
}

keys! {
    /// Keys of variants, and of cases and defaults too.
    EMULATION_KEYS: Settings {
        "viewport" "a size in CSS pixels, as in `viewport: 1280x720`"
            => |to, field| field.parsed().map(|value| to.emulation.viewport = value);
        "device-scale" "device pixels per CSS pixel, as in `device-scale: 2`"
            => |to, field| field.parsed().map(|value| to.emulation.device_scale = Some(value));
        "cpu-throttling" "how many times slower the processor is for the page, as in `cpu-throttling: 4`"
            => |to, field| field.parsed().map(|value| to.emulation.cpu_throttling = Some(value));
        "touch" "`true` for touch input in place of a mouse, or `false`"
            => |to, field| field.flag().map(|value| to.emulation.touch = value);
        "color-scheme" "`light` or `dark`"
            => |to, field| field.choice().map(|value| to.emulation.color_scheme = Some(value));
        "reduced-motion" "`reduce` or `no-preference`"
            => |to, field| field.choice().map(|value| to.emulation.reduced_motion = Some(value));
        "forced-colors" "`active` or `none`"
            => |to, field| field.choice().map(|value| to.emulation.forced_colors = Some(value));
        "media" "`screen` or `print`"
            => |to, field| field.choice().map(|value| to.emulation.media = Some(value));
        "locale" "a language tag, as in `locale: de-CH`"
            => |to, field| locale(field).map(|value| to.emulation.locale = Some(value));
        "timezone" "a name of the time zone database, as in `timezone: Europe/Zurich`"
            => |to, field| field.text().map(|value| to.emulation.timezone = Some(value));
        "clock" "the time that the page sees, as in `clock: 2026-01-31T12:00:00Z`"
            => |to, field| field.parsed().map(|value| to.emulation.clock = Some(value));
        "offline" "`true` to cut the network off once the page is open, or `false`"
            => |to, field| field.flag().map(|value| to.emulation.offline = value);
        "headers" "headers of requests to the site's own origin, as in `headers: {X-Preview: \"${PREVIEW_TOKEN}\"}`"
            => |to, field| add(field, &mut to.emulation.headers, is_header_name);
        "cookies" "cookies of the page's address, as in `cookies: {consent: \"yes\"}`"
            => |to, field| add(field, &mut to.emulation.cookies, |_| true);
        "basic-auth" "a name and a password, as in `basic-auth: {user: ci, password: \"${PASSWORD}\"}`"
            => |to, field| basic_auth(field).map(|value| to.emulation.basic_auth = Some(value));
        "local-storage" "what the page finds in its storage, as in `local-storage: {theme: dark}`"
            => |to, field| add(field, &mut to.emulation.local_storage, |_| true);
        "init-script" "a script that runs before the page's own, as in `init-script: Math.random = () => 0.5`"
            => |to, field| field.foreign().map(|value| to.emulation.init_script = Some(value));
        "blocked-urls" "addresses with `*` for anything, as in `blocked-urls: [\"*://ads.example.com/*\"]`"
            => |to, field| field.one_or_more(field.node).map(|more| to.emulation.blocked_urls.extend(more));
        "trusted-origins" "further origins that headers and secrets may go to, as in `trusted-origins: [https://login.example.com]`"
            => |to, field| origins(field).map(|more| to.emulation.trusted_origins.extend(more));
    }
}

fn locale(field: Field<'_>) -> Result<Spanned<String>, Problem> {
    let locale = field.text()?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match locale.value.chars().all(is_part) {
        true => Ok(locale),
        false => Err(field.wrong(format!("`{}` is not a language tag", locale.value))),
    }
}

fn origins(field: Field<'_>) -> Result<Vec<Spanned<String>>, Problem> {
    let origins = field.one_or_more(field.node)?;
    for origin in &origins {
        check_origin(&origin.value).map_err(|why| field.wrong(why))?;
    }
    Ok(origins)
}

/// <https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-tuple>
fn check_origin(text: &str) -> Result<(), String> {
    let url = url::Url::parse(text).map_err(|error| format!("`{text}`: {error}"))?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    match is_web && is_bare {
        true => Ok(()),
        false => Err(format!(
            "`{text}` is not an origin: write only scheme, host and port"
        )),
    }
}

/// <https://www.rfc-editor.org/rfc/rfc9110#name-tokens>
fn is_header_name(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// Adds names with values; a name that is known gets the new value.
fn add(
    field: Field<'_>,
    all: &mut Vec<(String, Spanned<String>)>,
    is_name: fn(&str) -> bool,
) -> Result<(), Problem> {
    let pairs = field.each(field.entries()?, |entry| {
        let name = field.key(entry)?.value;
        if name.is_empty() || !is_name(&name) {
            let message = format!("`{}` is not valid: `{name}` is not a name", field.name);
            return Err(Problem::new(message, entry.key_span));
        }
        Ok((name, field.secret(&entry.value)?))
    });
    for (name, value) in pairs {
        all.retain(|(known, _)| *known != name);
        all.push((name, value));
    }
    Ok(())
}

fn basic_auth(field: Field<'_>) -> Result<BasicAuth, Problem> {
    let (mut user, mut password) = (None, None);
    for entry in field.entries()? {
        let target = match entry.key.as_str() {
            "user" => &mut user,
            "password" => &mut password,
            other => {
                let message = format!("unknown key `{other}` in `basic-auth`");
                return Err(Problem::new(message, entry.key_span));
            }
        };
        *target = Some(field.secret(&entry.value)?);
    }
    Ok(BasicAuth {
        user: user.ok_or_else(|| field.wrong("it has no `user`"))?,
        password: password.ok_or_else(|| field.wrong("it has no `password`"))?,
    })
}
