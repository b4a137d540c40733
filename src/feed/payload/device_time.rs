//! The times that devices tell: seconds and milliseconds since 1970, ISO 8601, and local time as
//! platforms of Chinese vendors write it. Used by the decoders of all formats. Reads no clock.

use crate::base::Timestamp;

use super::TimeForm;

/// From this on a bare number is milliseconds: as seconds it would lie beyond the year 5000, and as
/// milliseconds less of it lies before 1974.
const LEAST_MILLIS: f64 = 1e11;
/// Beyond this no number is a time.
const LARGEST_MILLIS: f64 = 1e15;

/// A number as a time.
pub(super) fn of_number(number: f64, form: TimeForm) -> Option<Timestamp> {
    let millis = match form {
        TimeForm::Seconds => number * 1_000.0,
        TimeForm::Milliseconds => number,
        TimeForm::Auto if number.abs() < LEAST_MILLIS => number * 1_000.0,
        TimeForm::Auto => number,
        TimeForm::Text => return None,
    };
    (millis.abs() <= LARGEST_MILLIS).then(|| Timestamp::from_millis(millis.round() as i64))
}

/// A text as a time; without an offset it is the city's.
pub(super) fn of_text(text: &str, form: TimeForm, utc_offset_minutes: i32) -> Option<Timestamp> {
    let text = text.trim();
    let is_number = text.bytes().all(|one| one.is_ascii_digit() || one == b'.');
    if is_number && !text.is_empty() {
        return match compact(text) {
            Some(spread) if matches!(form, TimeForm::Auto | TimeForm::Text) => {
                of_civil(&spread, utc_offset_minutes)
            }
            _ => of_number(text.parse().ok()?, form),
        };
    }
    if !matches!(form, TimeForm::Auto | TimeForm::Text) {
        return None;
    }
    // Only the forms that are named are read; jiff knows others, which a device does not mean.
    if !text.starts_with(|one: char| one.is_ascii_digit()) || text.len() > 40 {
        return None;
    }
    let text = text.replace('/', "-");
    text.parse()
        .ok()
        .or_else(|| of_civil(&text, utc_offset_minutes))
}

/// `20260501083000` as `2026-05-01 08:30:00`.
fn compact(text: &str) -> Option<String> {
    if text.len() != 14 || !text.bytes().all(|one| one.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| &text[from..to];
    Some(format!(
        "{}-{}-{} {}:{}:{}",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    ))
}

fn of_civil(text: &str, utc_offset_minutes: i32) -> Option<Timestamp> {
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let offset = jiff::tz::Offset::from_seconds(utc_offset_minutes.checked_mul(60)?).ok()?;
    let point = offset.to_timestamp(civil).ok()?;
    Some(Timestamp::from_millis(point.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_every_form() {
        let moment = Some(Timestamp::from_millis(1_777_595_400_000));
        let auto = |text: &str| of_text(text, TimeForm::Auto, 480);
        for text in [
            "1777595400",
            "1777595400000",
            "1777595400.0",
            "2026-05-01 08:30:00",
            "2026-05-01T08:30:00",
            "2026/05/01 08:30:00",
            "2026-05-01 08:30:00.000",
            "20260501083000",
            "2026-05-01T08:30:00+08:00",
            "2026-05-01T00:30:00Z",
            " 2026-05-01 08:30 ",
        ] {
            assert_eq!(auto(text), moment, "{text}");
        }
        assert_eq!(of_number(1_777_595_400.0, TimeForm::Auto), moment);
        assert_eq!(of_number(1_777_595_400.0, TimeForm::Seconds), moment);
        assert_eq!(
            of_number(1_777_595_400_000.0, TimeForm::Milliseconds),
            moment
        );
        for text in [
            "",
            "yesterday",
            "-1",
            "+2026-05-01 08:00:00",
            "2026-13-01 08:00:00",
            "1e9",
        ] {
            assert_eq!(auto(text), None, "{text}");
        }
        assert_eq!(of_number(f64::NAN, TimeForm::Auto), None);
        assert_eq!(of_number(1e300, TimeForm::Seconds), None);
        assert_eq!(of_number(1.0, TimeForm::Text), None);
    }
}
