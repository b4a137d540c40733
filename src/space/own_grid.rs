//! A city's own grid: the plane similarity that leads from it to a named system, the seven
//! parameters of its datum, how both are written in text, and how the similarity is found from
//! control points. Used by `crs` and `transform`. Never touches a height.

use std::collections::BTreeMap;
use std::fmt;

/// The way **from the own grid to the named system**, by four parameters:
///
/// `X = dx + m (x cos r − y sin r)`, `Y = dy + m (x sin r + y cos r)`, `m = 1 + scale_ppm / 10⁶`,
///
/// where x and X run east, y and Y north, and r turns counter-clockwise seen on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// Easting of the own grid's origin in the named system, metres.
    pub dx_m: f64,
    /// Northing of the own grid's origin in the named system, metres.
    pub dy_m: f64,
    /// How much longer lengths are in the named system, parts per million.
    pub scale_ppm: f64,
    /// By how much directions turn counter-clockwise, arc seconds.
    pub rotation_arcsec: f64,
}

impl Similarity {
    /// Sine and cosine of the rotation, both times the scale.
    fn turn(&self) -> (f64, f64) {
        let (sin, cos) = (self.rotation_arcsec / 3600.0).to_radians().sin_cos();
        let scale = 1.0 + self.scale_ppm * 1e-6;
        (scale * sin, scale * cos)
    }

    /// From the own grid to the named system; `[x, y]` in metres, east first.
    pub fn named_from_own(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let (sin, cos) = self.turn();
        [self.dx_m + cos * x - sin * y, self.dy_m + sin * x + cos * y]
    }

    /// From the named system to the own grid: the exact inverse.
    pub fn own_from_named(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let (sin, cos) = self.turn();
        let (x, y) = (x - self.dx_m, y - self.dy_m);
        let square = sin * sin + cos * cos;
        [(cos * x + sin * y) / square, (cos * y - sin * x) / square]
    }

    /// Reads what stands between the brackets of `4p(dx=…,dy=…,scale_ppm=…,rotation_arcsec=…)`.
    pub(super) fn parse(inside: &str) -> Result<Self, String> {
        let mut fields = Fields::read(inside)?;
        let read = Self {
            dx_m: fields.number("dx")?,
            dy_m: fields.number("dy")?,
            scale_ppm: fields.number("scale_ppm")?,
            rotation_arcsec: fields.number("rotation_arcsec")?,
        };
        fields.finish()?;
        if read.scale_ppm <= -1e6 {
            return Err("scale_ppm leaves nothing of any length".into());
        }
        Ok(read)
    }
}

impl fmt::Display for Similarity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "4p(dx={},dy={},scale_ppm={},rotation_arcsec={})",
            self.dx_m, self.dy_m, self.scale_ppm, self.rotation_arcsec
        )
    }
}

/// Whose rotation the angles of seven parameters describe. The two differ in sign alone, and a
/// list of numbers does not tell which is meant: one control point does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationConvention {
    /// The position turns (EPSG method 9606, Bursa-Wolf, `+towgs84=`).
    PositionVector,
    /// The axes turn (EPSG method 9607, usual in Chinese and American software).
    CoordinateFrame,
}

impl RotationConvention {
    const WORDS: [(&'static str, Self); 2] = [
        ("position_vector", Self::PositionVector),
        ("coordinate_frame", Self::CoordinateFrame),
    ];
}

/// The way **from the datum of the named system to WGS 84**, by seven parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Helmert {
    /// Shift of the origin along the geocentric axes, metres.
    pub shift_m: [f64; 3],
    /// Rotation about the geocentric axes, arc seconds.
    pub rotation_arcsec: [f64; 3],
    /// How much longer lengths are in WGS 84, parts per million.
    pub scale_ppm: f64,
    /// How the rotation is meant.
    pub convention: RotationConvention,
}

impl Helmert {
    /// Reads what stands between the brackets of
    /// `7p(dx=…,dy=…,dz=…,rx_arcsec=…,ry_arcsec=…,rz_arcsec=…,scale_ppm=…,convention=…)`.
    pub(super) fn parse(inside: &str) -> Result<Self, String> {
        let mut fields = Fields::read(inside)?;
        let word = fields.take("convention")?;
        let convention = RotationConvention::WORDS
            .iter()
            .find(|(name, _)| *name == word);
        let Some((_, convention)) = convention else {
            return Err(format!(
                "convention={word}: write position_vector or coordinate_frame"
            ));
        };
        let read = Self {
            shift_m: [
                fields.number("dx")?,
                fields.number("dy")?,
                fields.number("dz")?,
            ],
            rotation_arcsec: [
                fields.number("rx_arcsec")?,
                fields.number("ry_arcsec")?,
                fields.number("rz_arcsec")?,
            ],
            scale_ppm: fields.number("scale_ppm")?,
            convention: *convention,
        };
        fields.finish()?;
        Ok(read)
    }

    /// As proj strings have it, which know the position vector only.
    pub(super) fn towgs84(&self) -> String {
        let sign = match self.convention {
            RotationConvention::PositionVector => 1.0,
            RotationConvention::CoordinateFrame => -1.0,
        };
        let [dx, dy, dz] = self.shift_m;
        let [rx, ry, rz] = self.rotation_arcsec.map(|angle| sign * angle);
        format!("+towgs84={dx},{dy},{dz},{rx},{ry},{rz},{}", self.scale_ppm)
    }
}

impl fmt::Display for Helmert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [dx, dy, dz] = self.shift_m;
        let [rx, ry, rz] = self.rotation_arcsec;
        let words = RotationConvention::WORDS.iter();
        let mut words = words.filter(|(_, convention)| *convention == self.convention);
        let word = words.next().map_or("", |(word, _)| word);
        write!(
            f,
            "7p(dx={dx},dy={dy},dz={dz},rx_arcsec={rx},ry_arcsec={ry},rz_arcsec={rz},scale_ppm={},convention={word})",
            self.scale_ppm
        )
    }
}

/// `name=value` pairs between brackets, each to be taken once.
struct Fields<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Fields<'a> {
    fn read(inside: &'a str) -> Result<Self, String> {
        let mut fields = BTreeMap::new();
        for field in inside.split(',') {
            let (name, value) = field
                .split_once('=')
                .ok_or_else(|| format!("{:?} is not name=value", field.trim()))?;
            if fields.insert(name.trim(), value.trim()).is_some() {
                return Err(format!("{} is given twice", name.trim()));
            }
        }
        Ok(Self(fields))
    }

    fn take(&mut self, name: &str) -> Result<&'a str, String> {
        self.0
            .remove(name)
            .ok_or_else(|| format!("{name} is missing"))
    }

    fn number(&mut self, name: &str) -> Result<f64, String> {
        let text = self.take(name)?;
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| format!("{name}={text} is not a number"))
    }

    fn finish(self) -> Result<(), String> {
        match self.0.keys().next() {
            Some(name) => Err(format!("{name} is not known")),
            None => Ok(()),
        }
    }
}

/// Why no similarity can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitFault {
    /// Fewer than two points.
    #[error("{count} control points: two are needed, four tell how good they are")]
    TooFew {
        /// How many there are.
        count: usize,
    },
    /// The points lie on one spot, or a coordinate is not finite.
    #[error("the control points lie on one spot or are not finite numbers")]
    Degenerate,
}

/// The similarity that fits control points best by least squares, and what is left at each point.
///
/// Each pair holds a point in the own grid and in the named system, `[x, y]` in metres, east
/// first. What is left is "named minus computed", in metres: a wrong point stands out there.
///
/// # Errors
/// [`FitFault`] when the points do not determine it.
pub fn fit_similarity(
    pairs: &[([f64; 2], [f64; 2])],
) -> Result<(Similarity, Vec<[f64; 2]>), FitFault> {
    if pairs.len() < 2 {
        return Err(FitFault::TooFew { count: pairs.len() });
    }
    let count = pairs.len() as f64;
    let (mut own, mut named) = ([0.0; 2], [0.0; 2]);
    for (from, to) in pairs {
        for axis in 0..2 {
            own[axis] += from[axis] / count;
            named[axis] += to[axis] / count;
        }
    }
    // About the means the best scaled rotation is a quotient of sums.
    let (mut along, mut across, mut square) = (0.0, 0.0, 0.0);
    for (from, to) in pairs {
        let (x, y) = (from[0] - own[0], from[1] - own[1]);
        let (u, v) = (to[0] - named[0], to[1] - named[1]);
        along += x * u + y * v;
        across += x * v - y * u;
        square += x * x + y * y;
    }
    let (cos, sin) = (along / square, across / square);
    // A millimetre apart is one spot.
    if !(square > 1e-6 && cos.is_finite() && sin.is_finite() && cos.hypot(sin) > 0.0) {
        return Err(FitFault::Degenerate);
    }
    let mut fitted = Similarity {
        dx_m: 0.0,
        dy_m: 0.0,
        scale_ppm: (cos.hypot(sin) - 1.0) * 1e6,
        rotation_arcsec: sin.atan2(cos).to_degrees() * 3600.0,
    };
    let turned = fitted.named_from_own(own);
    (fitted.dx_m, fitted.dy_m) = (named[0] - turned[0], named[1] - turned[1]);
    let residuals = pairs.iter().map(|(from, to)| {
        let computed = fitted.named_from_own(*from);
        [to[0] - computed[0], to[1] - computed[1]]
    });
    Ok((fitted, residuals.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_direction_is_from_own_to_named() {
        let quarter = Similarity {
            dx_m: 1000.0,
            dy_m: 2000.0,
            scale_ppm: 0.0,
            rotation_arcsec: 90.0 * 3600.0,
        };
        // What lies 10 m east in the own grid lies north of its origin after a left turn.
        let [x, y] = quarter.named_from_own([10.0, 0.0]);
        assert!(
            (x - 1000.0).abs() < 1e-9 && (y - 2010.0).abs() < 1e-9,
            "{x} {y}"
        );
    }

    #[test]
    fn faults_name_the_field() {
        let check = |inside: &str, expected: &str| {
            let fault = Similarity::parse(inside).unwrap_err();
            assert!(fault.contains(expected), "{fault}");
        };
        check("dx=1", "dy is missing");
        check("dx=1,dy", "\"dy\" is not name=value");
        check("dx=1,dx=2", "dx is given twice");
        check(
            "dx=nan,dy=1,scale_ppm=0,rotation_arcsec=0",
            "dx=nan is not a number",
        );
        check(
            "dx=1,dy=1,scale_ppm=0,rotation_arcsec=0,z=1",
            "z is not known",
        );
        let fault = Helmert::parse("convention=left").unwrap_err();
        assert!(
            fault.contains("position_vector or coordinate_frame"),
            "{fault}"
        );
    }

    #[test]
    fn too_few_or_equal_points_fit_nothing() {
        let at = [5e5, 3e6];
        assert_eq!(
            fit_similarity(&[(at, at)]),
            Err(FitFault::TooFew { count: 1 })
        );
        assert_eq!(
            fit_similarity(&[(at, at), (at, at)]),
            Err(FitFault::Degenerate)
        );
        let nan = [f64::NAN, 0.0];
        assert_eq!(
            fit_similarity(&[(nan, at), (at, at)]),
            Err(FitFault::Degenerate)
        );
    }

    #[test]
    fn a_wrong_point_stands_out() {
        let at = |x: f64, y: f64| ([x, y], [x + 100.0, y + 200.0]);
        let mut pairs = vec![
            at(0.0, 0.0),
            at(1e3, 0.0),
            at(1e3, 1e3),
            at(0.0, 1e3),
            at(500.0, 500.0),
        ];
        pairs[4].1[0] += 0.5;
        let (_, residuals) = fit_similarity(&pairs).unwrap();
        let size = |r: &[f64; 2]| r[0].hypot(r[1]);
        assert!(
            residuals[..4].iter().all(|r| size(r) < 0.15),
            "{residuals:?}"
        );
        assert!(size(&residuals[4]) > 0.35, "{residuals:?}");
    }

    fn similarity() -> impl Strategy<Value = Similarity> {
        (
            -5e7..5e7f64,
            -1e7..1e7f64,
            -500.0..500.0f64,
            -648_000.0..648_000.0f64,
        )
            .prop_map(|(dx_m, dy_m, scale_ppm, rotation_arcsec)| Similarity {
                dx_m,
                dy_m,
                scale_ppm,
                rotation_arcsec,
            })
    }

    proptest! {
        #[test]
        fn there_and_back_is_exact(way in similarity(), x in -1e6..1e6f64, y in -5e6..5e6f64) {
            let back = way.own_from_named(way.named_from_own([x, y]));
            prop_assert!((back[0] - x).hypot(back[1] - y) < 1e-6, "{back:?}");
        }

        #[test]
        fn text_is_read_back(way in similarity()) {
            let text = way.to_string();
            let inside = text.strip_prefix("4p(").unwrap().strip_suffix(')').unwrap();
            prop_assert_eq!(Similarity::parse(inside), Ok(way));
        }

        #[test]
        fn exact_points_are_fitted_exactly(
            way in similarity(),
            points in prop::collection::vec(prop::array::uniform2(-2e4..2e4f64), 3..12),
        ) {
            let pairs: Vec<_> = points.iter().map(|p| (*p, way.named_from_own(*p))).collect();
            let (found, residuals) = fit_similarity(&pairs).unwrap();
            for r in residuals {
                prop_assert!(r[0].hypot(r[1]) < 1e-5, "{r:?} {found}");
            }
        }
    }
}
