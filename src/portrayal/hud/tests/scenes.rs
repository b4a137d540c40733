//! Cities to lay out: empty, normal, flooded, with very long names, out of contact.

use crate::base::{IncidentId, Timestamp};
use crate::model::{FeedStatus, FloodState, Grade, KindTable};
use crate::portrayal::card::Card;
use crate::portrayal::hud::{
    ClockLine, Counts, HudFacts, Item, KindHealth, LinkState, QUEUE_ROWS, QueueRow, WaitingCount,
};
use crate::portrayal::words::{Key, Words};

/// 2026-05-01 08:00:05 in Suzhou.
pub const NOW: Timestamp = Timestamp::from_millis(1_777_593_605_000);

/// A scene's name and how it is made.
pub type Scene = (&'static str, fn(&Words) -> HudFacts);

pub const SCENES: [Scene; 8] = [
    ("empty", empty),
    ("normal", normal),
    ("flood", flood),
    ("long", long),
    ("bare", bare),
    ("lost", lost),
    ("credited", credited),
    ("crowded", crowded),
];

/// Nothing is open.
pub fn empty(words: &Words) -> HudFacts {
    HudFacts {
        city_name_zh: "苏州市姑苏区 · 平江路北片".to_owned(),
        city_name_en: "Gusu District, Suzhou".to_owned(),
        now: NOW,
        data_at: Some(NOW.plus(-2_000)),
        utc_offset_minutes: 480,
        link: LinkState::Alive,
        feed: FeedStatus {
            name: "simulator".to_owned(),
            simulated: true,
            ..FeedStatus::default()
        },
        synthetic: true,
        counts: Counts {
            buildings: 1_864,
            households: 2_156,
            residents: 4_451,
            devices: 2_143,
            reporting: 2_097,
            cameras: 148,
            proposed: 0,
        },
        health: health(words),
        scale_m_per_px: Some(0.21),
        heading_deg: 12.0,
        views: ["overview", "block", "plan", "canal", "lane"]
            .map(str::to_owned)
            .into(),
        ..HudFacts::default()
    }
}

const PLACES: [[&str; 2]; 5] = [
    ["悬桥巷 12 号", "12 Xuanqiao Lane"],
    ["桃花坞大街 128 号", "128 Taohuawu Street"],
    ["耦园 · 小新桥巷", "Couple's Retreat"],
    ["中张家巷附近", "near Zhongzhangjia Lane"],
    ["大儒巷 6 号", "6 Daru Lane"],
];

const CLOCKS: [Option<(&str, &str)>; 5] = [
    Some(("确认剩 12 秒", "Notice in 12 s")),
    Some(("确认超时 4 分钟", "Notice late by 4 min")),
    Some(("到场剩 9 分钟", "Arrival in 9 min")),
    Some(("确认剩 26 分钟", "Notice in 26 min")),
    None,
];

/// A working morning.
pub fn normal(words: &Words) -> HudFacts {
    let rows = [
        (Grade::Red, "smoke", 48, true, None),
        (Grade::Red, "help_button", 312, false, None),
        (Grade::Orange, "tilt", 5_400, true, Some("王敏")),
        (Grade::Yellow, "manhole_cover", 260, true, None),
        (Grade::Blue, "water_meter", 93_000, true, Some("李建国")),
    ];
    let mut facts = empty(words);
    let table = KindTable::standard();
    for ((at, (grade, kind_id, age_s, active, by)), [zh, en]) in
        rows.into_iter().enumerate().zip(PLACES)
    {
        let kind = table.all().iter().find(|kind| kind.id.as_str() == kind_id);
        let id = IncidentId::from_source("scene", &at.to_string());
        facts.queue.push(QueueRow {
            item: match kind_id {
                "help_button" => Item::Call(id),
                _ => Item::Incident(id, grade),
            },
            grade,
            title: kind
                .map_or("", |kind| words.lang().pick(&kind.zh, &kind.en))
                .to_owned(),
            glyph: kind.map_or('?', |kind| kind.glyph),
            alarms: [3, 1, 1, 2, 1][at],
            place: words.lang().pick(zh, en).to_owned(),
            since: NOW.plus(-age_s * 1_000),
            active,
            is_unseen: by.is_none(),
            state: by.map_or(String::new(), |by| {
                words.format(Key::AlarmAcknowledgedBy, &[("by", by.to_owned())])
            }),
            clock: CLOCKS[at].map(|(zh, en)| ClockLine {
                text: words.lang().pick(zh, en).to_owned(),
                is_over: kind_id == "help_button",
            }),
        });
    }
    count(&mut facts);
    facts
}

/// Three hundred alarms, a drill, a selected building.
pub fn flood(words: &Words) -> HudFacts {
    let mut facts = normal(words);
    let few = facts.queue.clone();
    facts.queue = (0..QUEUE_ROWS)
        .map(|at| QueueRow {
            item: Item::Incident(
                IncidentId::from_source("flood", &at.to_string()),
                Grade::Red,
            ),
            grade: Grade::Red,
            is_unseen: true,
            ..few[at % few.len()].clone()
        })
        .collect();
    facts.by_grade = [83, 101, 60, 56];
    facts.waiting = WaitingCount {
        all: 40,
        unseen: 37,
        overdue: 9,
    };
    facts.flood = Some(FloodState {
        count: 300,
        since: Some(facts.now.plus(-4 * 60_000)),
    });
    facts.feed.exercise = true;
    facts.feed.dropped = 1_234;
    facts.deformed = Some(super::deformed::facts());
    facts.focus = Some(facts.queue[2].item);
    facts.card = Some(card());
    for kind in &mut facts.health {
        (kind.alarm, kind.worst) = (kind.fine / 5, Some(Grade::Orange));
        kind.fine -= kind.alarm;
    }
    facts
}

/// Nothing is short.
pub fn long(words: &Words) -> HudFacts {
    let mut facts = flood(words);
    facts.city_name_zh = "江苏省苏州市姑苏区金阊街道".repeat(4);
    facts.city_name_en = "The Old City of Suzhou within the Moat, ".repeat(4);
    facts.feed.name = "mqtts://broker.example.org:8883/gusu/jinchang".repeat(3);
    for row in &mut facts.queue {
        row.title = format!("{0}{0}{0}{0}", row.title);
        row.place = row.place.repeat(6);
        row.state = "Maximiliane von und zu Hohenfels".repeat(3);
        row.since = Timestamp::from_millis(0);
        row.alarms = 1_000_000;
        if let Some(clock) = &mut row.clock {
            clock.text = clock.text.repeat(9);
        }
    }
    facts.counts.residents = 1_412_000_000;
    for kind in &mut facts.health {
        kind.name = kind.name.repeat(5);
        (kind.fine, kind.total) = (kind.fine + 1_000_000, kind.total + 1_000_000);
    }
    facts.card = Some(Card {
        title: "苏州市".repeat(20),
        lines: (0..40)
            .map(|at| ("标签".repeat(at), "value ".repeat(at)))
            .collect(),
        note: Some("note ".repeat(50)),
        ..Card::default()
    });
    facts.scale_m_per_px = Some(7_700.0);
    facts
}

/// A city without devices, feed and data; the archive refuses.
pub fn bare(words: &Words) -> HudFacts {
    HudFacts {
        feed: FeedStatus::default(),
        health: Vec::new(),
        data_at: None,
        uncommitted: true,
        synthetic: false,
        sources: vec!["footprints".to_owned(), "survey_2024".to_owned()],
        counts: Counts {
            buildings: 8_242,
            ..Counts::default()
        },
        scale_m_per_px: None,
        views: Vec::new(),
        ..empty(words)
    }
}

/// The engine does not answer for two minutes.
pub fn lost(words: &Words) -> HudFacts {
    let mut facts = normal(words);
    facts.link = LinkState::Lost {
        since: NOW.plus(-120_000),
    };
    facts.data_at = Some(NOW.plus(-125_000));
    facts.uncommitted = true;
    facts
}

/// An imported city with devices made up, and whom its data demand to be named.
pub fn credited(words: &Words) -> HudFacts {
    let mut facts = normal(words);
    facts.attributions = vec![OSM.to_owned(), "Gusu base map".to_owned()];
    facts
}

/// More to name than there is room for, in a flood.
pub fn crowded(words: &Words) -> HudFacts {
    let mut facts = long(words);
    facts.attributions = (0..30)
        .map(|at| format!("© {at} {}", "苏州市测绘院 Surveying Institute ".repeat(7)))
        .collect();
    facts.attributions.insert(0, OSM.to_owned());
    facts
}

/// As a file of footprints says it.
pub const OSM: &str =
    "© OpenStreetMap contributors, ODbL 1.0; extracted via urlien/suzhou-datav@596ef82";

fn card() -> Card {
    let lines = [
        ("地址 Address", "桃花坞大街 128 号"),
        ("结构 Structure", "砖木"),
        ("高度 Height", "7.4 m（实测）"),
        ("人口 Residents", "少于 5"),
        ("烟感 Smoke", "0.42 %/m · 12 秒前"),
    ];
    Card {
        title: "泰伯庙".to_owned(),
        lines: lines
            .map(|(label, value)| (label.to_owned(), value.to_owned()))
            .into(),
        note: Some("个人信息已脱敏".to_owned()),
        ..Card::default()
    }
}

fn health(words: &Words) -> Vec<KindHealth> {
    let kinds = KindTable::standard();
    let made = kinds.all().iter().enumerate().map(|(at, kind)| {
        let total = [620, 410, 388, 96, 64, 40, 182, 12, 18, 120, 96, 60, 37][at % 13];
        let (silent, faulty, alarm) = (at * 7 % 11 / 3, usize::from(at % 4 == 3), at % 2);
        KindHealth {
            name: words.lang().pick(&kind.zh, &kind.en).to_owned(),
            glyph: kind.glyph,
            total,
            fine: total - silent - faulty - alarm,
            silent,
            faulty,
            alarm,
            worst: (alarm > 0).then_some(kind.grade),
        }
    });
    made.collect()
}

fn count(facts: &mut HudFacts) {
    for row in &facts.queue {
        facts.waiting.all += 1;
        facts.waiting.unseen += usize::from(row.is_unseen);
        let is_over = row.clock.as_ref().is_some_and(|clock| clock.is_over);
        facts.waiting.overdue += usize::from(is_over);
        let at = Grade::ALL
            .iter()
            .position(|grade| *grade == row.grade)
            .unwrap_or(0);
        facts.by_grade[at] += row.alarms as usize;
    }
}
