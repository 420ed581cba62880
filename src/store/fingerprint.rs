//! Fingerprints of files.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Identifies the content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fingerprint {
    /// There is no file.
    None,
    /// The file has this SHA-256.
    Sha256([u8; 32]),
}

impl Fingerprint {
    /// Returns the fingerprint of a file with these bytes.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint::Sha256(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fingerprint::None => f.write_str("none"),
            Fingerprint::Sha256(digest) => {
                f.write_str("sha256:")?;
                digest.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

/// A text that is not a fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected `none` or `sha256:` with 64 hexadecimal digits")]
pub struct NotAFingerprint;

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Fingerprint, NotAFingerprint> {
        if text == "none" {
            return Ok(Fingerprint::None);
        }
        let digits = text.strip_prefix("sha256:").ok_or(NotAFingerprint)?;
        let mut digest = [0; 32];
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NotAFingerprint);
        }
        for (byte, at) in digest.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| NotAFingerprint)?;
        }
        Ok(Fingerprint::Sha256(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, NotAFingerprint};

    #[test]
    fn text_and_back() {
        let abc = Fingerprint::of(b"abc");
        // FIPS 180-2, appendix B.1
        let text = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(abc.to_string(), text);
        assert_eq!(text.parse(), Ok(abc));
        assert_eq!("none".parse(), Ok(Fingerprint::None));
        for wrong in [
            "",
            "sha256:",
            "sha256:xyz",
            &text[..70],
            &format!("{text}0"),
        ] {
            assert_eq!(
                wrong.parse::<Fingerprint>(),
                Err(NotAFingerprint),
                "{wrong}"
            );
        }
    }
}
