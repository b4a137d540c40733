//! The address of a camera that has no name: everybody reads it as one, so it tells the house and where the
//! camera hangs there, and no words about anybody. Used by [`super::things`]. Never shows what it left out.

use super::cell::Fault;
use super::field::Field;
use super::open_house::open_house;
use super::open_name::without_door;
use super::record::Record;
use super::rooms::Rooms;
use super::run::Tools;
use crate::base::{BuildingId, holds_plate};
use crate::ingest::personal_numbers::masked_numbers;

pub(super) const ADDRESS_MASKED: Fault = "the camera has no name and is called by its address, which holds the \
     name or number of somebody: taken with that masked";
const ADDRESS_DROPPED: Fault = "the camera has no name, and its address holds a plate, which everybody \
     would see: called by its key";

const ADDRESS_CUT: Fault = "the camera has no name and is called by its address, which holds words that are \
     understood neither as the place of a house nor as one beside it: taken without them";

/// Words of places beside a house, where cameras hang; long ones first.
const PLACES: &str = "十字路口 丁字路口 三岔路口 交叉路口 消防通道 地下车库 停车场 绿化带 电线杆 监控杆 交叉口 出入口 \
     电梯口 楼梯口 单元门 单元口 路口 街口 巷口 弄口 桥头 河边 河岸 沿线 沿河 围墙 灯杆 立杆 楼顶 屋顶 楼道 楼梯 电梯 大厅 \
     走廊 通道 车库 车棚 广场 公园 大门 正门 后门 侧门 门前 门口 入口 出口 附近 对面 旁边 拐角 转角 交界 交汇 杆 桥 堍 口 门 \
     前 后 旁 边 侧 角 面 处 外 内 里 上 下 左 右 东 南 西 北 中 与 和 及 至 到 的 家 号";
/// What stands between words, and what masks stand for.
const JOINTS: &str = " -—()（）,，、.。:：/~";
/// A longer number may be somebody's.
const DIGITS: usize = 3;

/// The house of an address that stands for the name of a camera: without a door, and with names and
/// numbers of people masked.
pub(super) fn house_name(
    record: &Record,
    address: String,
    (building, rooms): (Option<BuildingId>, &Rooms),
    tools: &Tools,
) -> Option<String> {
    if holds_plate(&address) {
        record.fault(Field::Address, ADDRESS_DROPPED);
        return None;
    }
    let house = without_door(&address, rooms, tools.linker);
    if house.is_some() {
        record.fault(
            Field::Address,
            "the camera has no name and is called by its address: taken without the door",
        );
    }
    let house = house.unwrap_or(address);
    let somebodys = tools.at_home.masked_in_address(&house, building);
    let numbers = masked_numbers(somebodys.as_deref().unwrap_or(&house));
    let masked = numbers.or(somebodys);
    let phones = tools
        .at_home
        .masked_phones(masked.as_deref().unwrap_or(&house));
    let masked = phones.or(masked);
    if masked.is_some() {
        record.fault(Field::Address, ADDRESS_MASKED);
    }
    let house = understood(record, masked.unwrap_or(house), tools);
    Some(house).filter(|house| !house.is_empty())
}

/// The text where all of it is understood as a place, otherwise its house alone.
fn understood(record: &Record, text: String, tools: &Tools) -> String {
    let open = open_house(&tools.linker.parse(&text), tools.linker);
    let are_places = open.words.iter().all(|word| tells_place(word));
    if are_places {
        return text;
    }
    record.fault(Field::Address, ADDRESS_CUT);
    open.house.to_text()
}

/// Whether words tell where something is beside a house, and nothing else but what is masked.
fn tells_place(words: &str) -> bool {
    let open = without_masked(words);
    let rest = PLACES
        .split_whitespace()
        .fold(open, |rest, word| rest.replace(word, " "));
    let are_short = rest
        .split(|one: char| !one.is_ascii_digit())
        .all(|digits| digits.len() <= DIGITS);
    let is_left = |one: char| !one.is_ascii_digit() && !JOINTS.contains(one);
    are_short && !rest.chars().any(is_left)
}

/// A text without masked names (孔*) and numbers (139****0001).
fn without_masked(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let is_masked = |at: usize| {
        let is_tied = |one: &char| one.is_ascii_digit() || *one == '*';
        let front = signs[..at].iter().rev().take_while(|one| is_tied(one));
        let back = signs[at..].iter().take_while(|one| is_tied(one));
        let is_of_mask = front.chain(back).any(|one| *one == '*');
        let is_before = signs.get(at + 1) == Some(&'*');
        is_before || is_tied(&signs[at]) && is_of_mask
    };
    let open = (0..signs.len()).filter(|at| !is_masked(*at));
    open.map(|at| signs[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_beside_a_house_are_told_from_other_words() {
        for words in [
            "门口",
            "东南角",
            "与",
            "交叉口",
            "孔*家门口",
            "139****0001",
            "3号杆",
            "",
        ] {
            assert!(tells_place(words), "{words}");
        }
        for words in [
            "王阿姨家门口",
            "轩辕破天家",
            "13798760001",
            "低保户",
            "孔*家王阿姨",
        ] {
            assert!(!tells_place(words), "{words}");
        }
    }
}
