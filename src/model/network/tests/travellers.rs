//! The table of travellers, and what it refuses.

use proptest::prelude::*;

use super::*;

#[test]
fn the_standard_table_knows_who_incidents_ask_for() {
    let ids: Vec<_> = TravellerTable::standard()
        .all()
        .iter()
        .map(|one| one.id.clone())
        .collect();
    assert_eq!(ids, ["foot", "cart", "engine", "engine_small"]);
    let engine = traveller("engine");
    assert_eq!(engine.hindrance(Lane, 4.0), None);
    assert_eq!(
        engine.hindrance(Lane, 3.99),
        Some(Hindrance::TooNarrow { needs_m: 4.0 })
    );
    assert_eq!(engine.hindrance(Path, 9.0), Some(Hindrance::Kind(Path)));
    assert_eq!(traveller("engine_small").hindrance(Bridge, 2.6), None);
    assert_eq!(
        traveller("foot").hindrance(Rail, 9.0),
        Some(Hindrance::Kind(Rail))
    );
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    let text = include_str!("../../../../assets/travellers.toml");
    let refused = |from: &str, to: &str, said: &str| {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from} is not in the table");
        let error = TravellerTable::from_toml(&broken).unwrap_err().to_string();
        assert!(error.contains(said), "{to}: {error}");
    };
    refused("id = \"cart\"", "id = \"foot\"", "twice");
    refused("id = \"foot\"", "id = \"\"", "empty");
    refused("speed_m_s = 1.3", "speed_m_s = nan", "\"foot\": speed_m_s");
    refused("speed_m_s = 1.3", "speed_m_s = 0.3", "steps_speed_m_s");
    refused("steps_speed_m_s = 0.5", "", "steps_speed_m_s");
    refused(
        "steps_speed_m_s = 0.5",
        "steps_speed_m_s = 0.0",
        "steps_speed_m_s",
    );
    refused("\"path\", \"steps\"]", "\"rail\", \"steps\"]", "rail");
    refused("\"path\", \"steps\"]", "\"tunnel\"]", "tunnel");
    refused(
        "least_width_m = 4.0",
        "least_width_m = -1.0",
        "\"engine\": widths",
    );
    refused("least_width_m = 4.0", "least_width = 4.0", "least_width");
    refused("least_width_m = 4.0", "", "least_width_m");
}

proptest! {
    #[test]
    fn no_text_stops_the_program(
        bytes in proptest::collection::vec(any::<u8>(), 0..64),
        at in 0..3_000_usize,
        cut in 0..40_usize,
    ) {
        let text = include_str!("../../../../assets/travellers.toml");
        let noise = String::from_utf8_lossy(&bytes);
        let _ = TravellerTable::from_toml(&noise);
        let chars: Vec<char> = text.chars().collect();
        let at = at.min(chars.len());
        let end = (at + cut).min(chars.len());
        let mut broken: String = chars[..at].iter().collect();
        broken.push_str(&noise);
        broken.extend(&chars[end..]);
        if let Ok(table) = TravellerTable::from_toml(&broken) {
            for one in table.all() {
                prop_assert!(one.speed_m_s > 0.0 && one.slowness(Steps) >= 1.0);
            }
        }
    }
}
