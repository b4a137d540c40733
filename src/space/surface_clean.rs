//! Faces of one model made usable, with a note of every repair.
//! Used by `ingest` before a model is kept. Never moves a corner farther than a millimetre, never
//! flattens a bent face, and leaves a valid closed body as it is, face for face.

use std::collections::{HashMap, HashSet};

use super::surface::{Surface, SurfaceKind, face_normal};
use super::surface_cross::{self, Cut};
use super::surface_notes::{FaceFault, FaceRepair};
use super::surface_orient;

/// Corners closer than this are one corner; metres.
const SAME_POINT_M: f64 = 0.001;
/// How far a face may be bent without a word: this, and a share of its size; metres.
const BENT_M: f64 = 0.01;
const BENT_SHARE: f64 = 0.001;
/// Turning faces can make two of them equal, which changes what is turned: seldom more than once.
const ROUNDS_MAX: usize = 4;

/// Where a cleaned face comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceOrigin {
    /// Its index among the faces as given.
    pub index: usize,
    /// Whether its rings run the other way now.
    pub reversed: bool,
}

/// The faces of a model after cleaning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CleanSurfaces {
    /// The faces, in the order given.
    pub surfaces: Vec<Surface>,
    /// For every face where it comes from; a crossed face may have become several.
    pub origins: Vec<FaceOrigin>,
    /// What was done.
    pub repairs: Vec<FaceRepair>,
    /// What is wrong all the same.
    pub faults: Vec<FaceFault>,
}

/// Cleans the faces (metres) of one model: distinct corners, no faces without area or twice, no
/// crossings, holes against their outline; a closed shell looks outwards (a cavity, inwards), and
/// in open models roofs and water look up, grounds down, where they are nearly level.
///
/// Cleaning what is clean changes nothing.
pub fn clean_surfaces(surfaces: Vec<Surface>) -> CleanSurfaces {
    let mut notes = Notes::default();
    let mut work: Vec<(Surface, FaceOrigin)> = Vec::with_capacity(surfaces.len());
    for (index, surface) in surfaces.into_iter().enumerate() {
        let finite = surface
            .rings
            .iter()
            .flatten()
            .flatten()
            .all(|v| v.is_finite());
        if finite {
            let reversed = false;
            work.push((surface, FaceOrigin { index, reversed }));
        } else {
            notes.faults.push(FaceFault::NotFinite { face: index });
        }
    }
    merge_corners(&mut work, &mut notes);
    let work: Vec<_> = work
        .into_iter()
        .filter(|(surface, _)| {
            let kept = surface.normal().is_some();
            notes.faces_dropped += u32::from(!kept);
            kept
        })
        .collect();
    let mut whole = uncross(work, &mut notes);
    for _ in 0..ROUNDS_MAX {
        drop_duplicates(&mut whole, &mut notes);
        if !turn(&mut whole, &mut notes) {
            break;
        }
    }
    notes.measure_bends(&whole);
    let (surfaces, origins): (Vec<_>, Vec<_>) = whole.into_iter().unzip();
    let (repairs, faults) = notes.into_lists(&origins);
    CleanSurfaces {
        surfaces,
        origins,
        repairs,
        faults,
    }
}

#[derive(Default)]
struct Notes {
    repeated: u32,
    faces_dropped: u32,
    holes_dropped: u32,
    holes_turned: u32,
    duplicates: u32,
    uncrossed: u32,
    one_sided: u32,
    bent: u32,
    worst_m: f64,
    faults: Vec<FaceFault>,
}

impl Notes {
    /// How far corners lie from the plane of their face.
    fn measure_bends(&mut self, work: &[(Surface, FaceOrigin)]) {
        for (surface, _) in work {
            if let Some(bend_m) = bend_m(surface).filter(|_| !is_flat(surface)) {
                self.bent += 1;
                self.worst_m = self.worst_m.max(bend_m);
            }
        }
    }

    fn into_lists(self, origins: &[FaceOrigin]) -> (Vec<FaceRepair>, Vec<FaceFault>) {
        let turned = origins.iter().filter(|origin| origin.reversed).count() as u32;
        let counted = [
            (
                self.repeated,
                FaceRepair::RepeatedCorners {
                    count: self.repeated,
                },
            ),
            (
                self.faces_dropped,
                FaceRepair::FacesDropped {
                    count: self.faces_dropped,
                },
            ),
            (
                self.holes_dropped,
                FaceRepair::HolesDropped {
                    count: self.holes_dropped,
                },
            ),
            (
                self.holes_turned,
                FaceRepair::HolesTurned {
                    count: self.holes_turned,
                },
            ),
            (
                self.uncrossed,
                FaceRepair::Uncrossed {
                    count: self.uncrossed,
                },
            ),
            (
                self.duplicates,
                FaceRepair::Duplicates {
                    count: self.duplicates,
                },
            ),
            (turned, FaceRepair::Turned { count: turned }),
        ];
        let repairs = counted.into_iter().filter(|(count, _)| *count > 0);
        let mut faults = self.faults;
        if self.bent > 0 {
            let (count, worst_m) = (self.bent, self.worst_m);
            faults.push(FaceFault::Bent { count, worst_m });
        }
        if self.one_sided > 0 {
            faults.push(FaceFault::OneSided {
                count: self.one_sided,
            });
        }
        (repairs.map(|(_, repair)| repair).collect(), faults)
    }
}

fn is_same(a: [f64; 3], b: [f64; 3]) -> bool {
    (0..3).all(|k| (a[k] - b[k]).abs() < SAME_POINT_M)
}

fn bits(p: [f64; 3]) -> [u64; 3] {
    // Both zeros are one number.
    p.map(|v| (v + 0.0).to_bits())
}

/// Makes one corner of neighbours that are closer than a millimetre, in all faces alike, so that
/// faces that shared an edge still do.
fn merge_corners(work: &mut [(Surface, FaceOrigin)], notes: &mut Notes) {
    loop {
        let mut merged = HashMap::<[u64; 3], [f64; 3]>::new();
        let mut staying = HashSet::<[u64; 3]>::new();
        for ring in work.iter_mut().flat_map(|(surface, _)| &mut surface.rings) {
            let before = ring.len();
            ring.dedup_by(|b, a| bits(*a) == bits(*b));
            while ring.len() > 1 && bits(ring[0]) == bits(ring[ring.len() - 1]) {
                ring.pop();
            }
            notes.repeated += (before - ring.len()) as u32;
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                if bits(*a) == bits(*b) || !is_same(*a, *b) {
                    continue;
                }
                let (kept, gone) = if a < b { (a, b) } else { (b, a) };
                // No chains: a finely drawn curve must not shrink to a point.
                let is_chain = merged.contains_key(&bits(*kept)) || staying.contains(&bits(*gone));
                if !is_chain {
                    staying.insert(bits(*kept));
                    merged.entry(bits(*gone)).or_insert(*kept);
                }
            }
        }
        if merged.is_empty() {
            return;
        }
        let corners = work
            .iter_mut()
            .flat_map(|(surface, _)| surface.rings.iter_mut().flatten());
        for corner in corners {
            if let Some(kept) = merged.get(&bits(*corner)) {
                *corner = *kept;
            }
        }
    }
}

/// Puts holes right and cuts faces where they cross themselves.
fn uncross(work: Vec<(Surface, FaceOrigin)>, notes: &mut Notes) -> Vec<(Surface, FaceOrigin)> {
    let mut whole = Vec::with_capacity(work.len());
    for (mut surface, origin) in work {
        clean_holes(&mut surface, notes);
        // Where a bent face crosses itself depends on where it is seen from.
        let outcome = if is_flat(&surface) {
            surface_cross::uncrossed(&surface)
        } else {
            Cut::Simple
        };
        let face = origin.index;
        match outcome {
            Cut::Simple => whole.push((surface, origin)),
            Cut::Tangled => {
                notes.faults.push(FaceFault::Tangled { face });
                whole.push((surface, origin));
            }
            Cut::Parts(parts) if parts.is_empty() => {
                notes.faults.push(FaceFault::SelfCrossing { face });
            }
            Cut::Parts(parts) => {
                notes.uncrossed += 1;
                whole.extend(parts.into_iter().map(|part| (part, origin)));
            }
        }
    }
    whole
}

/// Drops holes without area and turns those that run with the outline.
fn clean_holes(surface: &mut Surface, notes: &mut Notes) {
    let Some(outer) = surface.normal() else {
        return;
    };
    let mut index = 0;
    surface.rings.retain_mut(|ring| {
        index += 1;
        if index == 1 {
            return true;
        }
        let Some(normal) = face_normal(ring) else {
            notes.holes_dropped += 1;
            return false;
        };
        if (0..3).map(|k| outer[k] * normal[k]).sum::<f64>() > UPRIGHT {
            ring.reverse();
            notes.holes_turned += 1;
        }
        true
    });
}

/// A hole that stands upright on its face runs neither way round; rounding would tell one, and after
/// turning it the other. Of unit normals.
const UPRIGHT: f64 = 1e-9;

/// A number for a face by its corners to the millimetre, from the smallest on, in their direction.
fn face_id(surface: &Surface) -> u64 {
    let ring_id = |ring: &Vec<[f64; 3]>| {
        let ids: Vec<u64> = ring.iter().map(|p| surface_orient::corner_id(*p)).collect();
        let first = (0..ids.len()).min_by_key(|i| ids[*i]).unwrap_or(0);
        let (before, after) = ids.split_at(first);
        after
            .iter()
            .chain(before)
            .fold(0, |id, corner| surface_orient::mixed(id, *corner))
    };
    let mut ids = surface.rings.iter().map(ring_id);
    let outer = ids.next().unwrap_or(0);
    // Holes stand in any order.
    surface_orient::mixed(outer, ids.fold(0, u64::wrapping_add))
}

/// Drops faces that are there already, looking the same way; a wall between two bodies is given
/// once for each, looking both ways, and stays.
fn drop_duplicates(work: &mut Vec<(Surface, FaceOrigin)>, notes: &mut Notes) {
    let mut seen = HashSet::with_capacity(work.len());
    work.retain(|(surface, _)| {
        let is_new = seen.insert(face_id(surface));
        notes.duplicates += u32::from(!is_new);
        is_new
    });
}

/// Turns faces; true when any was turned.
fn turn(work: &mut [(Surface, FaceOrigin)], notes: &mut Notes) -> bool {
    let faces: Vec<&Surface> = work.iter().map(|(surface, _)| surface).collect();
    let shells = surface_orient::shells(&faces);
    notes.one_sided = shells.one_sided;
    let mut any = false;
    for ((surface, origin), verdict) in work.iter_mut().zip(shells.verdicts) {
        let wrong = match verdict {
            surface_orient::Verdict::Closed { wrong } => wrong,
            surface_orient::Verdict::Open => looks_the_wrong_way(surface),
        };
        if wrong {
            surface.rings.iter_mut().for_each(|ring| ring.reverse());
            origin.reversed = !origin.reversed;
            any = true;
        }
    }
    any
}

/// Whether a nearly level face looks up where its meaning says down, or the other way.
fn looks_the_wrong_way(surface: &Surface) -> bool {
    /// Cosine of 25°: nearly level.
    const LEVEL: f64 = 0.9;
    let Some(normal) = surface.normal() else {
        return false;
    };
    match surface.kind {
        SurfaceKind::RoofSurface
        | SurfaceKind::OuterFloorSurface
        | SurfaceKind::WaterSurface
        | SurfaceKind::TrafficArea
        | SurfaceKind::AuxiliaryTrafficArea => normal[2] < -LEVEL,
        SurfaceKind::GroundSurface | SurfaceKind::OuterCeilingSurface => normal[2] > LEVEL,
        _ => false,
    }
}

/// Whether the corners of a face lie in one plane, as far as sources care.
fn is_flat(surface: &Surface) -> bool {
    let is_triangle = matches!(&surface.rings[..], [ring] if ring.len() == 3);
    let Some(bend_m) = bend_m(surface).filter(|_| !is_triangle) else {
        return true;
    };
    let size_m = |axis: usize| {
        let corners = surface.rings.iter().flatten().map(|p| p[axis]);
        let (low, high) = corners.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(v), high.max(v))
        });
        high - low
    };
    bend_m <= BENT_M + BENT_SHARE * size_m(0).max(size_m(1)).max(size_m(2))
}

/// The largest distance of a corner from the face's plane.
fn bend_m(surface: &Surface) -> Option<f64> {
    let normal = surface.normal()?;
    let ring = surface.rings.first()?;
    let count = ring.len() as f64;
    let origin = ring.first()?;
    let minus = |p: &[f64; 3]| [0, 1, 2].map(|k| p[k] - origin[k]);
    let heights = |p: &[f64; 3]| (0..3).map(|k| minus(p)[k] * normal[k]).sum::<f64>();
    let middle = ring.iter().map(heights).sum::<f64>() / count;
    let corners = || surface.rings.iter().flatten();
    let off = corners().map(|p| (heights(p) - middle).abs());
    Some(off.fold(0.0, f64::max))
}

#[cfg(test)]
mod tests;
