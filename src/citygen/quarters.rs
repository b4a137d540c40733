//! Divides the ground of every street among its communities, and gives blocks their uses.
//! Used by `plan`. Never divides a block by lanes.

use std::collections::BTreeSet;

use super::divide::{Divider, LEAST_REST};
use super::frame::{Frame, projected};
use super::heads::{Heads, Pair};
use super::layout::{Layout, Named};
use super::partition::{self, Manner, Split};
use super::plan::{Community, Corridor, Plan, Way};
use super::rect::{Dm, Rect, dm};
use super::seed::{Seed, Stream};
use super::skeleton::{Skeleton, extent, split, turned};
use super::spec::{AreaError, AreaSpec, FillSpec, Runs, SiteSpec};

/// Communities follow streets and canals where these are long enough and not far off.
const COMMUNITIES: Manner = Manner {
    near: 0.12,
    follows: 0.6,
};

/// Ground between streets and water.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) rect: Rect,
    pub(super) part: Option<usize>,
    pub(super) community: Option<usize>,
}

/// The communities and the cells that they consist of.
#[derive(Debug)]
pub(super) struct Quarters {
    pub(super) communities: Vec<Community>,
    pub(super) cells: Vec<Cell>,
}

/// Divides all parts; where nothing lies between two communities a street is made.
pub(super) fn divide(
    spec: &AreaSpec,
    layout: &Layout,
    frame: &Frame,
    skeleton: &mut Skeleton,
    heads: &mut [Heads],
) -> Result<Quarters, AreaError> {
    let mut communities: Vec<Community> = Vec::new();
    let mut cells = Vec::new();
    let mut rest = std::mem::take(&mut skeleton.cells);
    for (at, part) in layout.parts.iter().enumerate() {
        let ways = skeleton.corridors.iter();
        let lines = partition::lines(ways, skeleton.reaches.iter());
        let Split { parts, borders } =
            Split::of(&lines, part.rect, part.communities.len(), COMMUNITIES);
        let is_ours = |cell: &Rect| part.rect.contains(cell.center());
        let (mut ours, others): (Vec<Rect>, Vec<Rect>) = rest.into_iter().partition(is_ours);
        rest = others;
        if let Some(quarter) = part.quarter {
            let width = dm(quarter.border_m);
            for border in borders {
                let name = || street_name(spec, &mut heads[part.street]);
                make_street(border, width, name, &mut ours, &mut skeleton.corridors);
            }
        }
        let first = communities.len();
        communities.extend(named(spec, frame, part.street, &part.communities, parts)?);
        cells.extend(ours.into_iter().map(|rect| {
            Cell {
                rect,
                part: Some(at),
                community: communities[first..]
                    .iter()
                    .position(|one| one.rect.contains(rect.center()))
                    .map(|place| first + place),
            }
        }));
    }
    cells.extend(rest.into_iter().map(|rect| Cell {
        rect,
        part: None,
        community: None,
    }));
    Ok(Quarters { communities, cells })
}

fn street_name(spec: &AreaSpec, heads: &mut Heads) -> Pair {
    let tail = spec.names.street_tail.clone();
    heads.with_tail(&tail).unwrap_or_default()
}

/// Cuts a street through the cells that lie across a border.
fn make_street(
    (within, runs, at): (Rect, Runs, Dm),
    width: Dm,
    name: impl FnOnce() -> Pair,
    cells: &mut Vec<Rect>,
    corridors: &mut Vec<Corridor>,
) {
    let (low, high) = (at - width / 2, at - width / 2 + width);
    let lies_across = |cell: &Rect| {
        let (c0, c1) = extent(cell, turned(runs));
        let wide = low - c0 >= LEAST_REST && c1 - high >= LEAST_REST;
        wide && within.contains(cell.center())
    };
    let (across, rest): (Vec<Rect>, Vec<Rect>) = cells.drain(..).partition(lies_across);
    *cells = rest;
    if across.is_empty() {
        return;
    }
    let name = name();
    for cell in across {
        let (before, after) = split(&cell, turned(runs), low);
        let (street, after) = split(&after, turned(runs), high);
        cells.extend([before, after]);
        corridors.push(Corridor {
            rect: street,
            runs,
            kind: Way::Street,
            name: name.clone(),
            crosses: false,
        });
    }
}

/// Gives the pieces of ground to the communities: the nearest to those that have a place, the
/// rest as one reads a map.
fn named(
    spec: &AreaSpec,
    frame: &Frame,
    street: usize,
    names: &[Named],
    mut rects: Vec<Rect>,
) -> Result<Vec<Community>, AreaError> {
    rects.sort_by_key(|rect| (-(rect.v0 + rect.v1) / 8_000, rect.u0));
    let mut pairs = Vec::new();
    for (who, one) in names.iter().enumerate() {
        let near = one.code.as_ref().and_then(|code| spec.near.get(code));
        let Some([lon, lat]) = near else { continue };
        let at = frame.plan(projected(spec, *lon, *lat)?).map(dm);
        for (place, rect) in rects.iter().enumerate() {
            let [u, v] = rect.center();
            let away = (i64::from(u - at[0])).pow(2) + (i64::from(v - at[1])).pow(2);
            // Ground that holds the place comes before ground whose middle is near.
            pairs.push((!rect.contains(at), away, who, place));
        }
    }
    pairs.sort_unstable();
    let mut owner: Vec<Option<usize>> = vec![None; rects.len()];
    let mut settled = vec![false; names.len()];
    for (_, _, who, place) in pairs {
        if owner[place].is_none() && !settled[who] {
            owner[place] = Some(who);
            settled[who] = true;
        }
    }
    let mut others = (0..names.len()).filter(|who| !settled[*who]);
    for place in owner.iter_mut().filter(|place| place.is_none()) {
        *place = others.next();
    }
    let community = |(rect, who): (Rect, Option<usize>)| {
        let name = &names[who?];
        let size_m2 = f64::from(rect.width()) * f64::from(rect.depth()) / 100.0;
        let grids = (size_m2 / spec.grid_m2).round().clamp(1.0, 99.0) as usize;
        Some(Community {
            rect,
            street,
            code: name.code.clone(),
            name: name.name.clone(),
            grids: name.grids.unwrap_or(grids),
        })
    };
    Ok(rects.into_iter().zip(owner).filter_map(community).collect())
}

/// Gives every block without a site the form that its quarter draws for it.
pub(super) fn fill(layout: &Layout, seed: &Seed, plan: &mut Plan, heads: &mut [Heads]) {
    let mut parted = BTreeSet::new();
    for at in 0..plan.blocks.len() {
        let block = &plan.blocks[at];
        let (Some(quarter), None, Some(community)) = (
            layout.quarter_at(block.rect.center()),
            block.site,
            block.community,
        ) else {
            continue;
        };
        let street = plan.communities[community].street;
        let side = block.rect.width().min(block.rect.depth());
        // Along a river stand houses: large forms would lose what lies in its way.
        let at_river = plan.streams.iter().any(|one| one.meets(&block.rect, true));
        let weight = |fill: &FillSpec| {
            let fits = side >= dm(fill.least_m) && !(at_river && fill.form.is_some());
            if fits { fill.share } else { 0.0 }
        };
        let mut stream = seed.stream_of("fill", at);
        let weights: Vec<f64> = quarter.fill.iter().map(weight).collect();
        if weights.iter().sum::<f64>() <= 0.0 {
            continue;
        }
        let drawn = &quarter.fill[stream.weighted(&weights)];
        if let Some(blocks) = &drawn.blocks {
            parted.insert(at);
            let (rect, first) = (plan.blocks[at].rect, plan.blocks.len());
            Divider {
                spec: blocks,
                sites: &[],
                stream,
                plan,
            }
            .divide(rect, &[]);
            let mut stream = seed.stream_of("fill/parted", at);
            for piece in first..plan.blocks.len() {
                let rect = plan.blocks[piece].rect;
                if let Some(site) = invented(drawn, &rect, &mut stream, &mut heads[street]) {
                    plan.blocks[piece].site = Some(plan.sites.len());
                    plan.sites.push(site);
                }
            }
            continue;
        }
        if let Some(site) = invented(drawn, &block.rect, &mut stream, &mut heads[street]) {
            plan.blocks[at].site = Some(plan.sites.len());
            plan.sites.push(site);
        }
    }
    let mut at = 0..;
    plan.blocks
        .retain(|_| at.next().is_none_or(|at| !parted.contains(&at)));
}

fn invented(
    fill: &FillSpec,
    rect: &Rect,
    stream: &mut Stream,
    heads: &mut Heads,
) -> Option<SiteSpec> {
    let form = fill.form?;
    let mut between = |range: [u16; 2]| stream.whole(range[0].into(), range[1].into()) as u16;
    let (storeys, year) = (fill.storeys.map(&mut between), fill.year.map(&mut between));
    let tail = fill.tails.get(stream.index(fill.tails.len()));
    let [name, name_en] = tail
        .and_then(|tail| heads.with_tail(tail))
        .unwrap_or_default();
    let metres = |length: Dm| f64::from(length) / 10.0;
    Some(SiteSpec {
        name,
        name_en,
        form,
        at: Some(rect.center().map(metres)),
        lon: None,
        lat: None,
        size_m: [metres(rect.width()), metres(rect.depth())],
        year,
        storeys,
        move_m: 0.0,
        tower: Vec::new(),
    })
}
