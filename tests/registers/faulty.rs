//! Tables that break their own form: quotes, rows and headers that do not fit, workbooks beyond what
//! spreadsheet programs write, days to come. No row goes without a word.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use pingjiang::access;

use super::{City, check_told, data, pingjiang, text};

const HEAD: &str = "姓名,身份证号,联系电话,核实日期,现住址";

/// A table of five residents; `line` takes the place of the third one's.
fn residents(line: &str) -> String {
    let mut table = format!("{HEAD}\n");
    for number in 1..=5 {
        let plain = format!(
            "测试{number},11010119{number}90307001X,1390000000{number},2026-03-01,平江路12号101室"
        );
        let line = if number == 3 { line } else { &plain };
        writeln!(table, "{line}").unwrap();
    }
    table
}

#[test]
fn a_quote_that_takes_rows_away_is_refused_with_its_line() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let before = std::fs::read(city.path()).unwrap();
    for (line, told) in [
        (
            "\"测试3,110101193903070011,13900000003,2026-03-01,平江路14号",
            "the quote in line 4 is not closed",
        ),
        (
            "\"测试\"3,110101193903070011,13900000003,2026-03-01,平江路14号",
            "goes on behind its closing quote in line 4",
        ),
        (
            "测试3,110101193903070011,\"13900000003,2026-03-01,平江路14号\n测试6,1101011,1390\",2026-03-01,平江路14号",
            "makes line 4 and the 1 below it one row",
        ),
    ] {
        let table = city.write("people.csv", &residents(line));
        check_told(&city.refusal(&[&table]), &[told, "people.csv"]);
    }
    let rows = "测试3,110101193903070011,13900000003,2026-03-01,\"平江路14号\n(后门)\"";
    let table = city.write("note.csv", &residents(rows));
    check_told(
        &city.import(&[&table, "--dry-run"]),
        &["resident     5 added"],
    );
    assert!(std::fs::read(city.path()).unwrap() == before);
}

#[test]
fn rows_that_do_not_fit_to_the_headers_are_told_and_not_taken_amiss() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let shifted = "测试3,110101193903070011,13900000003,13900000004,2026-03-01,平江路14号";
    let table = city.write("people.csv", &residents(shifted));
    let list = city.0.path().join("rows.csv");
    let told = city.import(&[&table, "--unmatched", list.to_str().unwrap()]);
    check_told(
        &told,
        &[
            "resident     4 added",
            "row 4",
            "6 cells under 5 headers: skipped",
        ],
    );
    let list = std::fs::read_to_string(list).unwrap();
    check_told(&list, &[",4,residents,faulty,,,more cells than headers"]);
    // A newer table with a row that nobody can read removes nobody.
    let told = city.import(&[&table, "--dry-run"]);
    check_told(&told, &["0 added, 0 updated, 0 removed, 4 unchanged"]);

    let short = city.write("short.csv", &residents("测试3,110101193903070011"));
    let told = city.import(&[&short, "--dry-run"]);
    check_told(&told, &["row 4", "it ends before column \"联系电话\""]);

    let double = residents("").replace("核实日期", "联系电话");
    let double = city.write("double.csv", &double);
    check_told(
        &city.refusal(&[&double]),
        &[
            "columns 3 and 4 both have the header \"联系电话\"",
            "double.csv",
        ],
    );
}

#[test]
fn a_day_to_come_is_no_day_of_confirmation() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let row = "测试3,110101193903070011,13900000003,2099-01-01,平江路14号";
    let table = city.write("people.csv", &residents(row));
    let told = city.import(&[&table]);
    check_told(
        &told,
        &[
            "row 4",
            "column \"核实日期\": the day is yet to come",
            "5 added",
        ],
    );
    assert!(city.resident("测试3").verified_on.as_str() < "2099");
}

/// A workbook of one sheet with these rows.
fn workbook(rows: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"people\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A row of texts.
fn row(number: u32, texts: &[&str]) -> String {
    let cells = texts.iter().zip('A'..).map(|(text, column)| {
        format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    });
    format!("<row r=\"{number}\">{}</row>", cells.collect::<String>())
}

#[test]
fn a_workbook_beyond_what_spreadsheet_programs_write_is_refused() {
    let city = City::new();
    let head = row(1, &["姓名", "身份证号"]);
    let import = |rows: &str| {
        let path = city.0.path().join("people.xlsx");
        std::fs::write(&path, workbook(rows)).unwrap();
        city.run(&[path.to_str().unwrap(), "--dry-run"])
    };
    let refused = |rows: &str, with: &[&str]| {
        let output = import(rows);
        assert!(!output.status.success());
        check_told(&super::text(&output.stderr), with);
    };
    let identity = "110101193903070011";
    let most = head.clone() + &row(1_048_576, &[&"x".repeat(32_767), identity]);
    let output = import(&most);
    assert!(output.status.success(), "{}", super::text(&output.stderr));
    refused(
        &(head.clone() + &row(1_048_577, &["x", identity])),
        &[
            "sheet \"people\" has a row 1048577",
            "1048576 rows",
            "people.xlsx",
        ],
    );
    refused(
        &(head.clone() + &row(2, &["x", &"1".repeat(32_768)])),
        &["cell B2 of sheet \"people\" holds more than 32767 characters"],
    );
    // So long that it is not even read.
    refused(
        &(head + &row(2, &[&"x".repeat(3 << 20), identity])),
        &["a cell of the workbook holds more than 32767 characters"],
    );
}

#[test]
fn a_broken_text_is_refused_with_its_place_and_a_table_nobody_knows_by_its_name() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let plain = residents("测试3,110101193903070011,13900000003,2026-03-01,平江路14号");
    let file = |name: &str, bytes: &[u8]| {
        let path = city.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut bytes = plain.clone().into_bytes();
    let at = plain.find("测试3").unwrap();
    bytes[at] = 0xFF;
    let told = city.refusal(&[&file("broken.csv", &bytes)]);
    let byte = format!("byte {} of the file", at + 1);
    check_told(&told, &["broken.csv", "row 4", &byte, "mend the sign"]);
    let wide: Vec<u8> = std::iter::once(0xFEFF)
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (even, odd) = (
        file("even.csv", &wide),
        file("odd.csv", &wide[..wide.len() - 1]),
    );
    check_told(
        &city.import(&[&even, "--dry-run"]),
        &["resident     5 added"],
    );
    check_told(
        &city.refusal(&[&odd]),
        &["odd.csv", "odd number of bytes", "get it again"],
    );
    let strange = city.write("strange.csv", "甲,乙\n1,2\n");
    for files in [vec![&strange], vec![&even, &strange]] {
        let told = city.refusal(&files.into_iter().map(String::as_str).collect::<Vec<_>>());
        check_told(
            &told,
            &["strange.csv", "neither which register", "--as dwellings|"],
        );
        assert!(!told.contains("import the base map first"), "{told}");
    }
}

#[test]
fn every_row_that_is_skipped_is_listed_and_signs_that_cannot_be_seen_are_faults() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let list_of = |name: &str, table: &str| {
        let (table, list) = (
            city.write(name, table),
            city.0.path().join(format!("{name}.rows")),
        );
        let told = city.import(&[&table, "--unmatched", list.to_str().unwrap()]);
        (told, std::fs::read_to_string(list).unwrap())
    };
    let head = "设备编号,设备类型,经度,纬度";
    let rows = "S1,烟感,620.5,31.3\nS2,烟感,120.63045,31.31005\nS2,烟感,120.63045,31.31005";
    let (_, list) = list_of("devices.csv", &format!("{head}\n{rows}\n"));
    check_told(
        &list,
        &[
            ",2,devices,faulty,",
            ",4,devices,faulty,,,the same key twice",
        ],
    );
    let head = "车牌号,车辆类型,户号,经度,纬度";
    let rows = "测A00002,电动自行车,H9,,\n测A00003,小型汽车,H9,120.63045,31.31005";
    let (told, list) = list_of("cars.csv", &format!("{head}\n{rows}\n"));
    check_told(&told, &["row 3", "the vehicle is linked to none"]);
    check_told(
        &list,
        &[",2,vehicles,faulty,,,\"no household has this number"],
    );
    assert!(!told.contains("no such house"), "{told}");
    // An event whose room nobody has is about a home all the same.
    let head = "事件编号,事件标题,事发地址,上报时间";
    let rows = "E7,漏水,平江路12号999室,2026-04-01\nE8,路灯,平江路12号,2026-04-01";
    list_of("events.csv", &format!("{head}\n{rows}\n"));
    let ground = city.ground();
    for one in ground.events.values() {
        assert!(one.dwelling.is_none());
        assert_eq!(one.is_about_a_home(), one.source.key == "E7");
    }
    let bytes = std::fs::read(city.path()).unwrap();
    let holds = |word: &str| {
        bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    };
    assert!(!holds("漏水") && holds("路灯"));
    let people = "姓名,身份证号,现住址\n测\u{200b}试1,11010119390307001X,平江路12号101室\t\n";
    let (told, _) = list_of("people.csv", people);
    check_told(&told, &["row 2", "column \"姓名\"", "cannot be seen"]);
    let map = city.write("m.toml", "register = \"residents\"\nsheet = \"a\"\n");
    let table = city.write("again.csv", people);
    let told = city.refusal(&[&table, "--map", &map]);
    check_told(
        &told,
        &["names the sheet \"a\"", "again.csv", "take `sheet` out"],
    );
}

#[test]
fn inspect_shows_its_page_also_where_one_value_does_not_open() {
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let connection = rusqlite::Connection::open(city.path()).unwrap();
    let spoil = "UPDATE resident SET name = x'00' WHERE fid = (SELECT min(fid) FROM resident)";
    assert_eq!(connection.execute(spoil, []).unwrap(), 1);
    drop(connection);
    let path = city.path();
    let inspect = ["inspect", path.to_str().unwrap()];
    for (more, page) in [(&[][..], "Residents"), (&["--json"], "\"residents\"")] {
        let output = pingjiang(&[&inspect, more].concat());
        assert!(!output.status.success());
        let told = text(&output.stderr);
        assert!(told.contains("res-") && told.contains("name"), "{told}");
        let shown = text(&output.stdout);
        assert!(shown.contains(page) && !shown.contains("res-"), "{shown}");
    }
}

#[test]
fn a_telephone_that_is_none_is_told_listed_and_left_out() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let list = city.0.path().join("list.csv");
    let rows = [
        ("not-a-phone", false),
        ("12345", false),
        ("000000194001011237", false),
        ("13900000001", true),
        ("0512-65223344转801", true),
        ("+86 139 0000 0001", true),
        ("13900000001、0512-65223344", true),
        ("１３９００００００01", true),
        ("", true),
    ];
    let table = rows
        .iter()
        .enumerate()
        .map(|(at, (phone, _))| format!("测试{at},P{at},{phone},平江路12号101室\n"));
    let table = format!(
        "姓名,居民编号,联系电话,现住址\n{}",
        table.collect::<String>()
    );
    let path = city.write("phones.csv", &table);
    let told = city.import(&[
        &path,
        "--as",
        "residents",
        "--unmatched",
        list.to_str().unwrap(),
    ]);
    check_told(
        &told,
        &[
            "resident     9 added",
            "column \"联系电话\": it is no telephone number (letters, or too few or too many digits): counts as not given",
            "(row 2, row 3, row 4)",
        ],
    );
    for (at, (phone, is_one)) in rows.iter().enumerate() {
        let one = city.resident(&format!("测试{at}"));
        let kept = one.phone.as_ref();
        let kept = kept.and_then(|one| one.open(&access::for_keeping()));
        let expected = Some((*phone).to_owned()).filter(|one| *is_one && !one.is_empty());
        assert_eq!(kept.as_deref(), expected.as_deref(), "{phone}");
    }
    let listed = std::fs::read_to_string(&list).unwrap();
    assert_eq!(listed.matches(",residents,faulty,").count(), 3, "{listed}");
    assert!(!listed.contains("not-a-phone"), "{listed}");
    // Services answer under short numbers.
    let facility = "设施名称,设施类型,地址,电话\n报警点,警务室,平江路12号,110\n服务点,服务站,平江路12号,见门口\n";
    let told = city.import(&[&city.write("services.csv", facility)]);
    check_told(&told, &["it is no telephone number"]);
    let ground = city.ground();
    let phones: Vec<_> = ground
        .facilities
        .values()
        .map(|one| one.phone.as_deref())
        .collect();
    assert!(phones.contains(&Some("110")) && phones.contains(&None));
}
