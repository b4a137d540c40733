//! A count with its noun, as people write it.

/// `1 tile`, `2 tiles`, `0 tiles`.
#[must_use]
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_singular() {
        let tiles = |count| counted(count, "tile", "tiles");
        assert_eq!(
            [tiles(0), tiles(1), tiles(2)],
            ["0 tiles", "1 tile", "2 tiles"]
        );
    }
}
