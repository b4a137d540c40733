//! SenML in JSON (RFC 8428): base fields resolved, records of one device and one time put together.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fields::{Field, Fields, observe};
use super::{Context, Readings, Refusal};

/// Times below this are relative to the arrival (RFC 8428, 4.5.3): 2^28 seconds.
const RELATIVE_BELOW_S: f64 = 268_435_456.0;
/// The version of the RFC; a pack of a higher one must not be read.
const VERSION: f64 = 10.0;

/// A record with its base fields.
struct Resolved<'a> {
    name: String,
    at_s: f64,
    unit: Option<&'a str>,
    value: Field<'a>,
}

/// The base fields as they stand.
#[derive(Default)]
struct Base<'a> {
    name: &'a str,
    time_s: f64,
    unit: Option<&'a str>,
    value: f64,
}

/// Every device and time of a pack.
pub(super) fn decode(text: &str, context: &Context) -> Result<Readings, Refusal> {
    let pack: Value = serde_json::from_str(text).map_err(|_| Refusal::Malformed)?;
    let records = pack.as_array().ok_or(Refusal::Malformed)?;
    let mut base = Base::default();
    let mut readings = Readings::new();
    let mut groups = BTreeMap::<(String, i64), Fields>::new();
    for record in records {
        let record = record.as_object().ok_or(Refusal::Malformed)?;
        match base.resolve(record, context)? {
            None => {}
            Some(Err(refusal)) => readings.push(Err(refusal)),
            Some(Ok(resolved)) => match place(&resolved.name, context) {
                None => readings.push(Err(Refusal::NoValue)),
                Some((device, role)) => {
                    let millis = (resolved.at_s * 1_000.0).round();
                    let group = groups
                        .entry((device.to_owned(), millis as i64))
                        .or_default();
                    group.device = Some(device.to_owned());
                    group.time = Some(Field::Number(resolved.at_s));
                    role.put(group, &resolved);
                }
            },
        }
    }
    readings.extend(groups.values().map(|fields| observe(fields, context)));
    match readings.is_empty() {
        true => Err(Refusal::NoValue),
        false => Ok(readings),
    }
}

impl<'a> Base<'a> {
    /// Takes the base fields of a record, then the record itself; `None` where it has base fields
    /// alone.
    ///
    /// # Errors
    /// When the pack must not be read further.
    fn resolve(
        &mut self,
        record: &'a Map<String, Value>,
        context: &Context,
    ) -> Result<Option<Result<Resolved<'a>, Refusal>>, Refusal> {
        // A field that ends in _ must be understood (RFC 8428, 4.4).
        if record.keys().any(|key| key.ends_with('_')) {
            return Err(Refusal::Malformed);
        }
        let number = |key: &str| match record.get(key) {
            None => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or(Refusal::Malformed),
        };
        let text = |key: &str| match record.get(key) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or(Refusal::Malformed),
        };
        if number("bver")?.is_some_and(|version| version > VERSION) {
            return Err(Refusal::Malformed);
        }
        self.name = text("bn")?.unwrap_or(self.name);
        self.time_s = number("bt")?.unwrap_or(self.time_s);
        self.unit = text("bu")?.or(self.unit);
        self.value = number("bv")?.unwrap_or(self.value);
        let value = match (number("v")?, text("vs")?, record.get("vb")) {
            (Some(number), ..) => Field::Number(self.value + number),
            (None, Some(words), _) => Field::Text(words),
            (None, None, Some(Value::Bool(is))) => Field::Number(f64::from(u8::from(*is))),
            (None, None, Some(_)) => return Err(Refusal::Malformed),
            (None, None, None) => {
                let is_record = ["n", "vd", "s"].iter().any(|key| record.contains_key(*key));
                return Ok(is_record.then_some(Err(Refusal::NoValue)));
            }
        };
        let told_s = self.time_s + number("t")?.unwrap_or_default();
        let now_s = context.arrived.millis() as f64 / 1_000.0;
        let is_relative = told_s < RELATIVE_BELOW_S;
        if is_relative && context.retained {
            return Ok(Some(Err(Refusal::Ageless)));
        }
        Ok(Some(Ok(Resolved {
            name: format!("{}{}", self.name, text("n")?.unwrap_or_default()),
            at_s: if is_relative { now_s + told_s } else { told_s },
            unit: text("u")?.or(self.unit),
            value,
        })))
    }
}

/// What a record tells of its device.
enum Role {
    Value,
    Second,
    Temperature,
    Battery,
    Online,
}

impl Role {
    fn put<'a>(&self, fields: &mut Fields<'a>, resolved: &Resolved<'a>) {
        let slot = match self {
            Self::Value => {
                fields.unit = resolved.unit;
                &mut fields.value
            }
            Self::Second => &mut fields.second,
            Self::Temperature => &mut fields.temperature,
            Self::Battery => &mut fields.battery,
            Self::Online => &mut fields.online,
        };
        *slot = Some(resolved.value);
    }
}

/// The device that a name means, and what of it: names end with what the table says. Where the
/// table names no value every other name is a device's.
fn place<'n>(name: &'n str, context: &Context) -> Option<(&'n str, Role)> {
    let feed = context.feed;
    let ends = [
        (&feed.second, Role::Second),
        (&feed.temperature, Role::Temperature),
        (&feed.battery, Role::Battery),
        (&feed.online, Role::Online),
        (&feed.value, Role::Value),
    ];
    for (end, role) in ends {
        let ends = end.as_deref().into_iter().flat_map(|end| end.split('|'));
        for end in ends.map(str::trim).filter(|end| !end.is_empty()) {
            if let Some(device) = name.strip_suffix(end) {
                return Some((device.trim_end_matches(['/', ':', '.', '_', '-']), role));
            }
        }
    }
    feed.value.is_none().then_some((name, Role::Value))
}
