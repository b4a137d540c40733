//! stub
use super::headless::ViewError;
/// Setup.
pub struct WallSetup {}
/// Shows.
pub fn show_wall(_: WallSetup) -> Result<(), ViewError> {
    Ok(())
}
