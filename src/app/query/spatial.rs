//! `near`, `within`, `nearest`, `search`.

use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde::Serialize;

use crate::base::{Shown, why_unread};
use crate::model::query::{Region, RegionError, tells_a_home};
use crate::model::search::{Hit, SearchIndex};

use super::addressed::{hits_by_address, put_in_order};
use super::opened::Opened;
use super::place::{Corners, FilterArgs, OUTSIDE_M, PlaceArgs, check_touches, corners, how_many};
use super::rows::{Rows, table};

/// What is within a distance of a place.
#[derive(Debug, Args)]
pub(super) struct Near {
    #[command(flatten)]
    place: PlaceArgs,
    /// How far, metres.
    #[arg(
        long,
        value_name = "M",
        default_value_t = 100.0,
        allow_negative_numbers = true
    )]
    radius: f64,
    #[command(flatten)]
    filter: FilterArgs,
    /// Most records to tell.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = how_many)]
    limit: usize,
}

impl Near {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        if !(self.radius.is_finite() && self.radius >= 0.0) {
            bail!("a radius is 0 m or more, and finite");
        }
        let filter = self.filter.filter(opened)?;
        let at = self
            .place
            .place_within(opened, self.radius.max(OUTSIDE_M))?;
        let found = opened.city.near(at, self.radius, &filter, opened.rights());
        let rows = Rows::of(opened, &found?, &filter, self.limit, true);
        opened.print("near", &rows, |rows| rows.page(opened))
    }
}

/// What lies in a polygon or an area.
#[derive(Debug, Args)]
pub(super) struct Within {
    /// Corners in order, in the city's CRS, in one text: "E,N E,N E,N …".
    #[arg(long, value_name = "CORNERS", value_parser = corners, allow_hyphen_values = true)]
    polygon: Option<Corners>,
    /// File with one GeoJSON polygon, WGS 84.
    #[arg(long, value_name = "FILE", conflicts_with = "polygon")]
    polygon_file: Option<PathBuf>,
    /// Area whose outline is meant, by code, name or id; --in counts records that name the area,
    /// too.
    #[arg(long, value_name = "AREA", conflicts_with_all = ["polygon", "polygon_file"])]
    outline_of: Option<String>,
    #[command(flatten)]
    filter: FilterArgs,
    /// Most records to tell.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = how_many)]
    limit: usize,
}

impl Within {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let filter = self.filter.filter(opened)?;
        let region = self.region(opened)?;
        check_touches(opened, &region.bounds(), "the polygon")?;
        let found = opened.city.within(&region, &filter, opened.rights());
        let rows = Rows::of(opened, &found, &filter, self.limit, false);
        opened.print("within", &rows, |rows| rows.page(opened))
    }

    fn region(&self, opened: &Opened<'_>) -> anyhow::Result<Region> {
        let ground = opened.ground();
        if let Some(name) = &self.outline_of {
            return Ok(Region::area(ground, ground.area_named(name)?)?);
        }
        if let Some(path) = &self.polygon_file {
            return region_of_file(opened, path);
        }
        let Some(Corners(corners)) = &self.polygon else {
            bail!(
                "name where: --polygon \"E,N E,N E,N\", --polygon-file FILE or --outline-of AREA"
            );
        };
        Ok(Region::polygon(corners)?)
    }
}

/// The polygon of a GeoJSON file.
fn region_of_file(opened: &Opened<'_>, path: &std::path::Path) -> anyhow::Result<Region> {
    let place = || path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|fault| {
        anyhow!(
            "the polygon cannot be read: {}: {}",
            why_unread(&fault),
            place()
        )
    })?;
    let document: geojson::GeoJson = text.parse().with_context(place)?;
    let rings = first_polygon(&document)
        .with_context(|| format!("it holds no polygon: {}", path.display()))?;
    let [outer] = rings.as_slice() else {
        bail!(
            "a polygon with holes cannot be asked for: {}",
            path.display()
        );
    };
    let mut corners = Vec::with_capacity(outer.len());
    for at in outer {
        let lon_lat = [at[0], at[1]];
        corners.push(super::place::from_lon_lat(opened.ground(), lon_lat).with_context(place)?);
    }
    if corners.first() == corners.last() {
        corners.pop();
    }
    let region: Result<Region, RegionError> = Region::polygon(&corners);
    region.with_context(place)
}

type Rings = Vec<Vec<[f64; 2]>>;

fn first_polygon(document: &geojson::GeoJson) -> Option<Rings> {
    let of_geometry = |geometry: &geojson::Geometry| {
        let polygon: geo_types::Geometry<f64> = geometry.clone().try_into().ok()?;
        let polygon = match polygon {
            geo_types::Geometry::Polygon(one) => one,
            geo_types::Geometry::MultiPolygon(many) if many.0.len() == 1 => {
                many.0.into_iter().next()?
            }
            _ => return None,
        };
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        Some(
            rings
                .map(|ring| ring.0.iter().map(|at| [at.x, at.y]).collect())
                .collect(),
        )
    };
    match document {
        geojson::GeoJson::Geometry(one) => of_geometry(one),
        geojson::GeoJson::Feature(one) => of_geometry(one.geometry.as_ref()?),
        geojson::GeoJson::FeatureCollection(all) => {
            let mut geometries = all.features.iter().filter_map(|one| one.geometry.as_ref());
            of_geometry(geometries.next()?)
        }
    }
}

/// The nearest of a kind.
#[derive(Debug, Args)]
pub(super) struct Nearest {
    #[command(flatten)]
    place: PlaceArgs,
    /// How many.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = how_many)]
    count: usize,
    #[command(flatten)]
    filter: FilterArgs,
}

impl Nearest {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let filter = self.filter.filter(opened)?;
        let at = self.place.place_within(opened, OUTSIDE_M)?;
        let found = opened
            .city
            .nearest(at, self.count, &filter, opened.rights());
        let rows = Rows::of(opened, &found, &filter, self.count, true);
        opened.print("nearest", &rows, |rows| rows.page(opened))
    }
}

/// What is called so.
#[derive(Debug, Args)]
pub(super) struct Search {
    /// A name or a part of it, pinyin or its initials, an address, an id, a whole identity or
    /// telephone number or plate.
    #[arg(value_name = "TEXT")]
    text: String,
    #[command(flatten)]
    filter: FilterArgs,
    /// Most records to tell.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = how_many)]
    limit: usize,
}

/// A hit, with where it is.
#[derive(Debug, Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    hit: &'a Hit,
    kind: &'static str,
    lon_lat: Option<[f64; 2]>,
}

impl Search {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let filter = self.filter.filter(opened)?;
        let means = opened.means();
        let index = SearchIndex::of(opened.ground(), &means);
        let (city, rights) = (&opened.city, opened.rights());
        let mut hits = index.search(city, &self.text, &filter, self.limit, rights, &means);
        let mut by_address = hits_by_address(opened, &self.text, rights)?;
        by_address.retain(|hit| filter.takes_all() || filter.passes(city, hit.key, rights));
        put_in_order(&mut hits, by_address);
        hits.truncate(self.limit);
        // Where somebody lives is told, and put on record, only to who may know it; an id that
        // somebody holds is no right to hear that there is such a person.
        let told: Vec<Told> = hits
            .iter()
            .filter_map(|hit| {
                let is_home = tells_a_home(city, hit.key);
                let may_know = !is_home || opened.open_home(hit.key).is_ok();
                let at = may_know.then(|| city.place_of(hit.key)).flatten();
                (may_know || hit.by != "id").then(|| Told {
                    hit,
                    kind: hit.key.kind.as_str(),
                    lon_lat: at.and_then(|at| opened.lon_lat(at)),
                })
            })
            .collect();
        opened.print("search", &told, |told| page(opened, told))
    }
}

fn page(opened: &Opened<'_>, told: &[Told<'_>]) -> String {
    if told.is_empty() {
        let nothing = match opened.is_locked() {
            false => opened.say(
                "nothing is called so; people are found only by roles that may see them",
                "没有找到；人员只有有权限的角色才能检索",
            ),
            true => opened.say(
                "nothing is called so; people, telephones, numbers and doors are not searched without the city's key (--key-file)",
                "没有找到；缺少城市密钥，无法检索人员、电话、证件号和门牌（--key-file）",
            ),
        };
        return format!("{nothing}\n");
    }
    let cells = told.iter().map(|one| {
        let Shown { text, .. } = &one.hit.text;
        let id = one.hit.key.id_text();
        let kind = opened.word("kind", one.kind);
        vec![id, kind, text.clone(), one.hit.by.to_owned()]
    });
    table(&cells.collect::<Vec<_>>())
}
