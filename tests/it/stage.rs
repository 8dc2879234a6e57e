//! A model on a stage: keys are typed at it, answers are given, and pictures taken.

use cairn::{
    app::{
        Effect, Entering, Key, Model, Msg, Setting, Size, Who, beyond,
        draft::Unfinished,
        find::{Answer, Found},
        keymap::Action,
        lock::Person,
        register::Alike,
        update,
    },
    chart::{
        Allergy, BirthDate, Chart, Coded, Criticality, Entry, Identifier, Identity, Name,
        Person as Patient, Reaction, Severity, Sex, Summary, Visits, who::Role,
    },
    find::{Field, How, Reason, Row},
    ids::{LogId, PatientId, RecordId, UserId},
    say::Lang,
    time::{Moment, PartialDate, Timestamp},
    tui::{
        Drawn,
        theme::{Role as Look, Scheme, Theme},
        view::ScreenView,
    },
};
use ratatui::{buffer::Buffer, layout::Rect};

pub(crate) struct Stage {
    pub(crate) model: Model,
    pub(crate) theme: Theme,
    pub(crate) asked: Vec<Effect>,
    pub(crate) now: Moment,
}

pub(crate) fn now() -> Moment {
    "2025-11-18T10:42:00+03:00".parse().unwrap()
}

pub(crate) fn setting(lang: Lang) -> Setting {
    Setting {
        lang,
        size: Size {
            columns: 80,
            rows: 24,
        },
        random: 7,
        idle_minutes: 2,
        now: now(),
    }
}

pub(crate) fn who(name: &str, role: Role) -> Who {
    Who {
        user: UserId::from_bytes([role.byte() + 1; 16]),
        machine: LogId::from_bytes([9; 16]),
        name: name.to_owned(),
        role,
    }
}

pub(crate) fn entering(who: Who) -> Entering {
    Entering {
        who,
        clinic: "Kijani HC".to_owned(),
        lang: None,
        unfinished: Vec::new(),
    }
}

impl Stage {
    pub(crate) fn first_start(lang: Lang) -> Self {
        Self::of((Model::first_start(setting(lang)), Vec::new()))
    }

    pub(crate) fn locked(lang: Lang) -> Self {
        Self::of(Model::locked(setting(lang), "Kijani Health Centre"))
    }

    pub(crate) fn signed_in(lang: Lang, name: &str, role: Role) -> Self {
        Self::of(Model::signed_in(setting(lang), entering(who(name, role))))
    }

    fn of((model, asked): (Model, Vec<Effect>)) -> Self {
        Self {
            model,
            theme: Theme::default(),
            asked,
            now: now(),
        }
    }

    pub(crate) fn mono(mut self) -> Self {
        self.theme.scheme = Scheme::Mono;
        self
    }

    pub(crate) fn sized(mut self, columns: u16, rows: u16) -> Self {
        self.send(Msg::Resized(Size { columns, rows }));
        self
    }

    pub(crate) fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg, self.now);
        self.asked.extend(effects);
    }

    pub(crate) fn wait_ms(&mut self, ms: i64) {
        self.now.at = self.now.at.plus_ms(ms);
    }

    /// Types keys 200 ms apart: characters, and names in angle brackets as in `<Enter>`.
    pub(crate) fn keys(&mut self, script: &str) {
        for key in keys(script) {
            self.wait_ms(200);
            self.send(Msg::Key(key));
        }
    }

    /// Answers the newest search.
    pub(crate) fn find(&mut self, rows: Vec<Row>) {
        let request = self.newest(|effect| {
            if let Effect::Find(cairn::app::find::Effect::Search { request, .. }) = effect
            {
                Some(*request)
            } else {
                None
            }
        });
        let found = rows.into_iter().map(|row| Found {
            row,
            how: How::Starts,
            field: Field::Name,
        });
        let found: Vec<Found> = found.collect();
        let total = found.len();
        self.send(Msg::Find(Answer::Found {
            request,
            found,
            total,
        }));
    }

    /// Answers the newest question who may be the same.
    pub(crate) fn alike(&mut self, rows: Vec<Row>) {
        let request = self.newest(|effect| {
            if let Effect::Register(cairn::app::register::Effect::Alike {
                request, ..
            }) = effect
            {
                Some(*request)
            } else {
                None
            }
        });
        let alike = rows.into_iter().map(|row| Alike {
            found: Found {
                row,
                how: How::Exact,
                field: Field::Name,
            },
            why: vec![Reason::Name, Reason::Sex, Reason::Age],
        });
        self.send(Msg::Register(cairn::app::register::Answer::Alike {
            request,
            alike: alike.collect(),
        }));
    }

    /// Answers the newest request for a chart.
    pub(crate) fn open(&mut self, chart: Chart) {
        let request = self.newest(|effect| {
            if let Effect::Patient(cairn::app::patient::Effect::Open {
                request, ..
            }) = effect
            {
                Some(*request)
            } else {
                None
            }
        });
        self.send(Msg::Patient(cairn::app::patient::Answer::Opened {
            request,
            result: Ok(Box::new(chart)),
        }));
    }

    /// What was asked about what leaves the clinic, the newest first.
    pub(crate) fn beyond(&self) -> impl Iterator<Item = &beyond::Effect> {
        let asked = self.asked.iter().rev();
        asked.filter_map(|effect| {
            if let Effect::Beyond(effect) = effect {
                Some(effect)
            } else {
                None
            }
        })
    }

    /// Answers the newest question of this kind about what leaves the clinic.
    pub(crate) fn tell(
        &mut self,
        asked: impl Fn(&beyond::Asks) -> bool,
        news: beyond::News,
    ) {
        let request = self.beyond().find(|it| asked(&it.asks)).unwrap().request;
        self.send(Msg::Beyond(beyond::Answer { request, news }));
    }

    pub(crate) fn newest<T>(&self, pick: impl Fn(&Effect) -> Option<T>) -> T {
        self.asked.iter().rev().find_map(pick).unwrap()
    }

    pub(crate) fn draw(&self) -> (Buffer, Option<ratatui::layout::Position>) {
        let (buf, drawn) = self.drawn();
        (buf, drawn.caret)
    }

    /// What a click there would do.
    pub(crate) fn clicked(&self, column: usize, row: usize) -> Option<Action> {
        let (column, row) = (column.try_into().unwrap(), row.try_into().unwrap());
        self.drawn().1.at(column, row).cloned()
    }

    fn drawn(&self) -> (Buffer, Drawn) {
        let Size { columns, rows } = self.model.size;
        let area = Rect::new(0, 0, columns, rows);
        let mut buf = Buffer::empty(area);
        let view = ScreenView {
            model: &self.model,
            theme: self.theme,
        };
        let drawn = view.draw_on(area, &mut buf);
        (buf, drawn)
    }

    pub(crate) fn text(&self) -> String {
        text(&self.draw().0)
    }

    /// The text, and under it the map of roles and the caret.
    pub(crate) fn picture(&self) -> String {
        let (buf, caret) = self.draw();
        let caret = caret.map_or("none".to_owned(), |it| format!("{},{}", it.x, it.y));
        format!("{}\n{}caret {caret}\n", text(&buf), roles(&buf, self.theme))
    }
}

/// The rows of the screen, without spaces at their ends.
pub(crate) fn text(buf: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buf.area.height {
        let mut row = String::new();
        let mut skip = 0;
        for x in 0..buf.area.width {
            let symbol = buf[(x, y)].symbol();
            if skip > 0 {
                skip -= 1;
                continue;
            }
            row.push_str(symbol);
            skip = cairn::text::Shown::line(symbol).width().saturating_sub(1);
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

/// One letter for each cell's role; rows without any are left out.
fn roles(buf: &Buffer, theme: Theme) -> String {
    let mut map = String::new();
    for y in 0..buf.area.height {
        let row: String = (0..buf.area.width)
            .map(|x| {
                let style = buf[(x, y)].style();
                let alike = |look: Look| {
                    let of = ratatui::style::Style::reset().patch(theme.style(look));
                    (of.fg, of.bg, of.add_modifier)
                        == (style.fg, style.bg, style.add_modifier)
                };
                let role = Look::ALL.iter().find(|(look, _)| alike(*look));
                role.map_or('?', |(_, letter)| *letter)
            })
            .collect();
        if row.chars().any(|it| it != '.') {
            map.push_str(&y.to_string());
            map.push(' ');
            map.push_str(row.trim_end_matches('.'));
            map.push('\n');
        }
    }
    map
}

fn keys(script: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = script;
    while let Some(c) = rest.chars().next() {
        let end = if c == '<' { rest.find('>') } else { None };
        if let Some(end) = end {
            keys.push(named(&rest[1..end]));
            rest = &rest[end + 1..];
        } else {
            keys.push(Key::Char(c));
            rest = &rest[c.len_utf8()..];
        }
    }
    keys
}

fn named(name: &str) -> Key {
    match name {
        "Enter" => Key::Enter,
        "Esc" => Key::Esc,
        "Tab" => Key::Tab,
        "BackTab" => Key::BackTab,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Up" => Key::Up,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Home" => Key::Home,
        "End" => Key::End,
        "Down" => Key::Down,
        "PgDn" => Key::PageDown,
        _ => match name.split_at(1) {
            ("F", number) => Key::F(number.parse().unwrap()),
            ("^", letter) => Key::Ctrl(letter.chars().next().unwrap()),
            _ => panic!("no key {name}"),
        },
    }
}

pub(crate) fn date(text: &str) -> PartialDate {
    text.parse().unwrap()
}

pub(crate) fn row(number: u8, family: &str, given: &str, born: &str) -> Row {
    Row {
        patient: PatientId::from_bytes([number; 16]),
        number: format!("K2F7-04{number:02}-R"),
        names: vec![name(family, given)],
        sex: if number.is_multiple_of(2) {
            Sex::Male
        } else {
            Sex::Female
        },
        birth: Some(BirthDate {
            date: date(born),
            estimated: false,
        }),
        phones: vec![format!("0772 123 4{number:02}")],
        village: "Kijani A".to_owned(),
        identifiers: Vec::new(),
        severe_allergy: Some(number == 1),
        last_seen: Some(now().at.plus_ms(-86_400_000 * i64::from(number) * 20)),
        hidden: false,
        registered: (LogId::ZERO, Timestamp(0)),
        others: Vec::new(),
    }
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(1, "Okello", "Grace", "1987-03-14"),
        row(2, "Okello", "Grace A.", "1989"),
        row(3, "Okelo", "Gracious", "2016-05-02"),
        row(4, "Okellot", "Grace", "1985-01-01"),
    ]
}

/// Names that try to break a screen, and names of the world.
pub(crate) fn hostile_rows() -> Vec<Row> {
    let zalgo = format!("Z{}algo", "\u{335}".repeat(2_000));
    let names = [
        ("\u{1b}[31mRed\u{1b}[2J", "\u{1b}]0;title\u{7}"),
        ("\u{202e}Reversed", "\u{2066}x\u{2069}"),
        (zalgo.as_str(), "a\u{300}"),
        ("👨\u{200d}👩\u{200d}👧\u{200d}👦", "🇺🇬 emoji"),
        (&"Long".repeat(75), "name"),
        ("王", "小明"),
        ("አበበ", "ሰላም"),
        ("محمد", "علي"),
        ("मीना", "शर्मा"),
        ("தமிழ்", "செல்வி"),
    ];
    (1..)
        .zip(names)
        .map(|(number, (family, given))| row(number, family, given, "1987-03-14"))
        .collect()
}

pub(crate) fn name(family: &str, given: &str) -> Name {
    Name {
        family: family.to_owned(),
        given: given.to_owned(),
        ..Name::default()
    }
}

fn entry(number: u8) -> Entry {
    let user = UserId::from_bytes([1; 16]);
    let machine = LogId::from_bytes([9; 16]);
    Entry::new(RecordId::from_bytes([number; 16]), now(), user, machine)
}

pub(crate) fn chart(row: &Row) -> Chart {
    let mut person = Patient::new(entry(201));
    person.names.clone_from(&row.names);
    person.sex = row.sex;
    person.birth = row.birth;
    person.address.village.clone_from(&row.village);
    person.identifiers.push(Identifier {
        system: Identifier::NUMBER.to_owned(),
        value: row.number.clone(),
    });
    Chart {
        patient: row.patient,
        identity: Identity {
            person: Some(person),
            ..Identity::default()
        },
        summary: Some(Summary::default()),
        visits: Some(Visits::default()),
        results: None,
        consents: None,
        proposals: Vec::new(),
        closed: None,
        may_close: Vec::new(),
        unconfirmed: Vec::new(),
        glass_until: None,
        problems: Vec::new(),
    }
}

pub(crate) fn allergy(
    number: u8,
    to: &str,
    reaction: &str,
    severity: Severity,
) -> Allergy {
    Allergy {
        entry: entry(number),
        code: Coded::text(to),
        clinical: cairn::chart::Clinical::Active,
        verification: cairn::chart::Verification::Confirmed,
        intolerance: false,
        category: String::new(),
        criticality: Criticality::Unknown,
        onset: "2019".parse().ok(),
        reactions: vec![Reaction {
            manifestation: Coded::text(reaction),
            severity: Some(severity),
        }],
    }
}

pub(crate) fn people() -> Vec<Person> {
    let person =
        |name: &str, role: Role, pin: bool, unfinished: Option<Unfinished>| Person {
            user: who(name, role).user,
            name: name.to_owned(),
            role,
            pin_is_enough: pin,
            unfinished,
        };
    let unfinished = Unfinished {
        key: cairn::app::register::State::DRAFT,
        kept: now(),
        whose: None,
    };
    vec![
        person("Amina N", Role::FrontDesk, true, Some(unfinished)),
        person("N. Ali", Role::Nurse, true, None),
        person("Dr Okot", Role::Clinician, true, None),
        person("J. Were", Role::Owner, false, None),
    ]
}
