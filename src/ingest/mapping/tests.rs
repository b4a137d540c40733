//! Mapping files and what they show of a feature.

use serde_json::{Value, json};

use super::super::{Format, facts};
use super::Mapping;
use crate::model::{HeightOrigin, Structure, Usage};

fn mapping(text: &str) -> Mapping {
    Mapping::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

/// What is seen of attributes through a mapping.
fn seen(text: &str, attributes: Value) -> serde_json::Map<String, Value> {
    let attributes = attributes.as_object().unwrap().clone();
    mapping(text).view(&attributes).into_owned()
}

fn refused(text: &str, expected: &str) {
    let fault = Mapping::parse(text).unwrap_err().to_string();
    assert!(fault.starts_with(expected), "{text}: {fault}");
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    refused("hight = 1", "line 1: unknown field `hight`");
    refused(
        "[attributes]\nhight = \"x\"",
        "line 2: unknown word `hight`",
    );
    refused(
        "[attributes]\nheight = 7",
        "line 2: the name of a column or a list of names is expected",
    );
    refused(
        "[attributes]\nheight = []",
        "line 2: height names no attribute",
    );
    refused(
        "\n\nkind = \"hut\"",
        "line 3: \"hut\" is no kind; write one of building, road",
    );
    refused(
        "[values.structure]\n\"砖混\" = \"brick\"",
        "line 2: \"brick\" is no structure; write one of unknown, timber_brick",
    );
    refused("[defaults]\nuse = 3", "line 2: 3 is no default for use");
    refused(
        "[defaults]\nheight = \"tall\"",
        "line 2: \"tall\" is no default for height",
    );
    for (fact, value, range) in [
        ("height", "-4", "a number above 0, up to 1000"),
        ("height", "0.0", "a number above 0, up to 1000"),
        ("height", "1200", "a number above 0, up to 1000"),
        ("storeys", "0", "a whole number from 1 to 200"),
        ("storeys", "2.5", "a whole number from 1 to 200"),
        ("year", "9999", "a year from 1 to 2200"),
    ] {
        refused(
            &format!("[defaults]\n{fact} = {value}"),
            &format!("line 2: {value} is no plausible default for {fact}: write {range}"),
        );
    }
    refused("[defaults]\nkey = \"a\"", "line 2: a key is different");
    refused("crs = \"EPSG:1\"", "line 1: ");
    refused("x = \"a\"", "line 1: x and y belong together");
    refused("height_unit = \"ell\"", "line 1: unknown word `ell`");
    refused("x = [", "line 1: ");
}

#[test]
fn heights_in_every_unit_and_by_default() {
    let height = |text: &str, attributes: Value| facts::height(&seen(text, attributes), None);
    let of = "[attributes]\nheight = [\"A\", \"B\"]\n";
    let measured = HeightOrigin::Measured;
    assert_eq!(height(of, json!({"A": 9, "height": 3})), (9.0, measured, 3));
    assert_eq!(
        height(of, json!({"A": null, "B": "12 m"})),
        (12.0, measured, 4)
    );
    // What a person names goes before what would be guessed, also where it says nothing.
    assert_eq!(height(of, json!({"height": 3})).1, HeightOrigin::Default);
    let feet = format!("height_unit = \"ft\"\n{of}");
    assert_eq!(height(&feet, json!({"A": "100"})), (30.48, measured, 10));
    let storeys = format!("height_unit = \"storeys\"\n{of}");
    assert_eq!(
        height(&storeys, json!({"A": 4})),
        (12.0, HeightOrigin::Storeys, 4)
    );
    let default = "[defaults]\nheight = 9.0";
    assert_eq!(height(default, json!({})), (9.0, HeightOrigin::Default, 3));
    assert_eq!(height(default, json!({"height": 5})), (5.0, measured, 2));
    let storeys = "[defaults]\nfloors = 5";
    assert_eq!(height(storeys, json!({})), (15.0, HeightOrigin::Default, 5));
    assert_eq!(
        height(storeys, json!({"层数": 2})),
        (6.0, HeightOrigin::Storeys, 2)
    );
}

#[test]
fn values_have_meanings() {
    let text = "[attributes]\nstructure = \"JG\"\nuse = \"YT\"\n[values.structure]\n1 = \"steel\"\n\
                [values.use]\n\"甲\" = \"public\"\n[defaults]\nstructure = \"masonry\"";
    let view = seen(text, json!({"JG": 1, "YT": "甲", "building": "house"}));
    assert_eq!(facts::structure(&view), Structure::Steel);
    assert_eq!(facts::usage(&view), Usage::Public);
    assert_eq!(view["building"], "house");
    let view = seen(text, json!({"building": "house"}));
    assert_eq!(facts::structure(&view), Structure::Masonry);
    // Meanings alone go with the attribute that is guessed.
    let view = seen(
        "[values.structure]\n\"丙\" = \"concrete\"",
        json!({"结构": "丙"}),
    );
    assert_eq!(facts::structure(&view), Structure::Concrete);
}

#[test]
fn a_kind_is_what_says_nothing_else() {
    let kind = |text: &str, attributes: Value| seen(text, attributes)["kind"].clone();
    assert_eq!(kind("kind = \"place\"", json!({"类型": "住宅"})), "place");
    assert_eq!(kind("kind = \"place\"", json!({"类型": "树"})), "树");
    let text = "kind = \"place\"\n[attributes]\nkind = \"T\"\n[values.kind]\n7 = \"tree\"";
    assert_eq!(kind(text, json!({"T": 7})), "tree");
    assert_eq!(kind(text, json!({"T": 8})), "place");
}

#[test]
fn names_must_be_in_the_file() {
    let check = |text: &str| {
        let names = ["a", "b"];
        mapping(text)
            .check(Format::Csv, names.into_iter())
            .map_err(|fault| fault.to_string())
    };
    assert_eq!(check("[attributes]\nheight = \"a\""), Ok(()));
    assert_eq!(check("[attributes]\nheight = [\"z\", \"a\"]"), Ok(()));
    assert_eq!(
        check("[attributes]\nname = \"a\"\nheight = \"c\"").unwrap_err(),
        "the mapping's line 3 names \"c\", which the file does not have; its attributes are a, b"
    );
    assert!(
        check("x = \"q\"\ny = \"a\"")
            .unwrap_err()
            .contains("names \"q\"")
    );
}

#[test]
fn columns_of_coordinates_are_wanted_of_tables_of_text_only() {
    let with_columns = mapping("x = \"q\"\ny = \"r\"");
    let names = || ["a"].into_iter();
    assert_eq!(with_columns.check(Format::Shapefile, names()), Ok(()));
    assert!(with_columns.check(Format::Csv, names()).is_err());
}

#[test]
fn a_silent_mapping_changes_nothing() {
    let attributes = json!({"height": 3}).as_object().unwrap().clone();
    let silent = Mapping::default();
    assert!(matches!(
        silent.view(&attributes),
        std::borrow::Cow::Borrowed(_)
    ));
}
