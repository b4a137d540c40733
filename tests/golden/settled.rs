//! A sheet of settlement over the community, by hand, in both themes, with an alarm on top of it and gaps
//! where nothing is told; and that nothing is left of it when it goes.

use pingjiang::model::{KindTable, Twin};
use pingjiang::portrayal::camera::Camera;
use pingjiang::portrayal::hud::HudMode;
use pingjiang::portrayal::layer::{
    ContourInterval, MapLayer, SettlementFacts, Sheet, SheetContour, SheetFacts, SheetPoint,
    coverage_bounds,
};
use pingjiang::portrayal::look::Theme;
use pingjiang::portrayal::scene::Scene;
use pingjiang::portrayal::words::Lang;
use pingjiang::view::{Composer, Studio};

use super::{MORNING, SIZE, alarms, community, judge, show};

const CELL_M: f64 = 4.0;
const SCALE_MM: f64 = 20.0;
/// What a bowl is deep, and how far from its middle nothing is left of it.
const DEEP_MM: f64 = 20.0;
const WIDE_M: f64 = 170.0;

/// Half of a bowl of settlement in the west and one of heave in the east, round and as steep everywhere.
fn mm(from_middle: [f64; 2]) -> f64 {
    let [east, north] = from_middle;
    let cone = |middle: f64| (1.0 - (east - middle).hypot(north) / WIDE_M).max(0.0);
    DEEP_MM * cone(-100.0) - 0.5 * DEEP_MM * cone(160.0)
}

/// A circle around a middle in the west, or in the east for heave, where the cone has this value.
fn circle(middle: [f64; 2], value_mm: f64, every: ContourInterval) -> SheetContour {
    let (east, depth_mm) = match value_mm < 0.0 {
        true => (160.0, 0.5 * DEEP_MM),
        false => (-100.0, DEEP_MM),
    };
    let radius_m = WIDE_M * (1.0 - value_mm.abs() / depth_mm);
    let line = (0..=90).map(|step| {
        let (sin, cos) = (std::f64::consts::TAU * f64::from(step) / 90.0).sin_cos();
        [
            middle[0] + east + radius_m * cos,
            middle[1] + radius_m * sin,
        ]
    });
    SheetContour::new(value_mm, every, line.collect())
}

fn layer(twin: &Twin) -> MapLayer {
    let bounds = coverage_bounds(twin.ground());
    let middle: [f64; 2] = std::array::from_fn(|i| f64::midpoint(bounds.min[i], bounds.max[i]));
    let every = ContourInterval::from_mm(4.0).expect("an interval");
    let [columns, rows] = bounds.size().map(|side| (side / CELL_M) as usize);
    let from_middle = |column: usize, row: usize| {
        let at = [column, row].map(|one| one as f64 * CELL_M);
        [0, 1].map(|i| bounds.min[i] + at[i] - middle[i])
    };
    let nodes = (0..rows).flat_map(|row| (0..columns).map(move |column| from_middle(column, row)));
    let is_told = |[east, north]: [f64; 2]| (east / 330.0).hypot(north / 210.0) < 1.0;
    let points = (0..24_u32).map(|number| {
        let (sin, cos) = (f64::from(number) * 2.4).sin_cos();
        let away_m = 40.0 * f64::from(number).sqrt();
        let at = [1.5 * away_m * cos, away_m * sin];
        SheetPoint {
            at: [middle[0] + at[0], middle[1] + at[1]],
            mm: mm(at),
        }
    });
    let sheet = Sheet {
        origin: bounds.min,
        cell_m: CELL_M,
        columns,
        values_mm: nodes.map(|at| is_told(at).then(|| mm(at))).collect(),
        scale_mm: SCALE_MM,
        contours: [-8.0, -4.0, 4.0, 8.0, 12.0, 16.0]
            .map(|mm| circle(middle, mm, every))
            .into(),
        points: points.collect(),
    };
    let facts = SettlementFacts {
        points: 24,
        measured_at: Some(MORNING),
        told: Ok(SheetFacts {
            low_mm: -9.6,
            high_mm: 19.7,
            scale_mm: SCALE_MM,
            every,
            share_told: 0.721,
            most_error_mm: 2.85,
            reach_m: 60.0,
            rmse_mm: 1.17,
            share_within_95: 0.958,
            holds: true,
        }),
    };
    MapLayer::settlement(Some(every), facts, Some(sheet), "2026-05-01")
}

#[test]
fn the_sheet_of_settlement_looks_as_it_did() {
    let mut twin = community();
    twin.apply(&alarms(&twin)).expect("the second batch");
    let kinds = KindTable::standard();
    let scene = Scene::build(twin.ground(), &kinds);
    let overview = scene.default_view(16.0 / 9.0);
    let composer = Composer::new(scene, &twin, kinds).expect("a typeface");
    let mut studio = Studio::new(composer).expect("a graphics driver");
    if !studio.adapter().software {
        eprintln!("skipped: golden pictures are drawn by the software rasteriser");
        return;
    }
    let mut take = |layer: Option<MapLayer>, show: &_| {
        studio.composer_mut().show_layer(layer);
        let camera = Camera::new(overview, SIZE.map(f64::from));
        studio.take(&twin, &camera, show, true).expect("a picture")
    };
    let bare = show(Theme::Ink, Lang::Zh, HudMode::None);
    let plate = show(Theme::Ink, Lang::Zh, HudMode::Plate);
    let wall = show(Theme::Night, Lang::En, HudMode::Wall);
    let before = take(None, &bare);
    let pictures = [
        judge("settled-ink", &take(Some(layer(&twin)), &plate)),
        judge("settled-night-en", &take(Some(layer(&twin)), &wall)),
    ];
    let faults: Vec<_> = pictures.into_iter().filter_map(Result::err).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        take(None, &bare) == before,
        "a sheet that is gone left something"
    );
}
