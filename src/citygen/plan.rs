//! The town plan: bands of water and streets, communities, sites, and lanes that divide the rest
//! into blocks. Used by `generate`. Everything is rectangles in the plan; never puts a house
//! anywhere. The steps are in `skeleton`, `quarters`, `settle` and `divide`.

use std::collections::HashMap;

use super::divide::Divider;
use super::frame::Frame;
use super::heads::Heads;
use super::layout::Layout;
use super::quarters::{self, Quarters};
use super::rect::{Corner, Dm, Rect};
use super::seed::Seed;
use super::settle;
use super::skeleton::Skeleton;
use super::spec::{AreaError, AreaSpec, Runs, Side, SiteSpec, UnitSpec};
use super::streams::{self, Stream};

/// A road, lane or quay as a rectangle.
#[derive(Debug, Clone)]
pub(super) struct Corridor {
    pub(super) rect: Rect,
    pub(super) runs: Runs,
    pub(super) kind: Way,
    /// Chinese and English; empty until it is named.
    pub(super) name: [String; 2],
    /// Whether it is carried over a moat.
    pub(super) crosses: bool,
}

impl Corridor {
    /// Width between the houses.
    pub(super) fn width(&self) -> Dm {
        self.rect.width().min(self.rect.depth())
    }
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
    /// The community it belongs to; none for what is only drawn around.
    pub(super) community: Option<usize>,
    /// The site that fills it.
    pub(super) site: Option<usize>,
}

/// A community on the plan.
#[derive(Debug, Clone)]
pub(super) struct Community {
    pub(super) rect: Rect,
    pub(super) street: usize,
    pub(super) code: Option<String>,
    pub(super) name: String,
    pub(super) grids: usize,
}

/// The plan of an area.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) streets: Vec<UnitSpec>,
    pub(super) communities: Vec<Community>,
    /// Those of the description, then those that were invented.
    pub(super) sites: Vec<SiteSpec>,
    pub(super) corridors: Vec<Corridor>,
    pub(super) reaches: Vec<Reach>,
    pub(super) blocks: Vec<Block>,
    pub(super) streams: Vec<Stream>,
    /// Decks over the rivers.
    pub(super) decks: Vec<(Rect, Runs)>,
    edges: Edges,
}

impl Plan {
    /// Draws the plan.
    pub(super) fn new(spec: &AreaSpec, seed: &Seed, frame: &Frame) -> Result<Self, AreaError> {
        let layout = Layout::of(spec);
        let streets = 0..layout.streets.len();
        let mut heads: Vec<Heads> = streets
            .map(|street| Heads::of_street(spec, seed, street))
            .collect();
        let mut skeleton = Skeleton::new(spec, &layout);
        let Quarters { communities, cells } =
            quarters::divide(spec, &layout, frame, &mut skeleton, &mut heads)?;
        let mut plan = Self {
            streets: layout.streets.clone(),
            communities,
            sites: spec.site.clone(),
            corridors: skeleton.corridors,
            reaches: skeleton.reaches,
            blocks: Vec::new(),
            streams: streams::all(&spec.stream),
            decks: Vec::new(),
            edges: Edges::default(),
        };
        let mut rects = settle::sites(spec, frame, &cells)?;
        settle::stations(&mut plan, &cells, &mut rects);
        for (at, cell) in cells.iter().enumerate() {
            let quarter = cell.part.and_then(|part| layout.parts[part].quarter);
            let held = (0..rects.len()).filter(|site| cell.rect.holds(&rects[*site]));
            let held: Vec<usize> = held.collect();
            Divider {
                spec: quarter.map_or(&spec.blocks, |quarter| &quarter.blocks),
                sites: &rects,
                stream: seed.stream_of("lanes", at),
                plan: &mut plan,
            }
            .divide(cell.rect, &held);
        }
        plan.refuse_lost_sites(spec, rects.len())?;
        quarters::fill(&layout, seed, &mut plan, &mut heads);
        plan.name_lanes(spec, &mut heads);
        let ways = std::mem::take(&mut plan.corridors);
        (plan.corridors, plan.decks) = streams::cut_ways(&plan.streams, ways);
        plan.edges = Edges::of(&plan);
        Ok(plan)
    }

    fn refuse_lost_sites(&self, spec: &AreaSpec, sites: usize) -> Result<(), AreaError> {
        let placed: std::collections::BTreeSet<usize> =
            self.blocks.iter().filter_map(|block| block.site).collect();
        match (0..sites).find(|site| !placed.contains(site)) {
            Some(lost) => Err(spec.refuse(format!(
                "site {}: lies across a band or another site, or outside",
                self.sites[lost].name
            ))),
            None => Ok(()),
        }
    }

    /// The community that a place belongs to.
    pub(super) fn community_at(&self, at: Corner) -> Option<usize> {
        self.communities
            .iter()
            .position(|one| one.rect.contains(at))
    }

    /// Whether a place belongs to a community and not only to the picture.
    pub(super) fn inside(&self, at: Corner) -> bool {
        self.community_at(at).is_some()
    }

    /// The name of the street that a community belongs to; of the first one for what is only
    /// drawn around.
    pub(super) fn street_of(&self, community: Option<usize>) -> &UnitSpec {
        let street = community.map_or(0, |at| self.communities[at].street);
        &self.streets[street]
    }

    /// What touches a side of a rectangle most.
    pub(super) fn beside(&self, rect: &Rect, side: Side) -> Beside {
        let touch = |what: &Beside| match what {
            Beside::Way(at) => rect.touch(side, &self.corridors[*at].rect),
            Beside::Water(at) => rect.touch(side, &self.reaches[*at].rect),
            Beside::Nothing => 0,
        };
        let meeting = self.edges.meeting(rect, side).iter();
        meeting
            .map(|what| (touch(what), *what))
            .max_by_key(|(length, _)| *length)
            .filter(|(length, _)| *length > 0)
            .map_or(Beside::Nothing, |(_, what)| what)
    }

    /// Names lanes, the longest first; what is left over is a numbered alley of a neighbour.
    fn name_lanes(&mut self, spec: &AreaSpec, heads: &mut [Heads]) {
        let mut order: Vec<usize> = (0..self.corridors.len())
            .filter(|at| self.corridors[*at].kind == Way::Lane)
            .collect();
        order.sort_by_key(|at| {
            let rect = self.corridors[*at].rect;
            (-rect.width().max(rect.depth()), *at)
        });
        let (names, tails) = (&spec.names.lanes, &spec.names.lane_tails);
        for (rank, at) in order.into_iter().enumerate() {
            let community = self.community_at(self.corridors[at].rect.center());
            let street = community.map_or(0, |at| self.communities[at].street);
            let made = match tails.len() {
                0 => None,
                count => heads[street].with_tail(&tails[rank % count]),
            };
            self.corridors[at].name = made.unwrap_or_else(|| listed(names, rank));
        }
    }
}

/// The name of this rank; beyond the end of the list a numbered one.
fn listed(names: &[[String; 2]], rank: usize) -> [String; 2] {
    let Some([zh, en]) = names.get(rank % names.len().max(1)) else {
        return [
            format!("{}号弄", rank + 1),
            format!("Alley No. {}", rank + 1),
        ];
    };
    match rank / names.len() {
        0 => [zh.clone(), en.clone()],
        round => [
            format!("{zh}{}弄", round + 1),
            format!("{en} No. {}", round + 1),
        ],
    }
}

/// What lies beside a rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    Way(usize),
    Water(usize),
    Nothing,
}

/// Ways and water by where their edges lie, so that neighbours are found without a search.
#[derive(Debug, Clone, Default)]
struct Edges([HashMap<Dm, Vec<Beside>>; 4]);

impl Edges {
    fn of(plan: &Plan) -> Self {
        let mut edges = Self::default();
        let ways = plan.corridors.iter().enumerate();
        let ways = ways.map(|(at, way)| (way.rect, Beside::Way(at)));
        let water = plan.reaches.iter().enumerate();
        let water = water.map(|(at, reach)| (reach.rect, Beside::Water(at)));
        for (rect, what) in ways.chain(water) {
            for (side, at) in [rect.v0, rect.v1, rect.u0, rect.u1].into_iter().enumerate() {
                edges.0[side].entry(at).or_default().push(what);
            }
        }
        edges
    }

    /// Everything whose edge lies on the line of this side.
    fn meeting(&self, rect: &Rect, side: Side) -> &[Beside] {
        let (list, at) = match side {
            Side::North => (0, rect.v1),
            Side::South => (1, rect.v0),
            Side::East => (2, rect.u1),
            Side::West => (3, rect.u0),
        };
        self.0[list].get(&at).map_or(&[], Vec::as_slice)
    }
}
