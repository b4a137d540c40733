//! Every alarm is on the screen, the worst on top, none without its ring.

use super::*;
use crate::portrayal::look::Theme;

const MAP: Rect = Rect {
    x: 400.0,
    y: 100.0,
    w: 1000.0,
    h: 800.0,
};

const PANELS: [Rect; 2] = [
    Rect {
        x: 0.0,
        y: 0.0,
        w: 390.0,
        h: 700.0,
    },
    Rect {
        x: 1_410.0,
        y: 0.0,
        w: 510.0,
        h: 600.0,
    },
];

fn placed(marks: &[MarkInput]) -> Vec<Place> {
    let picture = Rect {
        x: 0.0,
        y: 0.0,
        w: 1_920.0,
        h: 1_080.0,
    };
    let ground = Ground {
        picture,
        map: MAP,
        panels: &PANELS,
    };
    arrange(marks, &ground, 44.0)
}

fn marks(count: usize, spread: f32) -> Vec<MarkInput> {
    (0..count)
        .map(|at| {
            let turn = at as f32 * 2.4;
            let far = spread * (at as f32 / count as f32).sqrt();
            MarkInput {
                id: AlarmId::from_source("test", &at.to_string()),
                anchor: [900.0 + far * turn.cos(), 500.0 + far * turn.sin()],
                on_screen: far < 900.0,
                grade: Grade::ALL[at % 4],
                glyph: '烟',
                acknowledged: at % 3 == 0,
                active: at % 5 != 0,
            }
        })
        .collect()
}

/// All are counted once, every waiting one shows, nothing overlaps or leaves the map.
fn check(count: usize, spread: f32) {
    let marks = marks(count, spread);
    let places = placed(&marks);
    assert_eq!(places.iter().map(|place| place.count).sum::<usize>(), count);
    let worst = marks
        .iter()
        .filter(|mark| !mark.acknowledged)
        .map(|mark| mark.grade)
        .min();
    assert_eq!(places.iter().filter_map(|place| place.waiting).min(), worst);
    for (at, place) in places.iter().enumerate() {
        let hidden = PANELS.iter().any(|panel| panel.intersects(&place.rect));
        assert!(!hidden, "{place:?} under a panel");
        assert!((0.0..1_920.0).contains(&place.at[0]) && (0.0..1_080.0).contains(&place.at[1]));
        for other in &places[..at] {
            assert!(!other.rect.intersects(&place.rect), "{other:?} {place:?}");
        }
    }
    let worst = marks.iter().map(|mark| mark.grade).min();
    let shown = places.iter().map(|place| place.mark.grade).min();
    assert_eq!(shown, worst, "the worst has a mark of its own");
    for place in &places {
        let is_hidden = |grade: Grade| grade < place.mark.grade;
        assert!(
            !place.waiting.is_some_and(is_hidden),
            "a milder mark over it: {place:?}"
        );
        assert!(
            place.worst != Grade::Red || place.mark.grade == Grade::Red,
            "{place:?}"
        );
    }
}

#[test]
fn few_and_many_and_all_in_one_place() {
    check(0, 0.0);
    check(1, 0.0);
    check(12, 300.0);
    check(40, 5.0);
    check(300, 350.0);
    check(300, 2_000.0);
}

#[test]
fn a_few_alarms_each_have_a_mark_of_their_own() {
    for spread in [0.0, 30.0, 400.0] {
        let places = placed(&marks(9, spread));
        assert_eq!(places.len(), 9, "spread {spread}");
    }
}

#[test]
fn what_is_off_the_map_points_to_itself() {
    let mut one = marks(1, 0.0);
    one[0].on_screen = false;
    one[0].anchor = [5_000.0, 500.0];
    let places = placed(&one);
    assert_eq!(places[0].outward, Some([1.0, 0.0]));
    assert!(places[0].at[0] > 1_300.0);
    one[0].on_screen = true;
    one[0].anchor = [100.0, 500.0];
    assert_eq!(
        placed(&one)[0].outward,
        Some([-1.0, 0.0]),
        "a panel covers it"
    );
    one[0].anchor = [100.0, 900.0];
    assert_eq!(
        placed(&one)[0].outward,
        None,
        "beside the panels the city is seen"
    );
    one[0].anchor = [f32::NAN, f32::NAN];
    assert_eq!(placed(&one).len(), 1, "even one without a direction shows");
}

struct Em;

impl Measure for Em {
    fn width(&self, text: &str, size: f32, _face: Face) -> f32 {
        text.chars().count() as f32 * size
    }
}

fn rings(mark: MarkInput, pulse: Option<f32>) -> Vec<f32> {
    let frame = MarkFrame {
        size_px: [1_920.0, 1_080.0],
        map_rect: MAP,
        panels: &PANELS,
        base_px: 20.0,
        pulse,
        look: Look::of(Theme::Night),
        measure: &Em,
    };
    let (shapes, hits) = alarm_marks(&[mark], &frame);
    assert_eq!(hits[0].1, Hit::Alarm(mark.id));
    let sizes = shapes.iter().filter_map(|shape| match shape {
        Shape::Mark {
            form: Form::Ring,
            size,
            ..
        } => Some(*size),
        _ => None,
    });
    sizes.collect()
}

#[test]
fn only_unacknowledged_ones_have_a_ring_also_in_a_still_picture() {
    let mut mark = marks(1, 0.0)[0];
    mark.acknowledged = false;
    assert_eq!(rings(mark, None).len(), 1);
    assert!(
        rings(mark, Some(0.9))[0] > rings(mark, Some(0.1))[0],
        "it grows"
    );
    mark.acknowledged = true;
    assert!(rings(mark, None).is_empty() && rings(mark, Some(0.5)).is_empty());
}
