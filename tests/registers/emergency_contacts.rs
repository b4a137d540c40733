//! Whom to call for somebody: their names and numbers are as personal as those of residents.

use super::{City, check_told, data};

const PEOPLE: &str = "姓名,身份证号,手机,现住址,紧急联系人,紧急联系电话,与联系人关系\n\
                      欧阳一德,110105194912310021,0512-67271234,平江路12号101室,慕容复,13761112222,儿子\n\
                      测试丑,000000194001011237,13900000001,平江路12号102室,平江社区,0512-65220000,社区\n";
const DEVICES: &str = "设备编号,设备类型,设备名称,安装地址\n\
                       A1,烟感,慕容复,平江路12号\n\
                       A2,烟感,烟感67271234,平江路12号\n";
const SHOPS: &str = "设施编号,设施名称,设施类型,电话,地址\n\
                     B1,慕容复家小卖部,商店,137-6111-2222,平江路12号\n\
                     B2,便民点6727 1234,药店,67271234,平江路12号\n\
                     B3,平江社区服务站,服务站,0512-65220000,平江路14号\n\
                     B4,外地药店,药店,021-67271234,平江路14号\n";
const EVENTS: &str = "事件编号,事件大类,事件标题,事发地址,上报时间\n\
                      E1,政务,独居老人慕容复摔倒,平江路12号,2026-04-01\n\
                      E2,政务,联系人慕容复来电,桃源新村3幢,2026-04-01\n\
                      E3,政务,67271234来电催办,桃源新村3幢,2026-04-01\n\
                      E4,政务,(0512)67271234来电催办,桃源新村3幢,2026-04-01\n\
                      E5,政务,021-6727123来电催办,桃源新村3幢,2026-04-01\n";

fn check(city: &City) {
    let ground = city.ground();
    assert!(ground.devices.values().all(|one| one.name.is_none()));
    let mut shops: Vec<_> = ground
        .facilities
        .values()
        .map(|one| (one.name.as_str(), one.phone.as_deref()))
        .collect();
    shops.sort_unstable();
    assert_eq!(
        shops,
        [
            ("便民点***", None),
            ("外地药店", Some("021-67271234")),
            ("平江社区服务站", Some("0512-65220000")),
            ("慕*家小卖部", None),
        ]
    );
    let mut sealed: Vec<_> = ground
        .events
        .values()
        .filter(|one| one.is_about_a_home())
        .map(|one| one.source.key.as_str())
        .collect();
    sealed.sort_unstable();
    assert_eq!(sealed, ["E1", "E2", "E3", "E4"]);
    let path = city.path();
    for asked in ["慕容复", "13761112222", "67271234"] {
        let told = super::command::pingjiang(&["query", path.to_str().unwrap(), "search", asked]);
        let told = super::text(&told.stdout);
        assert!(
            !told.contains("evt-") && !told.contains("dev-"),
            "{asked}: {told}"
        );
    }
}

#[test]
fn whom_to_call_is_protected_as_residents_are_whichever_came_first() {
    for people_first in [true, false] {
        let city = City::new();
        city.import(&[&data("dwellings.csv")]);
        let people = city.write("people.csv", PEOPLE);
        let things = [
            city.write("devices.csv", DEVICES),
            city.write("shops.csv", SHOPS),
            city.write("events.csv", EVENTS),
        ];
        if people_first {
            city.import_quietly(&[&people]);
        }
        for file in &things {
            city.import_quietly(&[file]);
        }
        if !people_first {
            let told = city.import_quietly(&[&people]);
            check_told(&told, &["of before"]);
        }
        check(&city);
        // Again nothing comes back.
        for file in &things {
            city.import_quietly(&[file]);
        }
        check(&city);
    }
}
