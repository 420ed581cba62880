//! Starts and stops the site.

use crate::run::ExpandError;
use crate::site::certificates::Trust;
use crate::site::command::{StartOptions, Started};
use crate::site::{Server, Site};
use crate::source::Diagnostic;
use crate::spec::{Certificates, Config, SiteConfig};

use super::exit::{Exit, Failure, chain};
use super::output;

/// Serves the folder, or starts the command.
pub(super) async fn open(config: &Config) -> Result<Option<Site>, Failure> {
    match &config.site {
        None => Ok(None),
        Some(SiteConfig::Url(url)) => Ok(Some(Site::Url(url.clone()))),
        Some(SiteConfig::Dir {
            dir,
            fallback,
            base,
            ..
        }) => {
            let server = Server::start_at(dir, fallback.as_deref(), base).await;
            let server = server.map_err(|error| Failure::usage(chain(&error)))?;
            Ok(Some(Site::Dir(server)))
        }
        Some(SiteConfig::Command(command)) => {
            let options = StartOptions {
                command: command.command.clone(),
                folder: config.root.clone(),
                url: command.url.clone(),
                patience: command.timeout.0,
                reuse: command.reuse,
                trust: trust(config)?,
            };
            let started = Started::start(&options).await.map_err(Failure::page)?;
            Ok(Some(Site::Command(started)))
        }
    }
}

/// Reads the certificates that the configuration trusts.
pub(super) fn trust(config: &Config) -> Result<Trust, Failure> {
    load_trust(config.certificates.as_ref()).map_err(|problem| Failure::located(&[*problem]))
}

/// Reads a file of certificates.
pub(super) fn load_trust(certificates: Option<&Certificates>) -> Result<Trust, Box<Diagnostic>> {
    let file = match certificates {
        None => return Ok(Trust::Public),
        Some(Certificates::Accept) => return Ok(Trust::All),
        Some(Certificates::File(file)) => file,
    };
    Trust::of_file(&file.value).map_err(|error| {
        let problem = Diagnostic::new(chain(&error), file.place.clone());
        Box::new(problem.with_help(
            "write `accept`, or the path of a file with lines `-----BEGIN CERTIFICATE-----`",
        ))
    })
}

/// Stops the site, and reports an error if it had ended by itself.
pub(super) async fn close(site: Option<Site>) {
    if let Some(site) = site
        && let Some(failure) = site.stop().await
    {
        output::error(chain(&failure));
    }
}

impl From<ExpandError> for Failure {
    fn from(error: ExpandError) -> Failure {
        let exit = match &error {
            ExpandError::Pages(_) | ExpandError::Cut(_) => Exit::PageFailed,
            ExpandError::Cases(_) => Exit::Usage,
        };
        Failure {
            exit,
            message: error.to_string().into(),
        }
    }
}
