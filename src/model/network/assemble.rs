//! From lines and cuts to junctions and edges. Used by `Network::of`. Never decides what meets.

use super::index::Pieces;
use super::noding::{Cut, Noding, SNAP_M};
use super::{Edge, Made, Network, RoadName};
use crate::space;

/// No junction yet.
const NONE: u32 = u32::MAX;

pub(super) fn assemble(mut noding: Noding, roads: Vec<RoadName>, made: Made) -> Network {
    let order = noding.in_order();
    let mut node_of = vec![NONE; noding.cuts.len()];
    let mut nodes: Vec<[f64; 2]> = Vec::new();
    for cut in 0..noding.cuts.len() {
        let place = noding.place(cut);
        if node_of[place] == NONE {
            node_of[place] = nodes.len() as u32;
            nodes.push(noding.cuts[place].at);
        }
        node_of[cut] = node_of[place];
    }
    let (mut edges, mut points) = (Vec::new(), Vec::new());
    for pair in order.windows(2) {
        let [from, to] = [pair[0] as usize, pair[1] as usize];
        let [a, b] = [noding.cuts[from], noding.cuts[to]];
        let ends = [node_of[from], node_of[to]];
        let is_piece = a.line == b.line && (ends[0] != ends[1] || b.along_m - a.along_m > SNAP_M);
        if is_piece {
            let first = points.len();
            let places = ends.map(|node| nodes[node as usize]);
            add_points(&noding, [a, b], places, &mut points);
            let line = &noding.lines[a.line as usize];
            edges.push(Edge {
                ends,
                length_m: length_m(&points[first..]),
                width_m: line.width_m,
                kind: line.kind,
                road: line.road,
                points: first as u32,
            });
        }
    }
    let (first_arc, arcs) = rows(nodes.len(), &edges);
    let widest_m = edges.iter().map(|edge| edge.width_m).fold(0.0, f64::max);
    let mut network = Network {
        nodes,
        first_arc,
        arcs,
        edges,
        points,
        roads,
        index: Pieces::new(Vec::new()),
        widest_m,
        made,
    };
    let all = 0..network.edges.len() as u32;
    network.index = Pieces::new(all.flat_map(|edge| network.pieces(edge)).collect());
    network
}

/// The line between two cuts of one line, drawn to the junctions at its ends.
fn add_points(noding: &Noding, [a, b]: [Cut; 2], ends: [[f64; 2]; 2], points: &mut Vec<[f64; 2]>) {
    let line = &noding.lines[a.line as usize];
    points.push(ends[0]);
    let from = line.along_m.partition_point(|along| *along <= a.along_m);
    let to = line.along_m.partition_point(|along| *along < b.along_m);
    // A cut lies within a piece or at a corner: corners strictly between are the line's own.
    points.extend(&line.points[from.min(to)..to]);
    points.push(ends[1]);
}

fn length_m(line: &[[f64; 2]]) -> f64 {
    let pairs = line.windows(2);
    pairs.map(|pair| space::distance(pair[0], pair[1])).sum()
}

/// The edges at each junction, side by side.
fn rows(nodes: usize, edges: &[Edge]) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0_u32; nodes + 1];
    for node in edges.iter().flat_map(|edge| edge.ends) {
        first[node as usize + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    let mut next = first.clone();
    let mut arcs = vec![0; 2 * edges.len()];
    for (number, edge) in (0..).zip(edges) {
        for node in edge.ends {
            arcs[next[node as usize] as usize] = number;
            next[node as usize] += 1;
        }
    }
    (first, arcs)
}
