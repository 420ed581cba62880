//! Unpacks the archive.

use std::path::Path;

use zip::ZipArchive;
use zip::read::ExtractOptions;

use super::BuildError;

/// The largest size of the unpacked files; the largest build has a fifth of it.
const MOST_BYTES: u64 = 2 << 30;

/// Unpacks a zip with its permissions into a folder, and verifies every entry's checksum.
pub(super) fn unpack(zip: &Path, into: &Path) -> Result<(), BuildError> {
    let file = std::fs::File::open(zip).map_err(|source| BuildError::File {
        path: zip.to_owned(),
        source,
    })?;
    let mut archive = ZipArchive::new(file).map_err(BuildError::Archive)?;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(BuildError::Archive)?;
        // The crate would drop a leading slash.
        let absolute = entry.name_raw().starts_with(b"/");
        if absolute || entry.enclosed_name().is_none() {
            return Err(BuildError::Outside {
                entry: String::from_utf8_lossy(entry.name_raw()).into_owned(),
            });
        }
    }
    // The crate refuses links out of the folder.
    archive
        .extract_with_options(into, ExtractOptions::default().with_size_limit(MOST_BYTES))
        .map_err(BuildError::Archive)
}
