//! The rules: pure functions over what a chart says.
