//! Planar faces with a meaning: walls, roofs, water. The common currency of importers, roofs and
//! meshes. Never knows which building a face belongs to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::polygon::triangulate_rings;
use super::ring::Ring;

macro_rules! surface_kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a face is: the semantic surfaces of CityJSON 2.0 and our own generated details.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum SurfaceKind {
            $($(#[$doc])* $name,)*
            /// No semantics given, or a word of an extension.
            #[default]
            Unknown,
        }

        impl SurfaceKind {
            /// The kind with this CityJSON name; [`SurfaceKind::Unknown`] for any other word.
            pub fn from_cityjson(word: &str) -> Self {
                match word {
                    $($word => Self::$name,)*
                    _ => Self::Unknown,
                }
            }

            /// The CityJSON name (our own details have a `+` as CityJSON extensions do).
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                    Self::Unknown => "Unknown",
                }
            }

            /// Every kind, in the order of declaration.
            pub const ALL: &'static [SurfaceKind] = &[$(Self::$name,)* Self::Unknown];
        }
    };
}

surface_kinds! {
    /// A roof plane.
    RoofSurface = "RoofSurface",
    /// The underside that rests on the ground.
    GroundSurface = "GroundSurface",
    /// An outer wall.
    WallSurface = "WallSurface",
    /// A virtual face that closes a body.
    ClosureSurface = "ClosureSurface",
    /// An outer face that looks down, such as a passage's ceiling.
    OuterCeilingSurface = "OuterCeilingSurface",
    /// An outer face that is walked on and no roof, such as a loggia's floor.
    OuterFloorSurface = "OuterFloorSurface",
    /// A window.
    Window = "Window",
    /// A door.
    Door = "Door",
    /// An inner wall.
    InteriorWallSurface = "InteriorWallSurface",
    /// A room's ceiling.
    CeilingSurface = "CeilingSurface",
    /// A room's floor.
    FloorSurface = "FloorSurface",
    /// The face of a water body against the air.
    WaterSurface = "WaterSurface",
    /// The bed of a water body.
    WaterGroundSurface = "WaterGroundSurface",
    /// A virtual face that closes a water body.
    WaterClosureSurface = "WaterClosureSurface",
    /// Where traffic moves: lanes, footways.
    TrafficArea = "TrafficArea",
    /// Kerbs, green strips.
    AuxiliaryTrafficArea = "AuxiliaryTrafficArea",
    /// Paint on the road.
    TransportationMarking = "TransportationMarking",
    /// A manhole or a damage in the road.
    TransportationHole = "TransportationHole",
    /// Ours: the raised ridge of a tiled roof.
    Ridge = "+Ridge",
    /// Ours: the part of a roof that hangs over the wall.
    Eave = "+Eave",
    /// Ours: the low wall around a flat roof.
    Parapet = "+Parapet",
}

/// A planar face.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// What it is.
    pub kind: SurfaceKind,
    /// Corners `[x, y, z]` in metres: ring 0 outer and counter-clockwise seen from outside, the
    /// others holes and clockwise; no closing point is repeated.
    pub rings: Vec<Vec<[f64; 3]>>,
}

impl Surface {
    /// The unit normal by Newell's method, outwards; `None` for a face without area. Holes do not
    /// change its direction.
    pub fn normal(&self) -> Option<[f64; 3]> {
        face_normal(self.rings.first()?)
    }
}

/// The unit normal of a ring by Newell's method, on the side from which the ring runs
/// counter-clockwise; `None` for a ring without area.
pub fn face_normal(ring: &[[f64; 3]]) -> Option<[f64; 3]> {
    let sum = newell(ring)?;
    let length = sum.iter().map(|v| v * v).sum::<f64>().sqrt();
    // A square millimetre: less is a line.
    (length.is_finite() && length > 2e-6).then(|| sum.map(|v| v / length))
}

/// Twice the ring's area vector.
fn newell(ring: &[[f64; 3]]) -> Option<[f64; 3]> {
    let origin = *ring.first().filter(|_| ring.len() >= 3)?;
    let mut sum = [0.0; 3];
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let area = cross(minus(*a, origin), minus(*b, origin));
        sum = [0, 1, 2].map(|k| sum[k] + area[k]);
    }
    Some(sum)
}

/// Whether the faces bound a body and all look outwards: every edge is run through as often one
/// way as the other, and the volume is positive. Corners are told apart to the millimetre.
pub fn is_closed(surfaces: &[Surface]) -> bool {
    let Some(origin) = surfaces
        .iter()
        .flat_map(|s| s.rings.iter().flatten())
        .next()
    else {
        return false;
    };
    let mut balance = BTreeMap::<[[i64; 3]; 2], i32>::new();
    let mut volume = 0.0;
    let mut triangles = Vec::new();
    for surface in surfaces {
        for ring in &surface.rings {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let key = |p: &[f64; 3]| minus(*p, *origin).map(|v| (v * 1_000.0).round() as i64);
                let (a, b) = (key(a), key(b));
                let forth = a < b;
                let edge = if forth { [a, b] } else { [b, a] };
                *balance.entry(edge).or_insert(0) += if forth { 1 } else { -1 };
            }
        }
        triangles.clear();
        triangulate_surface(surface, &mut triangles);
        for [a, b, c] in &triangles {
            let [a, b, c] = [a, b, c].map(|p| minus(*p, *origin));
            let across = cross(b, c);
            volume += a[0] * across[0] + a[1] * across[1] + a[2] * across[2];
        }
    }
    volume > 0.0 && balance.values().all(|count| *count == 0)
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Appends triangles that fill the face, turned as the face is.
///
/// The face is projected along the axis its normal is closest to and cut by ears; corners keep
/// their exact positions, so neighbours stay watertight even where a face is slightly bent. Faces
/// without area or with a corner that is not finite yield nothing.
pub fn triangulate_surface(surface: &Surface, out: &mut Vec<[[f64; 3]; 3]>) {
    let Some(normal) = surface.normal() else {
        return;
    };
    let rings: Vec<&Vec<[f64; 3]>> = surface.rings.iter().filter(|r| r.len() >= 3).collect();
    if rings
        .iter()
        .any(|ring| ring.iter().flatten().any(|v| !v.is_finite()))
    {
        return;
    }
    let flat: Vec<Ring> = flattened(&rings, normal);
    let corner_at = |mut index: usize| {
        for ring in &rings {
            if index < ring.len() {
                return Some(ring[index]);
            }
            index -= ring.len();
        }
        None
    };
    triangulate_rings(&flat, |corners| {
        if let [Some(a), Some(b), Some(c)] = corners.map(|corner| corner_at(corner.index)) {
            out.push([a, b, c]);
        }
    });
}

/// The rings seen along the dominant axis of the normal, with the face's outside towards the
/// viewer, so that counter-clockwise stays counter-clockwise.
fn flattened(rings: &[&Vec<[f64; 3]>], normal: [f64; 3]) -> Vec<Ring> {
    let size = normal.map(f64::abs);
    let axis = if size[2] >= size[0] && size[2] >= size[1] {
        2
    } else if size[1] >= size[0] {
        1
    } else {
        0
    };
    let (mut i, mut j) = ((axis + 1) % 3, (axis + 2) % 3);
    if normal[axis] < 0.0 {
        std::mem::swap(&mut i, &mut j);
    }
    // Ear cutting multiplies coordinates: small numbers keep the millimetres.
    let origin = rings[0][0];
    let flatten = |ring: &&Vec<[f64; 3]>| {
        ring.iter()
            .map(|p| [p[i] - origin[i], p[j] - origin[j]])
            .collect()
    };
    rings.iter().map(flatten).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;
    use proptest::prelude::*;

    fn area_vector(triangles: &[[[f64; 3]; 3]]) -> [f64; 3] {
        let mut sum = [0.0; 3];
        for [a, b, c] in triangles {
            let area = cross(minus(*b, *a), minus(*c, *a));
            sum = [0, 1, 2].map(|k| sum[k] + 0.5 * area[k]);
        }
        sum
    }

    fn triangles_of(surface: &Surface) -> Vec<[[f64; 3]; 3]> {
        let mut out = Vec::new();
        triangulate_surface(surface, &mut out);
        out
    }

    #[test]
    fn names_go_both_ways() {
        for kind in SurfaceKind::ALL {
            assert_eq!(SurfaceKind::from_cityjson(kind.as_str()), *kind);
        }
        assert_eq!(SurfaceKind::from_cityjson("+Moss"), SurfaceKind::Unknown);
    }

    #[test]
    fn a_wall_with_a_window_hole_keeps_its_direction() {
        let wall = Surface {
            kind: SurfaceKind::WallSurface,
            rings: vec![
                vec![[0., 0., 0.], [4., 0., 0.], [4., 0., 3.], [0., 0., 3.]],
                vec![[1., 0., 1.], [1., 0., 2.], [2., 0., 2.], [2., 0., 1.]],
            ],
        };
        assert_eq!(wall.normal(), Some([0.0, -1.0, 0.0]));
        let sum = area_vector(&triangles_of(&wall));
        assert!(
            (sum[1] + 11.0).abs() < 1e-9 && sum[0].abs() < 1e-9,
            "{sum:?}"
        );
    }

    #[test]
    fn degenerate_faces_yield_nothing() {
        for ring in [
            vec![],
            vec![[0.0; 3], [1.0, 0.0, 0.0]],
            vec![[0.0; 3], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]],
            vec![[0.0; 3], [1.0, 0.0, 0.0], [f64::NAN, 1.0, 0.0]],
        ] {
            let surface = Surface {
                kind: SurfaceKind::Unknown,
                rings: vec![ring],
            };
            assert_eq!(surface.normal(), None);
            assert!(triangles_of(&surface).is_empty());
        }
    }

    #[test]
    fn a_body_is_told_from_loose_faces() {
        let plan = polygon![
            (x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 4.), (x: 4., y: 4.), (x: 4., y: 9.), (x: 0., y: 9.)
        ];
        let body = super::super::extrude(&plan, 2.0, 5.0);
        assert!(is_closed(&body));
        let mut open = body.clone();
        open.pop();
        assert!(!is_closed(&open));
        let mut turned = body.clone();
        turned[1].rings[0].reverse();
        assert!(!is_closed(&turned));
        let inside_out: Vec<Surface> = body
            .iter()
            .map(|surface| Surface {
                kind: surface.kind,
                rings: vec![surface.rings[0].iter().rev().copied().collect()],
            })
            .collect();
        assert!(!is_closed(&inside_out));
        assert!(!is_closed(&[]));
    }

    proptest! {
        /// Star-shaped faces on any plane: the triangles' area vector is the polygon's.
        #[test]
        fn triangles_cover_the_face(
            radii in prop::collection::vec(1.0..9.0f64, 3..24),
            tilt in prop::array::uniform2(-3.0..3.0f64),
        ) {
            let n = radii.len() as f64;
            let ring: Vec<[f64; 3]> = radii.iter().enumerate().map(|(i, r)| {
                let (s, c) = (std::f64::consts::TAU * i as f64 / n).sin_cos();
                let (x, y) = (r * c, r * s);
                [5e5 + x, 3.4e6 + y, tilt[0] * x + tilt[1] * y]
            }).collect();
            let surface = Surface { kind: SurfaceKind::RoofSurface, rings: vec![ring] };
            let expected = newell(&surface.rings[0]).unwrap().map(|v| 0.5 * v);
            let found = area_vector(&triangles_of(&surface));
            for k in 0..3 {
                prop_assert!((expected[k] - found[k]).abs() < 1e-5 * (1.0 + expected[k].abs()));
            }
        }
    }
}
