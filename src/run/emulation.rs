//! Turns the keys of a spec into the setup of a page.

use serde_json::{Value, json};
use url::Url;

use super::{Setting, secrecy};
use crate::browser::emulate::{Credentials, OriginStorage, PageSetup, Requests};
use crate::source::Spanned;
use crate::spec::{self, Case};

/// What the page of a case is opened with.
pub(super) struct Opening {
    pub(super) setup: PageSetup,
    pub(super) cookies: Vec<Value>,
    pub(super) storages: Vec<OriginStorage>,
    pub(super) is_offline: bool,
}

/// `url` is the page's address; empty for markup, which has no origin.
pub(super) fn opening(case: &Case, url: &str, setting: &Setting<'_>) -> Opening {
    let keys = &case.emulation;
    let secrets = setting.secrets;
    let expand = |text: &Spanned<String>| secrets.expand(&text.value);
    let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
    let origin = origin.unwrap_or_default();
    let cookie = |(name, value): &(String, Spanned<String>)| json!({"name": name, "value": expand(value), "url": url});
    let local: Vec<(String, String)> = keys
        .local_storage
        .iter()
        .map(|(key, value)| (key.clone(), expand(value)))
        .collect();
    let setup = PageSetup {
        viewport: keys.viewport,
        device_scale: keys.device_scale.map(spec::Scale::factor),
        has_touch: keys.touch,
        features: features(keys),
        media: keys.media.map(spec::Media::as_str),
        locale: keys.locale.as_ref().map(|text| text.value.clone()),
        timezone: keys.timezone.as_ref().map(|text| text.value.clone()),
        clock: keys.clock.map(|clock| clock.milliseconds),
        cpu_throttling: keys.cpu_throttling.map(|rate| f64::from(rate.0)),
        requests: Requests {
            headers: keys
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), expand(value)))
                .collect(),
            origins: secrecy::origins(case, url, setting),
            is_confined: keys.is_confined,
        },
        init_scripts: keys
            .init_script
            .iter()
            .map(|script| script.value.clone())
            .collect(),
        blocked_urls: keys
            .blocked_urls
            .iter()
            .map(|url| url.value.clone())
            .collect(),
        dialogs: case.dialogs.clone(),
        credentials: keys.basic_auth.as_ref().map(|auth| Credentials {
            origin: origin.clone(),
            user: expand(&auth.user),
            password: expand(&auth.password),
        }),
    };
    let has_origin = !origin.is_empty();
    Opening {
        setup,
        cookies: if has_origin {
            keys.cookies.iter().map(cookie).collect()
        } else {
            Vec::new()
        },
        storages: if has_origin && !local.is_empty() {
            vec![OriginStorage {
                origin,
                local,
                session: Vec::new(),
            }]
        } else {
            Vec::new()
        },
        is_offline: keys.offline,
    }
}

fn features(keys: &spec::Emulation) -> Vec<(&'static str, &'static str)> {
    let scheme = keys.color_scheme.map(spec::ColorScheme::as_str);
    let motion = keys.reduced_motion.map(spec::ReducedMotion::as_str);
    let colors = keys.forced_colors.map(spec::ForcedColors::as_str);
    [
        ("prefers-color-scheme", scheme),
        ("prefers-reduced-motion", motion),
        ("forced-colors", colors),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}
