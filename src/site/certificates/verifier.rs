//! Checks the certificates of servers, and keeps the keys of those that only the file proves.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use sha2::{Digest as _, Sha256};

/// Trusts public authorities, and the certificates of a list and of the authorities in it.
#[derive(Debug)]
pub struct Verifier {
    listed: Vec<CertificateDer<'static>>,
    private: Arc<WebPkiServerVerifier>,
    public: Arc<WebPkiServerVerifier>,
    /// Hashes of the keys of servers that are trusted by the list alone.
    keys: Mutex<BTreeSet<String>>,
}

impl Verifier {
    pub(super) fn new(listed: Vec<CertificateDer<'static>>) -> Result<Verifier, Error> {
        let mut private = RootCertStore::empty();
        for certificate in &listed {
            private.add(certificate.clone())?;
        }
        let public = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let verifier = |roots: RootCertStore| {
            let built = WebPkiServerVerifier::builder_with_provider(roots.into(), provider());
            built
                .build()
                .map_err(|error| Error::General(error.to_string()))
        };
        Ok(Verifier {
            listed,
            private: verifier(private)?,
            public: verifier(public)?,
            keys: Mutex::default(),
        })
    }

    /// Returns hashes of the keys of the servers that only the list proved, as Chromium writes them.
    pub(super) fn keys(&self) -> Vec<String> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().cloned().collect()
    }

    fn keep(&self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
        let hash = BASE64_STANDARD.encode(Sha256::digest(&key));
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(hash);
        Ok(())
    }
}

/// Returns the TLS settings of a client with this verifier.
pub(super) fn settings(verifier: Arc<Verifier>) -> Result<ClientConfig, Error> {
    let builder = ClientConfig::builder_with_provider(provider());
    let settings = builder
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(settings)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        server: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // A self-signed certificate is no valid authority for itself.
        let is_listed = self.listed.iter().any(|listed| listed == server);
        let by_list = match is_listed {
            true => Ok(ServerCertVerified::assertion()),
            false => (self.private).verify_server_cert(server, between, name, ocsp, now),
        };
        match by_list {
            Ok(verified) => {
                self.keep(server)?;
                Ok(verified)
            }
            Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
                (self.public).verify_server_cert(server, between, name, ocsp, now)
            }
            Err(error) => Err(error),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.public
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.public
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.public.supported_verify_schemes()
    }
}
