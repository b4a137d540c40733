//! Orders as hotlines export them, and columns that say with words of their own where things are and who
//! answers.

use super::{City, check_told, data};

#[test]
fn an_export_of_a_hotline_is_events() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let orders = "工单编号,来电时间,诉求人,来电号码,诉求类别,诉求标题,诉求内容,诉求地址,办理状态,办结时限\n\
                  12345-1,2026-06-01 08:30,测试子,13900000001,噪音,夜间施工噪音,测试子反映,平江路14号,处理中,2026-06-03\n";
    let told = city.import(&[&city.write("orders.csv", orders)]);
    check_told(&told, &["event        1 added"]);
    for field in [
        "title",
        "reported_at",
        "reporter",
        "phone",
        "address",
        "status",
        "due_at",
        "text",
    ] {
        assert!(told.contains(&format!("{field} from ")), "{field}: {told}");
    }
    // Without a title the sort tells what it is about.
    let orders = orders.replace("诉求标题,", "").replace("夜间施工噪音,", "");
    let told = city.import(&[&city.write("untitled.csv", &orders)]);
    check_told(&told, &["event        1 added"]);
}

#[test]
fn words_of_vehicles_posts_and_cameras() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let read = |name: &str, text: &str, kind: &str, told: &[&str]| {
        check_told(
            &city.import_quietly(&[&city.write(name, text), "--as", kind]),
            told,
        );
    };
    read(
        "vehicles.csv",
        "车牌号,停放地址\n苏E测A01,平江路14号\n",
        "vehicles",
        &["address from \"停放地址\"", "vehicle      1 added"],
    );
    read(
        "posts.csv",
        "岗位,驻点地址,值班电话\n消防站,平江路14号,65220000\n",
        "responders",
        &[
            "address from \"驻点地址\"",
            "phone from \"值班电话\"",
            "responder    1 added",
        ],
    );
    read(
        "cameras.csv",
        "摄像机编号,设备名称,安装位置,产权单位,经度,纬度\nC1,路口球机,平江路14号,公安,120.6305,31.3105\n",
        "cameras",
        &[
            "name from \"设备名称\"",
            "address from \"安装位置\"",
            "owner from \"产权单位\"",
        ],
    );
    read(
        "more.csv",
        "摄像机编号,安装位置,经度,纬度\nC2,平江路口,120.6305,31.3105\n",
        "cameras",
        &["name from \"安装位置\""],
    );
}
