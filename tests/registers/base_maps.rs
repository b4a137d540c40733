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

#[test]
fn owners_labels_and_notes_are_left_out_under_whatever_header_they_stand() {
    let city = City::new();
    let features = [
        square(
            0,
            r#""房东":"欧阳一德","权属人":"欧阳二德","监护人":"欧阳三德","店主":"欧阳四德""#,
        ),
        square(
            1,
            r#""OWNER_NM":"欧阳五德","huzhu":"欧阳六德","共有人":["欧阳七德"],"Owner Name 1":{"x":"欧阳八德"}"#,
        ),
        square(
            2,
            r#""独居老人":"欧阳九德","低保户":"是","残疾人数":2,"空巢老人":"否""#,
        ),
        square(
            3,
            r#""备注":"户主欧阳十德，外出","note":"联系人:王小某","remark":"13900000005","BZ":"独居老人关爱站旁""#,
        ),
        square(
            4,
            r#""说明":"王小二酒家旧址","description":"李公堤边","残疾人坡道":"有","owner_type":"私有","设计人":"蔡谨士","房屋":"于家巷民居""#,
        ),
        square(
            5,
            r#""name":"蔡谨士故居","备注":"顾野王纪念馆旁，业主委员会管理""#,
        ),
    ];
    let (told, kept) = imported(&city, &features);
    check_told(
        &told,
        &[
            "attribute \"房东\": names of people in 1 value left out",
            "attribute \"OWNER_NM\": names of people in 1 value left out",
            "attribute \"huzhu\": names of people in 1 value left out",
            "attribute \"备注\": names of people in 1 value left out",
            "attribute \"remark\": telephone numbers in 1 value left out",
            "attribute \"独居老人\": who needs help or has which label in 1 value left out",
            "attribute \"残疾人数\": who needs help or has which label in 1 value left out",
        ],
    );
    for gone in ["欧阳", "王小某", "13900000005", "低保户", "残疾人数"] {
        assert!(!kept.contains(gone), "{gone}: {kept}");
    }
    for stays in [
        "独居老人关爱站旁",
        "空巢老人",
        "王小二酒家旧址",
        "李公堤边",
        "残疾人坡道",
        "owner_type",
        "蔡谨士\"",
        "于家巷民居",
        "顾野王纪念馆旁，业主委员会管理",
        "蔡谨士故居",
    ] {
        assert!(kept.contains(stays), "{stays}: {kept}");
    }
}

#[test]
fn a_thing_is_not_called_by_somebodys_number() {
    let city = City::new();
    let features = [
        square(0, r#""name":"13912340011""#),
        square(1, r#""name":"户主 139-1234-0022""#),
        square(2, r#""name":"11010519491231002X""#),
        square(3, r#""name":"0512-65220009""#),
        square(4, r#""name":"桃源新村9幢","name:en":"15900000001""#),
        r#"{"type":"Feature","properties":{"kind":"place","name":"13912340055"},"geometry":{"type":"Point","coordinates":[120.6365,31.3155]}}"#.to_owned(),
    ];
    let (told, kept) = imported(&city, &features);
    check_told(
        &told,
        &["attribute \"name\": telephone numbers in 5 values left out"],
    );
    let bytes = std::fs::read(city.path()).unwrap();
    for gone in [
        "13912340011",
        "139-1234-0022",
        "11010519491231002X",
        "0512-65220009",
        "13912340055",
    ] {
        assert!(
            !bytes
                .windows(gone.len())
                .any(|part| part == gone.as_bytes()),
            "{gone}"
        );
        assert!(!kept.contains(gone), "{gone}: {kept}");
    }
    let ground = city.ground();
    let mut names: Vec<_> = ground
        .buildings
        .values()
        .filter(|one| one.source.dataset == "houses")
        .filter_map(|one| one.name.as_deref())
        .collect();
    names.sort();
    assert_eq!(names, ["桃源新村9幢"]);
    assert!(ground.places.values().any(|one| one.name == "139****0055"));
}

#[test]
fn attributes_are_held_against_the_registers_whichever_came_first() {
    let map = format!(
        r#"{{"type":"FeatureCollection","features":[{},{},{}]}}"#,
        square(
            0,
            r#""X1":"测试霞超","X2":"测试霞超家西墙","X3":"测试霞超纪念馆""#
        ),
        square(
            1,
            r#""tel2":"电话139-0000-0011","X4":["测试霞超"],"X5":"于家巷""#
        ),
        square(2, r#""code":"测试","X6":"白墙""#),
    );
    let people = "姓名,公民身份号码,联系电话,现住址\n测试霞超,,13900000011,\n";
    let attributes = |city: &City| {
        let ground = city.ground();
        let all = ground.buildings.values();
        let all = all.filter(|one| one.source.dataset == "houses");
        let mut all: Vec<_> = all
            .map(|one| {
                format!(
                    "{} {}",
                    one.source.key,
                    serde_json::to_string(&one.attributes).unwrap()
                )
            })
            .collect();
        all.sort();
        all.join("\n")
    };
    let check = |city: &City| {
        let kept = attributes(city);
        for stays in [
            "\"测*\"",
            "测*家西墙",
            "测试霞超纪念馆",
            "[\"测*\"]",
            "于家巷",
            "\"测试\"",
            "白墙",
        ] {
            assert!(kept.contains(stays), "{stays}: {kept}");
        }
        assert!(
            !kept.contains("\"测试霞超\"") && !kept.contains("测试霞超家"),
            "{kept}"
        );
        assert!(!kept.contains("139-0000-0011"), "{kept}");
    };
    // The map first.
    let city = City::new();
    city.import_quietly(&[&city.write("houses.geojson", &map)]);
    let told = city.import(&[&city.write("people.csv", people)]);
    check_told(
        &told,
        &["of before hold in an attribute or the address the name or number"],
    );
    check(&city);
    // The people first; and the map again, which changes nothing.
    let city = City::new();
    city.import(&[&city.write("people.csv", people)]);
    let file = city.write("houses.geojson", &map);
    let told = city.import(&[&file]);
    check_told(
        &told,
        &["in an attribute or the address the name or number of somebody"],
    );
    check(&city);
    let told = city.import(&[&file]);
    check_told(&told, &[": 0 added, 0 updated, 0 removed, "]);
}
