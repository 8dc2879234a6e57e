//! What a frame costs on the wire. Bytes do not depend on the machine, so they are held to.

use cairn::{app::Key, app::Msg, chart::who::Role, say::Lang, tui::frames::Frames};

use crate::stage::{Stage, chart, rows};

/// A typed character with its echo.
const TYPED_MAX: u64 = 64;
/// A move of the selection.
const MOVED_MAX: u64 = 300;
/// A whole screen of 80×24.
const SCREEN_MAX: u64 = 6_000;

struct Wire {
    stage: Stage,
    frames: Frames<Vec<u8>>,
}

impl Wire {
    fn new(stage: Stage) -> Self {
        let mut wire = Self {
            stage,
            frames: Frames::new(Vec::new()),
        };
        wire.cost();
        wire
    }

    /// Draws; says how many bytes it took.
    fn cost(&mut self) -> u64 {
        let (_, before) = self.frames.written();
        let (picture, caret) = self.stage.draw();
        self.frames.draw(picture, caret).unwrap();
        self.frames.written().1 - before
    }

    fn after(&mut self, key: Key) -> u64 {
        self.stage.wait_ms(200);
        self.stage.send(Msg::Key(key));
        self.cost()
    }
}

fn find() -> Stage {
    let mut stage = Stage::signed_in(Lang::English, "Dr Okot", Role::Clinician);
    stage.keys("okello gr");
    stage.find(rows());
    stage
}

#[test]
fn a_whole_screen_fits() {
    let mut stages = vec![find()];
    let mut opened = find();
    opened.keys("<Enter>");
    opened.open(chart(&rows()[0]));
    stages.push(opened);
    let mut help = find();
    help.keys("<F1>");
    stages.push(help);
    for stage in stages {
        for mono in [false, true] {
            let mut wire = Wire {
                stage: if mono { find().mono() } else { find() },
                frames: Frames::new(Vec::new()),
            };
            wire.stage.model.overlay = None;
            let cost = wire.cost();
            assert!(cost <= SCREEN_MAX, "{cost} bytes");
        }
        let mut wire = Wire {
            stage,
            frames: Frames::new(Vec::new()),
        };
        let cost = wire.cost();
        assert!(cost <= SCREEN_MAX, "{cost} bytes:\n{}", wire.stage.text());
    }
}

#[test]
fn a_typed_character_costs_little() {
    let mut stage = find();
    stage.keys("<^n>");
    let mut wire = Wire::new(stage);
    // The first key of a field takes the mark of its origin away; from then on it is typing.
    wire.stage.keys("<Enter><PgDn>a");
    wire.cost();
    for c in "mina nakato".chars() {
        let cost = wire.after(Key::Char(c));
        assert!((1..=TYPED_MAX).contains(&cost), "{c:?}: {cost} bytes");
    }
}

#[test]
fn a_character_typed_into_the_search_costs_little_before_its_list_comes() {
    let mut wire = Wire::new(find());
    for c in "ace 0772".chars() {
        let cost = wire.after(Key::Char(c));
        assert!((1..=TYPED_MAX).contains(&cost), "{c:?}: {cost} bytes");
        wire.stage.find(rows());
        wire.cost();
    }
}

#[test]
fn a_move_of_the_selection_costs_little() {
    let mut wire = Wire::new(find());
    for key in [Key::Down, Key::Down, Key::Up] {
        let cost = wire.after(key);
        assert!((1..=MOVED_MAX).contains(&cost), "{cost} bytes");
    }
}

#[test]
fn nothing_new_costs_nothing() {
    let mut wire = Wire::new(find());
    assert_eq!(wire.cost(), 0);
    assert_eq!(wire.after(Key::F(5)), 0, "a key that means nothing");
    wire.stage.wait_ms(60_000);
    wire.stage.send(Msg::Woke);
    assert_eq!(wire.cost(), 0, "a minute later");
}
