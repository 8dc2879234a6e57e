//! The terminal program: the shell around [`crate::app`]. It reads keys, draws the model,
//! and has the effects run by worker threads.

mod backend;
pub mod effects;
pub mod frames;
mod input;
mod network;
mod pen;
pub mod picture;
mod program;
mod run;
mod terminal;
pub mod theme;
pub mod view;

pub use network::Sharing;
pub use pen::{Caret, Drawn, Look, Pen};
pub use program::{Program, Stopped};
pub use run::{Error, Options, terminal_size};
pub use terminal::Surroundings;
