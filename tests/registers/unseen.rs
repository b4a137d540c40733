//! What nobody who opened a workbook saw, and what a file is called: hidden sheets are not read unless they
//! are named, and a file that is called like somebody is not called so in the city.

use super::workbook::Value::Text;
use super::workbook::workbook_with;
use super::{City, check_told, data};

#[test]
fn a_hidden_sheet_is_read_where_a_mapping_names_it() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let rows = [
        vec![Text("姓名"), Text("身份证号"), Text("现住址")],
        vec![
            Text("测试子"),
            Text("11010519491231002X"),
            Text("平江路14号"),
        ],
    ];
    let path = city.0.path().join("book.xlsx");
    std::fs::write(
        &path,
        workbook_with("旧表", " state=\"hidden\"", &rows, &[]),
    )
    .unwrap();
    let output = city.run(&[path.to_str().unwrap()]);
    let told = super::text(&output.stderr);
    assert!(!output.status.success(), "{told}");
    check_told(&told, &["hidden", "name it with `sheet` in a mapping file"]);
    let map = city.write("map.toml", "register = \"residents\"\nsheet = \"旧表\"\n");
    let told = city.import_quietly(&[path.to_str().unwrap(), "--map", &map]);
    check_told(&told, &["resident     1 added"]);
}

#[test]
fn a_file_that_is_called_like_somebody_in_it_stands_under_a_fingerprint() {
    let people = "姓名,身份证号,现住址\n测试子,11010519491231002X,平江路14号\n";
    for (name, is_hidden) in [
        ("测试子.csv", true),
        ("2026测试子家庭.csv", true),
        ("平江路.csv", false),
    ] {
        let city = City::new();
        city.import(&[&data("dwellings.csv")]);
        let path = city.write(name, people);
        super::pingjiang(&["import", &path, "--into", city.path().to_str().unwrap()]);
        let bytes = std::fs::read(city.path()).unwrap();
        let holds = |word: &str| {
            bytes
                .windows(word.len())
                .any(|part| part == word.as_bytes())
        };
        assert_eq!(holds("file-"), is_hidden, "{name}");
        assert!(!holds("测试子"), "{name}");
        assert_eq!(city.ground().residents.len(), 1, "{name}");
    }
}
