//! Houses that move together: those that hang together through party walls and move the same way are one
//! matter and not several. Pure; never joins houses that share no wall.

/// A house that moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Mover<K> {
    /// Which.
    pub house: K,
    /// Where to, if that is known: east and north, of any size.
    pub way: Option<[f64; 2]>,
}

/// Two go the same way when the cosine between their ways is above this.
const SAME_WAY: f64 = 0.5;

/// Groups of two and more that move together, each in the order of the list. `share_wall` tells whether two
/// houses share a wall. Houses of which one has no known way may move together.
#[must_use]
pub fn together<K: Copy>(movers: &[Mover<K>], share_wall: impl Fn(K, K) -> bool) -> Vec<Vec<K>> {
    let mut group: Vec<usize> = (0..movers.len()).collect();
    for (first, one) in movers.iter().enumerate() {
        for (second, other) in movers.iter().enumerate().skip(first + 1) {
            if is_same_way(one, other) && share_wall(one.house, other.house) {
                let (keep, gone) = (group[first], group[second]);
                for of in &mut group {
                    if *of == gone {
                        *of = keep;
                    }
                }
            }
        }
    }
    let mut groups: Vec<(usize, Vec<K>)> = Vec::new();
    for (index, mover) in movers.iter().enumerate() {
        match groups.iter_mut().find(|(of, _)| *of == group[index]) {
            Some((_, houses)) => houses.push(mover.house),
            None => groups.push((group[index], vec![mover.house])),
        }
    }
    let lists = groups.into_iter().map(|(_, houses)| houses);
    lists.filter(|houses| houses.len() > 1).collect()
}

fn is_same_way<K>(one: &Mover<K>, other: &Mover<K>) -> bool {
    let Some((one, other)) = one.way.zip(other.way) else {
        return true;
    };
    let sizes = one[0].hypot(one[1]) * other[0].hypot(other[1]);
    one[0] * other[0] + one[1] * other[1] >= SAME_WAY * sizes
}
