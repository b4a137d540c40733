//! Layers over the community, with alarms on top of them.

use std::sync::Arc;

use pingjiang::access::for_statistics;
use pingjiang::base::Nobody;
use pingjiang::model::query::CityIndex;
use pingjiang::model::sight::Sight;
use pingjiang::model::{
    AreaLevel, KindTable, LabelsOfDay, PopulationMeasure, PopulationQuality, Twin,
};
use pingjiang::portrayal::camera::Camera;
use pingjiang::portrayal::hud::HudMode;
use pingjiang::portrayal::layer::{MapLayer, coverage_bounds, coverage_cell_m};
use pingjiang::portrayal::look::Theme;
use pingjiang::portrayal::scene::Scene;
use pingjiang::portrayal::words::Lang;
use pingjiang::view::{Composer, Studio};

use super::{SIZE, alarms, community, judge, show};

/// The day on which records are judged: it must not move with the calendar.
const DAY: &str = "2026-05-01";

fn quality(twin: &Twin) -> MapLayer {
    let city = CityIndex::of(Arc::clone(twin.ground()), LabelsOfDay::none());
    let by = AreaLevel::Grid;
    let quality = PopulationQuality::of(&city, by, DAY, &for_statistics());
    let told = quality.expect("open records").told(&Nobody);
    MapLayer::quality(&city, &told, PopulationMeasure::Sound, by, DAY)
}

fn coverage(twin: &Twin) -> MapLayer {
    let ground = twin.ground();
    let bounds = coverage_bounds(ground);
    let map = Sight::of(ground).coverage(|_| true, bounds, coverage_cell_m(&bounds));
    MapLayer::coverage(ground, &map.expect("a city with buildings"), DAY)
}

#[test]
fn layers_look_as_they_did() {
    let mut twin = community();
    twin.apply(&alarms(&twin)).expect("the second batch");
    let kinds = KindTable::standard();
    let scene = Scene::build(twin.ground(), &kinds);
    let plan = scene.views.iter().find(|view| view.name == "plan");
    let plan = plan.expect("a plan").view;
    let overview = scene.default_view(16.0 / 9.0);
    let composer = Composer::new(scene, &twin, kinds).expect("a typeface");
    let mut studio = Studio::new(composer).expect("a graphics driver");
    if !studio.adapter().software {
        eprintln!("skipped: golden pictures are drawn by the software rasteriser");
        return;
    }
    let mut take = |layer: Option<MapLayer>, view, show: &_| {
        studio.composer_mut().show_layer(layer);
        let camera = Camera::new(view, SIZE.map(f64::from));
        studio.take(&twin, &camera, show, true).expect("a picture")
    };
    let plate = show(Theme::Ink, Lang::Zh, HudMode::Plate);
    let wall = show(Theme::Night, Lang::En, HudMode::Wall);
    let bare = show(Theme::Ink, Lang::Zh, HudMode::None);
    let before = take(None, overview, &bare);
    let pictures = [
        judge("quality-ink", &take(Some(quality(&twin)), overview, &plate)),
        judge(
            "coverage-night-en",
            &take(Some(coverage(&twin)), overview, &wall),
        ),
        judge(
            "coverage-plan-ink",
            &take(Some(coverage(&twin)), plan, &plate),
        ),
    ];
    let faults: Vec<_> = pictures.into_iter().filter_map(Result::err).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        take(None, overview, &bare) == before,
        "a layer that is gone left something"
    );
}
