//! The keys that say as what, where and when a page is opened.

use serde::{Deserialize, Serialize};

use super::settings::Settings;
use super::table::{Field, Problem, Row};
use super::value::{CpuThrottling, Instant, Scale, Viewport};
use super::yaml::Kind;
use crate::error::Spanned;

/// As what, where and when a page is opened. `None`: as the browser has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emulation {
    /// The size of the window.
    pub viewport: Viewport,
    /// Device pixels for a CSS pixel.
    pub device_scale: Option<Scale>,
    /// How many times slower the processor is for the page.
    pub cpu_throttling: Option<CpuThrottling>,
    /// A finger in place of a mouse.
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
    /// The time that `Date` tells, standing still; timers run.
    pub clock: Option<Instant>,
    /// No network.
    pub offline: bool,
    /// Sent with every request to the site's own origin and to those that are trusted.
    pub headers: Vec<(String, Spanned<String>)>,
    /// Of the page's address.
    pub cookies: Vec<(String, Spanned<String>)>,
    /// Answers a server that asks who is there.
    pub basic_auth: Option<BasicAuth>,
    /// Of the page's origin.
    pub local_storage: Vec<(String, Spanned<String>)>,
    /// Run in every document before its own scripts.
    pub init_script: Option<Spanned<String>>,
    /// Requests that fail: addresses in which `*` stands for anything.
    pub blocked_urls: Vec<Spanned<String>>,
    /// Origins beside the site's own that headers and secrets may go to.
    pub trusted_origins: Vec<Spanned<String>>,
    /// Whether requests to other origins than the site's own fail; no key says so.
    pub is_confined: bool,
}

/// A name and a password: <https://www.rfc-editor.org/rfc/rfc7617>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicAuth {
    /// The name.
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
    /// Which colours the user likes.
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

/// Keys of variants, and of cases and defaults too.
pub(super) const EMULATION_ROWS: &[Row<Settings>] = &[
    Row {
        key: "viewport",
        expects: "a size in CSS pixels, as in `viewport: 1280x720`",
        read: |settings, field| {
            settings.emulation.viewport = field.parsed()?;
            Ok(())
        },
    },
    Row {
        key: "device-scale",
        expects: "device pixels for a CSS pixel, as in `device-scale: 2`",
        read: |settings, field| {
            settings.emulation.device_scale = Some(field.parsed()?);
            Ok(())
        },
    },
    Row {
        key: "cpu-throttling",
        expects: "how many times slower the processor is for the page, as in `cpu-throttling: 4`",
        read: |settings, field| {
            settings.emulation.cpu_throttling = Some(field.parsed()?);
            Ok(())
        },
    },
    Row {
        key: "touch",
        expects: "whether there is a finger in place of a mouse: `true` or `false`",
        read: |settings, field| {
            settings.emulation.touch = field.flag()?;
            Ok(())
        },
    },
    Row {
        key: "color-scheme",
        expects: "the colours that the user likes: `light` or `dark`",
        read: |settings, field| {
            settings.emulation.color_scheme = Some(field.choice()?);
            Ok(())
        },
    },
    Row {
        key: "reduced-motion",
        expects: "whether the user wants less movement: `reduce` or `no-preference`",
        read: |settings, field| {
            settings.emulation.reduced_motion = Some(field.choice()?);
            Ok(())
        },
    },
    Row {
        key: "forced-colors",
        expects: "whether the user's colours replace the page's: `active` or `none`",
        read: |settings, field| {
            settings.emulation.forced_colors = Some(field.choice()?);
            Ok(())
        },
    },
    Row {
        key: "media",
        expects: "what the page is made for: `screen` or `print`",
        read: |settings, field| {
            settings.emulation.media = Some(field.choice()?);
            Ok(())
        },
    },
    Row {
        key: "locale",
        expects: "a language tag, as in `locale: de-CH`",
        read: |settings, field| {
            let locale = field.text()?;
            let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
            if !locale.value.chars().all(is_tag) {
                return Err(field.wrong(format!("`{}` is no language tag", locale.value)));
            }
            settings.emulation.locale = Some(locale);
            Ok(())
        },
    },
    Row {
        key: "timezone",
        expects: "a name of the time zone database, as in `timezone: Europe/Zurich`",
        read: |settings, field| {
            settings.emulation.timezone = Some(field.text()?);
            Ok(())
        },
    },
    Row {
        key: "clock",
        expects: "the time that the page is told, as in `clock: 2026-01-31T12:00:00Z`",
        read: |settings, field| {
            settings.emulation.clock = Some(field.parsed()?);
            Ok(())
        },
    },
    Row {
        key: "offline",
        expects: "whether the network is gone once the page is open: `true` or `false`",
        read: |settings, field| {
            settings.emulation.offline = field.flag()?;
            Ok(())
        },
    },
    Row {
        key: "headers",
        expects: "headers of requests to the site's own origin, as in `headers: {X-Preview: \"${PREVIEW_TOKEN}\"}`",
        read: |settings, field| {
            let headers = pairs(field, check_header_name)?;
            add(&mut settings.emulation.headers, headers);
            Ok(())
        },
    },
    Row {
        key: "cookies",
        expects: "cookies of the page's address, as in `cookies: {consent: \"yes\"}`",
        read: |settings, field| {
            let cookies = pairs(field, check_any)?;
            add(&mut settings.emulation.cookies, cookies);
            Ok(())
        },
    },
    Row {
        key: "basic-auth",
        expects: "a name and a password, as in `basic-auth: {user: ci, password: \"${PASSWORD}\"}`",
        read: |settings, field| {
            settings.emulation.basic_auth = Some(basic_auth(field)?);
            Ok(())
        },
    },
    Row {
        key: "local-storage",
        expects: "what the page finds in its storage, as in `local-storage: {theme: dark}`",
        read: |settings, field| {
            let stored = pairs(field, check_any)?;
            add(&mut settings.emulation.local_storage, stored);
            Ok(())
        },
    },
    Row {
        key: "init-script",
        expects: "a script that runs before the page's own, as in `init-script: Math.random = () => 0.5`",
        read: |settings, field| {
            settings.emulation.init_script = Some(field.text()?);
            Ok(())
        },
    },
    Row {
        key: "blocked-urls",
        expects: "addresses with `*` for anything, as in `blocked-urls: [\"*://ads.example.com/*\"]`",
        read: |settings, field| {
            let urls = field.one_or_more(field.node)?;
            settings.emulation.blocked_urls.extend(urls);
            Ok(())
        },
    },
    Row {
        key: "trusted-origins",
        expects: "further origins that headers and secrets may go to, as in \
                  `trusted-origins: [https://login.example.com]`",
        read: |settings, field| {
            let origins = field.one_or_more(field.node)?;
            for origin in &origins {
                check_origin(&origin.value).map_err(|why| field.wrong(why))?;
            }
            settings.emulation.trusted_origins.extend(origins);
            Ok(())
        },
    },
];

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
        false => Err(format!("`{text}` is no origin: only scheme, host and port")),
    }
}

type Pairs = Vec<(String, Spanned<String>)>;

fn pairs(field: &Field<'_>, check: fn(&str) -> bool) -> Result<Pairs, Problem> {
    let mut pairs = Pairs::new();
    for entry in field.entries()? {
        if !check(&entry.key) {
            return Err(Problem {
                title: format!("`{}` is not valid: `{}` is no name", field.name, entry.key),
                span: entry.key_span.clone(),
                help: None,
            });
        }
        pairs.push((entry.key.clone(), field.any_text(&entry.value)?));
    }
    Ok(pairs)
}

/// <https://www.rfc-editor.org/rfc/rfc9110#name-tokens>
fn check_header_name(name: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_token)
}

fn check_any(name: &str) -> bool {
    !name.is_empty()
}

/// Names that are there already get the new value.
fn add(all: &mut Pairs, more: Pairs) {
    for (name, value) in more {
        all.retain(|(known, _)| *known != name);
        all.push((name, value));
    }
}

fn basic_auth(field: &Field<'_>) -> Result<BasicAuth, Problem> {
    let Kind::Map(entries) = &field.node.kind else {
        return Err(field.wrong("it must be a mapping of `user` and `password`"));
    };
    let value = |key: &str| {
        let entry = entries.iter().find(|entry| entry.key == key);
        match entry {
            Some(entry) => field.any_text(&entry.value),
            None => Err(field.wrong(format!("it has no `{key}`"))),
        }
    };
    if let Some(other) = entries
        .iter()
        .find(|entry| !matches!(entry.key.as_str(), "user" | "password"))
    {
        return Err(Problem {
            title: format!("`basic-auth` is not valid: it has no key `{}`", other.key),
            span: other.key_span.clone(),
            help: None,
        });
    }
    Ok(BasicAuth {
        user: value("user")?,
        password: value("password")?,
    })
}
