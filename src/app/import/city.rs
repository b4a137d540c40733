//! The city that an import writes into: an existing file, or one to be made.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::app::key;
use crate::ingest::Converted;
use crate::model::{CityInfo, Ground, GroundEdit};
use crate::space::{Bounds2, Crs, Transform};
use crate::store::{CityFile, CityFileError, NewKey, Vault, VaultError, WriteSummary};

/// The city file, open or about to be made.
pub(super) struct City {
    path: PathBuf,
    key_file: Option<PathBuf>,
    open: Option<(CityFile, Ground)>,
}

impl City {
    /// Opens the city if it exists; for a dry run for reading only.
    pub(super) fn open(
        path: &Path,
        key_file: Option<&Path>,
        dry_run: bool,
    ) -> anyhow::Result<Self> {
        let open = if path.exists() {
            let vault = key::find(path, key_file)?.vault();
            let file = if dry_run {
                CityFile::open(path, vault)?
            } else {
                CityFile::open_for_writing(path, vault)?
            };
            let ground = file.load_ground()?;
            Some((file, ground))
        } else {
            check_folder(path)?;
            None
        };
        Ok(Self {
            path: path.to_owned(),
            key_file: key_file.map(Path::to_owned),
            open,
        })
    }

    /// What it holds; `None` of a city yet to be made.
    pub(super) fn ground(&self) -> Option<&Ground> {
        self.open.as_ref().map(|(_, ground)| ground)
    }

    /// The file and what it holds; `None` of a city yet to be made.
    pub(super) fn into_open(self) -> Option<(CityFile, Ground)> {
        self.open
    }

    /// Writes an edit in one transaction, into a new file if need be.
    pub(super) fn write(
        self,
        edit: &GroundEdit,
        name: &str,
        crs: &Crs,
        extent: Bounds2,
        files: &[Converted],
    ) -> anyhow::Result<WriteSummary> {
        if let Some((mut file, ground)) = self.open {
            return Ok(file.write_on(ground.version, edit)?);
        }
        let info = new_info(name, crs, extent, files);
        // A key from the first day, so that registries can be sealed when they come.
        let made = match &self.key_file {
            Some(key_file) => {
                let vault = Vault::open(key_file)?;
                CityFile::create_with(&self.path, &info, Some(&vault), edit)
                    .map(|(_, summary)| summary)
            }
            None => {
                let key = NewKey::beside(&self.path)?;
                CityFile::create_with_key(&self.path, &info, &key, edit)
            }
        };
        made.map_err(|fault| self.not_made(fault))
    }

    /// What kept a new city from being made.
    fn not_made(&self, fault: CityFileError) -> anyhow::Error {
        let city = self.path.display();
        match fault {
            CityFileError::Exists { .. } | CityFileError::Key(VaultError::Overtaken { .. }) => {
                anyhow::anyhow!(
                    "another program made the city in the meantime, and nothing was written; import once more to add to that city: {city}"
                )
            }
            CityFileError::ReadOnly { .. } | CityFileError::Key(VaultError::Write { .. }) => {
                let needs =
                    format!("a new city and its key need a folder that can be written: {city}");
                anyhow::Error::from(fault).context(needs)
            }
            other => other.into(),
        }
    }
}

/// Told before the work, and by a dry run too.
fn check_folder(city: &Path) -> anyhow::Result<()> {
    let folder = city
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        bail!(
            "there is no folder for the new city; make it first: {}",
            city.display()
        );
    }
    Ok(())
}

/// What is known about a city that an import makes.
fn new_info(name: &str, crs: &Crs, extent: Bounds2, files: &[Converted]) -> CityInfo {
    CityInfo {
        name_zh: name.to_owned(),
        name_en: name.to_owned(),
        crs: crs.name(),
        vertical_datum: vertical_datum(crs, files).to_owned(),
        utc_offset_minutes: utc_offset_minutes(crs, extent),
        synthetic: false,
    }
}

/// The vertical datum that a file's compound CRS names, or that a country prescribes.
fn vertical_datum(crs: &Crs, files: &[Converted]) -> &'static str {
    let compound = files.iter().find_map(|file| match file.source_crs.epsg()? {
        7415 => Some("NAP"),
        5554..=5556 => Some("DHHN92"),
        _ => None,
    });
    let national = || match crs.epsg() {
        Some(4491..=4554) => "1985 national height datum",
        _ => "not stated",
    };
    compound.unwrap_or_else(national)
}

/// China keeps one time; elsewhere the longitude suggests one.
fn utc_offset_minutes(crs: &Crs, extent: Bounds2) -> i32 {
    if matches!(crs.epsg(), Some(4491..=4554)) {
        return 480;
    }
    let middle = extent.center();
    let lon = Crs::from_epsg(4326)
        .and_then(|wgs84| Transform::between(crs, &wgs84))
        .and_then(|way| way.apply([middle[0], middle[1], 0.0]));
    // An empty import has no middle: Greenwich then.
    lon.map_or(0, |[lon, _, _]| (lon / 15.0).round() as i32 * 60)
}

/// What the city covers.
pub(super) fn extent(ground: &Ground) -> Bounds2 {
    let buildings = ground.buildings.values().map(|one| &one.footprint);
    let water = ground.water.values().map(|one| &one.polygon);
    let green = ground.ground_areas.values().map(|one| &one.polygon);
    let shapes = buildings
        .chain(water)
        .chain(green)
        .map(Bounds2::from_polygon);
    let places = ground
        .places
        .values()
        .map(|one| [one.position[0], one.position[1]]);
    let roads = ground
        .roads
        .values()
        .flat_map(|one| one.line.0.iter().map(|at| [at.x, at.y]));
    let points = Bounds2::from_points(places.chain(roads));
    let terrain = ground.terrain.values().map(|one| one.tin.bounds());
    let shapes = shapes.chain(terrain);
    shapes.fold(points, |all, one| all.union(&one))
}
