//! Houses that lean and sink in the community, by hand, in both themes; and that nothing is left of it
//! when they stand again.

use pingjiang::base::BuildingId;
use pingjiang::model::{KindTable, LeanError, MonitorGrade, Quantity, Rank, Twin, Worse};
use pingjiang::portrayal::camera::{Camera, Viewpoint};
use pingjiang::portrayal::deform::{
    DeformGrade, Deformation, DeformedView, Exaggeration, Lean, Told,
};
use pingjiang::portrayal::hud::HudMode;
use pingjiang::portrayal::look::Theme;
use pingjiang::portrayal::scene::Scene;
use pingjiang::portrayal::words::Lang;
use pingjiang::view::{Composer, Studio};

use super::{MORNING, SIZE, community, judge, show};

/// Large enough for the list of houses.
const WALL: [u32; 2] = [1_280, 720];

/// Houses around a place, the nearest first.
fn around(twin: &Twin, scene: &Scene, [x, y, _]: [f64; 3]) -> Vec<BuildingId> {
    let away = |id: &BuildingId| {
        let ring = twin.ground().buildings[id].footprint.exterior();
        let corner = scene
            .frame
            .local_from_projected([ring[0].x, ring[0].y, 0.0]);
        (corner[0] - x).hypot(corner[1] - y)
    };
    let mut houses: Vec<BuildingId> = scene.buildings.clone();
    houses.sort_by(|a, b| away(a).total_cmp(&away(b)));
    houses
}

/// What lists tell of a house of a grade that leans by so many thousandths.
fn told(grade: DeformGrade, permille: f64) -> Told {
    let grade = MonitorGrade::ALL
        .into_iter()
        .find(|one| DeformGrade::from(Some(*one)) == grade);
    let share = permille / 6.0;
    let figures = grade.is_some();
    let worse = Worse {
        from: MonitorGrade::Normal,
        at: MORNING.plus(-86_400_000),
    };
    Told {
        rank: Rank {
            grade,
            share,
            surely: permille / 20.0,
            worse_by: i32::from(grade == Some(MonitorGrade::Orange)),
            last: Some(MORNING),
        },
        quantity: Some(Quantity::Tilt),
        level: figures.then_some(permille),
        bearing_deg: None,
        share: figures.then_some(share),
        per_month: figures.then_some([permille / 10.0, permille / 20.0]),
        fastest: figures.then_some((Quantity::Tilt, permille / 20.0)),
        worse: grade.map(|grade| (worse, grade)),
    }
}

/// Every third house in every grade, leaning to all sides, one sunk, one nobody knows where to.
fn view(houses: &[BuildingId]) -> DeformedView {
    let one = |(index, building): (usize, &BuildingId)| {
        let turn = index as f64 * 1.1;
        let size = 1.0 + 1.4 * (index % 5) as f64;
        let error = LeanError::of_covariance([0.3, 0.1, 0.12], 2.45);
        let towards = Lean::Towards {
            permille: [size * turn.sin(), size * turn.cos()],
            error,
        };
        let grade = DeformGrade::ALL[index % DeformGrade::ALL.len()];
        Deformation {
            building: *building,
            lean: match index {
                _ if grade == DeformGrade::CannotTell => None,
                7 => Some(Lean::Somewhere { permille: 5.0 }),
                _ => Some(towards),
            },
            sink_mm: (index == 1).then_some(12.0),
            grade,
            measured_at: Some(MORNING),
            told: told(grade, size),
        }
    };
    DeformedView {
        factor: Exaggeration::new(200).expect("in range"),
        since: None,
        deformations: houses
            .iter()
            .step_by(3)
            .take(24)
            .enumerate()
            .map(one)
            .collect(),
    }
}

#[test]
fn leaning_houses_look_as_they_did() {
    let twin = community();
    let kinds = KindTable::standard();
    let scene = Scene::build(twin.ground(), &kinds);
    let lane = scene.views.iter().find(|view| view.name == "lane");
    let eye = Viewpoint {
        range_m: 130.0,
        pitch_deg: 42.0,
        ..lane.expect("a lane").view
    };
    let view = view(&around(&twin, &scene, eye.target));
    let composer = Composer::new(scene, &twin, kinds).expect("a typeface");
    let mut studio = Studio::new(composer).expect("a graphics driver");
    if !studio.adapter().software {
        eprintln!("skipped: golden pictures are drawn by the software rasteriser");
        return;
    }
    let mut take_sized = |size: [u32; 2], view: Option<&DeformedView>, show: &_| {
        studio.composer_mut().show_deformed(twin.ground(), view);
        let camera = Camera::new(eye, size.map(f64::from));
        studio.take(&twin, &camera, show, true).expect("a picture")
    };
    let wall = show(Theme::Night, Lang::Zh, HudMode::Wall);
    let wall = take_sized(WALL, Some(&view), &wall);
    let mut take = |view: Option<&DeformedView>, show: &_| take_sized(SIZE, view, show);
    let bare = show(Theme::Ink, Lang::Zh, HudMode::None);
    let plate = show(Theme::Ink, Lang::Zh, HudMode::Plate);
    let night = show(Theme::Night, Lang::En, HudMode::None);
    let before = take(None, &bare);
    let pictures = [
        judge("deformed-ink", &take(Some(&view), &plate)),
        judge("deformed-night-en", &take(Some(&view), &night)),
        judge("deformed-wall-night", &wall),
    ];
    let faults: Vec<_> = pictures.into_iter().filter_map(Result::err).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        take(None, &bare) == before,
        "a house that stands again left something"
    );
    // Where nothing is measured the city is the same to the last bit but for its stamp.
    let nothing = DeformedView {
        deformations: Vec::new(),
        ..view
    };
    let stamped = take(Some(&nothing), &bare);
    let rows = (SIZE[1] * 3 / 4) as usize * SIZE[0] as usize * 4;
    assert!(stamped.rgba[..rows] == before.rgba[..rows]);
}
