//! Whole cities out and in again, in every format.
