//! Unpacking.

use std::path::Path;

use zip::ZipArchive;
use zip::read::ExtractOptions;

use super::DownloadError;

/// The most that an archive may unpack to; the largest build has a fifth of it.
const MOST_BYTES: u64 = 2 << 30;

/// Unpacks a zip into a folder, with its permissions. Every entry's checksum is verified as it is read.
pub(super) fn unpack(zip: &Path, into: &Path) -> Result<(), DownloadError> {
    let file = std::fs::File::open(zip).map_err(|source| DownloadError::File {
        path: zip.to_owned(),
        source,
    })?;
    let mut archive = ZipArchive::new(file).map_err(DownloadError::Archive)?;
    for index in 0..archive.len() {
        let entry = archive
            .by_index_raw(index)
            .map_err(DownloadError::Archive)?;
        // The crate would take a leading slash for a mistake and drop it.
        let absolute = entry.name_raw().starts_with(b"/");
        if absolute || entry.enclosed_name().is_none() {
            return Err(DownloadError::Outside {
                entry: String::from_utf8_lossy(entry.name_raw()).into_owned(),
            });
        }
    }
    // Links that lead out are refused by the crate.
    archive
        .extract_with_options(into, ExtractOptions::default().with_size_limit(MOST_BYTES))
        .map_err(DownloadError::Archive)
}
