//! The pinned build.

use crate::browser::platform::{Architecture, Platform, System};

/// The server of Chrome for Testing.
/// <https://github.com/GoogleChromeLabs/chrome-for-testing#json-api-endpoints>
pub const BASE_URL: &str = "https://storage.googleapis.com/chrome-for-testing-public";

/// The pinned version, a stable release with a build for every platform of [`Build::pinned`].
pub const VERSION: &str = "155.0.8059.39";

/// A build of chrome-headless-shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Such as `155.0.8059.39`.
    pub version: String,
    /// The platform as Chrome for Testing names it, such as `linux64`.
    pub platform: String,
    /// The archive's length in bytes; `None` accepts any.
    pub bytes: Option<u64>,
    /// The archive's SHA-256 in lower-case hexadecimal; `None` accepts any.
    pub sha256: Option<String>,
}

impl Build {
    /// Returns the pinned build of a platform.
    ///
    /// Chrome for Testing publishes no SHA-256. These are what several public projects that pin the same
    /// archives recorded, each from its own download; all agree.
    pub fn pinned(platform: Platform) -> Option<Build> {
        let (name, bytes, sha256) = match (platform.system, platform.architecture) {
            (System::Linux, Architecture::X64) => (
                "linux64",
                124_203_329,
                "39dcb8c46550632a3d911850ab3b8af840b4e3f6d8622faa2018eb8756278786",
            ),
            // Published since 153.0.8001.0.
            (System::Linux, Architecture::Arm64) => (
                "linux-arm64",
                124_553_121,
                "9fb86f7c0b2734c5febc0bbb4e85f37da43553f3f8a7970949828c5713e87e94",
            ),
            (System::MacOs, Architecture::Arm64) => (
                "mac-arm64",
                102_429_510,
                "b3e093c06001c41e68decbc8dd4a62f9efe4bf4e4dd247a686ea531863448d75",
            ),
            (System::MacOs, Architecture::X64) => (
                "mac-x64",
                107_758_350,
                "6338a784c691f42dd1ed6aeeef650171c7d72cf74bdb8450d0079864e72a8074",
            ),
            (System::Linux | System::MacOs, Architecture::Other) => return None,
        };
        Some(Build {
            version: VERSION.to_owned(),
            platform: name.to_owned(),
            bytes: Some(bytes),
            sha256: Some(sha256.to_owned()),
        })
    }

    /// Returns the archive's address on a server.
    pub fn url(&self, base_url: &str) -> String {
        let (version, platform) = (&self.version, &self.platform);
        format!("{base_url}/{version}/{platform}/chrome-headless-shell-{platform}.zip")
    }

    /// Returns the name of the build's folder.
    pub fn folder(&self) -> String {
        format!("chrome-headless-shell-{}", self.version)
    }

    /// Returns the browser's path in the archive.
    pub fn executable(&self) -> String {
        format!(
            "chrome-headless-shell-{}/chrome-headless-shell",
            self.platform
        )
    }
}
