//! The report as a page of text: sections, aligned numbers, and no line without something to tell.

mod quality;

use std::fmt::Write;

use crate::model::query::Suppressed;
use crate::model::{KindId, KindTable, NO_FACES};
use crate::portrayal::words::{Lang, Words};

use super::report::{Import, Report, Terrain};
use crate::app::key::KeyState;
use crate::app::language::Language;
use crate::app::query::count_cell;

/// Columns that labels take.
const LABEL: usize = 30;
/// Columns that numbers take.
const NUMBER: usize = 10;

/// The page.
pub(super) fn page(report: &Report, kinds: &KindTable, language: Language) -> String {
    let mut page = Page::new(language);
    page.head(report);
    page.base_map(report);
    page.people(report);
    page.things(report, kinds);
    page.quality(report);
    page.imports(report);
    page.foot(report);
    page.text
}

/// A page in the making.
pub(super) struct Page {
    pub(super) text: String,
    language: Language,
}

impl Page {
    /// An empty page.
    pub(super) fn new(language: Language) -> Self {
        Self {
            text: String::new(),
            language,
        }
    }

    /// The word in the page's language.
    pub(super) fn say<'a>(&self, en: &'a str, zh: &'a str) -> &'a str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    /// The word for a fixed value of the program; the value itself where there is none.
    pub(super) fn word(&self, family: &str, value: &str) -> String {
        let lang = match self.language {
            Language::En => Lang::En,
            Language::Zh => Lang::Zh,
        };
        let key = value.replace(' ', "_");
        let word = Words::of(lang).name(family, &key);
        if word == key { value.to_owned() } else { word }
    }

    /// A line.
    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// A title after an empty line.
    pub(super) fn section(&mut self, en: &str, zh: &str) {
        let title = self.say(en, zh).to_owned();
        self.line("");
        self.line(&title);
    }

    /// The first lines of a list, indented, and how many more there are.
    pub(super) fn list(
        &mut self,
        indent: usize,
        lines: impl ExactSizeIterator<Item = String>,
        most: usize,
    ) {
        let more = lines.len().saturating_sub(most);
        for line in lines.take(most) {
            self.line(&format!("{:indent$}{line}", ""));
        }
        if more > 0 {
            self.line(&format!("{:indent$}… + {more}", ""));
        }
    }

    fn row(&mut self, en: &str, zh: &str, value: &str) {
        let label = self.say(en, zh);
        let label = pad(label, LABEL);
        self.line(&format!("  {label}{value:>NUMBER$}"));
    }

    fn fact(&mut self, en: &str, zh: &str, value: &str) {
        let label = pad(self.say(en, zh), 14);
        self.line(&format!("  {label}{value}"));
    }

    /// A count; a line without anything is left out.
    fn count(&mut self, en: &str, zh: &str, count: usize) {
        if count > 0 {
            self.row(en, zh, &grouped(count as u64));
        }
    }

    /// A count of people; a dot where it is kept back.
    fn people_count(&mut self, en: &str, zh: &str, count: Suppressed) {
        match count {
            Suppressed::Told(count) => self.count(en, zh, count),
            kept => self.row(en, zh, &count_cell(&kept)),
        }
    }

    fn share(&mut self, en: &str, zh: &str, share: Option<f64>) {
        if let Some(share) = share {
            self.row(en, zh, &percent(share));
        }
    }

    fn head(&mut self, report: &Report) {
        let mut title = match report.name_zh == report.name_en {
            true => report.name_zh.clone(),
            false => format!("{} {}", report.name_zh, report.name_en),
        };
        if report.synthetic {
            let _ = write!(title, "  [{}]", self.say("synthetic", "虚构数据"));
        }
        if report.locked {
            let _ = write!(title, "  [{}]", self.say("locked", "未解锁"));
        }
        self.line(&title);
        self.fact("File", "文件", &report.file);
        let datum = self.word("vertical_datum", &report.vertical_datum);
        let crs = format!("{}, {datum}", report.crs);
        self.fact("CRS, heights", "坐标与高程", &crs);
        if let Some(extent) = report.extent {
            self.fact("Extent", "范围", &extent_text(extent));
            let [west, south, east, north] = extent;
            let size = format!(
                "{:.2} × {:.2} km",
                (east - west) / 1e3,
                (north - south) / 1e3
            );
            self.fact("", "", &size);
        }
        self.fact("Version", "版本", &report.ground_version.to_string());
        let key = match report.key {
            Some(KeyState::Missing) => self.say(
                "none found beside the city; personal values stay locked",
                "城市文件旁没有密钥，个人信息保持锁定",
            ),
            Some(KeyState::Unreadable) => self.say(
                "not this user's to read; personal values stay locked",
                "当前用户无权读取密钥，个人信息保持锁定",
            ),
            Some(KeyState::Found) | None => return,
        };
        let key = key.to_owned();
        self.fact("Key", "密钥", &key);
    }

    fn base_map(&mut self, report: &Report) {
        let counts = &report.counts;
        self.section("Base map", "底图");
        let before = self.text.len();
        self.count("Buildings", "建筑", counts.buildings);
        for (lod, count) in &counts.lods {
            let (en, zh) = match lod.as_str() {
                NO_FACES => ("  outline only".to_owned(), "  仅轮廓".to_owned()),
                lod => (format!("  with LoD {lod}"), format!("  含 LoD {lod}")),
            };
            self.count(&en, &zh, *count);
        }
        self.count("Roads and lanes", "道路街巷", counts.roads);
        self.count("Water", "水面", counts.water_areas);
        self.count("Green and squares", "绿地与场地", counts.ground_areas);
        self.count("Plants", "植被", counts.plants);
        self.count("Named places", "地名", counts.places);
        self.count("Other objects", "其他对象", counts.objects);
        for (kind, lods) in &counts.object_types {
            let lods: Vec<_> = lods
                .iter()
                .map(|(lod, count)| match lod.as_str() {
                    NO_FACES => format!("{}: {count}", self.say("no faces", "无面")),
                    lod => format!("LoD {lod}: {count}"),
                })
                .collect();
            self.line(&format!("    {kind}  {}", lods.join(", ")));
        }
        self.terrain(&counts.terrain);
        self.count("Administrative areas", "行政区划", counts.areas);
        self.count("  of them grids", "  其中网格", counts.grids);
        self.count("Materials", "材质", counts.materials);
        self.count("Pictures on faces", "贴图", counts.textures);
        if self.text.len() == before {
            let nothing = self.say("nothing", "无").to_owned();
            self.line(&format!("  {nothing}"));
        }
    }

    fn terrain(&mut self, terrain: &Terrain) {
        self.count("Terrain nets", "地形网", terrain.nets);
        self.count("  triangles", "  三角形", terrain.triangles);
        if let Some(extent) = terrain.extent {
            self.row("  extent", "  范围", &extent_text(extent));
        }
        if let Some([low, high]) = terrain.heights_m {
            let range = format!("{low:.2} – {high:.2} m");
            self.row("  heights", "  高程", &range);
        }
    }

    fn people(&mut self, report: &Report) {
        let (counts, links) = (&report.counts, &report.links);
        let nobody = Suppressed::Told(0);
        let people = [counts.households, counts.residents, counts.vehicles];
        if counts.dwellings == 0 && people == [nobody; 3] {
            return;
        }
        self.section("Registries", "人房车");
        self.count("Dwellings", "房屋（套）", counts.dwellings);
        self.people_count("Households", "户", counts.households);
        self.people_count("Residents", "人口", counts.residents);
        self.share(
            "  linked to a dwelling",
            "  已关联房屋",
            links.residents_with_dwelling,
        );
        self.people_count("Vehicles", "车辆", counts.vehicles);
        self.share(
            "  linked to a household",
            "  已关联户",
            links.vehicles_with_household,
        );
    }

    fn things(&mut self, report: &Report, table: &KindTable) {
        let counts = &report.counts;
        if counts.devices + counts.cameras + counts.facilities + counts.responders == 0 {
            return;
        }
        self.section("Devices and responders", "设备与力量");
        self.count("Devices", "感知设备", counts.devices);
        let mut kinds: Vec<_> = counts.device_kinds.iter().collect();
        kinds.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
        for (kind, count) in kinds {
            let name = match table.get(&KindId::new(kind)) {
                Some(known) => self.say(&known.en, &known.zh).to_owned(),
                None => format!("{kind} ({})", self.say("in no table", "类型表未收录")),
            };
            let label = format!("  {name}");
            self.count(&label, &label, *count);
        }
        self.share(
            "  linked to a building",
            "  已关联建筑",
            report.links.devices_with_building,
        );
        self.count("Cameras", "摄像机", counts.cameras);
        self.count("Facilities", "设施", counts.facilities);
        self.count("Responders", "处置力量", counts.responders);
    }

    fn quality(&mut self, report: &Report) {
        let (counts, quality) = (&report.counts, &report.quality);
        let nobody = counts.residents == Suppressed::Told(0);
        if counts.buildings == 0 && nobody {
            return;
        }
        self.section("Quality", "质量");
        if counts.buildings > 0 {
            self.map_quality(report);
        }
        if nobody {
            return;
        }
        if report.locked {
            let text = self
                .say("records not judged: locked", "人口记录未评估：未解锁")
                .to_owned();
            self.line(&format!("  {text}"));
            return;
        }
        let share = quality.residents_with_fault.map(percent);
        let share = share.unwrap_or_else(|| self.few(quality.suppressed_below));
        self.row("Residents with a fault", "有问题的人口记录", &share);
        for (name, en, zh) in [
            ("stale", "  not confirmed in three years", "  三年未核实"),
            ("contradictory", "  contradictory", "  前后矛盾"),
            (
                "unmatched_address",
                "  address without dwelling",
                "  地址无对应房屋",
            ),
            ("duplicate", "  identity number twice", "  证号重复"),
        ] {
            let count = quality.resident_faults.get(name).copied().flatten();
            let count = count.map_or_else(|| self.few(quality.suppressed_below), grouped);
            self.row(en, zh, &count);
        }
        let day = format!("{} {}", self.say("judged as of", "评估日期"), quality.as_of);
        self.line(&format!("  {day}"));
    }

    fn few(&self, below: u64) -> String {
        format!("< {below}")
    }

    fn imports(&mut self, report: &Report) {
        if report.imports.is_empty() {
            return;
        }
        self.section("Runs that wrote it", "写入记录");
        for import in &report.imports {
            self.import(import);
        }
    }

    fn import(&mut self, import: &Import) {
        let when = import
            .time
            .get(..16)
            .unwrap_or(&import.time)
            .replace('T', " ");
        let undone = import.undone_by.map_or_else(String::new, |by| {
            format!("  [{} {by}]", self.say("undone by", "已撤销，见"))
        });
        self.line(&format!(
            "  {:>3}  {when}  {}  {}{undone}",
            import.ground_version,
            self.word("action", &import.action),
            import.file
        ));
        let mut details = vec![import.crs.clone(), import.id.clone()];
        if let Some(head) = import.sha256.get(..12) {
            details.push(format!("sha256 {head}…"));
        }
        details.retain(|detail| !detail.is_empty());
        self.line(&format!("       {}", details.join(", ")));
        if let Some(attribution) = &import.attribution {
            self.line(&format!("       {attribution}"));
        }
        for warning in &import.warnings {
            let is_more = match warning.count {
                Suppressed::Told(count) => count > warning.places.len(),
                _ => true,
            };
            let places = match (warning.places.join(", "), is_more) {
                (places, _) if places.is_empty() => String::new(),
                (places, true) => format!(" ({places} …)"),
                (places, false) => format!(" ({places})"),
            };
            let count = match warning.count {
                Suppressed::Told(count) => grouped(count as u64),
                kept => count_cell(&kept),
            };
            self.line(&format!("       ! {count} × {}{places}", warning.reason));
        }
    }

    fn foot(&mut self, report: &Report) {
        self.line("");
        match (&report.content_hash, report.content_hash_note) {
            (Some(hash), _) => self.fact("Content", "内容指纹", hash),
            (None, Some(_)) => {
                let note = self.say(
                    "not hashed: personal values are locked (--key-file opens them)",
                    "未计算：个人信息未解锁（用 --key-file 指定密钥）",
                );
                let note = note.to_owned();
                self.fact("Content", "内容指纹", &note);
            }
            (None, None) => {}
        }
    }
}

fn extent_text([west, south, east, north]: [f64; 4]) -> String {
    format!("E {west:.1} – {east:.1}   N {south:.1} – {north:.1}")
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Fills up with spaces to `columns` on a terminal, where a Chinese character takes two.
pub(super) fn pad(label: &str, columns: usize) -> String {
    let is_wide = |one: char| matches!(one, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffe6}');
    let width: usize = label.chars().map(|one| 1 + usize::from(is_wide(one))).sum();
    format!("{label}{}", " ".repeat(columns.saturating_sub(width)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_labels() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(percent(0.97314), "97.3 %");
        assert_eq!(pad("建筑", 6), "建筑  ");
        assert_eq!(pad("long label", 3), "long label");
    }
}
