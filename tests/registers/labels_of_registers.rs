//! Labels that a register gives under words of its own, which stand in no table.

use super::command::pingjiang;
use super::{City, data, text};

#[test]
fn nobody_without_a_role_learns_whether_somebody_has_a_label() {
    let city = City::new();
    city.import(&[&data("dwellings.csv")]);
    let people = "姓名,身份证号,人员标签,现住址\n测试子,11010519491231002X,某病,平江路14号\n";
    city.import_quietly(&[&city.write("people.csv", people)]);
    let path = city.path();
    let ask = |label: &str, role: &[&str]| {
        let question = [
            "query",
            path.to_str().unwrap(),
            "stats",
            "--kind",
            "resident",
        ];
        let question = [&question[..], &["--label", label], role].concat();
        let output = pingjiang(&question);
        let told = text(&output.stdout) + &text(&output.stderr);
        (output.status.success(), told.replace(label, "…"))
    };
    for role in [&[][..], &["--role", "planner"]] {
        assert_eq!(ask("某病", role), ask("别病", role), "{role:?}");
    }
    assert!(!ask("某病", &[]).0);
}
