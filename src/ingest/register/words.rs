//! Words of registers, Chinese and English, for kinds and states. Public knowledge, nothing of one
//! city; a mapping file translates what is not here.

use super::cell::half_width;
use crate::model::{
    CameraKind, CameraOwner, EventKind, EventStatus, FacilityKind, KindId, KindTable, LabelRule,
    LabelRules, ResponderKind, ServiceGroup, VehicleKind, search::identity_form,
};

/// The value of the first row of which a word occurs in the text.
fn of<T: Copy>(text: &str, words: &[(T, &[&str])]) -> Option<T> {
    let text = text.to_lowercase();
    let found = words
        .iter()
        .find(|(_, words)| words.iter().any(|word| text.contains(word)));
    found.map(|(value, _)| *value)
}

/// What a cell of a column says that asks yes or no; `None` of what is neither.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    const YES: &[&str] = &[
        "是", "有", "对", "1", "√", "✓", "✔", "☑", "y", "yes", "true", "t",
    ];
    const NO: &[&str] = &[
        "否", "无", "不是", "没有", "0", "×", "✗", "x", "n", "no", "false", "f", "-", "/",
    ];
    let plain = half_width(text.trim()).to_lowercase();
    let plain = plain.as_str();
    match (YES.contains(&plain), NO.contains(&plain)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// The word of a label without what stands around it: 独居 of 是否独居 and of 独居老人.
pub(super) fn bare_label(word: &str) -> &str {
    const BEFORE: &[&str] = &["是否为", "是否", "是不是"];
    const BEHIND: &[&str] = &[
        "老年人",
        "老人",
        "人员",
        "人群",
        "家庭",
        "标识",
        "标志",
        "人",
        "户",
    ];
    let word = BEFORE
        .iter()
        .find_map(|one| word.strip_prefix(one))
        .unwrap_or(word);
    let bare = BEHIND.iter().find_map(|one| word.strip_suffix(one));
    // 老人 is a word by itself.
    bare.filter(|bare| bare.chars().count() > 1).unwrap_or(word)
}

/// The label that a header, in plain form, asks for; `None` where none or several are called so.
pub(super) fn label_asked<'a>(header: &str, rules: &'a LabelRules) -> Option<&'a str> {
    let bare = bare_label(header);
    let is_called = |rule: &&LabelRule| {
        bare_label(&rule.zh) == bare || rule.en.to_lowercase() == header || rule.id == header
    };
    let mut found = rules.all().iter().filter(is_called);
    let first = found.next()?;
    found.next().is_none().then_some(first.id.as_str())
}

/// What the built-in kinds of device are usually called.
const DEVICES: &[(&str, &[&str])] = &[
    ("water_meter", &["水表"]),
    ("gas_leak", &["燃气", "可燃气", "天然气"]),
    ("smoke", &["烟感", "烟雾", "烟温"]),
    ("tilt", &["倾斜", "倾角"]),
    ("settlement", &["沉降", "静力水准"]),
    ("crack", &["裂缝"]),
    (
        "help_button",
        &["一键呼叫", "一键求助", "呼叫器", "报警按钮", "sos"],
    ),
    ("water_level", &["水位", "液位"]),
    ("air_quality", &["空气", "pm2.5", "扬尘"]),
    ("door", &["门磁", "门禁"]),
    ("electric_load", &["用电", "电气火灾", "漏电", "电力"]),
    ("manhole_cover", &["井盖"]),
    ("parking", &["车位", "地磁", "停车"]),
];

/// The kind of device: by its id or names, by the name of one that the city added itself within the
/// text (氡气 in 氡气检测仪), or by what it is usually called.
pub(super) fn device(text: &str, kinds: &KindTable) -> Option<KindId> {
    let plain = text.trim().to_lowercase();
    let is_own = |id: &str| DEVICES.iter().all(|(known, _)| *known != id);
    let own = || {
        let own = kinds.all().iter().filter(|kind| is_own(kind.id.as_str()));
        let within = own.filter(|kind| kind.zh.chars().count() > 1 && text.contains(&kind.zh));
        within.max_by_key(|kind| kind.zh.chars().count())
    };
    let usual = || kinds.get(&KindId::new(of(&plain, DEVICES)?));
    let found = kinds.named(&plain).or_else(own).or_else(usual);
    found.map(|kind| kind.id.clone())
}

/// The text as a kind that no table knows yet; `None` of what can be no name of a kind, such as a
/// number or a sentence.
pub(super) fn unknown_device(text: &str) -> Option<KindId> {
    const MOST: usize = 40;
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_name = text.chars().any(char::is_alphabetic) && digits < 6;
    let is_short = text.chars().count() <= MOST && !text.chars().any(char::is_control);
    (is_name && is_short).then(|| KindId::new(text))
}

pub(super) fn vehicle(text: &str) -> Option<VehicleKind> {
    VehicleKind::from_name(text).or_else(|| {
        of(
            text,
            &[
                (
                    VehicleKind::Ebike,
                    &["电动自行车", "电瓶车", "电动车", "非机动", "二轮", "两轮"],
                ),
                (VehicleKind::Cart, &["货", "三轮", "环卫", "配送", "作业"]),
                (
                    VehicleKind::Car,
                    &["汽车", "轿车", "客车", "小型", "机动车", "新能源", "car"],
                ),
            ],
        )
    })
}

pub(super) fn camera(text: &str) -> Option<CameraKind> {
    CameraKind::from_name(text).or_else(|| {
        of(
            text,
            &[
                (CameraKind::Dome, &["半球"]),
                (CameraKind::Panoramic, &["全景", "鱼眼", "360"]),
                (CameraKind::Ptz, &["球机", "球型", "云台", "快球", "ptz"]),
                (CameraKind::Bullet, &["枪", "固定", "筒"]),
            ],
        )
    })
}

pub(super) fn owner(text: &str) -> Option<CameraOwner> {
    CameraOwner::from_name(text).or_else(|| {
        of(
            text,
            &[
                (CameraOwner::Police, &["公安", "警", "派出所", "交管"]),
                (
                    CameraOwner::CityManagement,
                    &["城管", "城市管理", "综合执法", "城运"],
                ),
                (CameraOwner::Community, &["社区", "物业", "街道", "居委"]),
            ],
        )
    })
}

pub(super) fn facility(text: &str) -> Option<FacilityKind> {
    FacilityKind::from_name(text).or_else(|| {
        of(
            text,
            &[
                (FacilityKind::FireCabinet, &["微型消防", "消防柜"]),
                (FacilityKind::Hydrant, &["消火栓", "消防栓"]),
                (FacilityKind::Aed, &["aed", "除颤"]),
                (FacilityKind::Shelter, &["避难", "避险", "安置"]),
                (FacilityKind::Canteen, &["食堂", "助餐"]),
                (
                    FacilityKind::HealthHouse,
                    &["健康小屋", "卫生服务站", "卫生室", "健康"],
                ),
                (FacilityKind::Clinic, &["医院", "诊所", "门诊"]),
                (FacilityKind::School, &["学校", "小学", "中学", "幼儿园"]),
                (FacilityKind::Toilet, &["厕"]),
                (FacilityKind::DispatchCentre, &["指挥中心", "调度"]),
                (
                    FacilityKind::ServiceStation,
                    &["服务站", "服务中心", "党群", "驿站", "居委会"],
                ),
            ],
        )
    })
}

/// What a responder is called whose title is not taken.
pub(super) fn responder_title(kind: ResponderKind) -> &'static str {
    match kind {
        ResponderKind::GridWorker => "网格员",
        ResponderKind::SocialWorker => "社工",
        ResponderKind::PolicePost => "民警",
        ResponderKind::FirePost => "消防员",
        ResponderKind::Team => "队员",
    }
}

/// The kind of responder.
pub(super) fn responder(text: &str) -> Option<ResponderKind> {
    ResponderKind::from_name(text).or_else(|| {
        of(
            text,
            &[
                (ResponderKind::GridWorker, &["网格"]),
                (ResponderKind::SocialWorker, &["社工", "社区工作"]),
                (ResponderKind::PolicePost, &["警", "派出所"]),
                (ResponderKind::FirePost, &["消防"]),
                (ResponderKind::Team, &["队", "组"]),
            ],
        )
    })
}

pub(super) fn event(text: &str) -> Option<EventKind> {
    EventKind::from_name(text).or_else(|| {
        of(
            text,
            &[
                (
                    EventKind::ContactDay,
                    &["接待日", "联络日", "联系日", "见面"],
                ),
                (EventKind::Order, &["订单", "工单", "服务", "预约"]),
                (
                    EventKind::Report,
                    &["上报", "投诉", "报修", "随手拍", "事件", "诉求"],
                ),
            ],
        )
    })
}

pub(super) fn group(text: &str) -> Option<ServiceGroup> {
    ServiceGroup::from_name(text).or_else(|| {
        of(
            text,
            &[
                (ServiceGroup::SmartSecurity, &["安防", "治安", "消防"]),
                (
                    ServiceGroup::CommunityCare,
                    &["照护", "养老", "助老", "关爱"],
                ),
                (ServiceGroup::BuildingMonitoring, &["房屋", "建筑"]),
                (ServiceGroup::VideoSurveillance, &["视频", "监控"]),
                (
                    ServiceGroup::HouseholdChores,
                    &["家政", "便民", "维修", "疏通"],
                ),
                (
                    ServiceGroup::BusinessServices,
                    &["商业", "商户", "营商", "企业"],
                ),
                (
                    ServiceGroup::GovernmentAffairs,
                    &["政务", "政策", "证", "物业", "环境"],
                ),
            ],
        )
    })
}

pub(super) fn status(text: &str) -> Option<EventStatus> {
    EventStatus::from_name(text).or_else(|| {
        of(
            text,
            &[
                (
                    EventStatus::Closed,
                    &["办结", "结案", "完成", "关闭", "已处理", "已解决"],
                ),
                (
                    EventStatus::Waiting,
                    &["挂起", "会办", "等待", "转办", "暂缓"],
                ),
                (EventStatus::Open, &["未处理", "待", "新", "未受理"]),
                (
                    EventStatus::Handling,
                    &["处理中", "办理", "受理", "派单", "进行"],
                ),
            ],
        )
    })
}

/// A plate in one form: 苏E·12345, 苏e 12345 and 苏Ｅ１２３４５ are one vehicle's. `None` of signs alone.
pub(super) fn plate(text: &str) -> Option<String> {
    Some(identity_form(text)).filter(|plate| !plate.is_empty())
}

/// Degrees clockwise from north of a direction in words.
pub(super) fn heading_deg(text: &str) -> Option<f64> {
    let plain = text
        .trim()
        .trim_start_matches(['朝', '向'])
        .trim_end_matches(['方', '向', '侧']);
    let named = match plain.to_lowercase().as_str() {
        "北" | "正北" | "n" => 0.0,
        "东北" | "ne" => 45.0,
        "东" | "正东" | "e" => 90.0,
        "东南" | "se" => 135.0,
        "南" | "正南" | "s" => 180.0,
        "西南" | "sw" => 225.0,
        "西" | "正西" | "w" => 270.0,
        "西北" | "nw" => 315.0,
        _ => return None,
    };
    Some(named)
}
