//! Tests of the CityGML reader over small documents.
