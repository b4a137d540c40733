//! Texts of things that everybody may see: names and keys of devices, cameras and facilities, titles of
//! events and of responders. What in them belongs to somebody is sealed with the thing, masked or not
//! taken, and told with its row and column. Used by [`super::things`]. Never repeats what it found.

use super::at_home;
use super::camera_address::ADDRESS_MASKED;
use super::cell::Fault;
use super::field::Field;
use super::open_name::without_door;
use super::open_stream::{holds_stream, tells_secret, without_stream};
use super::record::Record;
use super::rooms::Rooms;
use super::run::Tools;
use super::told_door::tells_door;
use crate::base::{
    BuildingId, DeviceId, SERVICE_DIGITS, half_width, holds_mobile_number, holds_personal_number,
    holds_plate,
};
use crate::ingest::personal_numbers::{holds_identity, masked_numbers};
use crate::model::KindId;

/// What a device is called whose kind tells of somebody: no table knows it, so it is shown with ?.
pub(super) const HIDDEN_KIND: &str = "unknown";

/// What is told of a name or a title that holds somebody's name.
const NAME_DROPPED: Fault = "it holds the name of somebody who lives there, and everybody may see \
     it: not taken; a public name stays that the mapping lists under public_names";
const NAME_MASKED: Fault = "it holds the name of somebody who lives there, and everybody may see it: \
     taken with that name masked; a public name (of a shop, of somebody in history) stays as it is \
     where the mapping lists it under public_names";
const TITLE_SEALED: Fault = "it holds the name of who reported it, or of somebody whom a register \
     of people tells of: sealed with its place, as an event about a home";

const KIND_HIDDEN: Fault = "it holds the name or number of somebody, or a door, and everybody may see a \
     kind: taken as a device of an unknown kind; write what the device is (烟感, 床垫 …), or list a public \
     word under public_names in the mapping, and import again";
const KIND_CUT: Fault =
    "it tells a door (unit, room), and everybody may see a kind: taken without the door";
const SECRET: Fault = "it holds the name of a user, a password or an address on a network, and everybody may \
     see a name: not taken; change the password, for others had this table too";
const PHONE_MASKED: Fault = "it holds the telephone number of somebody whom a register of people tells of, \
     and everybody may see it: taken with that number masked; it stays where the mapping lists the name \
     under public_names";

const WORK_DROPPED: Fault = "it holds the name of somebody whom a register of people tells of, and \
     everybody may see it: not taken; a public name (of a street, of somebody in history) stays where the \
     mapping lists the text under public_names";

/// Whether a note says that somebody's name was found: such rows are listed for a person to decide.
pub(super) fn is_of_a_name(fault: Fault) -> bool {
    [
        NAME_DROPPED,
        NAME_MASKED,
        TITLE_SEALED,
        WORK_DROPPED,
        ADDRESS_MASKED,
        KIND_HIDDEN,
    ]
    .contains(&fault)
}

/// The name of a device, where it is not somebody's.
pub(super) fn device_name(
    record: &Record,
    id: DeviceId,
    (building, rooms): (Option<BuildingId>, &Rooms),
    tools: &Tools,
) -> Option<String> {
    if tools.at_home.is_locked() {
        // What was found to be somebody's name stays away.
        tools
            .ground
            .devices
            .get(&id)
            .map_or(Some(()), |known| known.name.is_some().then_some(()))?;
    }
    let text = record.text(Field::Name)?;
    let text = match without_stream(&text) {
        Some((rest, _)) => {
            record.fault(
                Field::Name,
                "it holds an address on a network, and everybody may see a name: that is left out",
            );
            rest
        }
        None => text,
    };
    nobodys_name(record, text, (building, rooms), tools)
}

/// The kind of a device that no table knows, as everybody may see it: what is somebody's in it makes it
/// one that nobody knows.
pub(super) fn open_kind(
    record: &Record,
    kind: KindId,
    at: (Option<BuildingId>, &Rooms),
    tools: &Tools,
) -> KindId {
    let text = kind.as_str();
    if record.is_public_name(text) {
        return kind;
    }
    let kept = match tools.at_home.tells_anybody(text) {
        true => Open::Nothing(KIND_HIDDEN),
        false => judged(record, text, at, tools),
    };
    match kept {
        Open::Whole => kind,
        Open::Cut(rest) => {
            record.fault(Field::Kind, KIND_CUT);
            KindId::new(&rest)
        }
        Open::Nothing(_) => {
            record.fault(Field::Kind, KIND_HIDDEN);
            KindId::new(HIDDEN_KIND)
        }
    }
}

/// The name of a camera, where it is not somebody's, and the address of a stream that stood in it.
pub(super) fn camera_name(
    record: &Record,
    (building, rooms): (Option<BuildingId>, &Rooms),
    tools: &Tools,
) -> (Option<String>, Option<String>) {
    let Some(text) = record.text(Field::Name) else {
        return (None, None);
    };
    let (text, stream) = match without_stream(&text) {
        Some((rest, stream)) => {
            record.fault(
                Field::Name,
                match record.text(Field::Stream) {
                    None => {
                        "it holds the address of a stream, which belongs into a column of its own \
                         (视频流地址, stream): taken out of the name and sealed as the stream"
                    }
                    Some(_) => {
                        "it holds the address of a stream, which belongs into a column of its own \
                         (视频流地址, stream), and the row has one there: left out of the name"
                    }
                },
            );
            (rest, Some(stream))
        }
        None => (text, None),
    };
    (nobodys_name(record, text, (building, rooms), tools), stream)
}

/// What of a text that belongs to one thing everybody may see.
enum Open {
    Whole,
    /// The rest behind a door that was cut out.
    Cut(String),
    /// Why it is not taken.
    Nothing(Fault),
}

/// Holds a text that belongs to one thing against people, numbers, secrets and doors.
fn judged(
    record: &Record,
    text: &str,
    (building, rooms): (Option<BuildingId>, &Rooms),
    tools: &Tools,
) -> Open {
    if tells_secret(text) || holds_stream(text) {
        return Open::Nothing(SECRET);
    }
    if tools.at_home.tells(text, building) && !record.is_public_name(text) {
        return Open::Nothing(NAME_DROPPED);
    }
    if holds_identity(&text.chars().map(half_width).collect::<String>()) {
        return Open::Nothing("it holds an identity number, and everybody may see it: not taken");
    }
    if holds_mobile_number(text) || holds_plate(text) {
        return Open::Nothing(
            "it holds a mobile telephone number or a plate, and everybody may see it: not taken",
        );
    }
    if tools.at_home.holds_phone(text) && !record.is_public_name(text) {
        return Open::Nothing(
            "it holds the telephone number of somebody whom a register of people tells of, and \
             everybody may see it: not taken",
        );
    }
    match without_door(text, rooms, tools.linker) {
        None => Open::Whole,
        Some(rest) if rest.is_empty() => Open::Nothing(
            "it is nothing but a door (unit, room), and everybody may see it: not taken",
        ),
        Some(rest) => Open::Cut(rest),
    }
}

/// The name of a thing that stands in a building, as everybody may see it; `None` where it holds the
/// name of somebody who lives there, a number of somebody's, or nothing but a door.
fn nobodys_name(
    record: &Record,
    text: String,
    at: (Option<BuildingId>, &Rooms),
    tools: &Tools,
) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    match judged(record, &text, at, tools) {
        Open::Whole => Some(text),
        Open::Cut(rest) => {
            record.fault(
                Field::Name,
                "it tells a door (unit, room), and everybody may see it: taken without the door",
            );
            Some(rest)
        }
        Open::Nothing(why) => {
            record.fault(Field::Name, why);
            None
        }
    }
}

/// The name of a facility, which has one: that of somebody who lives there is masked in it, and numbers
/// of people.
pub(super) fn facility_name(
    record: &Record,
    building: Option<BuildingId>,
    tools: &Tools,
) -> Option<String> {
    let text = record.text(Field::Name)?;
    if record.is_public_name(&text) {
        return Some(text);
    }
    let masked = tools.at_home.masked(&text, building);
    if masked.is_some() {
        record.fault(Field::Name, NAME_MASKED);
    }
    let text = masked.unwrap_or(text);
    let masked = masked_numbers(&text);
    if masked.is_some() {
        record.fault(
            Field::Name,
            "it holds a mobile telephone or identity number, and everybody may see it: taken with \
             that number masked; it stays where the mapping lists the name under public_names",
        );
    }
    let text = masked.unwrap_or(text);
    let masked = tools.at_home.masked_phones(&text);
    if masked.is_some() {
        record.fault(Field::Name, PHONE_MASKED);
    }
    Some(masked.unwrap_or(text))
}

/// The telephone number of a facility, which everybody may call: not that of a resident, and without
/// words beside it that may be somebody's name.
pub(super) fn facility_phone(record: &Record, tools: &Tools) -> Option<String> {
    let text = record.phone(Field::Phone, SERVICE_DIGITS)?;
    if record.is_public_name(&text) {
        return Some(text);
    }
    let plain: String = text.chars().map(half_width).collect();
    if tools.at_home.holds_phone(&text) || holds_identity(&plain) {
        record.fault(
            Field::Phone,
            "it is the number of somebody whom a register of people tells of, and everybody may see \
             it: not taken; it stays where the mapping lists it under public_names",
        );
        return None;
    }
    let bare = phone_alone(&text);
    if bare.is_some() {
        record.fault(
            Field::Phone,
            "it holds words beside the number, which may be somebody's name, and everybody may see \
             it: taken without them",
        );
    }
    Some(bare.unwrap_or(text))
}

/// What may stand beside the telephone number of a service.
const OFFICE_WORDS: &str = "值班室 值班 办公室 办公 前台 总机 总台 传真 热线 夜间 夜班 白天 日间 转接 分机 转 急诊 门诊 \
    小时 服务台 服务 咨询 预约 报名 投诉 电话 座机 手机 固话 客服 窗口 大厅 工作日 节假日 周末 全天 \
    hotline office phone fax tel ext h";

/// A number without the words beside it; `None` where there are none but those of an office.
fn phone_alone(text: &str) -> Option<String> {
    let is_letter = |one: char| one.is_alphabetic();
    let small = text.to_lowercase();
    let rest = OFFICE_WORDS
        .split_whitespace()
        .fold(small, |rest, word| rest.replace(word, " "));
    if !rest.contains(is_letter) {
        return None;
    }
    let bare: String = text.chars().filter(|one| !is_letter(*one)).collect();
    let bare = bare.replace("()", "").replace("（）", "");
    Some(
        bare.trim_matches(|one: char| !(one.is_ascii_digit() || "+()（）".contains(one)))
            .to_owned(),
    )
}

/// Whether a text about many things holds a long number, as those of people are, or a plate.
pub(super) fn holds_somebodys_number(text: &str) -> bool {
    holds_personal_number(text) || holds_identity(&text.chars().map(half_width).collect::<String>())
}

/// Whether the title of an event holds a room, a plate or a number of a person.
pub(super) fn holds_what_is_somebodys(
    record: &Record,
    title: &str,
    rooms: &Rooms,
    tools: &Tools,
) -> bool {
    let is_told = tells_door(title)
        || rooms.tells_in_words(title)
        || holds_somebodys_number(title)
        || tools.at_home.holds_phone(title);
    if is_told {
        record.fault(
            Field::Title,
            "it holds a room, a plate, or a telephone or identity number: sealed with its place, as \
             an event about a home",
        );
    }
    is_told
}

/// Whether the title of an event holds the name of who reported it, of who lives there, or the whole name
/// of somebody else of three letters or more.
pub(super) fn is_called_after_somebody(
    record: &Record,
    title: &str,
    building: Option<BuildingId>,
    tools: &Tools,
) -> bool {
    let reporter = record.text(Field::Reporter);
    let is_named = tools.at_home.tells(title, building)
        || tools.at_home.tells_anybody(title)
        || at_home::tells_reporter(title, reporter.as_deref());
    if is_named {
        record.fault(Field::Title, TITLE_SEALED);
    }
    is_named
}

/// A text about a responder that everybody may see; none where it holds their name, which is masked, that
/// of somebody whom a register of people tells of, or a number.
pub(super) fn without_somebody(
    record: &Record,
    field: Field,
    name: Option<&str>,
    tools: &Tools,
) -> Option<String> {
    let text = record.text(field)?;
    let is_somebodys = holds_somebodys_number(&text) || tools.at_home.holds_phone(&text);
    if is_somebodys && !record.is_public_name(&text) || at_home::tells_reporter(&text, name) {
        record.fault(
            field,
            "it holds the responder's name or a telephone number, and everybody may see it: not taken; \
             a responder without another title is called by what they are",
        );
        return None;
    }
    if tools.at_home.tells_anybody(&text) && !record.is_public_name(&text) {
        record.fault(field, WORK_DROPPED);
        return None;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_the_number_of_a_service_are_those_of_an_office() {
        for text in [
            "0512-65223344",
            "65223344(值班室)",
            "0512-65223344转801",
            "24小时 65223344",
            "Tel 110",
        ] {
            assert_eq!(phone_alone(text), None, "{text}");
        }
        for (text, bare) in [
            ("测试甲13900000001", "13900000001"),
            ("65223344（测试甲）", "65223344"),
            ("Test A: 65223344", "65223344"),
            ("(0512)65223344 测试甲", "(0512)65223344"),
        ] {
            assert_eq!(phone_alone(text).as_deref(), Some(bare), "{text}");
        }
    }
}
