//! What the options of `import` may be: each is read into what it means, or refused with what to
//! write instead. Never looks at a file.

use crate::ingest::{self, Format, RegisterKind, TERRAIN_TOLERANCES_M};
use crate::space::{Crs, CrsError};

/// What `--as` says that files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    /// A base map or a model in this format.
    Format(Format),
    /// A register.
    Register(RegisterKind),
}

/// The name of a format or of a register.
pub(super) fn kind(name: &str) -> Result<As, String> {
    let format = Format::from_name(name).map(As::Format);
    let register = || RegisterKind::from_name(&name.to_ascii_lowercase()).map(As::Register);
    format.or_else(register).ok_or_else(|| {
        let (formats, registers) = (Format::names(), RegisterKind::names());
        format!("write one of {formats}, or of the registers {registers}")
    })
}

/// Whom to name.
pub(super) fn attribution(text: &str) -> Result<String, &'static str> {
    ingest::clean_attribution(text).ok_or("write whom to name")
}

/// A system of coordinates.
pub(super) fn crs(text: &str) -> Result<Crs, CrsError> {
    Crs::parse(text)
}

/// A name of a data set, a city or a model: it stands in messages and on screens.
pub(super) fn name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("it is blank: write a name, or leave the option out");
    }
    if text.chars().any(char::is_control) {
        return Err(
            "it has characters that cannot be shown (line ends and the like): leave them out",
        );
    }
    Ok(text.to_owned())
}

/// Metres of one unit of a model.
pub(super) fn scale(text: &str) -> Result<f64, String> {
    let scale = text.trim().parse().ok();
    scale
        .filter(|scale: &f64| scale.is_finite() && *scale > 0.0)
        .ok_or_else(|| "write a number above 0: the metres of one unit of the model".to_owned())
}

/// A turn in degrees.
pub(super) fn heading(text: &str) -> Result<f64, String> {
    let heading = text.trim().parse().ok();
    heading
        .filter(|heading: &f64| heading.is_finite())
        .ok_or_else(|| "write degrees, clockwise from north".to_owned())
}

/// How far heights may lie from the terrain made of them, metres.
pub(super) fn terrain_tolerance(text: &str) -> Result<f64, String> {
    let metres = text.trim().parse().ok();
    metres
        .filter(|metres| TERRAIN_TOLERANCES_M.contains(metres))
        .ok_or_else(|| {
            format!(
                "write metres from {} to {}",
                TERRAIN_TOLERANCES_M.start(),
                TERRAIN_TOLERANCES_M.end()
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_is_refused() {
        for text in ["0", "-1", "nan", "inf", "1e-9", "5000", "a step", ""] {
            assert!(
                terrain_tolerance(text)
                    .unwrap_err()
                    .contains("0.001 to 1000")
            );
        }
        assert_eq!(terrain_tolerance("0.5"), Ok(0.5));
        for text in ["0", "-3", "nan", "inf", "big", ""] {
            assert!(scale(text).unwrap_err().contains("above 0"), "{text}");
        }
        assert_eq!(scale(" 2.5"), Ok(2.5));
        assert_eq!(heading("-30"), Ok(-30.0));
        assert!(heading("nan").is_err() && heading("north").is_err());
        for text in ["", "  ", "\u{3000}", "a\nb", "a\u{7}"] {
            assert!(name(text).is_err(), "{text:?}");
        }
        assert_eq!(name("底图 2026"), Ok("底图 2026".to_owned()));
    }
}
