//! The layer of settlement: the field that `surface` tells, as a sheet to draw. Never tells what the
//! field does not, and says why where there is none.

use anyhow::Context;

use crate::app::settled::{Drawn, Settled, SettlementTable, reason};
use crate::portrayal::layer::{
    ContourInterval, MapLayer, NoSheet, SettlementFacts, Sheet, SheetContour, SheetFacts,
    SheetPoint, sheet_cell_m,
};
use crate::space::Bounds2;

use super::{MadeLayer, Rows};

/// The layer of what was measured, its contours so far apart or as the range asks for.
///
/// # Errors
/// When there would be too many contours.
pub(super) fn made(
    settled: &Settled,
    every: Option<ContourInterval>,
    today: &str,
) -> anyhow::Result<MadeLayer> {
    let chosen = |range| every.unwrap_or_else(|| ContourInterval::of_range(range));
    let drawn = match settled.field() {
        Ok(field) => {
            let [min, max] = settled.bounds(field.reach_m());
            let grid = settled.grid(&field, sheet_cell_m(&Bounds2 { min, max }))?;
            let drawn = Drawn::of(field, &grid, |range| chosen(range).mm());
            Ok(drawn.context("--layer settlement=MM")?)
        }
        Err(why) => Err(why),
    };
    let told = match &drawn {
        Ok(drawn) => sheet(settled, drawn, chosen),
        Err(why) => Err(reason(*why)),
    };
    let facts = SettlementFacts {
        points: settled.points.len(),
        measured_at: settled.newest,
        told: told.as_ref().map(|(facts, _)| *facts).map_err(|why| *why),
    };
    let sheet = told.ok().map(|(_, sheet)| sheet);
    Ok(MadeLayer {
        layer: MapLayer::settlement(every, facts, sheet, today),
        rows: Rows::Settlement(Box::new(SettlementTable::of(settled, &drawn))),
    })
}

/// The sheet of a field, or why there is none where it cannot be told anywhere.
fn sheet(
    settled: &Settled,
    drawn: &Drawn,
    chosen: impl FnOnce((f64, f64)) -> ContourInterval,
) -> Result<(SheetFacts, Sheet), NoSheet> {
    let (field, surface) = (&drawn.field, &drawn.surface);
    let most_error_mm = field.most_error_mm();
    let range = surface.range_mm();
    let (low_mm, high_mm) = range.ok_or(NoSheet::NowhereTold { most_error_mm })?;
    let every = chosen((low_mm, high_mm));
    let grid = surface.grid();
    let check = field.validation();
    let farthest_mm = low_mm.abs().max(high_mm.abs());
    let facts = SheetFacts {
        low_mm,
        high_mm,
        scale_mm: (farthest_mm / every.mm()).ceil().max(1.0) * every.mm(),
        every,
        share_told: surface.told() as f64 / surface.cells().len().max(1) as f64,
        most_error_mm,
        reach_m: field.reach_m(),
        rmse_mm: check.rmse_mm,
        share_within_95: check.share_within_95,
        holds: check.holds(),
    };
    let contours = drawn.contours.iter().map(|contour| {
        let line = contour.line.iter().map(|at| settled.placed(*at)).collect();
        SheetContour::new(contour.value_mm, every, line)
    });
    let points = settled.points.iter().map(|point| SheetPoint {
        at: settled.placed(point.position),
        mm: point.value_mm,
    });
    let sheet = Sheet {
        origin: settled.placed(grid.centre(0, 0)),
        cell_m: grid.cell_m,
        columns: grid.columns,
        values_mm: (surface.cells().iter())
            .map(|cell| cell.map(|estimate| estimate.mm))
            .collect(),
        scale_mm: facts.scale_mm,
        contours: contours.collect(),
        points: points.collect(),
    };
    Ok((facts, sheet))
}
