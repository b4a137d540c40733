//! A zoo of relations: rings in disorder, with faults, and whose tags count.

use super::*;

#[test]
fn rings_of_relations() {
    // Five ways in disorder, two reversed.
    let five = [[1, 10], [91, 100], [100, 60], [10, 60], [91, 1]];
    let mut parts: Vec<String> = (1..)
        .zip(five)
        .map(|(id, ends)| way(id, &ends, &[]))
        .collect();
    let members: Vec<(i64, &str)> = (1..=5).map(|id| (id, "outer")).collect();
    parts.push(relation(45, &members, HOUSE));
    check(&parts, "relation/45 1");
    // Two outers, an inner in each; the roles of one are not told.
    let two = [
        way(1, &[1, 4, 34, 31, 1], &[]),
        way(2, &[12, 13, 23, 22, 12], &[]),
        way(3, &[6, 9, 39, 36, 6], &[]),
        way(4, &[17, 18, 28, 27, 17], &[]),
        relation(7, &[(4, ""), (2, "inner"), (3, ""), (1, "outer")], HOUSE),
    ];
    check(&two, "relation/7 2+2");
    // Two inners that touch in a node, and two that share an edge.
    let inners = [
        way(1, ROUND, &[]),
        way(2, &[12, 13, 23, 22, 12], &[]),
        way(3, &[23, 24, 34, 33, 23], &[]),
        way(4, &[24, 25, 35, 34, 24], &[]),
        relation(
            8,
            &[(1, "outer"), (2, "inner"), (3, "inner"), (4, "inner")],
            HOUSE,
        ),
    ];
    check(&inners, "relation/8 4");
}

#[test]
fn relations_with_faults() {
    let outside = [
        way(1, &[1, 4, 34, 31, 1], &[]),
        way(2, &[77, 78, 88, 87, 77], &[]),
        relation(7, &[(1, "outer"), (2, "inner")], HOUSE),
    ];
    check(
        &outside,
        "relation/7 1; ! relation/7 (way/2): an inner ring lies outside every outer ring: left out",
    );
    let unclosed = [
        way(1, &[1, 4, 34], &[]),
        relation(7, &[(1, "outer"), (2, "outer"), (3, "inner")], HOUSE),
    ];
    check(
        &unclosed,
        "! relation/7 (2 missing: way/2, way/3): some of its ways are not in the file; \
         ! relation/7 (with way/1): an outer ring does not close: left out; \
         ! relation/7: no outer ring of it is whole: skipped",
    );
    assert_eq!(city(&unclosed).faulty, ["relation/7"]);
    let nodes = [
        way(1, &[1, 4, 34, 31, 1], &[]),
        way(2, &[6, 9, 999, 6], &[]),
        relation(7, &[(1, "outer"), (2, "outer")], HOUSE),
    ];
    check(
        &nodes,
        "relation/7 1; ! relation/7 (1 missing): some nodes of its ways are not in the file: \
         these ways are left out",
    );
}

#[test]
fn relations_whose_ring_crosses_itself() {
    let made = |corners: &[i64]| {
        let crossing = [way(1, corners, &[]), relation(7, &[(1, "outer")], HOUSE)];
        // The ring is handed on as it is, and mended or refused with every other format's.
        check(&crossing, "relation/7 1");
        let made = test_frame::import(city(&crossing), Datum::Wgs84).unwrap();
        let warnings = made.warnings.list().iter();
        let warnings = warnings.map(|one| format!("{}: {}", one.places.join(", "), one.reason));
        let repairs = made
            .repairs
            .iter()
            .map(|(kind, count)| (kind.clone(), *count));
        (
            made.entities.len(),
            repairs.collect::<Vec<_>>(),
            warnings.collect::<Vec<_>>(),
        )
    };
    // A bow-tie: which of its halves is the house is anybody's guess.
    let (houses, repairs, warnings) = made(&[1, 4, 31, 34, 1]);
    assert_eq!((houses, repairs), (0, Vec::new()));
    assert_eq!(
        warnings,
        [
            "feature 1 (id relation/7): the outline crosses itself and its largest part is only 0.50 \
         of it: skipped"
        ]
    );
    // A square of eight by eight steps with a tip beyond one corner: all but the tip.
    let (houses, repairs, warnings) = made(&[12, 20, 100, 92, 22, 3, 12]);
    assert_eq!((houses, warnings), (1, Vec::new()));
    assert_eq!(repairs, [("self-crossing outline resolved".to_owned(), 1)]);
}

#[test]
fn whose_tags_count() {
    let bare = &[("type", "multipolygon")];
    // Long ago the outer way carried the tags.
    let old = [
        way(1, ROUND, &[("building", "yes"), ("source", "a")]),
        way(2, &[12, 13, 23, 22, 12], &[]),
        relation(7, &[(1, "outer"), (2, "inner")], bare),
    ];
    check(&old, "relation/7 2");
    // Twice the same thing is one.
    let twice = [
        way(1, ROUND, &[("building", "yes")]),
        relation(7, &[(1, "outer")], HOUSE),
    ];
    check(&twice, "relation/7 1");
    // What the way says beyond the relation is a thing of its own, and so is a tagged inner.
    let both = [
        way(1, ROUND, &[("leisure", "park")]),
        way(2, &[12, 13, 23, 22, 12], &[("natural", "water")]),
        relation(7, &[(1, "outer"), (2, "inner")], HOUSE),
    ];
    check(&both, "way/1 1; way/2 1; relation/7 2");
    // A house of which relation and outline both say that it is one stands there once, and nothing
    // that is said of it is lost; where they disagree the relation is right.
    let said = [
        ("building", "retail"),
        ("building:levels", "2"),
        ("name", "a"),
    ];
    let house = [
        way(1, ROUND, &said),
        way(2, &[12, 13, 23, 22, 12], &[("building", "shed")]),
        relation(7, &[(1, "outer"), (2, "inner")], HOUSE),
    ];
    check(&house, "way/2 1; relation/7 2");
    let told_of = &city(&house).features[1].attributes;
    assert_eq!(told_of["building"], "yes");
    assert_eq!(told_of["building:levels"], "2");
    // Of two outlines only what both say is said of the whole.
    let wings = [
        way(1, &[1, 4, 34, 31, 1], &said),
        way(
            3,
            &[6, 9, 39, 36, 6],
            &[("building", "yes"), ("building:levels", "2")],
        ),
        relation(7, &[(1, "outer"), (3, "outer")], HOUSE),
    ];
    check(&wings, "relation/7 1+1");
    let told_of = &city(&wings).features[0].attributes;
    assert_eq!(told_of["building:levels"], "2");
    assert!(!told_of.contains_key("name"), "{told_of:?}");
    // A relation that comes to nothing leaves its ways alone.
    let broken = [
        way(1, &[1, 10, 100], &[("highway", "service")]),
        relation(7, &[(1, "outer")], bare),
    ];
    assert!(told(&broken).starts_with("way/1 ; !"), "{}", told(&broken));
}
