//! The program `cairn`: everything is in the library.

fn main() {}
