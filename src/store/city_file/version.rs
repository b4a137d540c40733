//! The ground as it was at an earlier version, rebuilt from the present one and the change table.
//! Used to compare versions. Never writes.

use crate::model::Ground;

use super::error::sql;
use super::load::Loader;
use super::{CityFile, CityFileError, history};

const LOOKING_BACK: &str = "reading an earlier version";

/// The first thing that happened to each record after a version: its image is what the record was
/// then. SQLite takes the other columns from the row with the least `fid`.
const FIRST_CHANGES: &str = "SELECT op, kind, entity, image, min(fid) FROM pingjiang_change
     WHERE ground_version > ?1 GROUP BY kind, entity";

impl CityFile {
    /// Reads the whole ground as it was after `version` runs had written it; 0 is the empty city.
    /// Whom pictures must name is what the runs demanded that stood then.
    ///
    /// # Errors
    /// When there was no such version, or the city or its change table cannot be read.
    pub fn ground_at(&self, version: u64) -> Result<Ground, CityFileError> {
        let failed = sql(self.path(), LOOKING_BACK);
        let reading = self.connection.unchecked_transaction().map_err(&failed)?;
        let loader = Loader {
            connection: &reading,
            codec: &self.codec,
            path: self.path(),
            seen_only: false,
            without: &[],
        };
        let mut ground = loader.ground(&self.info)?;
        if version > ground.version {
            return Err(CityFileError::NoVersion {
                version,
                newest: ground.version,
                path: self.path.clone(),
            });
        }
        for line in self.changes(FIRST_CHANGES, version)? {
            match line.image {
                Some(image) => {
                    ground.put(self.read_image(line.key, &image)?);
                }
                None if line.op == "add" => {
                    ground.remove(line.key);
                }
                None => return Err(self.without_image(line.key)),
            }
        }
        let mut past = history::read(&reading).map_err(&failed)?;
        history::forget_after(&mut past, version);
        ground.attributions = history::attributions(&past);
        ground.version = version;
        Ok(ground)
    }
}
