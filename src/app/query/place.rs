//! Where a question is about, and which records: the arguments that several questions share.

use anyhow::{Context, bail};
use clap::Args;

use crate::model::query::{Condition, Filter, KindChoice};
use crate::model::{EntityKind, EntityRef, Ground};
use crate::space::{Crs, Transform};

use super::opened::Opened;

/// A place: by longitude and latitude, by coordinates of the city, or of a record.
#[derive(Debug, Args)]
#[command(next_help_heading = "Where")]
pub(super) struct PlaceArgs {
    /// Longitude (WGS 84).
    #[arg(long, requires = "lat", allow_negative_numbers = true)]
    lon: Option<f64>,
    /// Latitude (WGS 84).
    #[arg(long, requires = "lon", allow_negative_numbers = true)]
    lat: Option<f64>,
    /// East and north in the city's CRS, metres.
    #[arg(long, value_name = "E,N", value_parser = pair, allow_hyphen_values = true, conflicts_with = "lon")]
    at: Option<[f64; 2]>,
    /// Where a record is, by its id.
    #[arg(long, value_name = "ID", conflicts_with_all = ["at", "lon"])]
    of: Option<String>,
}

/// Two numbers with a comma between.
pub(super) fn pair(text: &str) -> Result<[f64; 2], String> {
    let parts: Vec<_> = text.split(',').map(str::trim).collect();
    let number = |text: &str| text.parse::<f64>().ok().filter(|one| one.is_finite());
    match parts.as_slice() {
        [a, b] => match (number(a), number(b)) {
            (Some(a), Some(b)) => Ok([a, b]),
            _ => Err("two numbers with a comma between, such as 558574.0,3467120.7".to_owned()),
        },
        _ => Err("two numbers with a comma between, such as 558574.0,3467120.7".to_owned()),
    }
}

/// Corners of an outline.
#[derive(Debug, Clone)]
pub(super) struct Corners(pub Vec<[f64; 2]>);

/// Pairs with spaces between.
pub(super) fn corners(text: &str) -> Result<Corners, String> {
    let pairs = text.split_whitespace().map(pair);
    pairs.collect::<Result<_, _>>().map(Corners)
}

impl PlaceArgs {
    /// The place in the city's CRS.
    ///
    /// # Errors
    /// When none is named, or the one named is not there.
    pub fn place(&self, opened: &Opened<'_>) -> anyhow::Result<[f64; 2]> {
        if let Some(at) = self.at {
            return Ok(at);
        }
        if let (Some(lon), Some(lat)) = (self.lon, self.lat) {
            return from_lon_lat(opened.ground(), [lon, lat]);
        }
        let Some(id) = &self.of else {
            bail!("name a place: --lon and --lat, --at E,N, or --of ID");
        };
        let key = record(opened.ground(), id)?;
        let place = opened.city.place_of(key);
        place.with_context(|| format!("{id} has no place: it is linked to no home or building"))
    }

    /// The record that is named, when one is.
    pub fn record(&self, ground: &Ground) -> anyhow::Result<Option<EntityRef>> {
        self.of.as_deref().map(|id| record(ground, id)).transpose()
    }
}

/// A place of the city by longitude and latitude.
pub(super) fn from_lon_lat(ground: &Ground, [lon, lat]: [f64; 2]) -> anyhow::Result<[f64; 2]> {
    let city = Crs::parse(&ground.info.crs)?;
    let to = Transform::between(&Crs::from_epsg(4326)?, &city)?;
    let at = to.apply([lon, lat, 0.0]);
    let [x, y, _] = at.with_context(|| format!("--lon {lon} --lat {lat}"))?;
    Ok([x, y])
}

/// A record by its written id.
///
/// # Errors
/// When it is no id, or there is no such record.
pub(in crate::app) fn record(ground: &Ground, id: &str) -> anyhow::Result<EntityRef> {
    let kinds = EntityKind::ALL.iter();
    let known = kinds.clone().find_map(|kind| {
        let digits = id.strip_prefix(kind.id_prefix())?.strip_prefix('-')?;
        let bits = (digits.len() == 16).then(|| u64::from_str_radix(digits, 16).ok())??;
        Some(EntityRef { kind: *kind, bits })
    });
    let Some(key) = known else {
        bail!(
            "{id:?} is no id; one reads like dev-03f2a9c1d4e5b677 (pingjiang query CITY.gpkg search finds them)"
        );
    };
    if ground.view(key).is_none() {
        bail!("there is no {} {id} in this city", key.kind.as_str());
    }
    Ok(key)
}

/// Which records.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which records")]
pub(super) struct FilterArgs {
    /// Kinds, with a sort where you like: device, device:smoke, facility:hydrant; several with
    /// commas.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<KindChoice>,
    /// Condition on an open field, such as storeys>=3 or structure=timber_brick; several all hold.
    #[arg(long = "where", value_name = "COND")]
    conditions: Vec<Condition>,
    /// Only people with this label, and homes and buildings with somebody who has it.
    #[arg(long, value_name = "LABEL")]
    label: Vec<String>,
    /// Only in this area, by code, name or id.
    #[arg(long = "in", value_name = "AREA")]
    within: Option<String>,
}

impl FilterArgs {
    /// The filter, checked for who asks.
    ///
    /// # Errors
    /// When it makes no sense in this city, or for this asker.
    pub fn filter(&self, opened: &Opened<'_>) -> anyhow::Result<Filter> {
        let filter = self.unchecked(opened)?;
        filter.check(&opened.city, opened.rights())?;
        Ok(filter)
    }

    /// The filter for counting, which needs no rights to see anybody.
    pub fn for_counting(&self, opened: &Opened<'_>) -> anyhow::Result<Filter> {
        let filter = self.unchecked(opened)?;
        filter.check_fields()?;
        Ok(filter)
    }

    /// The kinds, those of device by their ids: they may be named as people call them.
    fn kinds(&self, opened: &Opened<'_>) -> anyhow::Result<Vec<KindChoice>> {
        let mut kinds = self.kind.clone();
        for choice in kinds
            .iter_mut()
            .filter(|one| one.kind == EntityKind::Device)
        {
            let Some(sort) = &mut choice.sort else {
                continue;
            };
            if let Some(known) = opened.kinds.named(sort) {
                *sort = known.id.to_string();
                continue;
            }
            let mut devices = opened.ground().devices.values();
            if !devices.any(|device| device.kind.as_str() == sort) {
                let known: Vec<_> = opened
                    .kinds
                    .all()
                    .iter()
                    .map(|kind| kind.id.as_str())
                    .collect();
                bail!(
                    "there is no kind of device {sort:?}; there are {}",
                    known.join(", ")
                );
            }
        }
        Ok(kinds)
    }

    fn unchecked(&self, opened: &Opened<'_>) -> anyhow::Result<Filter> {
        let named = self.within.as_deref();
        let area = named
            .map(|name| opened.ground().area_named(name))
            .transpose()?;
        for label in &self.label {
            let labels = opened.labels()?;
            let known = labels.is_some_and(|labels| labels.names().contains(label));
            if labels.is_some() && !known {
                let names: Vec<_> = opened
                    .rules
                    .all()
                    .iter()
                    .map(|one| one.id.as_str())
                    .collect();
                bail!(
                    "there is no label {label:?}; there are {}",
                    names.join(", ")
                );
            }
        }
        Ok(Filter {
            kinds: self.kinds(opened)?,
            conditions: self.conditions.clone(),
            labels: self.label.clone(),
            area,
        })
    }
}
