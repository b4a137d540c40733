//! Which attribute of a file is what: a person's answer in a mapping file. Used by readers and by
//! `facts`. Never reads a file itself.

/// Which attribute is what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapping {}
