//! A city's own tables: added or instead, and what is told of a faulty one.

use super::*;
use crate::model::KindId;

const RADON: &str = r#"
[[kind]]
id = "radon"
zh = "氡气"
en = "Radon"
quantity = "radon"
unit = "Bq/m³"
min = 0.0
max = 5000.0
interval_s = 600
glyph = "氡"
group = "smart_security"
alarm_above = 300.0
alarm_dead_band = 50.0
alarm_readings = 2
grade = "orange"
"#;

fn write(city: &Path, what: What, text: &str) {
    std::fs::write(what.path(city), text).unwrap();
}

#[test]
fn every_built_in_text_is_a_table_and_a_city_without_any_goes_by_them() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("gusu.gpkg");
    assert_eq!(kinds(&city).unwrap(), KindTable::standard());
    assert_eq!(alarms(&city).unwrap(), AlarmRules::standard());
    assert_eq!(labels(&city).unwrap(), LabelRules::standard());
    assert_eq!(roles(&city).unwrap(), RoleTable::standard());
    assert_eq!(travellers(&city).unwrap(), TravellerTable::standard());
    assert_eq!(matching(&city).unwrap(), MatchRules::default());
    let counts: Vec<_> = standings(&city)
        .into_iter()
        .map(|one| (one.is_own, one.entries))
        .collect();
    assert_eq!(
        counts,
        [
            (false, 13),
            (false, 7),
            (false, 10),
            (false, 8),
            (false, 4),
            (false, 19),
            (false, 5),
            (false, 7),
            (false, 2),
            (false, 9)
        ]
    );
    for what in What::ALL {
        write(&city, what, what.built_in());
    }
    assert_eq!(kinds(&city).unwrap(), KindTable::standard());
    assert_eq!(travellers(&city).unwrap(), TravellerTable::standard());
    assert!(
        standings(&city)
            .iter()
            .all(|one| one.is_own && one.fault.is_none())
    );
}

#[test]
fn kinds_and_travellers_are_added_labels_and_roles_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("gusu.gpkg");
    let quicker = TravellerTable::STANDARD
        .split("[[traveller]]")
        .nth(1)
        .unwrap();
    let quicker = format!("[[traveller]]{}", quicker.replace("= 1.3", "= 1.5"));
    write(&city, What::Travellers, &quicker);
    let all = travellers(&city).unwrap();
    assert_eq!(
        (all.all().len(), all.get("foot").unwrap().speed_m_s),
        (4, 1.5)
    );

    write(&city, What::Kinds, &format!("\u{feff}{RADON}"));
    let all = kinds(&city).unwrap();
    assert_eq!(
        (all.all().len(), all.position(&KindId::new("radon"))),
        (14, Some(13))
    );
    assert_eq!(kinds_of_text(Some(RADON)).unwrap(), all);
    let tamer = RADON.replace("radon", "smoke");
    write(&city, What::Kinds, &tamer);
    let all = kinds(&city).unwrap();
    assert_eq!(all.all().len(), 13);
    assert_eq!(
        all.get(&KindId::new("smoke")).unwrap().alarm_above,
        Some(300.0)
    );

    let label =
        "[[label]]\nid = \"young\"\nzh = \"青年\"\nen = \"young\"\nwhen = [{ age_max = 30 }]\n";
    write(&city, What::Labels, label);
    assert_eq!(labels(&city).unwrap().all().len(), 1);
    write(&city, What::Matching, "link_at = 0.9\n");
    assert_eq!(matching(&city).unwrap().link_at, 0.9);
    assert_eq!(standings(&city)[4].entries, 1);
}

#[test]
fn a_faulty_table_is_refused_with_file_line_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("gusu.gpkg");
    let refused = |text: &str, with: &str| {
        write(&city, What::Kinds, text);
        let told = format!("{:#}", kinds(&city).unwrap_err());
        assert!(
            told.contains("gusu.kinds.toml") && told.contains(with),
            "{told}"
        );
        assert!(told.contains("move it away"), "{told}");
        let told = standings(&city)[0].fault.clone().unwrap();
        assert!(told.contains(with), "{told}");
    };
    refused(
        &RADON.replace("min = 0.0", "min = 9000.0"),
        "line 2: device kind \"radon\": min",
    );
    refused(
        &RADON.replace("unit =", "units ="),
        "line 7: unknown field `units`",
    );
    refused(
        &format!("{RADON}{RADON}"),
        "line 18: device kind \"radon\": stands in the table twice",
    );
    refused(&RADON.replace("= 50.0", "= 400.0"), "never end");
    refused(
        &RADON.replace("smart_security", "smart"),
        "group is one of smart_security",
    );
    // A name that two kinds have tells nobody which is meant.
    let second = RADON.replace("id = \"radon\"", "id = \"radon_2\"");
    refused(
        &format!("{RADON}{second}"),
        "\"radon_2\": another one is called",
    );
    let alike = RADON.replace("zh = \"氡气\"", "zh = \"烟感\"");
    refused(&alike, "as the built-in \"smoke\" is");
    std::fs::write(What::Kinds.path(&city), b"# a\n# \xff\n").unwrap();
    let told = format!("{:#}", kinds(&city).unwrap_err());
    assert!(
        told.contains("gusu.kinds.toml: line 2 is not UTF-8"),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_no_missing_table() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("gusu.gpkg");
    std::os::unix::fs::symlink("/nowhere/roles.toml", What::Roles.path(&city)).unwrap();
    let told = format!("{:#}", roles(&city).unwrap_err());
    assert!(told.contains("gusu.roles.toml"), "{told}");
}
