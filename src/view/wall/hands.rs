//! Mouse and keyboard of the wall.
//!
//! Left drag moves the ground, right or middle drag turns, the wheel zooms to the pointer, a
//! click selects. Keys: 1–9 saved views, 0 or Home the whole, N north, Space the most
//! urgent, A acknowledge the one in focus or answer it, M the next layer, D houses as they lean (+ and −
//! by how much, R the order of their list), T theme, L language, Esc close the card.

use bevy::ecs::prelude::*;
use bevy::input::ButtonInput;
use bevy::input::keyboard::KeyCode;
use bevy::input::mouse::{
    AccumulatedMouseMotion, AccumulatedMouseScroll, MouseButton, MouseScrollUnit,
};
use bevy::time::{Real, Time};
use bevy::window::{PrimaryWindow, Window};

use crate::model::dispatch::waiting;
use crate::model::{EntityKind, EntityRef};
use crate::portrayal::camera::Viewpoint;
use crate::portrayal::hud::{Hit, Item};
use crate::portrayal::scene::{GlyphOf, Picked};
use crate::portrayal::words::Lang;

use super::Wall;
use super::deformed;
use super::registers::step_layer;

/// A press that moves less than this is a click.
const CLICK_PX: f64 = 5.0;
/// How near a click must be to a device.
const REACH_PX: f64 = 9.0;

/// A press under way.
#[derive(Default)]
pub(super) struct Press {
    began: Option<[f64; 2]>,
    last: [f64; 2],
    dragging: bool,
    on_panel: bool,
}

pub(super) fn steer(
    mut wall: ResMut<Wall>,
    window: Single<&Window, With<PrimaryWindow>>,
    buttons: Res<ButtonInput<MouseButton>>,
    motion: Res<AccumulatedMouseMotion>,
    scroll: Res<AccumulatedMouseScroll>,
    time: Res<Time<Real>>,
    mut press: Local<Press>,
) {
    let now_s = time.elapsed_secs_f64();
    wall.advance(now_s);
    let Some(pointer) = window.physical_cursor_position() else {
        press.began = None;
        return;
    };
    let at = [f64::from(pointer.x), f64::from(pointer.y)];
    let on_panel = hit_at(&wall, at).is_some();
    let size = wall.size_px;
    if scroll.delta.y != 0.0 && !on_panel {
        let notch = if scroll.unit == MouseScrollUnit::Line {
            1.0
        } else {
            0.02
        };
        wall.steering
            .zoom(f64::from(scroll.delta.y) * notch, at, size);
        wall.untouched = false;
    }
    if buttons.pressed(MouseButton::Right) || buttons.pressed(MouseButton::Middle) {
        if motion.delta.length_squared() > 0.0 && !on_panel {
            wall.steering
                .orbit(f64::from(motion.delta.x), f64::from(motion.delta.y));
            wall.untouched = false;
        }
        return;
    }
    if buttons.just_pressed(MouseButton::Left) {
        *press = Press {
            began: Some(at),
            last: at,
            dragging: false,
            on_panel,
        };
    }
    let Some(began) = press.began else { return };
    if buttons.pressed(MouseButton::Left) {
        press.dragging |= (at[0] - began[0]).hypot(at[1] - began[1]) > CLICK_PX;
        if press.dragging && !press.on_panel {
            wall.steering.pan(press.last, at, size);
            wall.untouched = false;
        }
        press.last = at;
    }
    if buttons.just_released(MouseButton::Left) {
        if !press.dragging {
            click(&mut wall, at, now_s);
        }
        press.began = None;
    }
}

fn hit_at(wall: &Wall, at: [f64; 2]) -> Option<Hit> {
    let at = at.map(|v| v as f32);
    wall.hits
        .iter()
        .rev()
        .find(|(rect, _)| rect.contains(at))
        .map(|(_, hit)| *hit)
}

fn click(wall: &mut Wall, at: [f64; 2], now_s: f64) {
    if let Some(hit) = hit_at(wall, at) {
        return act(wall, hit, now_s);
    }
    let camera = wall.camera();
    let picked = wall.composer.scene().pick(&camera, at, REACH_PX);
    wall.show.selected = picked.map(|picked| match picked {
        Picked::Building(id, _) => EntityRef {
            kind: EntityKind::Building,
            bits: id.bits(),
        },
        Picked::Glyph(GlyphOf::Device(id)) => EntityRef {
            kind: EntityKind::Device,
            bits: id.bits(),
        },
        Picked::Glyph(GlyphOf::Camera(id)) => EntityRef {
            kind: EntityKind::Camera,
            bits: id.bits(),
        },
    });
}

fn act(wall: &mut Wall, hit: Hit, now_s: f64) {
    match hit {
        Hit::Alarm(id) => {
            let alarm = wall.twin.live().alarms.get(&id);
            let device = alarm.map(|alarm| EntityRef {
                kind: EntityKind::Device,
                bits: alarm.device.bits(),
            });
            let item = Item::of_alarm(wall.twin.live(), id);
            wall.look_at(item, device, now_s);
        }
        Hit::Waiting(item) => {
            let subject = item.subject(&wall.twin);
            wall.look_at(item, subject, now_s);
        }
        Hit::TakeUp(item) => take_up(wall, item),
        Hit::SavedView(at) => fly_to_saved(wall, at, now_s),
        Hit::Theme => wall.show.theme = wall.show.theme.other(),
        Hit::Lang => toggle_language(wall),
        Hit::Layer => step_layer(wall),
        Hit::Deform => deformed::toggle(wall),
        Hit::Exaggerate(is_up) => deformed::step(wall, is_up),
        Hit::Rank(by) => wall.show.rank = by,
        Hit::House(house) => deformed::look_at_house(wall, house, now_s),
        Hit::CloseCard => wall.show.selected = None,
        Hit::North => turn_north(wall, now_s),
        Hit::Panel => {}
    }
}

fn take_up(wall: &mut Wall, item: Item) {
    wall.show.answer = None;
    wall.link.send(item.take_up(wall.actor.clone()));
}

fn toggle_language(wall: &mut Wall) {
    wall.show.lang = match wall.show.lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
}

fn turn_north(wall: &mut Wall, now_s: f64) {
    let to = Viewpoint {
        heading_deg: 0.0,
        ..wall.steering.view()
    };
    wall.steering.fly_to(to, now_s);
    wall.untouched = false;
}

fn fly_to_saved(wall: &mut Wall, at: usize, now_s: f64) {
    let saved = wall.composer.scene().views.get(at).map(|saved| saved.view);
    if let Some(view) = saved {
        wall.steering.fly_to(view, now_s);
        wall.untouched = false;
    }
}

const DIGITS: [KeyCode; 9] = [
    KeyCode::Digit1,
    KeyCode::Digit2,
    KeyCode::Digit3,
    KeyCode::Digit4,
    KeyCode::Digit5,
    KeyCode::Digit6,
    KeyCode::Digit7,
    KeyCode::Digit8,
    KeyCode::Digit9,
];

pub(super) fn keys(mut wall: ResMut<Wall>, keys: Res<ButtonInput<KeyCode>>, time: Res<Time<Real>>) {
    let now_s = time.elapsed_secs_f64();
    let wall = &mut *wall;
    if let Some(at) = DIGITS.iter().position(|key| keys.just_pressed(*key)) {
        fly_to_saved(wall, at, now_s);
    }
    if keys.any_just_pressed([KeyCode::Digit0, KeyCode::Home]) {
        let aspect = wall.size_px[0] / wall.size_px[1];
        let whole = wall.composer.scene().default_view(aspect);
        wall.steering.fly_to(whole, now_s);
    }
    if keys.just_pressed(KeyCode::KeyN) {
        turn_north(wall, now_s);
    }
    if keys.just_pressed(KeyCode::Space) {
        let worst = waiting(wall.twin.live()).first().map(Item::of);
        if let Some(item) = worst {
            act(wall, Hit::Waiting(item), now_s);
        }
    }
    if keys.just_pressed(KeyCode::KeyA)
        && let Some(item) = wall.show.focus
    {
        let item = item.now(wall.twin.live());
        take_up(wall, item);
    }
    if keys.just_pressed(KeyCode::KeyM) {
        step_layer(wall);
    }
    if keys.just_pressed(KeyCode::KeyD) {
        deformed::toggle(wall);
    }
    if keys.just_pressed(KeyCode::KeyR) {
        deformed::next_order(wall);
    }
    if keys.any_just_pressed([KeyCode::Equal, KeyCode::NumpadAdd]) {
        deformed::step(wall, true);
    }
    if keys.any_just_pressed([KeyCode::Minus, KeyCode::NumpadSubtract]) {
        deformed::step(wall, false);
    }
    if keys.just_pressed(KeyCode::KeyT) {
        wall.show.theme = wall.show.theme.other();
    }
    if keys.just_pressed(KeyCode::KeyL) {
        toggle_language(wall);
    }
    if keys.just_pressed(KeyCode::Escape) {
        wall.show.selected = None;
        wall.show.focus = None;
    }
}
