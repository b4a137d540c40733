//! Contrast by the formula of WCAG 2, and the ramps' even steps in OKLab.

use super::*;

fn linear(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    if c <= 0.040_45 {
        c / 12.92
    } else {
        ((c + 0.055) / 1.055).powf(2.4)
    }
}

fn luminance(color: Rgba) -> f64 {
    let [r, g, b, _] = color.0.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Rgba, b: Rgba) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn over(top: Rgba, under: Rgba) -> Rgba {
    let alpha = f64::from(top.0[3]) / 255.0;
    let mix = |at: usize| {
        let mixed = f64::from(top.0[at]) * alpha + f64::from(under.0[at]) * (1.0 - alpha);
        mixed.round() as u8
    };
    Rgba([mix(0), mix(1), mix(2), 255])
}

/// Lightness in OKLab.
fn lightness(color: Rgba) -> f64 {
    let [r, g, b, _] = color.0.map(linear);
    let l = (0.412_221_47 * r + 0.536_332_55 * g + 0.051_445_99 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_55 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_84 * g + 0.629_978_7 * b).cbrt();
    0.210_454_26 * l + 0.793_617_79 * m - 0.004_072_05 * s
}

/// What may lie under a panel: the lightest and the darkest of the city.
fn grounds(look: &Look) -> [Rgba; 8] {
    [
        look.ground,
        look.wall_lit,
        look.roof_shaded,
        look.roof_lit,
        look.water,
        look.green,
        look.heritage,
        look.modern,
    ]
}

fn check(name: &str, theme: Theme, a: Rgba, b: Rgba, least: f64) {
    let ratio = contrast(a, b);
    assert!(
        ratio >= least,
        "{name} in {}: {ratio:.2} is below {least}",
        theme.as_str()
    );
}

#[test]
fn panels_can_be_read_whatever_lies_under_them() {
    for &theme in Theme::ALL {
        let look = Look::of(theme);
        assert_eq!(look.theme, theme);
        for ground in grounds(look) {
            let panel = over(look.panel, ground);
            check("text", theme, look.text, panel, 7.0);
            check("secondary text", theme, look.text_secondary, panel, 4.5);
        }
        check("button", theme, look.text, look.button, 7.0);
        check("caution", theme, look.on_caution, look.caution, 7.0);
        check("danger", theme, look.on_danger, look.danger, 6.0);
    }
}

#[test]
fn marks_stand_off_every_ground_and_their_signs_off_the_mark() {
    for &theme in Theme::ALL {
        let look = Look::of(theme);
        for &grade in Grade::ALL {
            let mark = look.grade(grade);
            check(grade.as_str(), theme, mark.ink, mark.color, 3.0);
            for ground in grounds(look) {
                let best = contrast(mark.color, ground).max(contrast(look.mark_edge, ground));
                // The warm edge of heritage and sunlit tiles are mid-toned: 2 is what a dark
                // line can do there, and the fill's own hue does the rest.
                assert!(
                    best >= 2.0,
                    "{} in {}: {best:.2}",
                    grade.as_str(),
                    theme.as_str()
                );
            }
        }
    }
}

#[test]
fn names_can_be_read_on_their_halo() {
    for &theme in Theme::ALL {
        let look = Look::of(theme);
        for (name, color) in [
            ("place", look.place),
            ("water name", look.water_name),
            ("lane", look.lane),
        ] {
            check(name, theme, color, look.ground, 4.5);
        }
    }
}

#[test]
fn a_proposed_building_stands_off_the_ground() {
    for &theme in Theme::ALL {
        let look = Look::of(theme);
        check("proposed", theme, look.timber, look.ground, 3.0);
    }
}

#[test]
fn grades_differ_in_form() {
    let look = Look::of(Theme::Ink);
    let mut forms: Vec<_> = Grade::ALL
        .iter()
        .map(|grade| look.grade(*grade).form)
        .collect();
    forms.dedup();
    assert_eq!(forms.len(), 4);
}

#[test]
fn ramps_have_even_steps_of_lightness() {
    for &theme in Theme::ALL {
        let look = Look::of(theme);
        assert_eq!(look.heave[0], look.settlement[0], "none is none");
        for ramp in [look.tilt, look.settlement, look.heave] {
            let steps: Vec<f64> = ramp
                .windows(2)
                .map(|pair| lightness(pair[1]) - lightness(pair[0]))
                .collect();
            let mean = steps.iter().sum::<f64>() / steps.len() as f64;
            for step in &steps {
                assert!(
                    (step / mean - 1.0).abs() < 0.15,
                    "{}: {steps:.3?}",
                    theme.as_str()
                );
            }
        }
    }
}

#[test]
fn what_differs_stands_off_what_does_not() {
    for &theme in Theme::ALL {
        let look = Look::of(theme);
        for (name, color) in [
            ("added", look.added),
            ("removed", look.removed),
            ("changed", look.changed),
        ] {
            let far = |of: fn(f64, f64) -> f64, at: [usize; 3]| {
                let [a, b, c] = at.map(|at| f64::from(color.0[at]));
                of(of(a, b), c)
            };
            let saturation = far(f64::max, [0, 1, 2]) - far(f64::min, [0, 1, 2]);
            assert!(saturation > 80.0, "{name} is grey in {}", theme.as_str());
            let away = (lightness(color) - lightness(look.same)).abs();
            assert!(away > 0.05, "{name} in {}: {away:.3}", theme.as_str());
        }
        // What is the same is quiet, and yet it is seen that something stands there.
        let away = (lightness(look.same) - lightness(look.ground)).abs();
        assert!(away > 0.15, "same in {}: {away:.3}", theme.as_str());
        let [r, g, b, _] = look.same.0;
        assert!(r.max(g).max(b) - r.min(g).min(b) < 20, "the rest is quiet");
        // Not by hue alone: whoever sees no red and green has the lightness.
        let steps = [look.removed, look.added, look.changed].map(lightness);
        assert!(
            steps.windows(2).all(|pair| pair[1] - pair[0] > 0.03),
            "{steps:?}"
        );
    }
}

#[test]
fn the_token_file_is_strict() {
    let text = include_str!("../../../assets/look.toml");
    let refused = |text: &str| toml::from_str::<Themes>(text).is_err();
    assert!(!refused(text));
    assert!(refused(&text.replacen("ground =", "soil =", 1)));
    assert!(refused(&text.replacen("\"#E9E4D8\"", "\"beige\"", 1)));
    assert!(refused(&text.replacen("[\"#D7373F\", ", "[", 1)));
    assert_eq!("ink".parse(), Ok(Theme::Ink));
    assert!(
        "neon"
            .parse::<Theme>()
            .unwrap_err()
            .to_string()
            .contains("neon")
    );
}
