//! Canals, moat, quays and streets of the description, cut through the whole ground; what is left
//! are cells. Used by `plan`. Never divides a cell by lanes.

use super::layout::Layout;
use super::plan::{Corridor, Reach, Way};
use super::rect::{Dm, Rect, dm};
use super::spec::{AreaSpec, BandKind, BandSpec, Runs, Side};

/// The bands and the cells between them.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    pub(super) corridors: Vec<Corridor>,
    pub(super) reaches: Vec<Reach>,
    pub(super) cells: Vec<Rect>,
}

impl Skeleton {
    /// Cuts all bands in the order of the description.
    pub(super) fn new(spec: &AreaSpec, layout: &Layout) -> Self {
        let whole = layout.bounds().inset(-dm(spec.place.context_m));
        let mut skeleton = Self {
            cells: vec![whole],
            ..Self::default()
        };
        for (index, band) in spec.band.iter().enumerate() {
            let cells = std::mem::take(&mut skeleton.cells);
            for cell in cells {
                skeleton.cut_reached(index, band, cell);
            }
        }
        if !spec.streets.is_empty() {
            skeleton.keep_within(layout);
        }
        skeleton
    }

    /// Cuts the part of a cell that a band runs along.
    fn cut_reached(&mut self, index: usize, band: &BandSpec, cell: Rect) {
        let (mut reached, runs) = (cell, band.runs);
        let ends = [band.from_m, band.to_m].map(|end| end.map(dm));
        let (low, high) = extent(&cell, runs);
        let (from, to) = (ends[0].unwrap_or(low), ends[1].unwrap_or(high));
        if from >= high || to <= low || !crosses(band, &cell) {
            self.cells.push(cell);
            return;
        }
        if from > low {
            let (before, rest) = split(&reached, runs, from);
            self.cells.push(before);
            reached = rest;
        }
        if to < high {
            let (within, after) = split(&reached, runs, to);
            self.cells.push(after);
            reached = within;
        }
        self.cut(index, band, reached);
    }

    /// Cuts a band out of a cell from end to end.
    fn cut(&mut self, index: usize, band: &BandSpec, cell: Rect) {
        let half = dm(band.width_m) / 2;
        let (low, high) = (dm(band.at_m) - half, dm(band.at_m) + half);
        let [from, to] = across(band);
        let (c0, c1) = extent(&cell, turned(band.runs));
        let slice = |a: Dm, b: Dm| match band.runs {
            Runs::Ew => Rect::new(cell.u0, a.max(c0), cell.u1, b.min(c1)),
            Runs::Ns => Rect::new(a.max(c0), cell.v0, b.min(c1), cell.v1),
        };
        if from > c0 {
            self.cells.push(slice(c0, from));
        }
        if to < c1 {
            self.cells.push(slice(to, c1));
        }
        let mut corridor = |rect: Rect, kind, name: &str, name_en: &str| {
            if rect.width() > 0 && rect.depth() > 0 {
                self.corridors.push(Corridor {
                    rect,
                    runs: band.runs,
                    kind,
                    name: [name.to_owned(), name_en.to_owned()],
                    crosses: band.crosses,
                });
            }
        };
        match band.kind {
            BandKind::Street => corridor(slice(low, high), Way::Street, &band.name, &band.name_en),
            BandKind::Quay => corridor(slice(low, high), Way::Quay, &band.name, &band.name_en),
            BandKind::Moat | BandKind::Canal => {
                for strip in [(from, low), (high, to)] {
                    if strip.0 < strip.1 {
                        let strip = slice(strip.0, strip.1);
                        corridor(strip, Way::Quay, &band.quay_name, &band.quay_name_en);
                    }
                }
                let rect = slice(low, high);
                if rect.width() > 0 && rect.depth() > 0 {
                    self.reaches.push(Reach { rect, band: index });
                }
            }
        }
    }

    /// Leaves only what lies in the pieces of ground; bands along their borders keep their width.
    fn keep_within(&mut self, layout: &Layout) {
        let cells = std::mem::take(&mut self.cells);
        for cell in &cells {
            let common = layout
                .parts
                .iter()
                .filter_map(|part| cell.common(&part.rect));
            self.cells.extend(common);
        }
        let corridors = std::mem::take(&mut self.corridors);
        for way in corridors {
            let pieces = pieces_within(layout, &way.rect, way.runs).into_iter();
            self.corridors.extend(pieces.map(|rect| Corridor {
                rect,
                ..way.clone()
            }));
        }
        let reaches = std::mem::take(&mut self.reaches);
        for reach in reaches {
            let long = reach.rect.width() > reach.rect.depth();
            let runs = if long { Runs::Ew } else { Runs::Ns };
            let pieces = pieces_within(layout, &reach.rect, runs).into_iter();
            self.reaches.extend(pieces.map(|rect| Reach {
                rect,
                ..reach.clone()
            }));
        }
    }
}

/// The pieces of a band whose middle line lies in or at the edge of the ground.
fn pieces_within(layout: &Layout, band: &Rect, runs: Runs) -> Vec<Rect> {
    let (low, high) = extent(band, runs);
    let [u, v] = band.center();
    let middle = match runs {
        Runs::Ew => v,
        Runs::Ns => u,
    };
    let met = |rect: &Rect| {
        let (a, b) = extent(rect, turned(runs));
        (a..=b).contains(&middle).then(|| extent(rect, runs))
    };
    let mut spans: Vec<(Dm, Dm)> = layout
        .parts
        .iter()
        .filter_map(|part| met(&part.rect))
        .map(|(a, b)| (a.max(low), b.min(high)))
        .filter(|(a, b)| a < b)
        .collect();
    spans.sort_unstable();
    let mut merged: Vec<(Dm, Dm)> = Vec::new();
    for (a, b) in spans {
        match merged.last_mut() {
            Some(last) if a <= last.1 => last.1 = last.1.max(b),
            _ => merged.push((a, b)),
        }
    }
    let piece = |(a, b): (Dm, Dm)| match runs {
        Runs::Ew => Rect::new(a, band.v0, b, band.v1),
        Runs::Ns => Rect::new(band.u0, a, band.u1, b),
    };
    merged.into_iter().map(piece).collect()
}

/// Where a band with its quay begins and ends across its direction.
fn across(band: &BandSpec) -> [Dm; 2] {
    let half = dm(band.width_m) / 2;
    let (low, high) = (dm(band.at_m) - half, dm(band.at_m) + half);
    let quay = dm(band.quay_m);
    match band.quay {
        None => [low, high],
        Some(Side::South | Side::West) => [low - quay, high],
        Some(Side::North | Side::East) => [low, high + quay],
    }
}

/// Whether a band runs through a cell, seen across its direction.
fn crosses(band: &BandSpec, cell: &Rect) -> bool {
    let [from, to] = across(band);
    let (c0, c1) = extent(cell, turned(band.runs));
    to > c0 && from < c1
}

/// From where to where a rectangle goes along a direction.
pub(super) fn extent(rect: &Rect, runs: Runs) -> (Dm, Dm) {
    match runs {
        Runs::Ew => (rect.u0, rect.u1),
        Runs::Ns => (rect.v0, rect.v1),
    }
}

/// The other direction.
pub(super) fn turned(runs: Runs) -> Runs {
    match runs {
        Runs::Ew => Runs::Ns,
        Runs::Ns => Runs::Ew,
    }
}

/// Two rectangles, parted at a place along a direction.
pub(super) fn split(rect: &Rect, runs: Runs, at: Dm) -> (Rect, Rect) {
    match runs {
        Runs::Ew => (Rect { u1: at, ..*rect }, Rect { u0: at, ..*rect }),
        Runs::Ns => (Rect { v1: at, ..*rect }, Rect { v0: at, ..*rect }),
    }
}
