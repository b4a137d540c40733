//! Which faces of a model bound closed shells, and which of them look the wrong way.
//! Used by `surface_clean`. Never turns a face itself, and never guesses for an open shell.

use super::surface::Surface;

/// A number for a corner to the millimetre: faces share an edge when both its corners are equal
/// so. Two different corners of a model have one number once in 10⁹ models of a million corners.
pub(super) fn corner_id(p: [f64; 3]) -> u64 {
    p.iter()
        .fold(0, |id, v| mixed(id, (v * 1_000.0).round() as i64 as u64))
}

/// One more value in a number (the finaliser of splitmix64).
pub(super) fn mixed(id: u64, value: u64) -> u64 {
    let mut z = (id ^ value).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What is known of one face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It bounds a closed shell; `wrong` when it must be turned.
    Closed {
        /// Whether it must be turned.
        wrong: bool,
    },
    /// It is part of something open.
    Open,
}

/// The verdicts on all faces.
pub(super) struct Shells {
    /// One for each face.
    pub(super) verdicts: Vec<Verdict>,
    /// Shells that have one side only.
    pub(super) one_sided: u32,
}

/// One use of an edge: the corners in order, the face, and whether it runs from the smaller on.
struct EdgeUse {
    edge: [u64; 2],
    face: usize,
    forth: bool,
}

/// Follows shared edges from face to face.
///
/// Only edges of exactly two faces lead on: where more meet, bodies touch, and nothing says which
/// faces belong together.
pub(super) fn shells(faces: &[&Surface]) -> Shells {
    let uses = edge_uses(faces);
    let groups: Vec<&[EdgeUse]> = uses.chunk_by(|a, b| a.edge == b.edge).collect();
    let mut neighbours: Vec<Vec<(usize, bool)>> = vec![Vec::new(); faces.len()];
    for group in &groups {
        if let [a, b] = group
            && a.face != b.face
        {
            // Two faces agree when they run through their edge in opposite directions.
            let differs = a.forth == b.forth;
            neighbours[a.face].push((b.face, differs));
            neighbours[b.face].push((a.face, differs));
        }
    }
    let fill = Fill::of(&neighbours);
    let mut is_closed = vec![true; fill.count];
    for group in &groups {
        unbalance(group, &fill, &mut is_closed);
    }
    let mut one_sided = 0;
    for (closed, twisted) in is_closed.iter_mut().zip(&fill.twisted) {
        if *twisted {
            one_sided += u32::from(*closed);
            *closed = false;
        }
    }
    let inside_out = inside_out(faces, &fill, &is_closed);
    let verdict = |face: usize| {
        let shell = fill.shell[face];
        if is_closed[shell] {
            let wrong = fill.turned[face] != inside_out[shell];
            Verdict::Closed { wrong }
        } else {
            Verdict::Open
        }
    };
    Shells {
        verdicts: (0..faces.len()).map(verdict).collect(),
        one_sided,
    }
}

fn edge_uses(faces: &[&Surface]) -> Vec<EdgeUse> {
    let mut uses = Vec::new();
    for (face, surface) in faces.iter().enumerate() {
        for ring in &surface.rings {
            let Some(last) = ring.last() else {
                continue;
            };
            let mut a = corner_id(*last);
            for corner in ring {
                let b = corner_id(*corner);
                if a != b {
                    let forth = a < b;
                    let edge = if forth { [a, b] } else { [b, a] };
                    uses.push(EdgeUse { edge, face, forth });
                }
                a = b;
            }
        }
    }
    uses.sort_unstable_by(|a, b| a.edge.cmp(&b.edge).then(a.face.cmp(&b.face)));
    uses
}

/// Faces gathered to shells, each with its direction against the first of its shell.
struct Fill {
    shell: Vec<usize>,
    turned: Vec<bool>,
    twisted: Vec<bool>,
    count: usize,
}

impl Fill {
    fn of(neighbours: &[Vec<(usize, bool)>]) -> Self {
        let none = usize::MAX;
        let mut fill = Self {
            shell: vec![none; neighbours.len()],
            turned: vec![false; neighbours.len()],
            twisted: Vec::new(),
            count: 0,
        };
        for start in 0..neighbours.len() {
            if fill.shell[start] != none {
                continue;
            }
            let shell = fill.count;
            let mut twisted = false;
            fill.count += 1;
            fill.shell[start] = shell;
            let mut open = vec![start];
            while let Some(face) = open.pop() {
                for (next, differs) in &neighbours[face] {
                    let turned = fill.turned[face] != *differs;
                    if fill.shell[*next] == none {
                        fill.shell[*next] = shell;
                        fill.turned[*next] = turned;
                        open.push(*next);
                    } else {
                        twisted |= fill.turned[*next] != turned;
                    }
                }
            }
            fill.twisted.push(twisted);
        }
        fill
    }
}

/// Marks the shells that use an edge more often one way than the other: they are open there.
fn unbalance(group: &[EdgeUse], fill: &Fill, is_closed: &mut [bool]) {
    let way = |one: &EdgeUse| {
        if one.forth != fill.turned[one.face] {
            1_i64
        } else {
            -1
        }
    };
    // A hostile face may run along one edge a million times.
    let mut sums: Vec<(usize, i64)> = Vec::with_capacity(2);
    let mut ways: Vec<_> = group
        .iter()
        .map(|one| (fill.shell[one.face], way(one)))
        .collect();
    ways.sort_unstable();
    for (shell, way) in ways {
        match sums.last_mut() {
            Some((last, sum)) if *last == shell => *sum += way,
            _ => sums.push((shell, way)),
        }
    }
    for (shell, sum) in sums {
        if sum != 0 {
            is_closed[shell] = false;
        }
    }
}

/// Which closed shells enclose a negative volume in the direction of their first face, and are no
/// cavity of another: a shell that is right in itself, looks inwards and lies in a larger one.
fn inside_out(faces: &[&Surface], fill: &Fill, is_closed: &[bool]) -> Vec<bool> {
    let mut volume = vec![0.0; fill.count];
    let mut low = vec![[f64::INFINITY; 3]; fill.count];
    let mut high = vec![[f64::NEG_INFINITY; 3]; fill.count];
    let mut turned = vec![0_usize; fill.count];
    let origin = faces
        .iter()
        .flat_map(|face| face.rings.iter().flatten())
        .next();
    let origin = origin.copied().unwrap_or_default();
    for (face, surface) in faces.iter().enumerate() {
        let shell = fill.shell[face];
        if !is_closed[shell] {
            continue;
        }
        let sign = if fill.turned[face] { -1.0 } else { 1.0 };
        volume[shell] += sign * cone_volume(surface, origin);
        turned[shell] += usize::from(fill.turned[face]);
        for corner in surface.rings.iter().flatten() {
            for axis in 0..3 {
                low[shell][axis] = low[shell][axis].min(corner[axis]);
                high[shell][axis] = high[shell][axis].max(corner[axis]);
            }
        }
    }
    let is_within = |inner: usize, outer: usize| {
        (0..3).all(|k| low[inner][k] > low[outer][k] && high[inner][k] < high[outer][k])
    };
    let shells: Vec<usize> = (0..fill.count).filter(|shell| is_closed[*shell]).collect();
    (0..fill.count)
        .map(|shell| {
            if !is_closed[shell] || volume[shell] >= 0.0 {
                return false;
            }
            let is_right_in_itself = turned[shell] == 0;
            !(is_right_in_itself && shells.iter().any(|outer| is_within(shell, *outer)))
        })
        .collect()
}

/// Volume of the cone from the face to a point, positive when the face looks away from it.
fn cone_volume(surface: &Surface, apex: [f64; 3]) -> f64 {
    let minus = |p: &[f64; 3]| [0, 1, 2].map(|k| p[k] - apex[k]);
    let mut six = 0.0;
    for ring in &surface.rings {
        let Some(first) = ring.first() else {
            continue;
        };
        let a = minus(first);
        for pair in ring.windows(2) {
            let (b, c) = (minus(&pair[0]), minus(&pair[1]));
            let across = [
                b[1] * c[2] - b[2] * c[1],
                b[2] * c[0] - b[0] * c[2],
                b[0] * c[1] - b[1] * c[0],
            ];
            six += (0..3).map(|k| a[k] * across[k]).sum::<f64>();
        }
    }
    six / 6.0
}
