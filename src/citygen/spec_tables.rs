//! The tables of an area's description, one struct each.
//! Used by `spec`. Never checks a value: `spec_check` does.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::PlaceKind;

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $type,)* }
    )*};
}
pub(super) use tables;

tables! {
    /// Where the area lies, and the sizes of the whole.
    PlaceSpec {
        /// Longitude of the centre, in the CRS's own datum.
        lon: f64,
        /// Latitude of the centre.
        lat: f64,
        /// Turn of the grid, counter-clockwise from east.
        turn_deg: f64,
        /// Size of an area of one community along the E–W lines.
        #[serde(default)]
        width_m: f64,
        /// Size along the N–S lines.
        #[serde(default)]
        depth_m: f64,
        /// Drawn beyond the outline on all sides.
        #[serde(default)]
        context_m: f64,
        /// Height of the ground.
        ground_m: f64,
        /// Height of the water.
        water_m: f64,
        /// How far lines swing off the straight grid.
        bend_m: f64,
        /// Where the ground leaves the straight grid more than by these bends.
        #[serde(default)]
        pull: Option<PullSpec>,
    }
    /// A district or a street.
    UnitSpec {
        /// Official code.
        code: String,
        /// Name.
        name: String,
    }
    /// The community.
    CommunitySpec {
        /// Name.
        name: String,
        /// Number of grids.
        grids: usize,
    }
    /// A street (sub-district) of a district.
    StreetSpec {
        /// Official code.
        code: String,
        /// Name.
        name: String,
        /// The pieces of ground it has.
        part: Vec<PartSpec>,
    }
    /// A piece of a street's ground, divided into communities of about the same size.
    PartSpec {
        /// Least u, least v, greatest u, greatest v.
        outline_m: [f64; 4],
        /// How it is built: a key of `quarter`.
        quarter: String,
        /// Code and name of every community.
        communities: Vec<[String; 2]>,
    }
    /// How a quarter is built.
    QuarterSpec {
        /// Blocks and lanes.
        blocks: BlockSpec,
        /// Width of a road that is made where two communities meet and nothing parts them.
        border_m: f64,
        /// Houses of this quarter; those of the area when absent.
        #[serde(default)]
        houses: Option<HouseSpec>,
        /// What stands on blocks that are no site; houses when empty.
        #[serde(default)]
        fill: Vec<FillSpec>,
    }
    /// What may stand on a block.
    FillSpec {
        /// The form of a site; houses in rows when absent.
        #[serde(default)]
        form: Option<SiteForm>,
        /// How often, against the others.
        share: f64,
        /// The least side of a block that takes it.
        #[serde(default)]
        least_m: f64,
        /// Least and most storeys.
        #[serde(default)]
        storeys: Option<[u16; 2]>,
        /// First and last year of construction.
        #[serde(default)]
        year: Option<[u16; 2]>,
        /// Lanes of its own through the block.
        #[serde(default)]
        blocks: Option<BlockSpec>,
        /// Ends of its name, Chinese and English.
        #[serde(default)]
        tails: Vec<[String; 2]>,
    }
    /// How far the ground lies off the straight grid at the crossings of some lines of the plan.
    PullSpec {
        /// Places along u.
        u_m: Vec<f64>,
        /// Places along v.
        v_m: Vec<f64>,
        /// For every v, for every u: further along u by so much.
        along_u_m: Vec<Vec<f64>>,
        /// The same along v.
        along_v_m: Vec<Vec<f64>>,
    }
    /// A canal, moat or street through the plan.
    BandSpec {
        /// Name in Chinese.
        name: String,
        /// Name in English.
        name_en: String,
        /// What it is.
        kind: BandKind,
        /// Its direction.
        runs: Runs,
        /// Where its centre line lies, across its direction.
        at_m: f64,
        /// Width; of water without the quay.
        width_m: f64,
        /// Where it begins along its direction; at the edge when absent.
        #[serde(default)]
        from_m: Option<f64>,
        /// Where it ends; at the edge when absent.
        #[serde(default)]
        to_m: Option<f64>,
        /// The side of the quay street.
        #[serde(default)]
        quay: Option<Side>,
        /// Width of the quay street.
        #[serde(default)]
        quay_m: f64,
        /// Name of the quay street.
        #[serde(default)]
        quay_name: String,
        /// The same in English.
        #[serde(default)]
        quay_name_en: String,
        /// Whether a street is carried over a moat.
        #[serde(default)]
        crosses: bool,
    }
    /// A river that does not follow the lines of the plan.
    StreamSpec {
        /// Name in Chinese.
        name: String,
        /// Name in English.
        name_en: String,
        /// Width.
        width_m: f64,
        /// Ground left free on both sides; on the left one, along the line, there is a way.
        bank_m: f64,
        /// Name of the way.
        way_name: String,
        /// The same in English.
        way_name_en: String,
        /// The middle line, along u and v.
        line_m: Vec<[f64; 2]>,
    }
    /// A site taken out of the plan before lanes divide the rest.
    SiteSpec {
        /// Name in Chinese.
        name: String,
        /// Name in English.
        name_en: String,
        /// What stands on it.
        form: SiteForm,
        /// Centre in the plan; or `lon` and `lat`.
        #[serde(default)]
        at: Option<[f64; 2]>,
        /// Longitude of the centre.
        #[serde(default)]
        lon: Option<f64>,
        /// Latitude of the centre.
        #[serde(default)]
        lat: Option<f64>,
        /// Size along u and v.
        size_m: [f64; 2],
        /// Year of construction.
        #[serde(default)]
        year: Option<u16>,
        /// Storeys.
        #[serde(default)]
        storeys: Option<u16>,
        /// How far it may be moved from its place to lie between streets and water.
        #[serde(default)]
        move_m: f64,
        /// Its pagodas.
        #[serde(default)]
        tower: Vec<TowerSpec>,
    }
    /// A pagoda on a site.
    TowerSpec {
        /// Name in Chinese.
        name: String,
        /// From the middle of the site, along u and v.
        off_m: [f64; 2],
        /// From its middle to its corners.
        radius_m: f64,
        /// Height with its spire.
        height_m: f64,
        /// Storeys.
        storeys: u16,
        /// What sources say of it.
        #[serde(default)]
        attributes: BTreeMap<String, serde_json::Value>,
    }
    /// A place name.
    PlaceNameSpec {
        /// Name in Chinese.
        name: String,
        /// Name in English.
        name_en: String,
        /// Kind.
        kind: PlaceKind,
        /// Longitude.
        lon: f64,
        /// Latitude.
        lat: f64,
    }
    /// Blocks, lanes and bridges; ranges are [least, most].
    BlockSpec {
        /// Length of a block along u.
        front_m: [f64; 2],
        /// Depth of a block along v.
        depth_m: [f64; 2],
        /// Width of lanes.
        lane_m: [f64; 2],
        /// Width of dead ends.
        dead_end_m: [f64; 2],
        /// Share of the rows of houses with a dead end.
        dead_end_share: f64,
        /// Width of small bridges.
        bridge_m: [f64; 2],
        /// Least distance between bridges.
        bridge_apart_m: f64,
    }
    /// Traditional houses.
    HouseSpec {
        /// Width of a plot.
        parcel_m: [f64; 2],
        /// Depth of a hall.
        hall_m: [f64; 2],
        /// Depth of a light well.
        well_m: [f64; 2],
        /// How often a plot takes which form.
        weights: PlotWeights,
        /// Shares of one, two and three storeys.
        storeys: [f64; 3],
        /// Share of houses of one and two storeys from before 1949.
        old_share: f64,
        /// Share of controlled-protection buildings.
        controlled_share: f64,
    }
    /// How often a plot takes which form.
    PlotWeights {
        /// Halls behind each other.
        halls: f64,
        /// One long row.
        row: f64,
        /// A compound round courts.
        compound: f64,
        /// An open yard.
        yard: f64,
    }
    /// Percentiles.
    Percentiles {
        /// 5 %.
        p5: f64,
        /// 25 %.
        p25: f64,
        /// 50 %.
        p50: f64,
        /// 75 %.
        p75: f64,
        /// 95 %.
        p95: f64,
        /// 99 %.
        p99: f64,
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }
    )*};
}

words! {
    /// What a band is.
    BandKind {
        /// The moat.
        Moat,
        /// A canal.
        Canal,
        /// A public street.
        Street,
        /// A way along water.
        Quay,
    }
    /// The direction of a band in the plan.
    Runs {
        /// Along u.
        Ew,
        /// Along v.
        Ns,
    }
    /// A side in the plan.
    Side {
        /// Greater v.
        North,
        /// Smaller v.
        South,
        /// Greater u.
        East,
        /// Smaller u.
        West,
    }
    /// What stands on a site.
    SiteForm {
        /// Walk-ups in rows facing south.
        Estate,
        /// A garden with a pond.
        Garden,
        /// A school with a yard.
        School,
        /// Halls in a walled court.
        Temple,
        /// One large hall.
        Hall,
        /// Former workshops.
        Works,
        /// The community's service station with a small square.
        Station,
        /// A lawn with trees and paths.
        Park,
        /// A pagoda in a court.
        Pagoda,
    }
}
