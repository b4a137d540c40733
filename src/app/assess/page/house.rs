//! What is said of houses as a whole: how unevenly they settle, whether tilt and settlement agree, which
//! move together. Sentences for the page of `assess`.

use crate::base::BuildingId;
use crate::model::Ground;
use crate::portrayal::words::Lang;

use super::grade_name;
use crate::app::monitored::{Agrees, House, Uneven};

/// The lines about a house; none where its sensors say it all.
pub(super) fn lines(house: &House, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(house.differential.as_ref().map(|told| uneven(told, lang)));
    lines.extend(house.agreement.as_ref().map(|told| agrees(told, lang)));
    lines.extend(house.is_at_rest.map(|rests| {
        match rests {
            true => lang.pick("沉降已稳定（JGJ 8）", "its settlement is at rest (JGJ 8)"),
            false => lang.pick("沉降尚未稳定（JGJ 8）", "it still settles (JGJ 8)"),
        }
        .to_owned()
    }));
    lines
}

fn uneven(uneven: &Uneven, lang: Lang) -> String {
    let told = &uneven.told;
    let (difference, distance, distortion) = (
        told.difference_mm,
        told.distance_m,
        told.distortion_permille,
    );
    let [one, other] = uneven.between;
    let mut text = match lang {
        Lang::Zh => format!(
            "差异沉降 {difference:.1} mm，相距 {distance:.1} m，局部倾斜 {distortion:.2}‰（{one} 与 {other}）"
        ),
        Lang::En => format!(
            "settles unevenly by {difference:.1} mm over {distance:.1} m: angular distortion \
             {distortion:.2} ‰ (between {one} and {other})"
        ),
    };
    if let Some([share, limit]) = uneven.share {
        let share = share * 100.0;
        text += &match lang {
            Lang::Zh => format!("，占配置限值 {limit}‰ 的 {share:.0}%"),
            Lang::En => format!(", {share:.0} % of the configured limit {limit} ‰"),
        };
    }
    text
}

fn agrees(agrees: &Agrees, lang: Lang) -> String {
    let told = &agrees.told;
    let (apart, tolerance, days) = (told.apart_permille, told.tolerance_permille, told.span_days);
    match (agrees.agrees, lang) {
        (true, Lang::Zh) => format!("倾斜与差异沉降在 {days} 天内相符（相差 {apart:.2}‰）"),
        (true, Lang::En) => {
            format!("tilt and settlement agree over {days} days ({apart:.2} ‰ apart)")
        }
        (false, Lang::Zh) => format!(
            "倾斜与差异沉降在 {days} 天内不符：相差 {apart:.2}‰，容许 {tolerance:.2}‰，请核对传感器"
        ),
        (false, Lang::En) => format!(
            "tilt and settlement do not agree over {days} days: {apart:.2} ‰ apart, {tolerance:.2} \
             would be allowed; check the sensors"
        ),
    }
}

/// The head of a house: its grade and its name.
pub(super) fn head(ground: &Ground, house: &House, lang: Lang) -> String {
    format!(
        "[{}] {}  {}",
        grade_name(house.grade, lang),
        name(ground, house.building),
        house.building
    )
}

/// Houses that move together: one matter, not several.
pub(super) fn together(ground: &Ground, row: &[BuildingId], lang: Lang) -> String {
    let names: Vec<String> = row.iter().map(|id| name(ground, *id)).collect();
    let count = row.len();
    match lang {
        Lang::Zh => format!(
            "{count} 栋相连房屋一起变形，按一起事件处理：{}",
            names.join("、")
        ),
        Lang::En => format!(
            "{count} houses in a row move together, one matter: {}",
            names.join(", ")
        ),
    }
}

/// Whether there is more to say of a house than its sensors do.
pub(super) fn is_told(house: &House) -> bool {
    let is_bad = |uneven: &Uneven| uneven.share.is_some_and(|[share, _]| share > 0.0);
    house.agreement.is_some()
        || house.is_at_rest.is_some()
        || house.differential.as_ref().is_some_and(is_bad)
}

fn name(ground: &Ground, building: BuildingId) -> String {
    let known = ground.buildings.get(&building);
    let named = known.and_then(|house| house.name.clone().or_else(|| house.address.clone()));
    named.unwrap_or_else(|| building.to_string())
}
