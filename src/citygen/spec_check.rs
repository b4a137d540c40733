//! What makes an area's description impossible, in words that name the place in the file.
//! Used by `spec` alone. Never repairs a value.

use std::collections::BTreeMap;

use crate::model::{KindId, KindTable};
use crate::space::Crs;

use super::spec::{AreaSpec, BlockSpec, HouseSpec, PartSpec, QuarterSpec};

impl AreaSpec {
    /// The first thing that is wrong, if anything is.
    pub(super) fn fault(&self) -> Option<String> {
        self.crs_fault()
            .or_else(|| self.layout_fault())
            .or_else(|| self.size_fault())
            .or_else(|| self.pull_fault())
            .or_else(|| self.share_fault())
            .or_else(|| self.people_fault())
            .or_else(|| self.device_fault())
    }

    fn crs_fault(&self) -> Option<String> {
        let usable = Crs::from_epsg(self.crs).is_ok_and(|crs| crs.is_projected());
        (!usable).then(|| "crs must be the EPSG code of a projected system that is built in".into())
    }

    fn size_fault(&self) -> Option<String> {
        let place = &self.place;
        if !(0.0..=500.0).contains(&place.context_m) || !(0.0..=10.0).contains(&place.bend_m) {
            return Some("place.context_m must be 0 to 500 m, place.bend_m 0 to 10 m".into());
        }
        let mut quarters = self.quarter.iter();
        let quarters = quarters.find_map(|(name, quarter)| {
            let blocks = ranges_fault(&format!("quarter.{name}.blocks"), &quarter.blocks.ranges());
            blocks.or_else(|| {
                let houses = quarter.houses.as_ref()?;
                ranges_fault(&format!("quarter.{name}.houses"), &houses.ranges())
            })
        });
        let own = ranges_fault("blocks", &self.blocks.ranges())
            .or_else(|| ranges_fault("houses", &self.houses.ranges()));
        if let Some(fault) = own.or(quarters) {
            return Some(fault);
        }
        for band in &self.band {
            if below(band.width_m, 1.0) || (band.quay.is_some() && below(band.quay_m, 1.0)) {
                return Some(format!(
                    "band {}: width_m and quay_m start at 1 m",
                    band.name
                ));
            }
        }
        let no_river = |stream: &&super::spec::StreamSpec| {
            stream.line_m.len() < 2 || below(stream.width_m, 1.0) || below(stream.bank_m, 2.0)
        };
        if let Some(stream) = self.stream.iter().find(no_river) {
            return Some(format!(
                "stream {}: needs two points or more, width_m from 1 and bank_m from 2 m",
                stream.name
            ));
        }
        let homeless = |site: &&super::spec::SiteSpec| {
            site.at.is_none() && (site.lon.is_none() || site.lat.is_none())
        };
        self.site
            .iter()
            .find(homeless)
            .map(|site| format!("site {}: needs `at`, or `lon` and `lat`", site.name))
    }

    /// Either one street with one community, or streets with theirs.
    fn layout_fault(&self) -> Option<String> {
        let place = &self.place;
        if let (Some(_), Some(community), true) =
            (&self.street, &self.community, self.streets.is_empty())
        {
            for (name, size_m) in [("width_m", place.width_m), ("depth_m", place.depth_m)] {
                // Whole decimetres in 32 bits, and small enough to be drawn by hand-made rules.
                if !(60.0..=5_000.0).contains(&size_m) {
                    return Some(format!("place.{name} must be 60 to 5000 m"));
                }
            }
            let right = (1..=99).contains(&community.grids);
            return (!right).then(|| "community.grids must be 1 to 99".into());
        }
        if self.street.is_some() || self.community.is_some() || self.streets.is_empty() {
            return Some("needs [street] and [community], or [[streets]], not both".into());
        }
        if !(self.grid_m2 >= 1_000.0) {
            return Some("grid_m2 starts at 1000".into());
        }
        self.streets.iter().find_map(|street| {
            let faults = street.part.iter();
            let part = faults
                .filter_map(|part| part_fault(part, &self.quarter))
                .next();
            part.map(|reason| format!("streets {}: {reason}", street.name))
        })
    }

    fn pull_fault(&self) -> Option<String> {
        let pull = self.place.pull.as_ref()?;
        let rises = |list: &[f64]| {
            let steps = list.windows(2).all(|pair| pair[1] - pair[0] >= 1.0);
            list.len() > 1 && steps && list.iter().all(|at| at.is_finite())
        };
        if !rises(&pull.u_m) || !rises(&pull.v_m) {
            return Some("place.pull.u_m and v_m need two rising numbers or more".into());
        }
        let fits = |grid: &[Vec<f64>]| {
            let rows = grid.iter();
            let wide = |row: &Vec<f64>| {
                row.len() == pull.u_m.len() && row.iter().all(|by| by.abs() <= 2_000.0)
            };
            grid.len() == pull.v_m.len() && rows.clone().all(wide)
        };
        (!fits(&pull.along_u_m) || !fits(&pull.along_v_m)).then(|| {
            "place.pull: along_u_m and along_v_m need a row for every v_m with a number of at \
             most 2000 for every u_m"
                .into()
        })
    }

    fn share_fault(&self) -> Option<String> {
        let (people, faults) = (&self.people, &self.faults);
        let shares = [
            ("blocks.dead_end_share", self.blocks.dead_end_share),
            ("houses.controlled_share", self.houses.controlled_share),
            ("people.elderly_single_share", people.elderly_single_share),
            ("people.elderly_couple_share", people.elderly_couple_share),
            ("people.link_rate", people.link_rate),
            ("faults.stale", faults.stale),
            ("faults.contradictory", faults.contradictory),
            ("faults.duplicate", faults.duplicate),
        ];
        let labels = self
            .label
            .iter()
            .map(|label| (label.id.as_str(), label.share));
        for (name, share) in shares.into_iter().chain(labels) {
            if !(0.0..=1.0).contains(&share) {
                return Some(format!("{name} is a share from 0 to 1"));
            }
        }
        let faulty = 1.0 - people.link_rate + faults.stale + faults.contradictory;
        (faulty + faults.duplicate > 1.0).then(|| "all faults together are above 1".into())
    }

    fn people_fault(&self) -> Option<String> {
        let people = &self.people;
        let sizes = people.household_sizes.len();
        if sizes == 0 || !(people.household_sizes.iter().all(|share| *share >= 0.0)) {
            return Some("people.household_sizes needs a share for one person and up".into());
        }
        if people.residents < people.households || people.residents > people.households * sizes {
            return Some(format!(
                "people.residents must lie between households and {sizes} times as many"
            ));
        }
        if below(people.dwellings_per_household, 1.0) {
            return Some("people.dwellings_per_household starts at 1".into());
        }
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if people.identity_area.len() != 6 || !digits(&people.identity_area) {
            return Some("people.identity_area has six digits".into());
        }
        if self.things.gb28181_centre.len() != 8 || !digits(&self.things.gb28181_centre) {
            return Some("things.gb28181_centre has eight digits".into());
        }
        if self.as_of.parse::<jiff::civil::Date>().is_err() {
            return Some("as_of reads like 2026-05-01".into());
        }
        let names = &self.names;
        let lists = [&names.family, &names.given_old, &names.given_new];
        let made = [&names.first, &names.second, &names.lane_tails];
        let nameless = names.lanes.is_empty() && made.iter().any(|list| list.is_empty());
        (lists.iter().any(|list| list.is_empty()) || nameless).then(|| {
            "names.family, given_old and given_new must not be empty, nor lanes, or else first, \
             second and lane_tails"
                .into()
        })
    }

    fn device_fault(&self) -> Option<String> {
        if self.things.events > 0 && !self.event.iter().any(|event| event.share > 0.0) {
            return Some("things.events needs at least one [[event]] with a share".into());
        }
        let kinds = KindTable::standard();
        let unknown = |name: &&String| kinds.get(&KindId::new(name)).is_none();
        self.devices
            .keys()
            .find(unknown)
            .map(|name| format!("devices.{name}: there is no such kind of device"))
    }
}

/// What is wrong with a piece of a street's ground.
fn part_fault(part: &PartSpec, quarters: &BTreeMap<String, QuarterSpec>) -> Option<String> {
    let [west, south, east, north] = part.outline_m;
    let within = part.outline_m.iter().all(|at| at.abs() <= 30_000.0);
    if !within || !(east - west >= 60.0 && north - south >= 60.0) {
        return Some(
            "outline_m is [west, south, east, north], at least 60 m wide, within 30 km".into(),
        );
    }
    if part.communities.is_empty() {
        return Some("a part needs communities".into());
    }
    let known = quarters.contains_key(&part.quarter);
    (!known).then(|| format!("there is no quarter {:?}", part.quarter))
}

/// The first range that is none.
fn ranges_fault(table: &str, ranges: &[(&str, [f64; 2])]) -> Option<String> {
    let wrong = |[low, high]: [f64; 2]| !(low > 0.0 && low <= high && high <= 1_000.0);
    let (name, _) = ranges.iter().find(|(_, range)| wrong(*range))?;
    Some(format!(
        "{table}.{name} must be [least, most] with 0 < least <= most"
    ))
}

impl BlockSpec {
    fn ranges(&self) -> [(&'static str, [f64; 2]); 5] {
        [
            ("front_m", self.front_m),
            ("depth_m", self.depth_m),
            ("lane_m", self.lane_m),
            ("dead_end_m", self.dead_end_m),
            ("bridge_m", self.bridge_m),
        ]
    }
}

impl HouseSpec {
    fn ranges(&self) -> [(&'static str, [f64; 2]); 3] {
        [
            ("parcel_m", self.parcel_m),
            ("hall_m", self.hall_m),
            ("well_m", self.well_m),
        ]
    }
}

/// Less than `least`, or no number at all.
fn below(value: f64, least: f64) -> bool {
    value.is_nan() || value < least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(find: &str, put: &str, named: &str) {
        let text = include_str!("../../maps/zjl/area.toml");
        assert!(text.contains(find), "the test's own text: {find}");
        let fault = AreaSpec::from_toml(&text.replacen(find, put, 1)).unwrap_err();
        assert!(fault.to_string().contains(named), "{fault}");
    }

    #[test]
    fn faults_are_named() {
        check("turn_deg", "turned", "turned");
        check("crs = 4549", "crs = 5", "crs");
        check("crs = 4549", "crs = 4490", "crs");
        check("smoke = 470", "smoek = 470", "smoek");
        check("width_m = 525.0", "width_m = nan", "place.width_m");
        check("link_rate = 0.90", "link_rate = 1.9", "people.link_rate");
        check("residents = 4451", "residents = 44510", "people.residents");
        check("\"000000\"", "\"0000\"", "people.identity_area");
        check("[2.2, 3.7]", "[3.7, 2.2]", "blocks.lane_m");
        check("grids = 10 ", "grids = 0 ", "community.grids");
        check("lat = 31.315427", "", "艺圃");
        check("\"2026-05-01\"", "\"May\"", "as_of");
        let fault = AreaSpec::named("gotham").unwrap_err().to_string();
        assert!(fault.contains("zjl") && fault.contains("gotham"), "{fault}");
    }
}
