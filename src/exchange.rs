//! The formats of others, read into the chart's plain values: total, pure, tolerant. What
//! cannot be kept is named with its place, never dropped in silence.

pub mod fhir;
