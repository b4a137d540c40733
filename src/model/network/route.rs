//! A way from one place to another, told as a dispatcher reads it out. Used by questions about
//! incidents and by pictures. Never invents a way where there is none.

use std::sync::Arc;

use crate::base::RoadId;
use crate::space;

use super::search::{self, BEGIN, Search, Step};
use super::{Edge, Network, NoRoute, Spot, Traveller};

/// A stretch along one edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// The edge.
    pub edge: u32,
    /// Where on it the stretch begins.
    pub from_m: f64,
    /// Where on it the stretch ends; smaller than `from_m` when it is gone backwards.
    pub to_m: f64,
}

impl Leg {
    /// How long it is.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        (self.to_m - self.from_m).abs()
    }
}

/// A road, or several of one name behind each other, and how far the way follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedLength {
    /// The road, the first of them where several have the name.
    pub road: RoadId,
    /// Its name; `None` for roads without one.
    pub name: Option<Arc<str>>,
    /// How far.
    pub length_m: f64,
}

/// A way along the network, from spot to spot: what lies between a spot and the place it stands
/// for is in the spots' `off_m`.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Along the lines.
    pub length_m: f64,
    /// How long this traveller takes.
    pub seconds: f64,
    /// Where it goes; one place when both spots are the same.
    pub line: Vec<[f64; 2]>,
    /// Edge by edge.
    pub legs: Vec<Leg>,
    /// The roads in order.
    pub roads: Vec<NamedLength>,
    /// The bridges in order.
    pub bridges: Vec<NamedLength>,
    /// The flights of steps in order.
    pub steps: Vec<NamedLength>,
    /// Narrowest width; `None` for a way of no length. 0 where a road's width is not known.
    pub narrowest_m: Option<f64>,
}

impl Network {
    /// The quickest way.
    ///
    /// # Errors
    /// When a spot lies where the traveller may not be, or the two do not hang together: with the
    /// parts and the nearest gap between them, so that nobody takes a straight line for a way.
    pub fn route(&self, from: &Spot, to: &Spot, traveller: &Traveller) -> Result<Route, NoRoute> {
        for spot in [from, to] {
            self.check(spot, traveller)?;
        }
        let search = Search::new(self, traveller, f64::INFINITY, Some(*to));
        let steps = search.run([(*from, 0.0)]);
        let direct_m = match from.edge == to.edge {
            true => self.effort_between(from, to, traveller),
            false => f64::INFINITY,
        };
        let arrival = search::arrival(self, traveller, &steps, to);
        let legs = match arrival {
            Some(one) if one.effort_m < direct_m => self.legs(&steps, from, to, one.end),
            _ if direct_m.is_finite() => vec![leg(from.edge, from.along_m, to.along_m)],
            _ => return Err(NoRoute::apart(self, from, to, traveller)),
        };
        Ok(self.told(legs, from, traveller))
    }

    /// Effort between two spots on one edge, along it.
    pub(super) fn effort_between(&self, a: &Spot, b: &Spot, traveller: &Traveller) -> f64 {
        let kind = self.edges[a.edge as usize].kind;
        traveller.slowness(kind) * (a.along_m - b.along_m).abs()
    }

    /// The legs to a spot by way of an end of its edge.
    pub(super) fn legs(&self, steps: &[Step], from: &Spot, to: &Spot, end: usize) -> Vec<Leg> {
        let last = &self.edges[to.edge as usize];
        let mut legs = vec![leg(to.edge, along_of(last, end), to.along_m)];
        let mut node = last.ends[end];
        loop {
            let step = &steps[node as usize];
            let edge = &self.edges[step.edge as usize];
            if step.before == BEGIN {
                // Of a loop the shorter way round was taken.
                let is_end = |end: usize| {
                    let away_m = (along_of(edge, end) - from.along_m).abs();
                    edge.ends[end] == node && away_m <= step.length_m
                };
                let end = usize::from(!is_end(0));
                legs.push(leg(step.edge, from.along_m, along_of(edge, end)));
                break;
            }
            let end = usize::from(edge.ends[1] == node);
            legs.push(leg(step.edge, along_of(edge, 1 - end), along_of(edge, end)));
            node = step.before;
        }
        legs.reverse();
        legs
    }

    fn told(&self, mut legs: Vec<Leg>, from: &Spot, traveller: &Traveller) -> Route {
        legs.retain(|leg| leg.length_m() > 0.0);
        let mut route = Route {
            length_m: 0.0,
            seconds: 0.0,
            line: vec![from.at],
            legs: Vec::new(),
            roads: Vec::new(),
            bridges: Vec::new(),
            steps: Vec::new(),
            narrowest_m: None,
        };
        // Parts of one bridge follow each other; the same bridge later is told again.
        let (mut was_bridge, mut was_steps) = (false, false);
        for leg in &legs {
            let edge = &self.edges[leg.edge as usize];
            let length_m = leg.length_m();
            route.length_m += length_m;
            route.seconds += length_m / traveller.speed_on(edge.kind);
            let line = self.line_between(leg.edge, leg.from_m, leg.to_m);
            for place in line {
                if route
                    .line
                    .last()
                    .is_none_or(|last| space::distance(*last, place) > 1e-6)
                {
                    route.line.push(place);
                }
            }
            self.tell(&mut route.roads, edge, length_m, true);
            if edge.is_bridge() {
                self.tell(&mut route.bridges, edge, length_m, was_bridge);
            }
            if edge.is_steps() {
                self.tell(&mut route.steps, edge, length_m, was_steps);
            }
            (was_bridge, was_steps) = (edge.is_bridge(), edge.is_steps());
            let narrowest_m = route.narrowest_m.unwrap_or(f64::INFINITY);
            route.narrowest_m = Some(narrowest_m.min(edge.width_m));
        }
        route.legs = legs;
        route
    }

    /// Adds a stretch, to the last one if it may go on and has the same name.
    fn tell(&self, told: &mut Vec<NamedLength>, edge: &Edge, length_m: f64, may_go_on: bool) {
        let road = self.road(edge);
        if let Some(last) = told.last_mut()
            && may_go_on
            && last.name == road.name
            && (road.name.is_some() || last.road == road.id)
        {
            last.length_m += length_m;
            return;
        }
        told.push(NamedLength {
            road: road.id,
            name: road.name.clone(),
            length_m,
        });
    }
}

fn leg(edge: u32, from_m: f64, to_m: f64) -> Leg {
    Leg { edge, from_m, to_m }
}

/// Where on an edge its end lies.
fn along_of(edge: &Edge, end: usize) -> f64 {
    if end == 0 { 0.0 } else { edge.length_m }
}
