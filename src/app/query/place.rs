//! Where a question is about, and which records: the arguments that several questions share.

use anyhow::{Context, bail};
use clap::Args;

use crate::base::{half_width, id_bits};
use crate::model::query::{Condition, Filter, KindChoice, tells_a_home};
use crate::model::{EntityKind, EntityRef, Ground};
use crate::space::{Bounds2, Crs, Transform};

use super::named::record_called;
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
    /// Where a record is, by its id, an address or a name.
    #[arg(long, value_name = "ID|NAME", conflicts_with_all = ["at", "lon"])]
    of: Option<String>,
}

/// Two numbers with a comma between.
pub(super) fn pair(text: &str) -> Result<[f64; 2], String> {
    let half: String = text.chars().map(half_width).collect();
    let parts: Vec<_> = half.split(',').map(str::trim).collect();
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
        let Some(key) = self.record(opened)? else {
            bail!("name a place: --lon and --lat, --at E,N, or --of ID");
        };
        place_of(opened, key)
    }

    /// The place, refused where it lies so far outside the city that nothing of the city can answer.
    ///
    /// # Errors
    /// As [`PlaceArgs::place`], or when it lies further from the city than `within_m`.
    pub fn place_within(&self, opened: &Opened<'_>, within_m: f64) -> anyhow::Result<[f64; 2]> {
        let at = self.place(opened)?;
        check_inside(opened, at, within_m)?;
        Ok(at)
    }

    /// The record that is named by its id or name, when one is.
    ///
    /// # Errors
    /// When there is no such record, or several fit as well.
    pub fn record(&self, opened: &Opened<'_>) -> anyhow::Result<Option<EntityRef>> {
        let named = self.of.as_deref();
        named.map(|name| record_called(opened, name)).transpose()
    }
}

/// Where a record is. Where somebody lives, or what is theirs stands, is told only to who may know
/// it, and put on record.
///
/// # Errors
/// When it has no place, or the asker may not know it.
pub(super) fn place_of(opened: &Opened<'_>, key: EntityRef) -> anyhow::Result<[f64; 2]> {
    let id = key.id_text();
    if tells_a_home(&opened.city, key) {
        opened.open_home(key)?;
    }
    let place = opened.city.place_of(key);
    place.with_context(|| format!("{id} has no place: it is linked to no home or building"))
}

/// Somebody just outside the outermost road may still need the nearest help of the city.
pub(super) const OUTSIDE_M: f64 = 500.0;

/// Refuses ground that shares nothing with what the city has on its map.
///
/// # Errors
/// When it does not; the message names it as `what`.
pub(super) fn check_touches(
    opened: &Opened<'_>,
    asked: &Bounds2,
    what: &str,
) -> anyhow::Result<()> {
    match opened.city.bounds() {
        Some(city) if !city.intersects(asked) => bail!(
            "{what} touches nothing of the city, which covers {}",
            covered(&city)
        ),
        _ => Ok(()),
    }
}

fn covered(Bounds2 { min, max }: &Bounds2) -> String {
    let [[east, to_east], [north, to_north]] = [[min[0], max[0]], [min[1], max[1]]];
    format!("E {east:.0} to {to_east:.0}, N {north:.0} to {to_north:.0}")
}

/// Refuses a place that lies further than `within_m` from everything the city has on its map.
///
/// # Errors
/// When it does; the message tells how far it is and what the city covers.
pub(super) fn check_inside(opened: &Opened<'_>, at: [f64; 2], within_m: f64) -> anyhow::Result<()> {
    let Some(city) = opened.city.bounds() else {
        return Ok(());
    };
    let Bounds2 { min, max } = city;
    let beyond = |axis: usize| (min[axis] - at[axis]).max(at[axis] - max[axis]).max(0.0);
    let far_m = beyond(0).hypot(beyond(1));
    if far_m <= within_m {
        return Ok(());
    }
    let far = match far_m < 10_000.0 {
        true => format!("{far_m:.0} m"),
        false => format!("{:.0} km", far_m / 1e3),
    };
    bail!(
        "the place lies {far} outside the city, which covers {}",
        covered(&city)
    );
}

/// A place of the city by longitude and latitude.
pub(in crate::app) fn from_lon_lat(
    ground: &Ground,
    [lon, lat]: [f64; 2],
) -> anyhow::Result<[f64; 2]> {
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
    let key = key_of(id)?;
    if ground.view(key).is_none() {
        bail!(
            "there is no {} {} in this city",
            key.kind.as_str(),
            key.id_text()
        );
    }
    Ok(key)
}

/// What a written id names, whether it is in the city or not.
///
/// # Errors
/// When it is no id.
pub(in crate::app) fn key_of(id: &str) -> anyhow::Result<EntityRef> {
    let kinds = EntityKind::ALL.iter();
    let known = kinds.clone().find_map(|kind| {
        let bits = id_bits(kind.id_prefix(), id)?;
        Some(EntityRef { kind: *kind, bits })
    });
    known.with_context(|| {
        format!(
            "{id:?} is no id; one reads like dev-03f2a9c1d4e5b677 (pingjiang query CITY.gpkg search finds them)"
        )
    })
}

/// Reads how many records to tell: none would be no answer.
pub(super) fn how_many(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|one| *one > 0);
    number.ok_or_else(|| "a whole number from 1 on".to_owned())
}

/// Several kinds of one argument.
#[derive(Debug, Clone)]
struct Choices(Vec<KindChoice>);

/// Kinds with commas between, of either width.
fn choices(text: &str) -> Result<Choices, String> {
    let parts = text.split([',', '，']).map(str::parse::<KindChoice>);
    let choices = parts.collect::<Result<_, _>>();
    choices.map(Choices).map_err(|fault| fault.to_string())
}

/// Which records.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which records")]
pub(super) struct FilterArgs {
    /// Kinds, with a sort where you like: device, device:smoke, facility:hydrant; several with
    /// commas.
    #[arg(long, value_name = "KIND", value_parser = choices)]
    kind: Vec<Choices>,
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
        let mut filter = self.unchecked(opened)?;
        filter.check(&opened.city, opened.rights())?;
        if !opened.is_locked() {
            return Ok(filter);
        }
        if filter.is_one_by_one() {
            bail!("residents and households are listed with the city's key only (--key-file)");
        }
        // Whose a vehicle is stands open in the file; who may know it is known with the key only.
        filter.no_owned_vehicles = true;
        if filter.is_of_people() {
            eprintln!(
                "note: the city's key is not at hand: only vehicles of no household are listed (--key-file)"
            );
        }
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
        let each = self.kind.iter().flat_map(|one| &one.0);
        let mut kinds: Vec<KindChoice> = each.cloned().collect();
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
        let labels = self.label.iter();
        let labels = labels.map(|label| Ok(opened.label_called(label)?.0));
        Ok(Filter {
            kinds: self.kinds(opened)?,
            conditions: self.conditions.clone(),
            labels: labels.collect::<anyhow::Result<_>>()?,
            area,
            no_owned_vehicles: false,
        })
    }
}
