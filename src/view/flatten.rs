//! From the display list to the items that the overlay shader draws.

use crate::portrayal::overlay::{Face, Form, Layer, Measure, Rect, Rgba, Shape, in_layers};

use super::fonts::{FontBook, Slot};
use super::gpu::{Item, ItemKind, Items};

/// Forms as `shaders/overlay.wgsl` numbers them.
const PANEL: f32 = 1.0;

fn form_number(form: Form) -> f32 {
    match form {
        Form::Disc => 2.0,
        Form::Ring => 3.0,
        Form::Hexagon => 4.0,
        Form::Triangle => 5.0,
        Form::Square => 6.0,
        Form::Diamond => 7.0,
        Form::Hatched => 8.0,
        Form::Arrow => 9.0,
        Form::Wedge => 10.0,
    }
}

/// sRGB byte to linear share.
pub fn linear(byte: u8) -> f32 {
    let share = f32::from(byte) / 255.0;
    if share <= 0.040_45 {
        share / 12.92
    } else {
        ((share + 0.055) / 1.055).powf(2.4)
    }
}

fn color(rgba: Rgba) -> [u16; 4] {
    let word = |share: f32| (share * 65_535.0).round() as u16;
    let [r, g, b, a] = rgba.0;
    [
        word(linear(r)),
        word(linear(g)),
        word(linear(b)),
        u16::from(a) * 257,
    ]
}

const CLEAR: [u16; 4] = [0; 4];

/// Turns shapes into items, in paint order.
pub fn flatten(shapes: &[Shape], fonts: &mut FontBook) -> Items {
    let mut items = Items::default();
    for (layer, shape) in in_layers(shapes) {
        add(&mut items, layer, shape, fonts);
    }
    items
}

fn add(items: &mut Items, layer: Layer, shape: &Shape, fonts: &mut FontBook) {
    match shape {
        Shape::Panel {
            rect,
            radius,
            fill,
            border,
        } => panel(
            items,
            rect,
            *radius,
            color(*fill),
            border.map_or(CLEAR, color),
        ),
        Shape::Mark {
            at,
            size,
            form,
            fill,
            border,
            angle_rad,
        } => {
            let colors = [color(*fill), border.map_or(CLEAR, color)];
            items.push(ItemKind::Form, mark(*at, *size, *form, colors, *angle_rad));
        }
        Shape::Line {
            from,
            to,
            width,
            color: fill,
        } => {
            items.push(ItemKind::Form, line(*from, *to, *width, *fill));
        }
        Shape::Text {
            at,
            text,
            size,
            face,
            color: fill,
            halo,
            angle_rad,
        } => {
            let style = TextStyle {
                size: *size,
                face: *face,
                angle_rad: *angle_rad,
            };
            match (layer, halo) {
                (Layer::Halo, Some(halo)) => {
                    text_items(items, fonts, *at, text, &style, *halo, true);
                }
                _ => text_items(items, fonts, *at, text, &style, *fill, false),
            }
        }
    }
}

/// A mark with its colour and that of its border.
fn mark(
    at: [f32; 2],
    size: f32,
    form: Form,
    [fill, border]: [[u16; 4]; 2],
    angle_rad: f32,
) -> Item {
    Item {
        place: [at[0], at[1], size / 2.0, size / 2.0],
        uv: [0.0; 4],
        fill,
        border,
        style: [
            form_number(form),
            (size * 0.09).max(1.2),
            angle_rad,
            (size * 0.06).max(1.0),
        ],
    }
}

/// Panels with a longer side than this are worth cutting up.
const LARGE_PX: f32 = 64.0;

/// A panel. The middle of a large one is a plain rectangle on whole pixels, for which the shader
/// need not look for rounded corners; four strips around it have the rest.
fn panel(items: &mut Items, rect: &Rect, radius: f32, fill: [u16; 4], border: [u16; 4]) {
    let half = [rect.w / 2.0, rect.h / 2.0];
    let middle = [rect.x + half[0], rect.y + half[1]];
    let radius = radius.min(half[0]).min(half[1]);
    let whole = Item {
        place: [middle[0], middle[1], half[0], half[1]],
        uv: [0.0; 4],
        fill,
        border,
        style: [PANEL, radius, 0.0, 1.0],
    };
    if rect.w < LARGE_PX || rect.h < LARGE_PX {
        return items.push(ItemKind::Form, whole);
    }
    let rim = radius.max(1.0) + 1.0;
    let inner = [
        (rect.x + rim).ceil(),
        (rect.y + rim).ceil(),
        (rect.x + rect.w - rim).floor(),
        (rect.y + rect.h - rim).floor(),
    ];
    let outer = [
        rect.x - 1.0,
        rect.y - 1.0,
        rect.x + rect.w + 1.0,
        rect.y + rect.h + 1.0,
    ];
    for [left, top, right, bottom] in [
        [outer[0], outer[1], outer[2], inner[1]],
        [outer[0], inner[1], inner[0], inner[3]],
        [inner[2], inner[1], outer[2], inner[3]],
        [outer[0], inner[3], outer[2], outer[3]],
    ] {
        let uv = [
            left - middle[0],
            top - middle[1],
            right - middle[0],
            bottom - middle[1],
        ];
        items.push(ItemKind::Form, Item { uv, ..whole });
    }
    let half = [(inner[2] - inner[0]) / 2.0, (inner[3] - inner[1]) / 2.0];
    let place = [inner[0] + half[0], inner[1] + half[1], half[0], half[1]];
    items.push(ItemKind::Solid, Item { place, ..whole });
}

fn line(from: [f32; 2], to: [f32; 2], width: f32, fill: Rgba) -> Item {
    let (x, y) = (to[0] - from[0], to[1] - from[1]);
    Item {
        place: [
            (from[0] + to[0]) / 2.0,
            (from[1] + to[1]) / 2.0,
            x.hypot(y) / 2.0,
            width / 2.0,
        ],
        uv: [0.0; 4],
        fill: color(fill),
        border: CLEAR,
        style: [PANEL, 0.0, y.atan2(x), 0.0],
    }
}

struct TextStyle {
    size: f32,
    face: Face,
    angle_rad: f32,
}

fn text_items(
    items: &mut Items,
    fonts: &mut FontBook,
    at: [f32; 2],
    text: &str,
    style: &TextStyle,
    fill: Rgba,
    halo: bool,
) {
    let (sin, cos) = style.angle_rad.sin_cos();
    let upright = style.angle_rad == 0.0;
    let mut pen = 0.0;
    let mut letters = [0; 4];
    for letter in text.chars() {
        if let Some(slot) = fonts.slot(letter, style.size, style.face, halo) {
            let Slot { uv, offset, size } = slot;
            let x = pen + offset[0] + size[0] / 2.0;
            let y = offset[1] + size[1] / 2.0;
            let mut middle = [at[0] + x * cos - y * sin, at[1] + x * sin + y * cos];
            if upright {
                // Texels on pixels: upright text stays as sharp as it was drawn.
                let snap = |v: f32, extent: f32| (v - extent / 2.0).round() + extent / 2.0;
                middle = [snap(middle[0], size[0]), snap(middle[1], size[1])];
            }
            items.push(
                ItemKind::Text,
                Item {
                    place: [middle[0], middle[1], size[0] / 2.0, size[1] / 2.0],
                    uv,
                    fill: color(fill),
                    border: CLEAR,
                    style: [0.0, 0.0, style.angle_rad, 0.0],
                },
            );
        }
        pen += fonts.width(letter.encode_utf8(&mut letters), style.size, style.face);
    }
}
