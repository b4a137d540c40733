//! How a city is shown while frames are measured: a wall by night, with everything on it.

use pingjiang::base::Timestamp;
use pingjiang::model::RankBy;
use pingjiang::portrayal::hud::{HudMode, LinkState};
use pingjiang::portrayal::look::Theme;
use pingjiang::portrayal::words::Lang;
use pingjiang::view::{Layers, Show};

/// The wall; its marks do not pulse.
pub fn show() -> Show {
    Show {
        theme: Theme::Night,
        lang: Lang::Zh,
        mode: HudMode::Wall,
        ui_scale: 1.0,
        now: Timestamp::from_millis(1_777_600_000_000),
        link: LinkState::Alive,
        uncommitted: false,
        undone: None,
        selected: None,
        focus: None,
        answer: None,
        pulse: None,
        rank: RankBy::default(),
        layers: Layers::default(),
    }
}
