//! From the values of fields to an observation: numbers, words, units, times. Used by the decoders of
//! all formats, so that one table means the same in each.

use super::{Context, Observation, Refusal, device_time};
use crate::base::Timestamp;

/// A value of a field, whatever the format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field<'a> {
    Number(f64),
    Text(&'a str),
}

/// The fields of a reading that the table names and the message has.
#[derive(Debug, Default, Clone)]
pub(super) struct Fields<'a> {
    pub(super) device: Option<String>,
    pub(super) time: Option<Field<'a>>,
    pub(super) value: Option<Field<'a>>,
    pub(super) second: Option<Field<'a>>,
    pub(super) temperature: Option<Field<'a>>,
    pub(super) battery: Option<Field<'a>>,
    pub(super) online: Option<Field<'a>>,
    pub(super) unit: Option<&'a str>,
}

/// Longest name of a device, in bytes.
const NAME_MAX: usize = 200;

/// An observation of fields; the device of the topic comes first.
pub(super) fn observe(fields: &Fields, context: &Context) -> Result<Observation, Refusal> {
    let named = context.topic_device.or(fields.device.as_deref());
    let device = named.map(str::trim).unwrap_or_default();
    if device.is_empty() || device.len() > NAME_MAX {
        return Err(Refusal::NoDevice);
    }
    let time = fields.time.filter(|time| *time != Field::Text(""));
    let observation = Observation {
        device: device.to_owned(),
        at: time.map(|time| at(time, context)).transpose()?,
        value: measured(fields.value, fields.unit, context)?,
        second: measured(fields.second, fields.unit, context)?,
        temperature_c: plain(fields.temperature, context)?,
        battery_percent: plain(fields.battery, context)?,
        online: fields.online.map(is_online).transpose()?,
    };
    let is_empty = observation.value.is_none()
        && observation.online.is_none()
        && observation.battery_percent.is_none();
    match is_empty {
        true => Err(Refusal::NoValue),
        false => Ok(observation),
    }
}

/// A payload that is one word or one number: a connection's state where the table names `online`,
/// otherwise a value.
pub(super) fn word(text: &str, context: &Context) -> Result<Observation, Refusal> {
    let text = Some(Field::Text(text.trim()));
    let mut fields = Fields::default();
    match context.feed.online.is_some() {
        true => fields.online = text,
        false => fields.value = text,
    }
    observe(&fields, context)
}

fn at(time: Field, context: &Context) -> Result<Timestamp, Refusal> {
    let form = context.feed.time_form;
    let at = match time {
        Field::Number(number) => device_time::of_number(number, form),
        Field::Text(text) => device_time::of_text(text, form, context.utc_offset_minutes),
    };
    at.ok_or(Refusal::NoTime)
}

/// A value in the unit of the kind.
fn measured(
    field: Option<Field>,
    unit: Option<&str>,
    context: &Context,
) -> Result<Option<f64>, Refusal> {
    let Some(number) = plain(field, context)? else {
        return Ok(None);
    };
    let of_unit = unit.and_then(|unit| context.feed.units.get(unit.trim()));
    let conversion = of_unit.copied().unwrap_or(context.feed.conversion());
    let converted = conversion.convert(number);
    match converted.is_finite() {
        true => Ok(Some(converted)),
        false => Err(Refusal::NotFinite),
    }
}

/// A number, or a word that the table gives a number; an empty text is nothing.
fn plain(field: Option<Field>, context: &Context) -> Result<Option<f64>, Refusal> {
    let number = match field {
        None => return Ok(None),
        Some(Field::Number(number)) => number,
        Some(Field::Text(text)) => {
            let text = text.trim();
            if text.is_empty() {
                return Ok(None);
            }
            let word = context.feed.words.get(text).copied();
            word.or_else(|| text.parse().ok()).ok_or(Refusal::NoValue)?
        }
    };
    match number.is_finite() {
        true => Ok(Some(number)),
        false => Err(Refusal::NotFinite),
    }
}

/// Whether a word says that the device is connected.
fn is_online(field: Field) -> Result<bool, Refusal> {
    let word = match field {
        Field::Number(number) => return Ok(number != 0.0),
        Field::Text(text) => text.trim().to_lowercase(),
    };
    match word.as_str() {
        "online" | "1" | "true" | "on" | "up" | "connected" | "在线" | "上线" => Ok(true),
        "offline" | "0" | "false" | "off" | "down" | "disconnected" | "离线" | "下线" => {
            Ok(false)
        }
        _ => Err(Refusal::NoValue),
    }
}
