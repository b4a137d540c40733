//! The city that an import writes into: an existing file, or one to be made.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::ingest::Converted;
use crate::model::{CityInfo, Ground, GroundEdit};
use crate::space::{Bounds2, Crs, Transform};

/// The city file, open or about to be made.
pub(super) struct City {
    path: PathBuf,
    ground: Option<Ground>,
}

impl City {
    /// Opens the city if it exists.
    pub(super) fn open(
        path: &Path,
        _key_file: Option<&Path>,
        _key: Option<String>,
    ) -> anyhow::Result<Self> {
        if path.exists() {
            bail!("not built yet");
        }
        Ok(Self {
            path: path.to_owned(),
            ground: None,
        })
    }

    /// What it holds; `None` of a city yet to be made.
    pub(super) fn ground(&self) -> Option<&Ground> {
        self.ground.as_ref()
    }

    /// Whether the import makes it.
    pub(super) fn is_new(&self) -> bool {
        self.ground.is_none()
    }

    /// Writes an edit in one transaction, into a new file if need be; gives back the version.
    pub(super) fn write(
        self,
        _edit: &GroundEdit,
        name: &str,
        crs: &Crs,
        extent: Bounds2,
        files: &[Converted],
    ) -> anyhow::Result<u64> {
        let _info = new_info(name, crs, extent, files);
        bail!("not built yet: {}", self.path.display())
    }
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
    shapes.fold(points, |all, one| all.union(&one))
}
