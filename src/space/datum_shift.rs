//! What is known of the way from old datums to WGS 84 without a grid file, and how far it errs.
//! Used by the table of codes and by the reading of well-known text. Never guesses a shift: where
//! none is published, positions keep their degrees and the expected error says so.

/// A datum that differs from WGS 84, and the best parameters for the whole of its country.
pub(super) struct OldDatum {
    /// As `+towgs84=` takes them: metres, arc seconds (position vector), parts per million; empty
    /// where none are published.
    pub(super) towgs84: &'static str,
    /// How far positions may be out after the shift.
    pub(super) error_m: f64,
    /// Its names in well-known text, letters and digits only.
    names: &'static [&'static str],
}

/// EPSG:4833, stated 1 m; the Dutch RDNAPTRANS grid `rdtrans2018` is exact by definition.
pub(super) const AMERSFOORT: OldDatum = OldDatum {
    towgs84: "565.4171,50.3319,465.5524,-0.398957388243134,0.343987817378283,-1.87740163998045,4.0725",
    error_m: 1.0,
    names: &["amersfoort"],
};
/// EPSG:1777. Its stated 3 m hold for all of Germany; in Berlin it is within 0.5 m of the grid
/// BETA2007, where the set meant for the east (EPSG:15869) is no better.
pub(super) const DHDN: OldDatum = OldDatum {
    towgs84: "598.1,73.7,418.2,0.202,0.045,-2.455,6.7",
    error_m: 3.0,
    names: &["deutscheshauptdreiecksnetz", "dhdn"],
};
/// EPSG:1676, stated 1 m: the parameters by which CH1903+ is defined from CHTRS95.
pub(super) const CH1903_PLUS: OldDatum = OldDatum {
    towgs84: "674.374,15.056,405.346",
    error_m: 1.0,
    names: &["ch1903+"],
};
/// EPSG:1766, stated 1.5 m: the old triangulation is strained by up to 1.6 m, which only the grid
/// CHENyx06 takes out. The zeros tell it from [`CH1903_PLUS`].
pub(super) const CH1903: OldDatum = OldDatum {
    towgs84: "674.374,15.056,405.346,0,0,0,0",
    error_m: 1.6,
    names: &["ch1903"],
};
/// EPSG:1314, stated 2 m; the 0.1 m way needs the grid OSTN15.
pub(super) const OSGB36: OldDatum = OldDatum {
    towgs84: "446.448,-125.157,542.06,0.15,0.247,0.842,-20.489",
    error_m: 2.0,
    names: &["ordnancesurveyofgreatbritain1936", "osgb1936", "osgb36"],
};
/// EPSG:15929, stated 1 m; the grid bd72lb72 is good to a centimetre.
pub(super) const BD72: OldDatum = OldDatum {
    towgs84: "-106.8686,52.2978,-103.7239,0.3366,-0.457,1.8422,-1.2747",
    error_m: 1.0,
    names: &["reseaunationalbelge1972", "belge1972"],
};
/// EPSG:5239, Czechia, stated 1 m.
pub(super) const S_JTSK: OldDatum = OldDatum {
    towgs84: "572.213,85.334,461.94,4.9732,1.529,5.2484,3.5378",
    error_m: 1.0,
    names: &["systemoftheunifiedtrigonometricalcadastralnetwork", "sjtsk"],
};
/// EPSG:1618, Austria, stated 1.5 m; the grid of the survey office is good to 0.15 m.
pub(super) const MGI: OldDatum = OldDatum {
    towgs84: "577.326,90.129,463.919,5.137,1.474,5.297,2.4232",
    error_m: 1.5,
    names: &["militargeographischeinstitut", "mgi"],
};
/// EPSG:1825, stated 1 m.
pub(super) const HONG_KONG_1980: OldDatum = OldDatum {
    towgs84: "-162.619,-276.959,-161.764,0.067753,-2.243648,-1.158828,-1.094246",
    error_m: 1.0,
    names: &["hongkong1980"],
};
/// EPSG:1272, stated 1 m. The one old datum that stands on the modern ellipsoid.
const GGRS87: OldDatum = OldDatum {
    towgs84: "-199.87,74.79,246.62",
    error_m: 1.0,
    names: &["greekgeodeticreferencesystem1987", "ggrs1987"],
};
/// No parameters are published for the country, and the sets of single basins (EPSG:15918–15921,
/// 15935, 15936) move positions by 60 to 150 m.
pub(super) const BEIJING_1954: OldDatum = OldDatum {
    towgs84: "",
    error_m: 160.0,
    names: &["beijing1954"],
};
/// No parameters are published at all; the net was adjusted anew on the way from Beijing 1954 and
/// lies within the same distance of WGS 84.
pub(super) const XIAN_1980: OldDatum = OldDatum {
    towgs84: "",
    error_m: 160.0,
    names: &["xian1980"],
};

const ALL: &[OldDatum] = &[
    AMERSFOORT,
    DHDN,
    CH1903_PLUS,
    CH1903,
    OSGB36,
    BD72,
    S_JTSK,
    MGI,
    HONG_KONG_1980,
    GGRS87,
    BEIJING_1954,
    XIAN_1980,
];

/// Old datums lie up to a kilometre from WGS 84.
const UNKNOWN_ERROR_M: f64 = 1_000.0;

/// The shift of a datum to WGS 84.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shift {
    /// Three or seven parameters, as `+towgs84=` takes them.
    Known(Vec<f64>),
    /// As text of the table.
    Listed(&'static str),
    /// Nothing is known.
    Unknown,
}

impl Shift {
    /// As the end of a proj string.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Known(values) => {
                let values: Vec<String> = values.iter().map(f64::to_string).collect();
                format!(" +towgs84={}", values.join(","))
            }
            Self::Listed(text) => format!(" +towgs84={text}"),
            Self::Unknown => String::new(),
        }
    }
}

/// What the datum's name in well-known text tells, or else its ellipsoid: the modern datums all
/// stand on those of GRS 80 and WGS 84, and lie within two metres of each other.
pub(super) fn shift_of(datum: &str, radius_m: f64, inverse_flattening: f64) -> Shift {
    let lower = datum.to_lowercase();
    let plain: String = lower
        .strip_prefix("d_")
        .unwrap_or(&lower)
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '+')
        .collect();
    if let Some(old) = ALL.iter().find(|old| old.names.contains(&plain.as_str())) {
        return if old.towgs84.is_empty() {
            Shift::Unknown
        } else {
            Shift::Listed(old.towgs84)
        };
    }
    if is_modern(radius_m, inverse_flattening) {
        Shift::Listed("0,0,0")
    } else {
        Shift::Unknown
    }
}

fn is_modern(radius_m: f64, inverse_flattening: f64) -> bool {
    // The sphere of web maps stands for WGS 84 too.
    let flattening = inverse_flattening == 0.0 || (inverse_flattening - 298.257_22).abs() < 1e-5;
    (radius_m - 6_378_137.0).abs() < 1e-3 && flattening
}

/// Names of ellipsoids, with radius and inverse flattening.
const ELLIPSOIDS: &[(&str, f64, f64)] = &[
    ("WGS84", 6_378_137.0, 298.257_223_563),
    ("GRS80", 6_378_137.0, 298.257_222_101),
    ("krass", 6_378_245.0, 298.3),
    ("bessel", 6_377_397.155, 299.152_812_8),
    ("intl", 6_378_388.0, 297.0),
    ("airy", 6_377_563.396, 299.324_964_6),
];

/// An ellipsoid as the words of a proj string; an inverse flattening of 0 is a sphere.
pub(super) fn ellipsoid_words(radius_m: f64, inverse_flattening: f64) -> String {
    let named = ELLIPSOIDS.iter().find(|(_, radius, inverse)| {
        (radius - radius_m).abs() < 1e-4 && (inverse - inverse_flattening).abs() < 1e-7
    });
    match named {
        Some((name, ..)) => format!("+ellps={name}"),
        None if inverse_flattening == 0.0 => format!("+R={radius_m}"),
        None => format!("+a={radius_m} +rf={inverse_flattening}"),
    }
}

/// How far positions may be out after the shift that a proj string describes; `None` where none is
/// involved, or it was stated by someone who knows better than this table.
pub(super) fn expected_error_m(proj: &str) -> Option<f64> {
    let value = |key: &str| {
        proj.split_whitespace()
            .find_map(|word| word.strip_prefix(key))
    };
    if let Some(stated) = value("+towgs84=") {
        let listed = ALL.iter().find(|old| old.towgs84 == stated);
        return listed.map(|old| old.error_m);
    }
    if value("+nadgrids=").is_some() || value("+datum=").is_some() || value("+R=").is_some() {
        return None;
    }
    let named = value("+ellps=");
    let number = |key: &str| value(key).and_then(|text| text.parse::<f64>().ok());
    match (named, number("+a="), number("+rf=")) {
        (None | Some("WGS84" | "GRS80"), None, _) => None,
        (Some("krass"), ..) => Some(BEIJING_1954.error_m),
        (None, Some(radius_m), _) if (radius_m - 6_378_140.0).abs() < 1e-3 => {
            Some(XIAN_1980.error_m)
        }
        (None, Some(radius_m), Some(inverse)) if is_modern(radius_m, inverse) => None,
        _ => Some(UNKNOWN_ERROR_M),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_dialects_are_known() {
        let check = |name: &str, expected: Shift| {
            assert_eq!(shift_of(name, 6_377_397.155, 299.15), expected)
        };
        check("D_Amersfoort", Shift::Listed(AMERSFOORT.towgs84));
        check("CH1903+", Shift::Listed(CH1903_PLUS.towgs84));
        check("D_CH1903", Shift::Listed(CH1903.towgs84));
        check(
            "Ordnance_Survey_of_Great_Britain_1936",
            Shift::Listed(OSGB36.towgs84),
        );
        check("D_Beijing_1954", Shift::Unknown);
        check("D_Somewhere", Shift::Unknown);
        assert_eq!(
            shift_of("China_2000", 6_378_137.0, 298.257_222_101),
            Shift::Listed("0,0,0")
        );
    }

    #[test]
    fn errors_follow_the_shift() {
        let check = |proj: &str, expected: Option<f64>| {
            assert_eq!(expected_error_m(proj), expected, "{proj}")
        };
        check(
            "+proj=longlat +ellps=bessel +towgs84=674.374,15.056,405.346 +no_defs",
            Some(1.0),
        );
        check("+proj=longlat +ellps=bessel +towgs84=1,2,3", None);
        check("+proj=longlat +ellps=krass", Some(160.0));
        check("+proj=longlat +ellps=bessel", Some(1_000.0));
        check("+proj=longlat +a=6378140 +rf=298.257", Some(160.0));
        check("+proj=longlat +ellps=GRS80", None);
        check("+proj=longlat +datum=potsdam", None);
    }
}
