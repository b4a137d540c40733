//! Where readings come from, and that they no longer do.

use super::*;
use crate::model::FeedConnection;

#[test]
fn a_recording_that_is_played_is_stamped_on_every_picture() {
    for (lang, told) in [(Lang::En, "REPLAY"), (Lang::Zh, "数据回放")] {
        let mut facts = scenes::normal(Words::of(lang));
        for mode in [HudMode::Wall, HudMode::None] {
            facts.feed.replayed = false;
            assert!(!said(&made(&facts, mode, SIZES[3], lang)).contains(told));
            facts.feed.replayed = true;
            assert!(said(&made(&facts, mode, SIZES[3], lang)).contains(told));
        }
    }
}

#[test]
fn a_feed_that_is_cut_off_is_told_with_its_time() {
    for (lang, told) in [(Lang::En, "cut off since"), (Lang::Zh, "起中断")] {
        let mut facts = scenes::normal(Words::of(lang));
        let line = |facts: &HudFacts| said(&made(facts, HudMode::Wall, SIZES[3], lang));
        facts.feed.name = "mqtt".to_owned();
        let connection = FeedConnection {
            connected: true,
            since: facts.now.plus(-600_000),
            ..FeedConnection::default()
        };
        facts.feed.connection = Some(connection.clone());
        let text = line(&facts);
        assert!(text.contains("mqtt") && !text.contains(told), "{text}");
        facts.feed.connection = Some(FeedConnection {
            connected: false,
            ..connection
        });
        let text = line(&facts);
        let since = facts
            .now
            .plus(-600_000)
            .local(facts.utc_offset_minutes, "%H:%M");
        let found = text.lines().find(|line| line.contains(told));
        assert!(found.is_some_and(|line| line.contains(&since)), "{text}");
    }
}
