//! Homes in titles of events that are told by 户 and the like behind the number of their room.

use super::City;

const HOMES: &str = "房屋编号,房屋地址\n\
                     D1,桃源新村3幢1单元301室\n\
                     D2,桃源新村3幢1单元302室\n";

#[test]
fn a_title_that_tells_a_home_of_the_building_is_sealed() {
    let city = City::new();
    city.import_quietly(&[&city.write("homes.csv", HOMES)]);
    let sealed = [
        "301户漏水",
        "301户主投诉噪声",
        "301家漏水",
        "301号门被撬",
        "301住户漏水",
        "301漏水",
        "三〇一户漏水",
        "叁零壹户漏水",
        "叁零壹室漏水",
        "反映301户独居老人摔倒",
    ];
    let open = [
        "303户停电",
        "301人核酸检测",
        "301路公交改道",
        "301型号烟感缺货",
        "30户停水",
    ];
    let titles = sealed.iter().chain(&open).enumerate();
    let rows: String = titles
        .map(|(at, title)| format!("E{at},政务,{title},桃源新村3幢,2026-04-01\n"))
        .collect();
    let file = city.write(
        "events.csv",
        &format!("事件编号,事件大类,事件标题,事发地址,上报时间\n{rows}"),
    );
    city.import_quietly(&[&file]);
    let ground = city.ground();
    let is_sealed = |title: &str| {
        let mut all = ground.events.values();
        let one = all.find(|one| one.title.as_deref() == Some(title)).unwrap();
        one.is_about_a_home()
    };
    for title in sealed {
        assert!(is_sealed(title), "{title}");
    }
    for title in open {
        assert!(!is_sealed(title), "{title}");
    }
}
