//! Patterns of topics: `+` for one level, `#` for the rest, `{device}` for the level that names the
//! device. Used by the table of feeds, and to subscribe.

/// A pattern of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicPattern {
    /// As MQTT subscribes, with a shared group when the table names one.
    filter: String,
    levels: Vec<Level>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Level {
    Name(String),
    Any,
    Device,
    Rest,
}

/// Longest topic that MQTT allows, in bytes.
const TOPIC_BYTES_MAX: usize = 65_535;

impl TopicPattern {
    /// Reads a pattern; `$share/GROUP/` in front makes a shared subscription.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let told = |words: &str| Err(format!("topic {text:?}: {words}"));
        let plain = match text.strip_prefix("$share/") {
            None => text,
            Some(rest) => match rest.split_once('/') {
                Some((group, plain)) if !group.is_empty() && !group.contains(['+', '#', '{']) => {
                    plain
                }
                _ => return told("a shared one reads $share/GROUP/PATTERN"),
            },
        };
        if plain.is_empty() || text.len() > TOPIC_BYTES_MAX || text.contains('\0') {
            return told("it has 1 to 65535 bytes");
        }
        let mut levels = Vec::new();
        for level in plain.split('/') {
            if levels.contains(&Level::Rest) {
                return told("# stands last");
            }
            levels.push(match level {
                "+" => Level::Any,
                "#" => Level::Rest,
                "{device}" if levels.contains(&Level::Device) => {
                    return told("{device} stands once");
                }
                "{device}" => Level::Device,
                name if name.contains(['+', '#', '{', '}']) => {
                    return told("+, # and {device} each stand alone between two /");
                }
                name => Level::Name(name.to_owned()),
            });
        }
        Ok(Self {
            filter: text.replace("{device}", "+"),
            levels,
        })
    }

    /// What to subscribe to.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Whether the topic names the device.
    #[must_use]
    pub fn names_device(&self) -> bool {
        self.levels.contains(&Level::Device)
    }

    /// Whether a topic is meant, with the device that it names.
    #[must_use]
    pub fn find<'t>(&self, topic: &'t str) -> Option<Option<&'t str>> {
        let mut device = None;
        let mut parts = topic.split('/');
        for (place, level) in self.levels.iter().enumerate() {
            if *level == Level::Rest {
                // `a/#` means `a` too; the broker's own topics are meant by name alone.
                let is_own = place == 0 && topic.starts_with('$');
                return (!is_own).then_some(device);
            }
            let part = parts.next()?;
            match level {
                Level::Name(name) if name != part => return None,
                Level::Any | Level::Device if place == 0 && part.starts_with('$') => return None,
                Level::Device => device = Some(part),
                _ => {}
            }
        }
        parts.next().is_none().then_some(device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(pattern: &str, topic: &'t str) -> Option<Option<&'t str>> {
        TopicPattern::parse(pattern).unwrap().find(topic)
    }

    #[test]
    fn patterns_mean_what_mqtt_says() {
        assert_eq!(found("a/{device}/up", "a/7/up"), Some(Some("7")));
        assert_eq!(found("a/{device}/up", "a/7/down"), None);
        assert_eq!(found("a/{device}", "a/7/up"), None);
        assert_eq!(found("a/+/{device}/#", "a/b/7/x/y"), Some(Some("7")));
        assert_eq!(found("a/#", "a/b"), Some(None));
        assert_eq!(found("a/#", "a"), Some(None), "the parent too");
        assert_eq!(found("a/+", "a"), None);
        assert_eq!(found("a/+", "a/"), Some(None), "an empty level is one");
        assert_eq!(found("#", "$SYS/broker"), None);
        assert_eq!(found("+/broker", "$SYS/broker"), None);
        assert_eq!(found("$SYS/#", "$SYS/broker"), Some(None));
        assert_eq!(found("$share/g/a/{device}", "a/7"), Some(Some("7")));
        let shared = TopicPattern::parse("$share/g/a/{device}").unwrap();
        assert_eq!(shared.filter(), "$share/g/a/+");
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "a/#/b",
            "a+",
            "a/{device}/{device}",
            "a/{id}",
            "$share/g",
            "$share//a",
        ] {
            let told = TopicPattern::parse(text).unwrap_err();
            assert!(told.contains(&format!("{text:?}")), "{told}");
        }
    }
}
