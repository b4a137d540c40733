//! CityJSON.
