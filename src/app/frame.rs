//! What the frame itself does, on every screen.

use super::{Page, Tab};
use crate::say::Lang;

/// What a key may ask of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// Show what the keys do here.
    Help,
    /// Run any command by its name.
    Palette,
    /// Show what was said before.
    Messages,
    /// Lock now.
    Lock,
    /// Go to a tab.
    To(Tab),
    /// Go to a page of the open chart.
    Page(Page),
    /// Show the open chart with what came in from another machine.
    ShowNewer,
    /// Close what is written in the chart under the next category, or write it open again.
    Close,
    /// Go on with what lies unfinished.
    GoOn,
    /// Speak this language with the person from now on.
    Speak(Lang),
    /// Draw the whole screen anew.
    Redraw,
    /// Stop what runs; say how to quit.
    Interrupt,
    /// End the program.
    Quit,
}
