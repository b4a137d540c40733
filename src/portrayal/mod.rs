//! What should be on screen, as plain data (the term of ISO 19117): geometry in chunks, marks,
//! labels, panels. Used by `view`, which only uploads and draws, and by `app`, which prints it as
//! text. Never names a graphics library, never reads a clock or a file.

pub mod alarms;
pub mod camera;
pub mod card;
pub mod chart;
pub mod deform;
pub mod hud;
pub mod labels;
pub mod layer;
pub mod look;
pub mod overlay;
pub mod scene;
pub mod steer;
pub mod typeset;
pub mod words;
