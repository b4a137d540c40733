//! Where one may walk or drive: roads by place, for blind spots on roads.
//! Never finds a way: that is the lane network's.

use geo_types::Polygon;

use crate::base::RoadId;
use crate::model::Ground;
use crate::space::{Bounds2, BoxIndex, distance_to, polygon_contains};

enum Shape {
    Line {
        from: [f64; 2],
        to: [f64; 2],
        half_m: f64,
    },
    Surface(Polygon<f64>),
}

/// Roads in pieces: the lines with their width, and the surfaces.
pub(super) struct Roads {
    pieces: Vec<(RoadId, Shape)>,
    boxes: BoxIndex,
}

impl Roads {
    pub fn of(ground: &Ground) -> Self {
        let mut pieces = Vec::new();
        for road in ground.roads.values() {
            let half_m = 0.5 * road.width_m.max(0.0);
            for pair in road.line.0.windows(2) {
                let (from, to) = ([pair[0].x, pair[0].y], [pair[1].x, pair[1].y]);
                pieces.push((road.id, Shape::Line { from, to, half_m }));
            }
            let surfaces = road.surfaces.iter();
            pieces.extend(surfaces.map(|one| (road.id, Shape::Surface(one.clone()))));
        }
        Self {
            boxes: BoxIndex::new(pieces.iter().map(|(_, shape)| shape.bounds())),
            pieces,
        }
    }

    /// The road on which a place lies.
    pub fn at(&self, at: [f64; 2]) -> Option<RoadId> {
        let mut found: Option<u32> = None;
        self.boxes.each_at_point(at, |place| {
            let (_, shape) = &self.pieces[place as usize];
            if found.is_none_or(|first| place < first) && shape.covers(at) {
                found = Some(place);
            }
        });
        found.map(|place| self.pieces[place as usize].0)
    }
}

impl Shape {
    fn bounds(&self) -> Bounds2 {
        match self {
            Self::Line { from, to, half_m } => Bounds2::from_points([*from, *to]).grown(*half_m),
            Self::Surface(polygon) => Bounds2::from_polygon(polygon),
        }
    }

    fn covers(&self, at: [f64; 2]) -> bool {
        match self {
            Self::Line { from, to, half_m } => distance_to([*from, *to], at) <= *half_m,
            Self::Surface(polygon) => polygon_contains(polygon, at),
        }
    }
}
