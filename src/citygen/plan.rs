//! The town plan: bands of water and streets, sites, and lanes that divide the rest into blocks.
//! Used by `generate`. Everything is rectangles in the plan; never puts a house anywhere.

use super::frame::{Frame, projected};
use super::rect::{Dm, Rect, dm};
use super::seed::{Seed, Stream};
use super::spec::{AreaError, AreaSpec, BandKind, BandSpec, Runs, Side, SiteSpec};

/// A road, lane or quay as a rectangle.
#[derive(Debug, Clone)]
pub(super) struct Corridor {
    pub(super) rect: Rect,
    pub(super) runs: Runs,
    pub(super) kind: Way,
    /// Chinese and English; empty until it is named.
    pub(super) name: [String; 2],
}

/// What a corridor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Street,
    Quay,
    Lane,
    DeadEnd,
}

/// A straight piece of canal or moat.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    pub(super) rect: Rect,
    pub(super) band: usize,
}

/// What is left between corridors.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) rect: Rect,
    /// The site that fills it.
    pub(super) site: Option<usize>,
}

/// The plan of an area.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) core: Rect,
    pub(super) corridors: Vec<Corridor>,
    pub(super) reaches: Vec<Reach>,
    pub(super) blocks: Vec<Block>,
}

/// Ground narrower than this is left to what it lies beside.
const LEAST_REST: Dm = 130;

impl Plan {
    /// Draws the plan.
    pub(super) fn new(spec: &AreaSpec, seed: &Seed, frame: &Frame) -> Result<Self, AreaError> {
        let place = &spec.place;
        let (half_u, half_v) = (dm(place.width_m / 2.0), dm(place.depth_m / 2.0));
        let core = Rect::new(-half_u, -half_v, half_u, half_v);
        let whole = core.inset(-dm(place.context_m));
        let mut plan = Self {
            core,
            corridors: Vec::new(),
            reaches: Vec::new(),
            blocks: Vec::new(),
        };
        let mut cells = vec![whole];
        for (index, band) in spec.band.iter().enumerate() {
            let old = std::mem::take(&mut cells);
            old.into_iter()
                .for_each(|cell| plan.cut_band(index, band, cell, &mut cells));
        }
        let sites = site_rects(spec, frame)?;
        let mut divider = Divider {
            spec,
            sites: &sites,
            stream: seed.stream("lanes"),
            plan: &mut plan,
        };
        cells.into_iter().for_each(|cell| divider.divide(cell));
        let placed = |index: usize| plan.blocks.iter().any(|block| block.site == Some(index));
        if let Some(lost) = (0..sites.len()).find(|index| !placed(*index)) {
            let name = &spec.site[lost].name;
            return Err(spec.refuse(format!(
                "site {name}: lies across a band or another site, or outside"
            )));
        }
        plan.name_lanes(spec);
        Ok(plan)
    }

    /// What touches a side of a rectangle most.
    pub(super) fn beside(&self, rect: &Rect, side: Side) -> Beside {
        let ways = self.corridors.iter().enumerate();
        let ways = ways.map(|(at, way)| (rect.touch(side, &way.rect), Beside::Way(at)));
        let water = self.reaches.iter();
        let water = water.map(|reach| (rect.touch(side, &reach.rect), Beside::Water));
        ways.chain(water)
            .max_by_key(|(length, _)| *length)
            .filter(|(length, _)| *length > 0)
            .map_or(Beside::Nothing, |(_, what)| what)
    }

    /// Cuts a band out of a cell; what is left of the cell goes to `rest`.
    fn cut_band(&mut self, index: usize, band: &BandSpec, cell: Rect, rest: &mut Vec<Rect>) {
        let half = dm(band.width_m) / 2;
        let (low, high) = (dm(band.at_m) - half, dm(band.at_m) + half);
        let quay = if band.quay.is_some() {
            dm(band.quay_m)
        } else {
            0
        };
        let quay_is_low = matches!(band.quay, Some(Side::South | Side::West));
        let (from, to) = if quay_is_low {
            (low - quay, high)
        } else {
            (low, high + quay)
        };
        let (c0, c1) = match band.runs {
            Runs::Ew => (cell.v0, cell.v1),
            Runs::Ns => (cell.u0, cell.u1),
        };
        if !reaches(band, &cell) || to <= c0 || from >= c1 {
            rest.push(cell);
            return;
        }
        let slice = |a: Dm, b: Dm| match band.runs {
            Runs::Ew => Rect::new(cell.u0, a.max(c0), cell.u1, b.min(c1)),
            Runs::Ns => Rect::new(a.max(c0), cell.v0, b.min(c1), cell.v1),
        };
        if from > c0 {
            rest.push(slice(c0, from));
        }
        if to < c1 {
            rest.push(slice(to, c1));
        }
        let corridor = |rect, kind, name: &str, name_en: &str| Corridor {
            rect,
            runs: band.runs,
            kind,
            name: [name.to_owned(), name_en.to_owned()],
        };
        if band.kind == BandKind::Street {
            let street = corridor(slice(low, high), Way::Street, &band.name, &band.name_en);
            self.corridors.push(street);
            return;
        }
        self.reaches.push(Reach {
            rect: slice(low, high),
            band: index,
        });
        if quay > 0 {
            let strip = if quay_is_low {
                slice(from, low)
            } else {
                slice(high, to)
            };
            let quay = corridor(strip, Way::Quay, &band.quay_name, &band.quay_name_en);
            self.corridors.push(quay);
        }
    }

    /// Names lanes, the longest first; what is left over is a numbered alley of a neighbour.
    fn name_lanes(&mut self, spec: &AreaSpec) {
        let mut order: Vec<usize> = (0..self.corridors.len())
            .filter(|at| self.corridors[*at].kind == Way::Lane)
            .collect();
        order.sort_by_key(|at| {
            let rect = self.corridors[*at].rect;
            (-rect.width().max(rect.depth()), *at)
        });
        let names = &spec.names.lanes;
        for (rank, at) in order.into_iter().enumerate() {
            let [zh, en] = &names[rank % names.len()];
            self.corridors[at].name = match rank / names.len() {
                0 => [zh.clone(), en.clone()],
                round => [
                    format!("{zh}{}弄", round + 1),
                    format!("{en} No. {}", round + 1),
                ],
            };
        }
    }
}

/// What lies beside a rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Way(usize),
    Water,
    Nothing,
}

/// Whether a band runs as far as a cell along its own direction.
fn reaches(band: &BandSpec, cell: &Rect) -> bool {
    let along_mid = match band.runs {
        Runs::Ew => cell.center()[0],
        Runs::Ns => cell.center()[1],
    };
    let begins = band.from_m.is_none_or(|from_m| along_mid > dm(from_m));
    let ends = band.to_m.is_none_or(|to_m| along_mid < dm(to_m));
    begins && ends
}

fn site_rects(spec: &AreaSpec, frame: &Frame) -> Result<Vec<Rect>, AreaError> {
    let rect = |site: &SiteSpec| {
        let at = match (site.at, site.lon, site.lat) {
            (Some(at), ..) => at,
            (None, Some(lon), Some(lat)) => frame.plan(projected(spec, lon, lat)?),
            _ => [0.0; 2],
        };
        let [half_u, half_v] = site.size_m.map(|size_m| dm(size_m / 2.0));
        let (u, v) = (dm(at[0]), dm(at[1]));
        Ok(Rect::new(u - half_u, v - half_v, u + half_u, v + half_v))
    };
    spec.site.iter().map(rect).collect()
}

/// Divides cells into blocks by lanes.
struct Divider<'a> {
    spec: &'a AreaSpec,
    sites: &'a [Rect],
    stream: Stream,
    plan: &'a mut Plan,
}

impl Divider<'_> {
    fn divide(&mut self, cell: Rect) {
        let inside: Vec<usize> = (0..self.sites.len())
            .filter(|at| cell.holds(&self.sites[*at]))
            .collect();
        let cut = match inside.first() {
            Some(_) => self.cut_beside_a_site(&cell, &inside),
            None => self.cut_of_a_large_cell(&cell),
        };
        match cut {
            Some((runs, low, high)) => self.cut(cell, runs, low, high),
            None => self.plan.blocks.push(Block {
                rect: cell,
                site: inside.first().copied(),
            }),
        }
    }

    fn cut(&mut self, cell: Rect, runs: Runs, low: Dm, high: Dm) {
        let slice = |a: Dm, b: Dm| match runs {
            Runs::Ew => Rect::new(cell.u0, a, cell.u1, b),
            Runs::Ns => Rect::new(a, cell.v0, b, cell.v1),
        };
        let (c0, c1) = match runs {
            Runs::Ew => (cell.v0, cell.v1),
            Runs::Ns => (cell.u0, cell.u1),
        };
        self.plan.corridors.push(Corridor {
            rect: slice(low, high),
            runs,
            kind: Way::Lane,
            name: Default::default(),
        });
        self.divide(slice(c0, low));
        self.divide(slice(high, c1));
    }

    fn lane_width(&mut self) -> Dm {
        let [low, high] = self.spec.blocks.lane_m.map(dm);
        self.stream.whole(low, high)
    }

    /// The lane along the side of a site that leaves most ground beyond it.
    fn cut_beside_a_site(&mut self, cell: &Rect, inside: &[usize]) -> Option<(Runs, Dm, Dm)> {
        let width = self.lane_width();
        let mut best = None;
        for site in inside.iter().map(|at| &self.sites[*at]) {
            let cuts = [
                (
                    Runs::Ns,
                    site.u0 - width,
                    site.u0,
                    site.u0 - width - cell.u0,
                ),
                (
                    Runs::Ns,
                    site.u1,
                    site.u1 + width,
                    cell.u1 - site.u1 - width,
                ),
                (
                    Runs::Ew,
                    site.v0 - width,
                    site.v0,
                    site.v0 - width - cell.v0,
                ),
                (
                    Runs::Ew,
                    site.v1,
                    site.v1 + width,
                    cell.v1 - site.v1 - width,
                ),
            ];
            for (runs, low, high, beyond) in cuts {
                let lane = match runs {
                    Runs::Ew => Rect::new(cell.u0, low, cell.u1, high),
                    Runs::Ns => Rect::new(low, cell.v0, high, cell.v1),
                };
                let clear = inside.iter().all(|at| !lane.overlaps(&self.sites[*at]));
                let better = best.is_none_or(|(_, _, _, most)| beyond > most);
                if clear && better && beyond >= LEAST_REST {
                    best = Some((runs, low, high, beyond));
                }
            }
        }
        best.map(|(runs, low, high, _)| (runs, low, high))
    }

    /// The next lane through a cell that is larger than a block.
    fn cut_of_a_large_cell(&mut self, cell: &Rect) -> Option<(Runs, Dm, Dm)> {
        let front = self.spec.blocks.front_m.map(dm);
        let depth = self.spec.blocks.depth_m.map(dm);
        let excess = |size: Dm, range: [Dm; 2]| f64::from(size) / f64::from(range[1]);
        let (over_u, over_v) = (excess(cell.width(), front), excess(cell.depth(), depth));
        if over_u.max(over_v) <= 1.0 {
            return None;
        }
        let (runs, size, range) = if over_u > over_v {
            (Runs::Ns, cell.width(), front)
        } else {
            (Runs::Ew, cell.depth(), depth)
        };
        let width = self.lane_width();
        let typical = f64::from(range[0] + range[1]) / 2.0;
        let parts = ((f64::from(size) / typical).round() as Dm).max(2);
        let before = if self.stream.chance(0.5) {
            parts / 2
        } else {
            parts - parts / 2
        };
        let jitter = self.stream.between(-0.09, 0.09) / f64::from(parts);
        let share = f64::from(before) / f64::from(parts) + jitter;
        let at = (f64::from(size) * share) as Dm - width / 2;
        let low = at + if runs == Runs::Ns { cell.u0 } else { cell.v0 };
        Some((runs, low, low + width))
    }
}
