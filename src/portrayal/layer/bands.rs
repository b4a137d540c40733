//! Bands of shares with round bounds. Used by layers of areas. Never more bands than there are
//! colours of a ramp.

/// Colours of a ramp.
const RAMP: usize = 5;
/// Widths of a band, per cent.
const WIDTHS: [u8; 6] = [1, 2, 5, 10, 20, 25];

/// Bands of one width, from low to high, that hold all shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bands {
    low: u8,
    width: u8,
    pub count: usize,
}

impl Bands {
    /// The narrowest bands that hold these shares, 0 to 1; none for no shares.
    pub fn of(shares: &[f64]) -> Option<Self> {
        let percent = shares.iter().map(|share| share.clamp(0.0, 1.0) * 100.0);
        let least = percent.clone().reduce(f64::min)?;
        let most = percent.reduce(f64::max)?;
        let fitting = WIDTHS.into_iter().map(|width| {
            let low = (least / f64::from(width)).floor().min(99.0) as u8 * width;
            let low = low.min(100 - width);
            let count = ((most - f64::from(low)) / f64::from(width)).ceil().max(1.0);
            Self {
                low,
                width,
                count: count as usize,
            }
        });
        fitting.into_iter().find(|bands| bands.count <= RAMP)
    }

    /// The band of a share, counted from the lowest.
    pub fn band(self, share: f64) -> usize {
        let above = share.clamp(0.0, 1.0) * 100.0 - f64::from(self.low);
        // A thousandth of a per cent keeps 0.7 out of the band below 70 %.
        let at = (above / f64::from(self.width) + 1e-3).floor().max(0.0) as usize;
        at.min(self.count - 1)
    }

    /// The bounds of a band, per cent.
    pub fn bounds(self, band: usize) -> (u8, u8) {
        let low = usize::from(self.low) + band * usize::from(self.width);
        let high = (low + usize::from(self.width)).min(100);
        (low.min(100) as u8, high as u8)
    }

    /// The colour of a band on the ramp from what is well to what needs somebody.
    pub fn class(self, band: usize, is_merit: bool) -> u8 {
        let need = if is_merit {
            self.count - 1 - band
        } else {
            band
        };
        let steps = self.count.saturating_sub(1).max(1);
        // One band alone is neither well nor ill.
        let class = if self.count == 1 {
            1
        } else {
            need * (RAMP - 1) / steps
        };
        class as u8
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bounds_are_round_and_as_narrow_as_there_are_colours() {
        let bands = Bands::of(&[0.68, 0.70, 0.722]).unwrap();
        assert_eq!((bands.low, bands.width, bands.count), (68, 1, 5));
        let wide = Bands::of(&[0.0, 1.0]).unwrap();
        assert_eq!((wide.low, wide.width, wide.count), (0, 20, 5));
        assert_eq!(Bands::of(&[1.0, 1.0]).unwrap().bounds(0), (99, 100));
        assert_eq!(Bands::of(&[]), None);
        assert_eq!([0, 4].map(|band| wide.class(band, true)), [4, 0]);
        assert_eq!([0, 4].map(|band| wide.class(band, false)), [0, 4]);
    }

    proptest! {
        #[test]
        fn every_share_lies_in_its_band(shares in prop::collection::vec(0.0..=1.0_f64, 1..20)) {
            let bands = Bands::of(&shares).unwrap();
            prop_assert!((1..=RAMP).contains(&bands.count));
            for share in shares {
                let (low, high) = bands.bounds(bands.band(share));
                let percent = share * 100.0;
                prop_assert!(percent >= f64::from(low) - 0.03 && percent <= f64::from(high) + 0.03);
            }
        }

        #[test]
        fn no_share_panics(shares in prop::collection::vec(any::<f64>(), 0..9)) {
            if let Some(bands) = Bands::of(&shares) {
                for share in shares {
                    let band = bands.band(share);
                    prop_assert!(usize::from(bands.class(band, true)) < RAMP);
                }
            }
        }
    }
}
