//! Chance from a seed: the same seed gives the same course, on every machine (SplitMix64).

/// A source of chance.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// A number from one to another, the second left out.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from).max(1) as usize) as i64
    }

    /// Whether it happens, of so many in a thousand.
    pub fn is(&mut self, in_a_thousand: usize) -> bool {
        self.below(1_000) < in_a_thousand
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
