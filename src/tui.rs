//! The terminal program: the shell around [`crate::app`]. It reads keys, draws the model,
//! and has the effects run by worker threads.

mod pen;
pub mod theme;
pub mod view;

pub use pen::{Caret, Look, Pen};
