//! Invented names that do not repeat within a street: two syllables of the description's lists,
//! every pair once. Used by the plan and the bridges. Never invents the name of a community.

use super::seed::Seed;
use super::spec::AreaSpec;

/// A name in Chinese and English.
pub(super) type Pair = [String; 2];

/// The beginnings of names that are left for one street.
#[derive(Debug, Clone, Default)]
pub(super) struct Heads(Vec<Pair>);

impl Heads {
    /// All pairs of syllables in an order of the street's own; none when the description gives
    /// whole names.
    pub(super) fn of_street(spec: &AreaSpec, seed: &Seed, street: usize) -> Self {
        let names = &spec.names;
        let pair = |a: &Pair, b: &Pair| {
            [
                format!("{}{}", a[0], b[0]),
                format!("{}{}", a[1], b[1].to_lowercase()),
            ]
        };
        let seconds = |a| names.second.iter().map(move |b| pair(a, b));
        let mut all: Vec<Pair> = names.first.iter().flat_map(seconds).collect();
        seed.stream_of("names", street).shuffle(&mut all);
        Self(all)
    }

    /// The next name with this end.
    pub(super) fn with_tail(&mut self, tail: &Pair) -> Option<Pair> {
        let [zh, en] = self.0.pop()?;
        Some([format!("{zh}{}", tail[0]), format!("{en} {}", tail[1])])
    }
}
