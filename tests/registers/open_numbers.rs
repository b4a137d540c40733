//! Numbers of people in what everybody may see: names of facilities and devices that are telephone or
//! identity numbers, telephones of facilities that are a resident's.

use super::{City, check_told, data};

const SHOPS: &str = "设施名称,设施类型,地址,电话\n\
                     13912340099,商店,桃源新村3幢,0512-65220001\n\
                     11010519491231002X,商店,平江路12号,65220002(值班室)\n\
                     便民点,商店,平江路14号,13900000001\n\
                     助餐点,社区食堂,大儒巷7号甲,欧阳一德 13912340077\n\
                     活动室,文化站,大儒巷7号甲,139-1234-0088\n";

fn shops(city: &City) -> Vec<(String, Option<String>)> {
    let ground = city.ground();
    let all = ground.facilities.values();
    let mut all: Vec<_> = all
        .map(|one| (one.name.clone(), one.phone.clone()))
        .collect();
    all.sort();
    all
}

fn expected() -> Vec<(String, Option<String>)> {
    [
        ("110***********002X", Some("65220002(值班室)")),
        ("139****0099", Some("0512-65220001")),
        ("便民点", None),
        ("助餐点", Some("13912340077")),
        ("活动室", Some("139-1234-0088")),
    ]
    .map(|(name, phone)| (name.to_owned(), phone.map(str::to_owned)))
    .to_vec()
}

#[test]
fn facilities_are_called_by_nobodys_number_and_answer_under_no_residents() {
    // People first.
    let city = City::new();
    city.import(&[&data("dwellings.csv"), &data("residents.csv")]);
    let file = city.write("shops.csv", SHOPS);
    let told = city.import(&[&file]);
    check_told(
        &told,
        &[
            "it holds a mobile telephone or identity number, and everybody may see it: taken with that number masked; it stays where the mapping lists the name under public_names (row 2, row 3)",
            "it is the number of somebody whom a register of people tells of, and everybody may see it: not taken",
            "(row 4)",
            "it holds words beside the number, which may be somebody's name",
            "(row 5)",
        ],
    );
    assert_eq!(shops(&city), expected());
    // The same again changes nothing, and without the key nothing comes back.
    let told = city.import(&[&file]);
    check_told(&told, &["facility     0 added, 0 updated"]);
    let key = city.path().with_extension("key");
    let aside = city.path().with_extension("aside");
    std::fs::rename(&key, &aside).unwrap();
    city.import(&[&file]);
    std::fs::rename(&aside, &key).unwrap();
    assert_eq!(shops(&city), expected());
    // A person may say that a number is public.
    let map = city.write(
        "public.toml",
        "register = \"facilities\"\npublic_names = [\"13900000001\"]\n",
    );
    city.import_quietly(&[&file, "--map", &map]);
    assert!(shops(&city).contains(&("便民点".to_owned(), Some("13900000001".to_owned()))));
    // People later.
    let city = City::new();
    city.import_quietly(&[&city.write("shops.csv", SHOPS)]);
    let told = city.import(&[&data("residents.csv")]);
    check_told(
        &told,
        &["1 telephone of a facility of before is the number of somebody whom a register tells of"],
    );
    assert_eq!(shops(&city), expected());
}

#[test]
fn a_device_called_by_an_identity_number_loses_the_name() {
    let city = City::new();
    let devices = "设备编号,设备类型,安装地址,安装位置\n\
                   S1,烟感,桃源新村3幢,11010519491231002X\n\
                   S2,烟感,桃源新村3幢,编号32050801001320000001\n";
    let told = city.import(&[&city.write("numbers.csv", devices)]);
    check_told(
        &told,
        &["it holds an identity number, and everybody may see it: not taken"],
    );
    let ground = city.ground();
    let mut names: Vec<_> = ground
        .devices
        .values()
        .map(|one| one.name.clone())
        .collect();
    names.sort();
    assert_eq!(names, [None, Some("编号32050801001320000001".to_owned())]);
}
