//! Which stretches of a buffer are free. Used by `geometry`. Never knows what lies in a buffer.

/// The free stretches of a buffer, in order, no two of them touching.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    size: u32,
    free: Vec<(u32, u32)>,
}

impl Spans {
    /// An empty buffer with room for so many items.
    pub fn new(size: u32) -> Self {
        let free = if size > 0 {
            vec![(0, size)]
        } else {
            Vec::new()
        };
        Self { size, free }
    }

    /// Whether nothing is taken.
    pub fn is_empty(&self) -> bool {
        self.size == 0 || self.free == [(0, self.size)]
    }

    /// Takes a stretch out of the smallest gap that holds it; gives its first item.
    pub fn take(&mut self, length: u32) -> Option<u32> {
        if length == 0 {
            return Some(0);
        }
        let fitting = self
            .free
            .iter()
            .enumerate()
            .filter(|(_, (_, gap))| *gap >= length);
        let (place, _) = fitting.min_by_key(|(_, (_, gap))| *gap)?;
        let (first, gap) = self.free[place];
        if gap == length {
            self.free.remove(place);
        } else {
            self.free[place] = (first + length, gap - length);
        }
        Some(first)
    }

    /// Gives a stretch back that was taken.
    pub fn give(&mut self, first: u32, length: u32) {
        if length == 0 {
            return;
        }
        let place = self.free.partition_point(|(start, _)| *start < first);
        self.free.insert(place, (first, length));
        if place + 1 < self.free.len() && first + length == self.free[place + 1].0 {
            self.free[place].1 += self.free.remove(place + 1).1;
        }
        if place > 0 && self.free[place - 1].0 + self.free[place - 1].1 == first {
            self.free[place - 1].1 += self.free.remove(place).1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is taken and given back in whatever order: stretches never overlap, and at the
        /// end the buffer is whole again.
        #[test]
        fn stretches_never_overlap(acts in prop::collection::vec((0..40u32, any::<bool>()), 0..200)) {
            let mut spans = Spans::new(300);
            let mut taken: Vec<(u32, u32)> = Vec::new();
            for (number, takes) in acts {
                if takes {
                    if let Some(first) = spans.take(number) {
                        prop_assert!(first + number <= 300);
                        let apart = |(start, length): &(u32, u32)| {
                            number == 0 || *length == 0 || first + number <= *start || start + length <= first
                        };
                        prop_assert!(taken.iter().all(apart));
                        taken.push((first, number));
                    }
                } else if !taken.is_empty() {
                    let (first, length) = taken.swap_remove(number as usize % taken.len());
                    spans.give(first, length);
                }
            }
            for (first, length) in taken {
                spans.give(first, length);
            }
            prop_assert!(spans.is_empty());
        }
    }
}
