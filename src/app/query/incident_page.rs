//! The page of an incident: what somebody reads in the first seconds comes first.

use crate::app::language::Language;
use crate::base::{Shown, counted};
use crate::model::KindId;
use crate::model::incident::{
    EngineFacts, HelperFacts, HomeFacts, Incident, PersonFacts, told_from,
};
use crate::model::query::Suppressed;
use crate::portrayal::words::{Lang, Words};

use super::opened::Opened;
use super::rows::table;

/// The page.
pub(super) fn page(opened: &Opened<'_>, answer: &Incident) -> String {
    let mut page = Page {
        opened,
        words: Words::of(match opened.language() {
            Language::En => Lang::En,
            Language::Zh => Lang::Zh,
        }),
        text: String::new(),
    };
    page.place(answer);
    page.people(answer);
    page.helpers(answer);
    page.engines(answer);
    page.cameras(answer);
    page.devices(answer);
    page.events(answer);
    page.neighbours(answer);
    page.text
}

struct Page<'a> {
    opened: &'a Opened<'a>,
    words: &'a Words,
    text: String,
}

impl Page<'_> {
    fn say(&self, en: &'static str, zh: &'static str) -> &'static str {
        self.opened.say(en, zh)
    }

    fn head(&mut self, en: &'static str, zh: &'static str) {
        let head = self.say(en, zh);
        self.text += &format!("\n{head}\n");
    }

    fn line(&mut self, line: &str) {
        self.text += &format!("  {line}\n");
    }

    fn rows(&mut self, rows: &[Vec<String>]) {
        for line in table(rows).lines() {
            self.line(line);
        }
    }

    fn place(&mut self, answer: &Incident) {
        let place = &answer.place;
        let areas: Vec<_> = place.areas.iter().map(|area| area.name.as_str()).collect();
        let named = answer.building.as_ref();
        let title = named.and_then(|one| one.name.clone().or_else(|| one.address.clone()));
        let title = title.or_else(|| place.road.clone()).unwrap_or_default();
        self.text += &format!("{title}  {}\n", areas.join(" · "));
        if let Some([lon, lat]) = self.opened.lon_lat(place.at) {
            let [x, y] = place.at;
            self.line(&format!("{lon:.6} {lat:.6}   E {x:.1} N {y:.1}"));
        }
        if let Some(one) = named {
            let word = |family: &str, value: &str| self.words.name(family, value);
            let mut facts = vec![
                word("usage", one.usage.as_str()),
                word("structure", one.structure.as_str()),
                self.storeys(one.storeys),
                format!("{:.1} m", one.height_m),
            ];
            facts.extend(one.year.map(|year| year.to_string()));
            facts.push(word("protection", one.protection.as_str()));
            facts.push(match self.opened.language() {
                Language::En => counted(one.dwellings, "home", "homes"),
                Language::Zh => format!("{} 套住房", one.dwellings),
            });
            let line = facts.join(" · ");
            self.line(&line);
        }
        if place.home_is_sealed {
            let sealed = self.say(
                "which home it is in is sealed: the city's key is not at hand",
                "所在住房已加密：未取得城市密钥，仅显示所在建筑",
            );
            self.line(sealed);
        }
    }

    fn storeys(&self, storeys: u16) -> String {
        match self.opened.language() {
            Language::En => counted(usize::from(storeys), "storey", "storeys"),
            Language::Zh => format!("{storeys} 层"),
        }
    }

    fn count(&self, count: &Suppressed) -> String {
        match count {
            Suppressed::Told(count) => count.to_string(),
            Suppressed::AtLeast(least) => match self.opened.language() {
                Language::En => format!("{least} or more"),
                Language::Zh => format!("{least} 及以上"),
            },
            Suppressed::KeptBack => {
                let below = told_from(self.opened.rights());
                match self.opened.language() {
                    Language::En => format!("fewer than {below}"),
                    Language::Zh => format!("少于 {below}"),
                }
            }
        }
    }

    fn residents(&self, count: &Suppressed) -> String {
        let word = match (self.opened.language(), count) {
            (Language::En, Suppressed::Told(1)) => "resident",
            (Language::En, _) => "residents",
            (Language::Zh, _) => "人",
        };
        format!("{} {word}", self.count(count))
    }

    fn people(&mut self, answer: &Incident) {
        self.head("People", "人员");
        if answer.building.is_none() && answer.homes.is_empty() {
            let nobody = self.say(
                "no building here, so nobody is registered at this place",
                "此处无建筑，无登记人口",
            );
            self.line(nobody);
            return;
        }
        let people = &answer.people;
        if let Some(why) = people.closed {
            let why = self.words.name("closed", why.as_str());
            self.line(&why);
        }
        let (residents, need_help) = (
            self.residents(&people.residents),
            self.count(&people.need_help),
        );
        let line = match (self.opened.language(), people.locked) {
            (Language::En, false) => {
                format!("{residents}, {need_help} of them in need of help")
            }
            (Language::En, true) => format!("{residents}; who needs help is not known"),
            (Language::Zh, false) => format!("居民 {residents}，其中需要帮助 {need_help} 人"),
            (Language::Zh, true) => format!("居民 {residents}，需要帮助的人数不详"),
        };
        self.line(&line);
        let labels = people.labels.iter().map(|(label, count)| {
            let name = match self.opened.language() {
                Language::En => &label.en,
                Language::Zh => &label.zh,
            };
            format!("{name} {}", self.count(count))
        });
        let labels = labels.collect::<Vec<_>>().join(", ");
        if !labels.is_empty() {
            self.line(&labels);
        }
        for home in &answer.homes {
            self.home(home);
        }
    }

    fn home(&mut self, home: &HomeFacts) {
        let Some(people) = &home.people else {
            return;
        };
        let mark = if home.is_touched { "▶ " } else { "" };
        let line = match self.opened.language() {
            Language::En => format!("{mark}storey {}, {}", home.floor, home.door.text),
            Language::Zh => format!("{mark}{} 楼 {}", home.floor, home.door.text),
        };
        self.line(&line);
        if people.is_empty() {
            let nobody = self.say("nobody registered", "无登记人口");
            self.line(&format!("    {nobody}"));
        }
        for person in people {
            self.person(person);
        }
    }

    fn person(&mut self, one: &PersonFacts) {
        let mut parts = vec![one.name.text.clone()];
        parts.extend(one.age.map(|age| age.to_string()));
        for label in &one.labels {
            let name = match self.opened.language() {
                Language::En => &label.en,
                Language::Zh => &label.zh,
            };
            let mark = if label.needs_help { "‼" } else { "" };
            parts.push(format!("{mark}{name}"));
        }
        parts.extend(one.phone.as_ref().map(|phone| phone.text.clone()));
        for contact in &one.contacts {
            let text = format!("{} {} {}", contact.relation, contact.name, contact.phone);
            parts.push(format!("→ {}", text.trim()));
        }
        self.line(&format!("    {}", parts.join("  ")));
    }

    fn helpers(&mut self, answer: &Incident) {
        self.head(
            "Who can come, by the way there on foot",
            "可调力量（按步行路程）",
        );
        let rows: Vec<_> = answer.helpers.iter().map(|one| self.helper(one)).collect();
        self.rows(&rows);
        self.head("Hydrants", "消火栓");
        let rows: Vec<_> = answer.hydrants.iter().map(|one| self.helper(one)).collect();
        self.rows(&rows);
    }

    fn helper(&self, one: &HelperFacts) -> Vec<String> {
        let shown = |shown: &Option<Shown>| {
            shown
                .as_ref()
                .map_or_else(String::new, |shown| shown.text.clone())
        };
        let minutes = one.walk_s / 60.0;
        vec![
            self.words.name("helper", &one.sort),
            one.title.clone(),
            format!("{:.0} m", one.walk_m),
            format!("{minutes:.0} min"),
            shown(&one.name),
            shown(&one.phone),
            one.duty.clone().unwrap_or_default(),
        ]
    }

    fn engines(&mut self, answer: &Incident) {
        self.head("Fire engines", "消防车");
        for engine in &answer.engines {
            let line = self.engine(engine);
            self.line(&line);
        }
        let note = self.say(
            "(widths needed are set by configuration)",
            "（所需宽度由配置给定）",
        );
        if answer.engines.iter().any(|one| one.obstacle.is_some()) {
            self.line(note);
        }
    }

    fn engine(&self, one: &EngineFacts) -> String {
        let language = self.opened.language();
        let name = match language {
            Language::En => &one.en,
            Language::Zh => &one.zh,
        };
        if let Some(why) = &one.no_access {
            return format!("{name}: {why}");
        }
        let unnamed = self.say("a way without a name", "无名道路");
        let road = one.stop_road.as_deref().unwrap_or(unnamed);
        let hose_m = one.hose_m.unwrap_or(0.0);
        let Some(obstacle) = &one.obstacle else {
            return match language {
                Language::En => format!("{name}: to the building on {road}, hose {hose_m:.0} m"),
                Language::Zh => format!("{name}：可达门前，{road}，水带 {hose_m:.0} m"),
            };
        };
        let kind = self.words.name("road_kind", obstacle.kind);
        let ahead = obstacle.road.as_deref().unwrap_or(unnamed);
        let width_m = obstacle.width_m;
        match (language, obstacle.needs_m) {
            (Language::En, Some(needs_m)) => format!(
                "{name}: stops on {road}; {ahead} is {width_m:.1} m wide, {needs_m:.1} m needed; hose {hose_m:.0} m"
            ),
            (Language::Zh, Some(needs_m)) => format!(
                "{name}：停在{road}；{ahead}宽 {width_m:.1} m，需 {needs_m:.1} m；水带 {hose_m:.0} m"
            ),
            (Language::En, None) => {
                format!("{name}: stops on {road}; then {ahead} ({kind}); hose {hose_m:.0} m")
            }
            (Language::Zh, None) => {
                format!("{name}：停在{road}；前方{ahead}（{kind}）；水带 {hose_m:.0} m")
            }
        }
    }

    fn cameras(&mut self, answer: &Incident) {
        self.head("Cameras that see it", "可视摄像机");
        if answer.cameras.is_empty() {
            let none = self.say("none", "无");
            self.line(none);
        }
        let turn = self.say("after turning", "需转动");
        let rows: Vec<_> = answer
            .cameras
            .iter()
            .map(|one| {
                vec![
                    one.name.clone(),
                    self.words.name("owner", one.owner.as_str()),
                    format!("{:.0} m", one.distance_m),
                    format!("{:.0} px/m", one.pixels_per_m),
                    one.gb28181_id.clone(),
                    if one.must_turn {
                        turn.to_owned()
                    } else {
                        String::new()
                    },
                    opened_text(one.stream.as_ref()),
                ]
            })
            .collect();
        self.rows(&rows);
    }

    fn kind(&self, id: &KindId) -> String {
        let kind = self.opened.kinds.get(id);
        let name = kind.map(|kind| match self.opened.language() {
            Language::En => kind.en.clone(),
            Language::Zh => kind.zh.clone(),
        });
        name.unwrap_or_else(|| id.to_string())
    }

    fn devices(&mut self, answer: &Incident) {
        self.head("Devices", "感知设备");
        let rows: Vec<_> = answer
            .devices
            .iter()
            .map(|one| {
                let value = one.value.map(|value| format!("{value:.2} {}", one.unit));
                let alarm = one
                    .alarm
                    .map(|grade| self.words.name("grade", grade.as_str()));
                vec![
                    self.kind(&one.kind),
                    alarm.unwrap_or_default(),
                    value.unwrap_or_default(),
                    one.at.map_or_else(String::new, |at| self.opened.time(at)),
                    self.words.name("health-value", one.health),
                    one.id.to_string(),
                ]
            })
            .collect();
        self.rows(&rows);
    }

    fn events(&mut self, answer: &Incident) {
        if answer.events.is_empty() {
            return;
        }
        self.head("Open events", "未办结事件");
        let rows: Vec<_> = answer
            .events
            .iter()
            .map(|one| {
                vec![
                    self.opened.time(one.reported_at),
                    self.words.name("event_status", one.status.as_str()),
                    one.title.clone(),
                    opened_text(one.reporter.as_ref()),
                    opened_text(one.text.as_ref()),
                ]
            })
            .collect();
        self.rows(&rows);
    }

    fn neighbours(&mut self, answer: &Incident) {
        if answer.neighbours.is_empty() {
            return;
        }
        self.head("Behind common walls", "共墙邻屋");
        let rows: Vec<_> = answer
            .neighbours
            .iter()
            .map(|one| {
                vec![
                    one.address.clone().unwrap_or_else(|| one.id.to_string()),
                    self.words.name("structure", one.structure.as_str()),
                    self.storeys(one.storeys),
                    self.residents(&one.residents),
                ]
            })
            .collect();
        self.rows(&rows);
    }
}

/// A value that was opened; masks that hide all of it say nothing on a page.
fn opened_text(shown: Option<&Shown>) -> String {
    let opened = shown.filter(|shown| !shown.is_masked);
    opened.map_or_else(String::new, |shown| shown.text.clone())
}
