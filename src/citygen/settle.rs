//! Where sites lie: those of the description, and a service station for every community that the
//! description gives none. Used by `plan`. Never builds on a site.

use super::divide::LEAST_REST;
use super::frame::{Frame, projected};
use super::plan::Plan;
use super::quarters::Cell;
use super::rect::{Dm, Rect, dm};
use super::spec::{AreaError, AreaSpec, SiteForm, SiteSpec};

/// Size of an invented service station.
const STATION: [Dm; 2] = [360, 340];

/// The rectangles of the description's sites. A site that may be moved is, when a street or canal
/// would cut it.
pub(super) fn sites(
    spec: &AreaSpec,
    frame: &Frame,
    cells: &[Cell],
) -> Result<Vec<Rect>, AreaError> {
    let mut rects: Vec<Rect> = Vec::with_capacity(spec.site.len());
    for site in &spec.site {
        let wanted = rect(spec, frame, site)?;
        let settled = settled(&wanted, dm(site.move_m), cells, &rects);
        rects.push(settled.unwrap_or(wanted));
    }
    Ok(rects)
}

fn rect(spec: &AreaSpec, frame: &Frame, site: &SiteSpec) -> Result<Rect, AreaError> {
    let at = match (site.at, site.lon, site.lat) {
        (Some(at), ..) => at,
        (None, Some(lon), Some(lat)) => frame.plan(projected(spec, lon, lat)?),
        _ => [0.0; 2],
    };
    let [half_u, half_v] = site.size_m.map(|size_m| dm(size_m / 2.0));
    let (u, v) = (dm(at[0]), dm(at[1]));
    Ok(Rect::new(u - half_u, v - half_v, u + half_u, v + half_v))
}

/// The nearest place for a site in a cell, clear of other sites.
fn settled(wanted: &Rect, most: Dm, cells: &[Cell], taken: &[Rect]) -> Option<Rect> {
    let fits =
        |cell: &&Cell| cell.rect.width() >= wanted.width() && cell.rect.depth() >= wanted.depth();
    let moved = |cell: &Cell| {
        let by = |low: Dm, high: Dm, c0: Dm, c1: Dm| (c0 - low).max(0) + (c1 - high).min(0);
        let du = by(wanted.u0, wanted.u1, cell.rect.u0, cell.rect.u1);
        let dv = by(wanted.v0, wanted.v1, cell.rect.v0, cell.rect.v1);
        let rect = Rect::new(
            wanted.u0 + du,
            wanted.v0 + dv,
            wanted.u1 + du,
            wanted.v1 + dv,
        );
        (du.abs() + dv.abs(), rect)
    };
    cells
        .iter()
        .filter(fits)
        .map(moved)
        .filter(|(by, rect)| {
            let clear = |other: &Rect| !rect.inset(-LEAST_REST).overlaps(other);
            *by <= most && taken.iter().all(clear)
        })
        .min_by_key(|(by, _)| *by)
        .map(|(_, rect)| rect)
}

/// Adds a station to every community that has none, in its largest cell without a site.
pub(super) fn stations(plan: &mut Plan, cells: &[Cell], rects: &mut Vec<Rect>) {
    for at in 0..plan.communities.len() {
        let community = &plan.communities[at];
        let has_one = plan.sites.iter().zip(rects.iter()).any(|(site, rect)| {
            site.form == SiteForm::Station && community.rect.contains(rect.center())
        });
        let least = |cell: &&Cell| {
            let [width, depth] = STATION.map(|side| side + 2 * LEAST_REST);
            cell.rect.width() >= width && cell.rect.depth() >= depth
        };
        let is_free = |cell: &&Cell| {
            cell.community == Some(at) && !rects.iter().any(|rect| rect.overlaps(&cell.rect))
        };
        let area = |cell: &&Cell| i64::from(cell.rect.width()) * i64::from(cell.rect.depth());
        let free = cells.iter().filter(is_free).filter(least);
        let Some(cell) = free.max_by_key(area).filter(|_| !has_one) else {
            continue;
        };
        let [u, v] = cell.rect.center();
        let (u0, v0) = (u - STATION[0] / 2, v - STATION[1] / 2);
        let rect = Rect::new(u0, v0, u0 + STATION[0], v0 + STATION[1]);
        plan.sites.push(station(&community.name, &rect));
        rects.push(rect);
    }
}

fn station(community: &str, rect: &Rect) -> SiteSpec {
    let metres = |length: Dm| f64::from(length) / 10.0;
    SiteSpec {
        name: format!("{community}服务站"),
        name_en: String::new(),
        form: SiteForm::Station,
        at: Some(rect.center().map(metres)),
        lon: None,
        lat: None,
        size_m: [metres(rect.width()), metres(rect.depth())],
        year: Some(2004),
        storeys: Some(2),
        move_m: 0.0,
        tower: Vec::new(),
    }
}
