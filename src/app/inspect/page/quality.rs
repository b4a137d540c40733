//! The page's part on how good the base map is.

use crate::app::inspect::report::Report;
use crate::model::{Histogram, MapQuality, Pair};

use super::{Page, grouped};

/// So many pairs of buildings are named; the document has all.
const PAIRS_MAX: usize = 5;
/// Columns of the longest bar.
const BAR: usize = 24;

impl Page {
    /// Buildings: heights, repairs, what stands twice or on each other, sizes.
    pub(super) fn map_quality(&mut self, report: &Report) {
        let map = &report.quality.base_map;
        let of = |name| map.height_origins.get(name).copied().unwrap_or_default();
        self.count("Heights measured", "实测高度", of("measured"));
        self.count("Heights from storeys", "按层数推算高度", of("storeys"));
        self.count("Heights by default", "缺省高度", of("default"));
        self.count(
            "Buildings repaired",
            "几何已修复的建筑",
            report.quality.buildings_with_repairs,
        );
        for (kind, count) in &map.repairs {
            let count = grouped(*count as u64);
            self.line(&format!("    {count} × {kind}"));
        }
        self.pairs("Footprints twice", "重复轮廓", &map.duplicates);
        self.pairs("Footprints overlapping", "轮廓重叠（对）", &map.overlaps);
        if let Some(outside) = &map.outside_communities {
            let count = grouped(outside.len() as u64);
            self.row("Outside every community", "不在任何社区内", &count);
        }
        for (kind, en, zh) in [
            ("dwelling", "Dwellings without building", "房屋所在建筑缺失"),
            ("device", "Devices without building", "设备所在建筑缺失"),
        ] {
            let count = report.quality.left_without_building.get(kind);
            self.count(en, zh, count.copied().unwrap_or_default());
        }
        self.count(
            "Cameras without direction",
            "朝向不详的摄像机",
            report.quality.cameras_without_direction,
        );
        self.histograms(map);
    }

    fn pairs(&mut self, en: &str, zh: &str, pairs: &[Pair]) {
        self.row(en, zh, &grouped(pairs.len() as u64));
        let text = |pair: &Pair| {
            let Pair {
                first,
                second,
                shared_m2,
                share,
            } = pair;
            let percent = super::percent(*share);
            format!("{first} {second}  {shared_m2:.1} m², {percent}")
        };
        self.list(4, pairs.iter().map(text), PAIRS_MAX);
    }

    fn histograms(&mut self, map: &MapQuality) {
        self.histogram("Footprint, m²", "基底面积（m²）", &map.areas_m2);
        self.histogram("Height, m", "高度（m）", &map.heights_m);
    }

    /// One line a bin, with a bar; empty bins outside of what there is are left out.
    fn histogram(&mut self, en: &str, zh: &str, histogram: &Histogram) {
        let is_filled = |bin: &crate::model::Bin| bin.count > 0;
        let Some(first) = histogram.bins.iter().position(is_filled) else {
            return;
        };
        let last = histogram.bins.iter().rposition(is_filled).unwrap_or(first);
        let title = self.say(en, zh).to_owned();
        self.line(&format!("  {title}"));
        let bins = &histogram.bins[first..=last];
        let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1);
        for bin in bins {
            let range = match (bin.from, bin.to) {
                (None, Some(to)) => format!("< {to}"),
                (Some(from), Some(to)) => format!("{from} – {to}"),
                (Some(from), None) => format!("≥ {from}"),
                (None, None) => String::new(),
            };
            let bar = "▇".repeat((bin.count * BAR).div_ceil(most));
            let count = grouped(bin.count as u64);
            self.line(&format!("    {range:<14}{count:>10}  {bar}"));
        }
    }
}
