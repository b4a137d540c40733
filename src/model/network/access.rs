//! How far a fire engine gets: where it must stop, what stops it, and how much hose is needed from
//! there. Used by questions about incidents. Never decides which widths an engine needs: that is
//! configuration (`assets/travellers.toml`).

use std::sync::Arc;

use geo::ConvexHull;
use geo_types::{MultiPoint, Polygon};

use crate::base::RoadId;
use crate::model::RoadKind;
use crate::space;

use super::{DistanceField, Hindrance, Leg, Network, Parts, Ranked, Spot, Traveller};

/// A road whose kerb is so near to a wall runs past it, with nothing between; metres.
const FRONT_M: f64 = 3.0;
/// A dead end so near to the outline of all roads leads out of the city; metres.
const OUTLINE_M: f64 = 30.0;
/// How far a hose or a hydrant is looked for, in turns; metres. The last has no limit.
const HOSE_M: [f64; 3] = [100.0, 800.0, f64::INFINITY];

/// What an engine is sent to.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// A place.
    Point([f64; 2]),
    /// A building, by its outline.
    Outline(&'a Polygon<f64>),
}

/// Why an engine does not come nearer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stopped {
    /// The road ahead is too narrow, or of a kind it cannot use.
    Hindered(Hindrance),
    /// The road ahead would do, but the engine does not get to it from where it comes from.
    CutOff,
}

/// The first stretch that an engine cannot take.
#[derive(Debug, Clone, PartialEq)]
pub struct Obstacle {
    /// The road.
    pub road: RoadId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Its kind.
    pub kind: RoadKind,
    /// Its width; 0 where nobody knows it.
    pub width_m: f64,
    /// What is wrong with it.
    pub why: Stopped,
}

/// How an engine gets to a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// Where it stops.
    pub stop: Spot,
    /// From where it comes to the stop.
    pub drive_m: f64,
    /// How long that takes.
    pub drive_s: f64,
    /// What keeps it from coming nearer; `None` when it stands right in front.
    pub obstacle: Option<Obstacle>,
    /// From the stop along the network and then straight to the nearest wall of the building, or
    /// to the place.
    pub hose_m: f64,
    /// The line of that, from the stop to the wall or place.
    pub hose: Vec<[f64; 2]>,
    /// The stretches of the network in it.
    pub legs: Vec<Leg>,
    /// Narrowest width on it; `None` when it has no length.
    pub narrowest_m: Option<f64>,
    /// The hydrants nearest to the stop, along the network.
    pub hydrants: Vec<Ranked>,
}

/// Why no engine helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAccess {
    /// The place, or the building's outline, is near no road.
    #[error("no road that one can walk on is near the place: the base map has a gap there")]
    NoRoad,
    /// There is no way to it from any road that the engine reaches.
    #[error("no way on foot leads here from any road that the engine reaches")]
    NoWay,
}

/// The roads that an engine reaches from where it comes from. Made once, asked often.
#[derive(Debug, Clone)]
pub struct EngineReach<'a> {
    network: &'a Network,
    engine: &'a Traveller,
    /// On foot; steps take no more hose than level ground.
    hose: Traveller,
    field: DistanceField<'a>,
    reached: Vec<bool>,
    /// Junctions from which roads lead on that the engine does not reach.
    borders: Vec<u32>,
}

impl<'a> EngineReach<'a> {
    /// What an engine reaches from fire posts, or from [`Network::gateways`]. `on_foot` is who
    /// carries the hose.
    #[must_use]
    pub fn of(
        network: &'a Network,
        engine: &'a Traveller,
        on_foot: &Traveller,
        from: &[Spot],
    ) -> Self {
        let begin = from.iter().map(|spot| (*spot, 0.0));
        let field = network.distances_from(begin, engine, f64::INFINITY);
        let is_reached = |node: u32| field.steps[node as usize].effort_m.is_finite();
        let edges = (0..).zip(&network.edges);
        let reached: Vec<bool> = edges
            .map(|(number, edge)| network.may_use(number, engine) && is_reached(edge.ends[0]))
            .collect();
        let is_border = |node: &u32| {
            let at = network.edges_at(*node);
            let inside = |edge: &&u32| reached[**edge as usize];
            at.iter().any(|edge| inside(&edge)) && !at.iter().all(|edge| inside(&edge))
        };
        let borders = (0..network.nodes.len() as u32).filter(is_border).collect();
        let hose = Traveller {
            steps_speed_m_s: on_foot.steps_speed_m_s.map(|_| on_foot.speed_m_s),
            ..on_foot.clone()
        };
        Self {
            network,
            engine,
            hose,
            field,
            reached,
            borders,
        }
    }

    /// Whether the engine gets onto an edge.
    #[must_use]
    pub fn reaches(&self, edge: u32) -> bool {
        self.reached.get(edge as usize).copied().unwrap_or(false)
    }

    /// Where the engine stops for a target, why, and what hose it needs; with the hydrants
    /// nearest to the stop, at most `most` of them.
    ///
    /// A building is reached from every road whose kerb is within three metres of its wall, and
    /// from that with the nearest kerb.
    ///
    /// # Errors
    /// When no road is near, or none from which the engine could be reached.
    pub fn access(
        &self,
        target: Target,
        hydrants: &[Spot],
        most: usize,
    ) -> Result<Access, NoAccess> {
        let fronts = self.fronts(target);
        if fronts.is_empty() {
            return Err(NoAccess::NoRoad);
        }
        let (stop, front, at) = self.nearest_stop(&fronts).ok_or(NoAccess::NoWay)?;
        let way = self.network.route(&stop, &front, &self.hose);
        let way = way.map_err(|_| NoAccess::NoWay)?;
        let [drive_m, _] = self.field.to(&stop).ok_or(NoAccess::NoWay)?;
        let obstacle = way.legs.first().map(|leg| self.obstacle(leg.edge));
        let mut hose = way.line;
        hose.push(at);
        Ok(Access {
            stop,
            drive_m,
            drive_s: drive_m / self.engine.speed_m_s,
            obstacle,
            hose_m: way.length_m + front.off_m,
            hose,
            legs: way.legs,
            narrowest_m: way.narrowest_m,
            hydrants: self.nearest_hydrants(&stop, hydrants, most),
        })
    }

    /// Where the target may be reached from, each with its place at the target.
    fn fronts(&self, target: Target) -> Vec<(Spot, [f64; 2])> {
        match target {
            Target::Point(at) => {
                let spot = self.network.attach(at, &self.hose);
                spot.map(|spot| (spot, at)).into_iter().collect()
            }
            Target::Outline(outline) => {
                let mut fronts = self.network.fronts(outline, &self.hose, FRONT_M);
                if fronts.is_empty() {
                    fronts.extend(self.network.nearest_front(outline, &self.hose));
                }
                fronts
                    .into_iter()
                    .map(|front| (front.spot, front.at))
                    .collect()
            }
        }
    }

    /// The stop with the shortest hose, which front that leads to, and the place there.
    fn nearest_stop(&self, fronts: &[(Spot, [f64; 2])]) -> Option<(Spot, Spot, [f64; 2])> {
        let right_here = fronts.iter().filter(|(spot, _)| self.reaches(spot.edge));
        let right_here = right_here.min_by(|a, b| a.0.off_m.total_cmp(&b.0.off_m));
        let most_m = right_here.map_or(f64::INFINITY, |(spot, _)| spot.off_m);
        for limit_m in HOSE_M {
            let begin = fronts.iter().map(|(spot, _)| (*spot, spot.off_m));
            let field = self
                .network
                .distances_from(begin, &self.hose, limit_m.min(most_m));
            let effort = |node: &&u32| field.steps[**node as usize].effort_m;
            let nearest = self
                .borders
                .iter()
                .min_by(|a, b| effort(a).total_cmp(&effort(b)));
            let nearest = nearest.filter(|node| effort(node) < most_m);
            if let Some(node) = nearest {
                let stop = self.stop_at(*node)?;
                // Forwards and backwards the same metres are added in another order.
                let limit_m = effort(&node) + 0.01;
                let (front, at) = self.front_of(&stop, fronts, limit_m)?;
                return Some((stop, front, at));
            }
            if let Some((spot, at)) = right_here {
                return Some((*spot, *spot, *at));
            }
        }
        None
    }

    /// The spot at a junction, on an edge that the engine reaches.
    fn stop_at(&self, node: u32) -> Option<Spot> {
        let edges = self.network.edges_at(node);
        let number = *edges.iter().find(|edge| self.reaches(**edge))?;
        Some(self.network.end_spot(number, node))
    }

    /// The front that is nearest to a stop by hose.
    fn front_of(
        &self,
        stop: &Spot,
        fronts: &[(Spot, [f64; 2])],
        limit_m: f64,
    ) -> Option<(Spot, [f64; 2])> {
        let field = self.network.distances(stop, &self.hose, limit_m);
        let hoses = fronts.iter().filter_map(|(spot, at)| {
            let [effort_m, _] = field.to(spot)?;
            Some((effort_m + spot.off_m, *spot, *at))
        });
        let best = hoses.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((best.1, best.2))
    }

    /// The hydrants nearest to a stop: within a few streets first, as most are.
    fn nearest_hydrants(&self, stop: &Spot, hydrants: &[Spot], most: usize) -> Vec<Ranked> {
        let wanted = most.min(hydrants.len());
        let mut found = Vec::new();
        for limit_m in HOSE_M {
            let near = self.network.distances(stop, &self.hose, limit_m);
            found = near.nearest(hydrants, most);
            // One further along the network but nearer to it comes after all within the limit.
            if found.len() == wanted && found.iter().all(|one| one.length_m + one.off_m <= limit_m)
            {
                break;
            }
        }
        found
    }

    fn obstacle(&self, number: u32) -> Obstacle {
        let edge = &self.network.edges[number as usize];
        let road = self.network.road(edge);
        let why = self.engine.hindrance(edge.kind, edge.width_m);
        Obstacle {
            road: road.id,
            name: road.name.clone(),
            kind: edge.kind,
            width_m: edge.width_m,
            why: why.map_or(Stopped::CutOff, Stopped::Hindered),
        }
    }
}

impl Network {
    /// Where a traveller comes into the city when nobody says: the dead ends of streets at the
    /// outline of all roads. Where there is none, a place on the longest part that it may use;
    /// nothing when it may use no road at all.
    #[must_use]
    pub fn gateways(&self, traveller: &Traveller) -> Vec<Spot> {
        let nodes: MultiPoint<f64> = self.nodes.iter().map(|at| (at[0], at[1])).collect();
        let hull = nodes.convex_hull();
        let outline: Vec<_> = hull.exterior().lines().collect();
        let is_outside = |at: [f64; 2]| {
            let mut sides = outline.iter();
            sides.any(|side| {
                let side = [side.start, side.end].map(|end| [end.x, end.y]);
                space::distance_to(side, at) <= OUTLINE_M
            })
        };
        let mut gateways = Vec::new();
        for (node, at) in (0..).zip(&self.nodes) {
            if let [edge] = self.edges_at(node)
                && self.edges[*edge as usize].kind == RoadKind::Street
                && self.may_use(*edge, traveller)
                && is_outside(*at)
            {
                gateways.push(self.end_spot(*edge, node));
            }
        }
        if gateways.is_empty() {
            let parts = Parts::of(self, traveller);
            let mut edges = 0..self.edges.len() as u32;
            let longest = edges.find(|edge| parts.of_edge(*edge) == Some(0));
            gateways
                .extend(longest.map(|edge| self.end_spot(edge, self.edges[edge as usize].ends[0])));
        }
        gateways
    }

    /// The spot at one end of an edge.
    fn end_spot(&self, number: u32, node: u32) -> Spot {
        let edge = &self.edges[number as usize];
        Spot {
            edge: number,
            along_m: if edge.ends[0] == node {
                0.0
            } else {
                edge.length_m
            },
            at: self.nodes[node as usize],
            off_m: 0.0,
        }
    }
}
