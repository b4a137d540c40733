//! Pictures drawn larger than they are wanted, averaged in linear light. Used by the headless view;
//! never draws.

use super::flatten::linear;
use super::headless::Picture;

/// What a graphics card handed back, without what it puts behind each row: rows are copied in
/// multiples of 256 bytes.
pub(super) fn without_padding(mut bytes: Vec<u8>, [width, height]: [u32; 2]) -> Vec<u8> {
    let (row, rows) = (width as usize * 4, height as usize);
    let stride = bytes.len() / rows.max(1);
    if stride > row {
        for at in 1..rows {
            bytes.copy_within(at * stride..at * stride + row, at * row);
        }
        bytes.truncate(row * rows);
    }
    bytes
}

/// Averages blocks of `factor × factor` pixels in linear light.
pub(super) fn averaged(bytes: &[u8], size: [u32; 2], factor: u32) -> Picture {
    let [width, height] = size.map(|side| side / factor);
    if factor == 1 {
        return Picture {
            width,
            height,
            rgba: opaque(bytes.to_vec()),
        };
    }
    let to_linear: Vec<f32> = (0..=255).map(linear).collect();
    // 4,096 steps of linear light are finer than 256 of sRGB everywhere but in the deepest dark.
    let to_srgb: Vec<u8> = (0..=4_096_u32)
        .map(|step| srgb(step as f32 / 4_096.0))
        .collect();
    let mut rgba = Vec::with_capacity((width * height * 4) as usize);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let mut sum = 0.0;
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let at = ((y * 2 + dy) * size[0] + x * 2 + dx) * 4 + channel;
                    sum += to_linear[usize::from(bytes[at as usize])];
                }
                rgba.push(to_srgb[(sum * 1_024.0).round() as usize]);
            }
            rgba.push(255);
        }
    }
    Picture {
        width,
        height,
        rgba,
    }
}

fn opaque(mut rgba: Vec<u8>) -> Vec<u8> {
    rgba.iter_mut()
        .skip(3)
        .step_by(4)
        .for_each(|alpha| *alpha = 255);
    rgba
}

fn srgb(share: f32) -> u8 {
    let value = if share <= 0.003_130_8 {
        share * 12.92
    } else {
        1.055 * share.powf(1.0 / 2.4) - 0.055
    };
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_row_is_left_out() {
        let padded: Vec<u8> = (0..3_u8)
            .flat_map(|row| [[row; 8], [99; 8]].concat())
            .collect();
        let tight = [[0; 8], [1; 8], [2; 8]].concat();
        assert_eq!(without_padding(padded, [2, 3]), tight);
        assert_eq!(without_padding(tight.clone(), [2, 3]), tight);
        assert!(without_padding(Vec::new(), [0, 0]).is_empty());
    }

    #[test]
    fn averaging_keeps_an_even_colour_and_is_linear() {
        let even = [200, 100, 50, 255].repeat(4);
        assert_eq!(averaged(&even, [2, 2], 2).rgba, [200, 100, 50, 255]);
        let half = [[0, 0, 0, 255], [255, 255, 255, 255]].concat().repeat(2);
        assert_eq!(averaged(&half, [2, 2], 2).rgba, [188, 188, 188, 255]);
    }
}
