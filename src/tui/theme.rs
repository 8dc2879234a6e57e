//! Colours and attributes by what a text means. Words come first: a theme only repeats what
//! a word or a sign already says.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Data, labels, sentences.
    Plain,
    /// The title bar.
    Title,
    /// A heading.
    Heading,
    /// The selected row.
    Selected,
    /// The field that has the caret.
    Focus,
    /// An allergy, or something that stops.
    Stop,
    /// An abnormal value, a warning.
    Abnormal,
    /// More than one version.
    Versions,
    /// Something missing that should be asked for.
    Ask,
    /// Done, in order.
    Done,
}

/// How the screen is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// The terminal's own 16 colours on its own background.
    #[default]
    Terminal,
    /// No colour at all.
    Mono,
    /// Painted, dark on light.
    Light,
    /// Painted, light on dark.
    Dark,
    /// Painted, for weak eyes and strong sun.
    Contrast,
}

/// A scheme, and whether only ASCII can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// The scheme.
    pub scheme: Scheme,
    /// Whether marks are drawn in ASCII.
    pub ascii: bool,
}

/// Foreground and background of a painted scheme.
struct Paint {
    plain: (Color, Color),
    title: (Color, Color),
    selected: (Color, Color),
    stop: (Color, Color),
    abnormal: Color,
    versions: Color,
    done: Color,
}

impl Role {
    /// Every role, with the letter that stands for it in a style map.
    pub const ALL: [(Self, char); 10] = [
        (Self::Plain, '.'),
        (Self::Title, 't'),
        (Self::Heading, 'h'),
        (Self::Selected, 's'),
        (Self::Focus, 'f'),
        (Self::Stop, 'x'),
        (Self::Abnormal, 'a'),
        (Self::Versions, 'v'),
        (Self::Ask, 'q'),
        (Self::Done, 'd'),
    ];

    const fn modifier(self) -> Modifier {
        match self {
            Self::Plain | Self::Done => Modifier::empty(),
            Self::Title | Self::Selected => Modifier::REVERSED,
            Self::Heading | Self::Abnormal => Modifier::BOLD,
            Self::Focus => Modifier::BOLD.union(Modifier::UNDERLINED),
            Self::Stop => Modifier::BOLD.union(Modifier::REVERSED),
            Self::Versions | Self::Ask => Modifier::UNDERLINED,
        }
    }
}

impl Scheme {
    /// The scheme of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "terminal" => Some(Self::Terminal),
            "mono" => Some(Self::Mono),
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            "contrast" => Some(Self::Contrast),
            _ => None,
        }
    }

    const fn paint(self) -> Option<Paint> {
        match self {
            Self::Terminal | Self::Mono => None,
            Self::Light => Some(Paint {
                plain: (rgb(0x1f_2328), rgb(0xff_ffff)),
                title: (rgb(0xff_ffff), rgb(0x24_4b5a)),
                selected: (rgb(0x10_1418), rgb(0xcf_e3ea)),
                stop: (rgb(0xff_ffff), rgb(0x9b_1c1c)),
                abnormal: rgb(0x8a_4b00),
                versions: rgb(0x7a_2a78),
                done: rgb(0x1a_6b35),
            }),
            Self::Dark => Some(Paint {
                plain: (rgb(0xe6_e6e6), rgb(0x15_191c)),
                title: (rgb(0xf4_f8fa), rgb(0x1f_4451)),
                selected: (rgb(0xff_ffff), rgb(0x2c_4b58)),
                stop: (rgb(0xff_ffff), rgb(0x98_1b1b)),
                abnormal: rgb(0xf0_b860),
                versions: rgb(0xe0_a0e0),
                done: rgb(0x7f_d69a),
            }),
            Self::Contrast => Some(Paint {
                plain: (rgb(0xff_ffff), rgb(0x00_0000)),
                title: (rgb(0x00_0000), rgb(0xff_ffff)),
                selected: (rgb(0x00_0000), rgb(0xff_ff00)),
                stop: (rgb(0xff_ffff), rgb(0xa0_0000)),
                abnormal: rgb(0xff_d700),
                versions: rgb(0xff_b0ff),
                done: rgb(0x80_ff80),
            }),
        }
    }
}

impl Theme {
    /// The style of a role.
    pub const fn style(self, role: Role) -> Style {
        match self.scheme {
            Scheme::Mono => Style::new().add_modifier(role.modifier()),
            Scheme::Terminal => Self::terminal(role),
            Scheme::Light | Scheme::Dark | Scheme::Contrast => {
                match self.scheme.paint() {
                    Some(paint) => painted(&paint, role),
                    None => Style::new(),
                }
            }
        }
    }

    const fn terminal(role: Role) -> Style {
        let style = Style::new().add_modifier(role.modifier());
        match role {
            Role::Stop => style.fg(Color::Red),
            Role::Abnormal => style.fg(Color::Yellow),
            Role::Versions => Style::new().fg(Color::Magenta),
            Role::Done => style.fg(Color::Green),
            Role::Plain
            | Role::Title
            | Role::Heading
            | Role::Selected
            | Role::Focus
            | Role::Ask => style,
        }
    }
}

const fn painted(paint: &Paint, role: Role) -> Style {
    let (fg, bg) = match role {
        Role::Plain | Role::Heading | Role::Focus | Role::Ask => paint.plain,
        Role::Title => paint.title,
        Role::Selected => paint.selected,
        Role::Stop => paint.stop,
        Role::Abnormal => (paint.abnormal, paint.plain.1),
        Role::Versions => (paint.versions, paint.plain.1),
        Role::Done => (paint.done, paint.plain.1),
    };
    let style = Style::new().fg(fg).bg(bg);
    style.add_modifier(role.modifier().difference(Modifier::REVERSED))
}

const fn rgb(hex: u32) -> Color {
    Color::from_u32(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance by WCAG 2.
    fn luminance(color: Color) -> f64 {
        let Color::Rgb(red, green, blue) = color else {
            panic!("a painted scheme names its colours")
        };
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(style: Style) -> f64 {
        let (one, other) = (luminance(style.fg.unwrap()), luminance(style.bg.unwrap()));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_painted_text_can_be_read() {
        for scheme in [Scheme::Light, Scheme::Dark, Scheme::Contrast] {
            for (role, _) in Role::ALL {
                let theme = Theme {
                    scheme,
                    ascii: false,
                };
                let vital = matches!(role, Role::Stop | Role::Title | Role::Plain);
                let needed = if vital { 7.0 } else { 4.5 };
                let found = contrast(theme.style(role));
                assert!(found >= needed, "{role:?} in {scheme:?}: {found:.2}");
            }
        }
    }

    #[test]
    fn the_mono_scheme_has_no_colour_and_still_tells_roles_apart() {
        let theme = Theme {
            scheme: Scheme::Mono,
            ascii: false,
        };
        for (role, _) in Role::ALL {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
        assert_ne!(theme.style(Role::Stop), theme.style(Role::Selected));
        assert_ne!(theme.style(Role::Focus), theme.style(Role::Heading));
    }

    #[test]
    fn the_terminals_own_background_is_never_painted() {
        for (role, _) in Role::ALL {
            let style = Theme::default().style(role);
            assert_eq!(style.bg, None, "{role:?}");
            let faint = [Some(Color::Blue), Some(Color::LightYellow)];
            assert!(!faint.contains(&style.fg), "{role:?}");
            assert!(!style.add_modifier.contains(Modifier::DIM), "{role:?}");
        }
    }
}
