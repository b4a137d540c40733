//! A wall without a size of its own fills the screen: with a window manager or, as on a display
//! that shows nothing else, without one.

use bevy::ecs::prelude::*;
use bevy::math::IVec2;
use bevy::window::WindowPosition;
use bevy::window::{Monitor, MonitorSelection, PrimaryMonitor, PrimaryWindow, Window, WindowMode};

/// How far the window has come on its way to the whole screen.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filling {
    /// The screen's size is not known yet.
    Waiting,
    /// The window was told to be as large as the screen.
    Resized,
    /// The window manager, if there is one, was asked for the whole screen.
    Done,
}

/// Takes one step a frame. A window manager answers to the wish for the whole screen and ignores
/// size and place; where there is none, nobody hears that wish, and size and place do it.
pub(super) fn fill(
    mut filling: ResMut<Filling>,
    mut window: Single<&mut Window, With<PrimaryWindow>>,
    monitors: Query<(&Monitor, Has<PrimaryMonitor>)>,
) {
    match *filling {
        Filling::Waiting => {
            let primary = monitors.iter().max_by_key(|(_, is_primary)| *is_primary);
            let Some((monitor, _)) = primary else {
                return;
            };
            window
                .resolution
                .set_physical_resolution(monitor.physical_width, monitor.physical_height);
            let IVec2 { x, y } = monitor.physical_position;
            window.position = WindowPosition::At(IVec2::new(x, y));
            *filling = Filling::Resized;
        }
        Filling::Resized => {
            window.mode = WindowMode::BorderlessFullscreen(MonitorSelection::Current);
            *filling = Filling::Done;
        }
        Filling::Done => {}
    }
}
