//! What a header says: the name of a column and the unit of its values. Pure; used by `series` alone.
//! Never makes up a unit: what is not written is not there.

/// Units that may stand behind a blank, a stroke or a slash without brackets.
const BARE_UNITS: &[&str] = &[
    "mm", "cm", "m", "km", "um", "μm", "in", "ft", "m3", "l/s", "m3/s", "m³/s", "mm/h", "mm/d",
    "mm/a", "mm/yr", "m/s", "km/h", "°", "deg", "′", "″", "rad", "mrad", "‰", "%", "permille",
    "percent", "°c", "℃", "degc", "°f", "k", "pa", "hpa", "kpa", "mpa", "mbar", "bar", "v", "mv",
    "a", "ma", "hz", "g", "kg", "t", "kn", "με", "ue", "lux", "db",
];

/// Names of columns that tell a time.
const TIME_NAMES: &[&str] = &[
    "time",
    "date",
    "datetime",
    "date_time",
    "timestamp",
    "ts",
    "t",
    "year",
    "month",
    "day",
    "时间",
    "日期",
    "年份",
    "年",
    "采集时间",
    "监测时间",
    "观测时间",
    "测量时间",
    "观测日期",
    "监测日期",
    "time_stamp",
    "utc",
    "created_at",
    "obs_time",
    "tmstamp",
];

/// Names of columns that tell where, or of which sensor.
const PLACE_NAMES: &[&str] = &[
    "longitude",
    "latitude",
    "lon",
    "lng",
    "lat",
    "经度",
    "纬度",
    "id",
    "station",
    "station_id",
    "sensor",
    "sensor_id",
    "device",
    "device_id",
    "point",
    "point_id",
    "site",
    "site_no",
    "测点",
    "测点编号",
    "点号",
    "测站",
    "站点",
    "设备",
    "设备编号",
    "编号",
];

/// A name and its unit, if one is written: `Water flow [l/s]`, `tilt_x(°)`, `沉降（mm）`, `温度/℃`,
/// `rainfall_mm`.
pub(super) fn name_and_unit(header: &str) -> (String, Option<String>) {
    let header = header.trim().trim_matches('"').trim();
    for (open, close) in [('[', ']'), ('(', ')'), ('（', '）'), ('【', '】')] {
        let Some(inner) = header.strip_suffix(close) else {
            continue;
        };
        if let Some((name, unit)) = inner.rsplit_once(open) {
            let (name, unit) = (name.trim(), unit.trim());
            if !name.is_empty() && !unit.is_empty() {
                return (name.to_owned(), Some(unit.to_owned()));
            }
        }
    }
    for sign in ['/', ' ', '_', ','] {
        if let Some((name, unit)) = header
            .split_once(sign)
            .filter(|_| sign == '/')
            .or(header.rsplit_once(sign))
        {
            let (name, unit) = (name.trim(), unit.trim());
            // `station_a` is a name; one letter is a unit behind a slash alone.
            let is_long = unit.chars().count() > 1 || sign == '/' || !unit.is_ascii();
            if is_long && !name.is_empty() && is_unit(unit) {
                return (name.to_owned(), Some(unit.to_owned()));
            }
        }
    }
    (header.to_owned(), None)
}

/// Whether a word is a unit.
pub(super) fn is_unit(word: &str) -> bool {
    BARE_UNITS.contains(&word.to_lowercase().as_str())
}

/// Whether a header tells of a time.
pub(super) fn is_time(header: &str) -> bool {
    is_one_of(header, TIME_NAMES)
}

/// Whether a header tells of a place or a sensor.
pub(super) fn is_place(header: &str) -> bool {
    is_one_of(header, PLACE_NAMES)
}

fn is_one_of(header: &str, names: &[&str]) -> bool {
    let (name, _) = name_and_unit(header);
    let plain = name.to_lowercase().replace([' ', '-'], "_");
    names.contains(&plain.as_str())
}
