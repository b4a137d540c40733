//! Everything that is no building: ways, water, bridges, open ground, trees, names.
//! Used by `generate`. Never decides where a lane runs; the plan did.

use geo_types::{LineString, Polygon};

use crate::base::{GroundAreaId, PlaceId, PlantId, RoadId, WaterId};
use crate::model::{Entity, GroundArea, Place, PlaceKind, Plant, Road, RoadKind, Water, WaterKind};

use super::bridges::Bridge;
use super::canvas::Canvas;
use super::frame::{millimetres, projected};
use super::maker::Maker;
use super::plan::{Beside, Corridor, Plan, Way};
use super::rect::{Corner, Dm, Rect};
use super::seed::Stream;
use super::spec::{AreaError, BandKind, Runs, Side, SiteForm};

/// Writes the ways, dead ends, paths and bridges.
pub(super) fn ways(
    maker: &Maker,
    plan: &Plan,
    canvas: &Canvas,
    bridges: &[Bridge],
    out: &mut Vec<Entity>,
) {
    let corridors = plan.corridors.iter().chain(&canvas.dead_ends);
    let corridors = corridors.map(|way| Strip::of_corridor(plan, way));
    write_strips(maker, "way", corridors, out);
    let paths = canvas.paths.iter().map(|path| Strip::of_path(plan, path));
    write_strips(maker, "path", paths, out);
    write_strips(maker, "bridge", bridges.iter().map(Strip::of_bridge), out);
}

/// Something to go along, on the plan.
struct Strip<'a> {
    name: Option<String>,
    kind: RoadKind,
    line: Option<[Corner; 2]>,
    rect: &'a Rect,
    width: Dm,
}

impl<'a> Strip<'a> {
    fn of_corridor(plan: &Plan, way: &'a Corridor) -> Self {
        let kind = match way.kind {
            Way::Street => RoadKind::Street,
            Way::Quay => RoadKind::Quay,
            Way::Lane | Way::DeadEnd => RoadKind::Lane,
        };
        Self {
            name: Some(way.name[0].clone()).filter(|name| !name.is_empty()),
            kind,
            line: (way.kind != Way::DeadEnd || is_joined(plan, way))
                .then(|| joined_line(plan, &way.rect, way.runs, 0)),
            rect: &way.rect,
            width: way.width(),
        }
    }

    fn of_path(plan: &Plan, rect: &'a Rect) -> Self {
        let runs = if rect.width() > rect.depth() {
            Runs::Ew
        } else {
            Runs::Ns
        };
        Self {
            name: None,
            kind: RoadKind::Path,
            line: Some(joined_line(plan, rect, runs, PATH_SETBACK)),
            rect,
            width: rect.width().min(rect.depth()),
        }
    }

    fn of_bridge(bridge: &'a Bridge) -> Self {
        Self {
            name: Some(bridge.name.clone()),
            kind: RoadKind::Bridge,
            line: Some(bridge.line()),
            rect: &bridge.deck,
            width: bridge.width(),
        }
    }
}

fn write_strips<'a>(
    maker: &Maker,
    what: &str,
    strips: impl Iterator<Item = Strip<'a>>,
    out: &mut Vec<Entity>,
) {
    for (index, strip) in strips.enumerate() {
        let key = format!("{what}-{index:03}");
        out.push(Entity::from(Road {
            id: RoadId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            name: strip.name,
            kind: strip.kind,
            line: strip
                .line
                .map_or_else(|| LineString(Vec::new()), |line| maker.frame.line(&line)),
            width_m: f64::from(strip.width) / 10.0,
            surfaces: vec![maker.frame.bent(strip.rect)],
        }));
    }
}

/// Whether a dead end begins at a way. One of a row that fronts water leads down to it between
/// the houses: nobody passes there, so it has a surface and no line.
fn is_joined(plan: &Plan, way: &Corridor) -> bool {
    let sides = match way.runs {
        Runs::Ew => [Side::West, Side::East],
        Runs::Ns => [Side::South, Side::North],
    };
    let mut sides = sides.into_iter();
    sides.any(|side| matches!(plan.beside(&way.rect, side), Beside::Way(_)))
}

/// How far from the ways around them paths of estates begin: the yard's edge.
const PATH_SETBACK: Dm = 18;

/// The middle line of a way, drawn on to the middle of the ways it runs into, at most so far
/// ahead, so that the lines of the city make one network.
fn joined_line(plan: &Plan, rect: &Rect, runs: Runs, ahead: Dm) -> [Corner; 2] {
    let [u, v] = rect.center();
    let longer = rect.inset(-ahead);
    let reach = |side: Side| match plan.beside(&longer, side) {
        Beside::Way(other) => {
            let rect = &plan.corridors[other].rect;
            ahead + rect.width().min(rect.depth()) / 2
        }
        _ => 0,
    };
    match runs {
        Runs::Ew => [
            [rect.u0 - reach(Side::West), v],
            [rect.u1 + reach(Side::East), v],
        ],
        Runs::Ns => [
            [u, rect.v0 - reach(Side::South)],
            [u, rect.v1 + reach(Side::North)],
        ],
    }
}

/// Writes canals, moat and ponds.
pub(super) fn water(
    maker: &Maker,
    reaches: &[(Rect, usize)],
    canvas: &Canvas,
    out: &mut Vec<Entity>,
) {
    let mut push = |key: String, name: &str, kind, polygon: Polygon<f64>| {
        out.push(Entity::from(Water {
            id: WaterId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            name: Some(name.to_owned()),
            kind,
            polygon,
            level_m: maker.spec.place.water_m,
        }));
    };
    for (index, (rect, band)) in reaches.iter().enumerate() {
        let band = &maker.spec.band[*band];
        let kind = match band.kind {
            BandKind::Moat => WaterKind::Moat,
            _ => WaterKind::Canal,
        };
        push(
            format!("water-{index:02}"),
            &band.name,
            kind,
            maker.frame.bent(rect),
        );
    }
    for (index, (ring, name)) in canvas.ponds.iter().enumerate() {
        let polygon = maker.frame.polygon(std::slice::from_ref(ring));
        push(format!("pond-{index:02}"), name, WaterKind::Pond, polygon);
    }
}

/// Writes rivers and the ways along them.
pub(super) fn rivers(maker: &Maker, plan: &Plan, out: &mut Vec<Entity>) {
    for (index, stream) in plan.streams.iter().enumerate() {
        let key = format!("river-{index:02}");
        out.push(Entity::from(Water {
            id: WaterId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            name: Some(stream.name.clone()),
            kind: WaterKind::Canal,
            polygon: stream.polygon(maker.frame),
            level_m: maker.spec.place.water_m,
        }));
        let key = format!("river-way-{index:02}");
        let (line, surface, width_m) = stream.bank_way(maker.frame);
        out.push(Entity::from(Road {
            id: RoadId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            name: Some(stream.way[0].clone()),
            kind: RoadKind::Quay,
            line,
            width_m,
            surfaces: vec![surface],
        }));
    }
}

/// Writes green, squares, courts and parking.
pub(super) fn open_ground(maker: &Maker, canvas: &Canvas, out: &mut Vec<Entity>) {
    for (index, open) in canvas.open.iter().enumerate() {
        let key = format!("open-{index:03}");
        out.push(Entity::from(GroundArea {
            id: GroundAreaId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            name: open.name.clone(),
            kind: open.kind,
            polygon: maker.frame.polygon(std::slice::from_ref(&open.ring)),
        }));
    }
}

/// Plants trees along quays and streets; those of yards are on the canvas already.
pub(super) fn line_trees(plan: &Plan, canvas: &mut Canvas, stream: &mut Stream) {
    for way in &plan.corridors {
        let apart = match way.kind {
            Way::Quay => (85, 150),
            Way::Street => (110, 170),
            Way::Lane | Way::DeadEnd => continue,
        };
        for side in edge_sides(plan, way) {
            let rect = way.rect.inset(7);
            let (low, high) = match way.runs {
                Runs::Ew => (rect.u0, rect.u1),
                Runs::Ns => (rect.v0, rect.v1),
            };
            let mut at = low + stream.whole(20, 90);
            while at < high - 20 {
                let place = match side {
                    Side::North => [at, rect.v1],
                    Side::South => [at, rect.v0],
                    Side::East => [rect.u1, at],
                    Side::West => [rect.u0, at],
                };
                canvas.tree(place, stream.between(5.5, 10.0));
                at += stream.whole(apart.0, apart.1);
            }
        }
    }
}

/// The edges of a way on which trees stand: both of a street, the water's side of a quay.
fn edge_sides(plan: &Plan, way: &Corridor) -> Vec<Side> {
    let sides = match way.runs {
        Runs::Ew => [Side::South, Side::North],
        Runs::Ns => [Side::West, Side::East],
    };
    let stands = |side: &Side| {
        let at_water = || matches!(plan.beside(&way.rect, *side), Beside::Water(_));
        way.kind == Way::Street || at_water()
    };
    sides.into_iter().filter(stands).collect()
}

/// Writes the trees.
pub(super) fn plants(maker: &Maker, canvas: &Canvas, out: &mut Vec<Entity>) {
    for (index, tree) in canvas.trees.iter().enumerate() {
        let key = format!("tree-{index:04}");
        let at = tree.at.map(|c| f64::from(c) / 10.0);
        out.push(Entity::from(Plant {
            id: PlantId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            position: maker.position(at, 0.0),
            height_m: millimetres(tree.height_m),
            crown_m: millimetres(tree.crown_m),
        }));
    }
}

/// Writes the names of sites and further places.
pub(super) fn places(
    maker: &Maker,
    plan: &Plan,
    canvas: &Canvas,
    out: &mut Vec<Entity>,
) -> Result<(), AreaError> {
    let spec = maker.spec;
    let mut push = |key: String, name: &str, name_en: &str, kind, position| {
        out.push(Entity::from(Place {
            id: PlaceId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            name: name.to_owned(),
            name_en: Some(name_en.to_owned()).filter(|name| !name.is_empty()),
            kind,
            position,
        }));
    };
    let named = |label: &&super::canvas::Label| !plan.sites[label.site].name.is_empty();
    for label in canvas.labels.iter().filter(named) {
        let site = &plan.sites[label.site];
        let kind = match site.form {
            SiteForm::Garden => PlaceKind::Garden,
            SiteForm::Pagoda => PlaceKind::Pagoda,
            _ => PlaceKind::Place,
        };
        let position = maker.position(label.at.map(|c| f64::from(c) / 10.0), 0.0);
        push(
            format!("site-{:02}", label.site),
            &site.name,
            &site.name_en,
            kind,
            position,
        );
    }
    for (index, place) in spec.place_name.iter().enumerate() {
        let [x, y] = projected(spec, place.lon, place.lat)?;
        let position = [millimetres(x), millimetres(y), spec.place.ground_m];
        push(
            format!("name-{index:02}"),
            &place.name,
            &place.name_en,
            place.kind,
            position,
        );
    }
    Ok(())
}
