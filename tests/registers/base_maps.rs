//! What attributes of base maps tell of people is left out, in every format, and told; what is public
//! stays.

use super::{City, check_told};

fn square(at: usize, attributes: &str) -> String {
    let (x, y) = (120.6350 + 0.0005 * at as f64, 31.3150);
    let corners = [
        (x, y),
        (x + 1e-4, y),
        (x + 1e-4, y + 1e-4),
        (x, y + 1e-4),
        (x, y),
    ];
    let corners: Vec<_> = corners.iter().map(|(x, y)| format!("[{x},{y}]")).collect();
    format!(
        r#"{{"type":"Feature","properties":{{"id":"H{at}","kind":"building",{attributes}}},"geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}"#,
        corners.join(",")
    )
}

/// What a map brings, by key and attribute.
fn imported(city: &City, features: &[String]) -> (String, String) {
    let map = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    );
    let path = city.write("houses.geojson", &map);
    let told = city.import(&[&path]);
    let ground = city.ground();
    let mut kept = String::new();
    for one in ground
        .buildings
        .values()
        .filter(|one| one.source.dataset == "houses")
    {
        kept += &format!(
            "{} {}\n",
            one.source.key,
            serde_json::to_string(&one.attributes).unwrap()
        );
    }
    (told, kept)
}

#[test]
fn owners_telephones_and_identity_numbers_are_left_out_and_told() {
    let city = City::new();
    let features = [
        square(
            0,
            r#""户主":"欧阳一德","联系电话":"13900000001","BZ":"白墙""#,
        ),
        square(
            1,
            r#""owner":"苏州市住房和建设局","phone":"0512-65220000","备用":13900001111"#,
        ),
        square(
            2,
            r#""owner":"欧阳一德","SFZH":"000000194001011237","备用":13911110000"#,
        ),
        square(
            3,
            r#""shop":"tea","phone":"+86 13900000003","contact:phone":"0512-65220001""#,
        ),
        square(
            4,
            r#""BZ":"户主欧阳一德 13900000004","户主":"2户","operator":"Li De""#,
        ),
        square(
            5,
            r#""usage":"commercial","tel":"0512-65220002","owner_phone":"0512-65220003","编码":15000000001"#,
        ),
        square(
            6,
            r#""usage":"commercial","tel":"13900000006","编码":15000000002"#,
        ),
        square(
            7,
            r#""编码":15000000003,"code":"13900000009,1390","ext":{"owner":"欧阳一德"}"#,
        ),
    ];
    let (told, kept) = imported(&city, &features);
    check_told(
        &told,
        &[
            "attribute \"户主\": names of people in 1 value left out",
            "attribute \"owner\": names of people in 1 value left out",
            "attribute \"联系电话\": telephone numbers in 1 value left out",
            "attribute \"phone\": telephone numbers in 1 value left out",
            "attribute \"备用\": telephone numbers in 2 values left out",
            "attribute \"SFZH\": identity numbers in 1 value left out",
            "attribute \"BZ\": telephone numbers in 1 value left out",
            "attribute \"owner_phone\": telephone numbers in 1 value left out",
            "attribute \"tel\": telephone numbers in 1 value left out",
            "people belong into a register",
        ],
    );
    for gone in [
        "欧阳",
        "13900000001",
        "13900001111",
        "13911110000",
        "0000194001011237",
        "13900000004",
        "0512-65220000",
        "0512-65220003",
        "13900000006",
    ] {
        assert!(!kept.contains(gone), "{gone}: {kept}");
    }
    for stays in [
        "白墙",
        "苏州市住房和建设局",
        "+86 13900000003",
        "0512-65220001",
        "2户",
        "Li De",
        "0512-65220002",
        "15000000001",
        "15000000003",
    ] {
        assert!(kept.contains(stays), "{stays}: {kept}");
    }
    // The same again changes nothing.
    let (told, _) = imported(&city, &features);
    check_told(&told, &[": 0 added, 0 updated, 0 removed, "]);
}

#[test]
fn a_table_of_houses_is_no_way_around() {
    let city = City::new();
    let table =
        "id,x,y,kind,name,产权人,手机\nT1,120.6360,31.3160,place,某处,欧阳一德,13900000001\n";
    let told = city.import_quietly(&[&city.write("points.csv", table)]);
    assert!(!told.contains("欧阳"), "{told}");
    let bytes = std::fs::read(city.path()).unwrap();
    let name = "欧阳一德".as_bytes();
    assert!(!bytes.windows(name.len()).any(|part| part == name));
}
