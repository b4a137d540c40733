//! Layers tell what they were given, class by class, and nothing that may not be told.

use std::sync::Arc;

use geo_types::polygon;

use super::*;
use crate::base::{AreaId, Everybody};
use crate::model::query::CityIndex;
use crate::model::sight::Sight;
use crate::model::{LabelsOfDay, PopulationQuality, Water, WaterKind, sample};

const BY: AreaLevel = AreaLevel::Grid;

/// Four houses in two grids: eight people in the first, of whom three are stale; two in the second.
fn city() -> CityIndex {
    let mut ground = sample::city(0);
    let houses: Vec<_> = ground.buildings.keys().copied().collect();
    let parent = AreaId::from_source("sample", "community");
    for (key, places) in [("west", 0..2), ("east", 2..4)] {
        let id = AreaId::from_source("sample", key);
        let mut area = sample::people::area(id, parent);
        area.level = BY;
        area.name = key.to_owned();
        ground.areas.insert(id, area);
        for house in &houses[places] {
            ground.buildings.get_mut(house).unwrap().area = Some(id);
        }
    }
    let people = sample::people::move_in(&mut ground, houses[0], "a", 12);
    for one in &people[..6] {
        let person = ground.residents.get_mut(one).unwrap();
        person.verified_on = "2001-01-01".to_owned();
    }
    sample::people::move_in(&mut ground, houses[2], "b", 2);
    CityIndex::of(Arc::new(ground), LabelsOfDay::none())
}

fn quality(city: &CityIndex, measure: PopulationMeasure, below: usize) -> MapLayer {
    let clearance = crate::base::clearance_for_tests();
    let day = "2026-05-01";
    let quality = PopulationQuality::of(city, BY, day, &clearance).unwrap();
    MapLayer::quality(
        city,
        &quality.told(&Everybody {
            suppress_below: below,
        }),
        measure,
        BY,
        day,
    )
}

#[test]
fn a_building_has_the_class_of_its_area() {
    let city = city();
    let layer = quality(&city, PopulationMeasure::Stale, 0);
    let classes: Vec<u8> = layer.buildings.values().copied().collect();
    // Half of the west is stale, nobody in the east.
    assert_eq!(classes.len(), 4);
    let west = AreaId::from_source("sample", "west");
    for (id, class) in &layer.buildings {
        let is_west = city.ground().buildings[id].area == Some(west);
        assert_eq!(*class, if is_west { 4 } else { 0 });
    }
    let figure = |name: &str| {
        let mut found = layer.figures.iter().filter(|one| one.name == name);
        found.next().unwrap().share
    };
    assert_eq!((figure("west"), figure("east")), (Some(0.5), Some(0.0)));
    let counted: usize = layer
        .facts
        .classes
        .iter()
        .map(|class| match class.extent {
            Extent::Areas(count) => count,
            Extent::Ground(_) => 0,
        })
        .sum();
    assert_eq!(counted, 2);
}

#[test]
fn no_colour_and_no_figure_tells_of_few_people() {
    let city = city();
    let layer = quality(&city, PopulationMeasure::Stale, 5);
    assert!(layer.buildings.values().all(|class| *class == UNTOLD));
    assert!(layer.figures.iter().all(|figure| figure.share.is_none()));
    let row = LayerClass {
        class: UNTOLD,
        meaning: Meaning::Untold,
        extent: Extent::Areas(2),
    };
    assert_eq!(layer.facts.classes, [row]);
}

#[test]
fn merit_and_fault_have_the_same_colour_for_what_needs_somebody() {
    let city = city();
    let confirmed = quality(&city, PopulationMeasure::Confirmed, 0);
    let stale = quality(&city, PopulationMeasure::Stale, 0);
    assert_eq!(confirmed.buildings, stale.buildings);
    assert_eq!(
        confirmed.facts.classes[0].class, 0,
        "what is well comes first"
    );
}

#[test]
fn patches_cover_every_cell_of_dry_ground_once() {
    let mut ground = sample::city(0);
    let water = Water {
        id: crate::base::WaterId::from_source("sample", "canal"),
        source: ground.buildings.values().next().unwrap().source.clone(),
        name: None,
        kind: WaterKind::Canal,
        polygon: polygon![(x: -5.0, y: 2.0), (x: 60.0, y: 2.0), (x: 60.0, y: 5.0), (x: -5.0, y: 5.0)],
        level_m: 0.0,
    };
    ground.water.insert(water.id, water);
    let bounds = coverage_bounds(&ground).grown(6.0);
    let map = Sight::of(&ground).coverage(|_| true, bounds, 1.0).unwrap();
    let layer = MapLayer::coverage(&ground, &map, "2026-05-01");
    for place in 0..map.cells.len() {
        let [x, y] = map.middle(place);
        let holds = |patch: &&Patch| {
            (patch.low[0]..patch.high[0]).contains(&x) && (patch.low[1]..patch.high[1]).contains(&y)
        };
        let classes: Vec<u8> = layer
            .patches
            .iter()
            .filter(holds)
            .map(|one| one.class)
            .collect();
        let is_built = map.cells[place].cover == crate::model::sight::Cover::Built;
        let is_wet = (2.0..5.0).contains(&y) && (-5.0..60.0).contains(&x);
        let expected: &[u8] = if is_built || is_wet { &[] } else { &[4] };
        assert_eq!(classes, expected, "at {x} {y}");
    }
    assert!(layer.patches.len() < 60, "{} patches", layer.patches.len());
    let shares = layer.facts.classes.iter().map(|class| match class.extent {
        Extent::Ground(share) => share,
        Extent::Areas(_) => 0.0,
    });
    assert!((shares.sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn a_large_city_has_larger_cells() {
    let bounds = |side: f64| crate::space::Bounds2 {
        min: [0.0; 2],
        max: [side, side],
    };
    assert_eq!(coverage_cell_m(&bounds(500.0)), 2.0);
    assert_eq!(coverage_cell_m(&bounds(9_000.0)), 14.5);
    assert_eq!(coverage_cell_m(&crate::space::Bounds2::empty()), 2.0);
}

#[test]
fn contours_are_as_far_apart_as_the_range_asks_for() {
    for (range, mm) in [
        ((0.0, 16.0), 2.0),
        ((-4.0, 20.0), 2.0),
        ((3.0, 3.2), 0.1),
        ((0.0, 0.0), 0.1),
        ((0.0, 31.0), 5.0),
        ((0.0, 15.0), 1.0),
        ((0.0, 1e9), 1_000.0),
    ] {
        assert_eq!(ContourInterval::of_range(range).mm(), mm, "{range:?}");
    }
    assert_eq!("0.5".parse::<ContourInterval>().unwrap().mm(), 0.5);
    for text in ["0", "-2", "NaN", "1e9", "", "2 mm", "0.0004"] {
        assert!(text.parse::<ContourInterval>().is_err(), "{text}");
    }
}

#[test]
fn figures_have_the_decimals_of_their_interval_and_no_minus_nought() {
    let told = |every: f64, mm: f64| ContourInterval::from_mm(every).unwrap().figure(mm);
    assert_eq!(told(2.0, 14.000_000_1), "14");
    assert_eq!(told(0.5, -1.5), "−1.5");
    assert_eq!(told(0.05, 0.15), "0.15");
    assert_eq!(told(2.0, -1e-9), "0");
    assert_eq!(figure(-0.04, 1), "0.0");
    let every = ContourInterval::from_mm(2.0).unwrap();
    let line = |mm| SheetContour::new(mm, every, Vec::new());
    assert!(line(0.0).is_bold && line(-10.0).is_bold && !line(8.0).is_bold);
    assert!(line(-2.0).is_heave() && !line(0.0).is_heave() && !line(-1e-12).is_heave());
}

#[test]
fn nought_is_neutral_and_both_ends_are_of_their_own_hue() {
    use crate::portrayal::look::Theme;
    let sheet = Sheet {
        scale_mm: 20.0,
        ..Sheet::default()
    };
    assert_eq!(sheet.share(-50.0), -1.0);
    assert_eq!(sheet.share(5.0), 0.25);
    assert_eq!(Sheet::default().share(3.0), 0.0);
    for &theme in Theme::ALL {
        let look = Look::of(theme);
        assert_eq!(sheet_color(look, 0.0), look.settlement[0]);
        assert_eq!(sheet_color(look, 1.0), look.settlement[4]);
        assert_eq!(sheet_color(look, 0.25), look.settlement[1]);
        assert_eq!(sheet_color(look, -1.0), look.heave[4]);
        let [r, g, b, _] = look.settlement[0].0;
        assert!(r.abs_diff(g) < 10 && g.abs_diff(b) < 10, "none is neutral");
    }
}

#[test]
fn nodes_beyond_the_sheet_tell_nothing() {
    let sheet = Sheet {
        columns: 2,
        values_mm: vec![Some(1.0), None, Some(3.0), Some(4.0)],
        ..Sheet::default()
    };
    assert_eq!(sheet.rows(), 2);
    assert_eq!([sheet.at(0, 0), sheet.at(1, 0)], [Some(1.0), None]);
    assert_eq!(
        [sheet.at(1, 1), sheet.at(2, 0), sheet.at(0, 2)],
        [Some(4.0), None, None]
    );
    assert_eq!(Sheet::default().rows(), 0);
}
