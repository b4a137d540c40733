//! Tables small enough to be written down.
