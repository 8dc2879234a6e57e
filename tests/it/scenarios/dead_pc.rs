//! A PC is dead. A new one is paired by words and searched at once; an old backup is restored
//! on another: nothing is lost, nothing comes back, and nobody is disturbed.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use cairn::{
    chart::{Choice, Edit, Note, Record, Section, Subject, who::Role},
    clinic::{Clinic, Fact, Founding, NewMachine, Restorer, Session},
    ids::PatientId,
    ledger::Lane,
    net::{self, InvitingAsks, InvitingHears, JoiningAsks, JoiningHears, PairingPlace},
    seal::SeededEntropy,
    sync::pair::PairWords,
    time::{Clock, Moment},
};
use tempfile::TempDir;

use super::{MORNING, around, change_person, chart, okot};
use crate::{
    bad_days::pulse,
    clinic::{PASSPHRASE, grace, penicillin},
    devices::joined,
    flaky_disk::Dice,
    meeting::{Faults, in_step, meet},
};

const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// People on file on the first day.
const PEOPLE: usize = 40;
/// Words in a note, 16 random bytes each.
const STORY_WORDS: usize = 600;
/// Longer than a pairing takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A clinic of two machines, on the day when the backup is made and a week later.
struct Kijani {
    folders: [TempDir; 2],
    people: Vec<PatientId>,
    backup: PathBuf,
}

fn on(day: i64) -> Clock {
    let at = MORNING.at.plus_ms(day * WEEK_MS);
    Clock::Fixed(Moment { at, ..MORNING })
}

fn save(session: &mut Session, patient: PatientId, edits: Vec<Edit>) {
    session.save(Subject::Patient(patient), edits).unwrap();
}

fn set_phone(clinic: &Arc<Clinic>, patient: PatientId, phone: &str) {
    let mut session = okot(clinic);
    let edit = change_person(&mut session, patient, |it| it.phone = phone.into());
    save(&mut session, patient, vec![edit]);
    session.sign_out().unwrap();
}

/// A note that no dictionary makes shorter: charts are longer than names.
fn long_story(session: &mut Session) -> Edit {
    let words = (0..STORY_WORDS).map(|_| session.record_id().to_string());
    let text = words.collect::<Vec<_>>().join(" ");
    Edit::add(Record::Note(Note {
        entry: session.entry(),
        visit: None,
        title: "visit".into(),
        sections: vec![Section {
            name: "S".into(),
            text,
        }],
        phrases: Vec::new(),
        signed: None,
        adds_to: None,
        attested: None,
    }))
}

impl Kijani {
    /// The first person has an allergy and a telephone number that was set twice.
    fn founded() -> Self {
        let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
        let founding = Founding {
            machine: "1".to_owned(),
            clinic: "Kijani".to_owned(),
            user: "Dr Okot".to_owned(),
            passphrase: PASSPHRASE.to_owned().into(),
        };
        let homes = folders.each_ref().map(|it| it.path().join("home"));
        let from_outside = around(31, on(0));
        let desk = Clinic::create(&homes[0], founding, from_outside, |_| Ok(())).unwrap();
        let mut session = okot(&desk);
        session.add_user("Nora", Role::Nurse, PASSPHRASE).unwrap();
        let people: Vec<PatientId> = (0..PEOPLE).map(|_| grace(&mut session)).collect();
        for patient in &people {
            let edits = vec![pulse(&mut session, "72"), long_story(&mut session)];
            save(&mut session, *patient, edits);
        }
        let allergy = Edit::add(penicillin(&mut session));
        save(&mut session, people[0], vec![allergy]);
        let machine = NewMachine::draw(false, &mut SeededEntropy::new(32));
        let enrolment = session
            .invite_accept(&machine.card("Triage"), None)
            .unwrap();
        session.sign_out().unwrap();
        let triage =
            Clinic::join(&homes[1], &machine, enrolment, around(33, on(0))).unwrap();
        in_step(&desk, &triage);
        set_phone(&desk, people[0], "0700000001");
        set_phone(&triage, people[0], "0700000002");
        in_step(&desk, &triage);
        assert_eq!(chart(&desk, people[0]).to_compare(), 1);
        let backup = folders[1].path().join("backup");
        let mut session = okot(&desk);
        session.backup_make(&backup, &mut |_, _| {}).unwrap();
        session.sign_out().unwrap();
        Self {
            folders,
            people,
            backup,
        }
    }

    fn opened(&self, at: usize) -> Arc<Clinic> {
        let home = self.folders[at].path().join("home");
        Clinic::open(&home, around(40 + at as u64, on(1))).unwrap()
    }

    /// What happens at the desk in the week: the allergy was another patient's, the number
    /// is decided, a nurse leaves, a machine is stolen, somebody comes for the first time.
    fn week(&self, desk: &Arc<Clinic>) -> (PatientId, Arc<Clinic>, TempDir) {
        let mut session = okot(desk);
        let first = self.people[0];
        let summary = session.open(first).unwrap().summary.unwrap();
        let allergy = Record::Allergy(summary.allergies[0].clone());
        let edit = Edit::entered_in_error(allergy, "was another patient's");
        save(&mut session, first, vec![edit]);
        let apart = session.versions(Some(first)).unwrap();
        let of = &apart[0].disagreement;
        let fact = Fact {
            patient: first,
            kind: of.kind,
            record: of.record,
            field: of.field.clone(),
            seen: of.seen(),
        };
        let right = Choice::Write("0700000003".to_owned());
        session.settle_version(&fact, right).unwrap();
        let nora = session.user_named("Nora").unwrap();
        session.remove_user(nora, false).unwrap();
        let (folder, stolen) = joined(&mut session, 50);
        session.revoke_machine(stolen.device()).unwrap();
        let newcomer = grace(&mut session);
        let edits = vec![Edit::add(penicillin(&mut session))];
        save(&mut session, newcomer, edits);
        session.sign_out().unwrap();
        (newcomer, stolen, folder)
    }
}

impl Kijani {
    /// A machine made of the backup.
    fn restored(&self, home: &Path) -> Arc<Clinic> {
        let owner = Restorer::Passphrase(PASSPHRASE);
        let around = around(70, on(1));
        let made = Clinic::restore(home, &self.backup, &owner, around, &mut |_, _| {});
        let (clinic, came) = made.unwrap();
        assert_eq!(came.refused, 0);
        clinic
    }
}

/// Two machines, one of which shows the words that are typed at the other.
fn paired_by_words(clinic: &Arc<Clinic>, home: &Path) -> Arc<Clinic> {
    let here = || PairingPlace {
        bind: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        mdns: false,
    };
    let shown = PairWords::generate(&mut SeededEntropy::new(60));
    let first_letters = |it: &&str| it.chars().take(4).collect::<String>();
    let typed: Vec<String> = shown.words().iter().map(first_letters).collect();
    let typed = typed.join(" ").parse::<PairWords>().unwrap();
    let inviting = net::invite(shown, here()).unwrap();
    let addrs = inviting.addrs().to_vec();
    let clinic = Arc::clone(clinic);
    let owner = thread::spawn(move || {
        let mut session = okot(&clinic);
        loop {
            match inviting.next(PATIENCE).unwrap().unwrap() {
                InvitingAsks::Agree(_) => inviting.tell(InvitingHears::Agreed),
                InvitingAsks::Enrol(card) => {
                    let enrolment = session.invite_accept(&card, None).unwrap();
                    inviting.tell(InvitingHears::Enrolled(Box::new(enrolment)));
                }
                InvitingAsks::Take(envelopes) => {
                    session.clinic().introduced(envelopes).unwrap();
                }
                InvitingAsks::Ended(how) => return how.unwrap(),
            }
        }
    });
    let machine = NewMachine::draw(false, &mut SeededEntropy::new(61));
    let card = (machine.card("New PC"), machine.endpoint_secret());
    let joining = net::join(typed, card, addrs, here()).unwrap();
    let mut new = None;
    loop {
        match joining.next(PATIENCE).unwrap().unwrap() {
            JoiningAsks::Keep(enrolment) => {
                let around = around(62, on(1));
                new = Some(Clinic::join(home, &machine, *enrolment, around).unwrap());
                let first = new.as_ref().map(|it| it.introduction().unwrap());
                joining.tell(JoiningHears::Kept(first.unwrap()));
            }
            JoiningAsks::Ended(how) => {
                how.unwrap();
                owner.join().unwrap();
                return new.unwrap();
            }
        }
    }
}

/// How much of a lane of the one the other holds: nothing, some or all of it.
fn held(one: &Clinic, other: &Clinic, lane: Lane) -> (usize, usize) {
    let (all, some) = (one.frontier().unwrap(), other.frontier().unwrap());
    let runs: Vec<_> = all.iter().filter(|(run, _)| run.1 == lane).collect();
    let whole = runs.iter().filter(|(run, end)| some.get(run) == Some(end));
    (whole.count(), runs.len())
}

/// A machine that was just paired meets another, and is searched as soon as the names are
/// there: the charts are still on their way.
fn is_searched_at_once(clinic: &Arc<Clinic>, new: &Arc<Clinic>, people: usize) {
    let mut searched = 0;
    meet([clinic, new], Faults::default(), &mut Dice(1), |_| {
        let names = held(clinic, new, Lane::Desk);
        let charts = held(clinic, new, Lane::Clinical);
        if searched == 0 && names.0 == names.1 && charts.0 < charts.1 {
            let mut session = okot(new);
            searched = session.find("okello", 1_000).unwrap().len();
            let index = session.index();
            let row = index.read().unwrap().rows().next().cloned().unwrap();
            assert_eq!(row.severe_allergy, None, "nobody says that there is none");
        }
    });
    assert_eq!(
        searched, people,
        "everybody is found before the charts are in"
    );
}

#[test]
fn dead_pc() {
    let kijani = Kijani::founded();
    let first = kijani.people[0];
    let [desk, triage] = [0, 1].map(|it| kijani.opened(it));
    let (newcomer, stolen, _stolen_folder) = kijani.week(&desk);
    in_step(&desk, &triage);
    let dead = desk.device();
    drop(desk);

    // A new PC is paired by words.
    let folder = TempDir::new().unwrap();
    let new = paired_by_words(&triage, &folder.path().join("home"));
    is_searched_at_once(&triage, &new, PEOPLE + 1);
    in_step(&triage, &new);
    let charts = |clinic: &Arc<Clinic>| {
        let people = kijani.people.iter().chain([&newcomer]);
        people.map(|it| chart(clinic, *it)).collect::<Vec<_>>()
    };
    let before = charts(&triage);
    assert!(charts(&new) == before, "the full copy is in");

    // The backup of a week ago is restored on another, where people work at once.
    let folder = TempDir::new().unwrap();
    let restored = kijani.restored(&folder.path().join("home"));
    assert_ne!(restored.device(), dead, "it is a machine of its own");
    let mut session = okot(&restored);
    let written = vec![pulse(&mut session, "99")];
    save(&mut session, first, written);
    let later = grace(&mut session);
    session.sign_out().unwrap();
    for _ in 0..2 {
        for (one, other) in [(&new, &restored), (&new, &triage), (&triage, &restored)] {
            in_step(one, other);
        }
    }

    // Nothing is lost: what the dead PC wrote in the week, and what was written since.
    let after = charts(&triage);
    for clinic in [&new, &restored] {
        assert!(charts(clinic) == after);
        assert!(chart(clinic, later).identity.person.is_some());
    }
    let visits = after[0].visits.as_ref().unwrap();
    assert_eq!(visits.observations.len(), 2);
    assert!(after[1..] == before[1..], "whom nobody saw is as before");
    // Nothing comes back.
    assert!(
        after[0].summary.as_ref().unwrap().allergies[0]
            .entry
            .in_error
    );
    assert_eq!(
        after[0].identity.person.as_ref().unwrap().phone,
        "0700000003"
    );
    assert_eq!(after[0].to_compare(), 0, "what was decided is decided");
    for clinic in [&triage, &new, &restored] {
        let mut session = okot(clinic);
        session.membership_changed().unwrap();
        let users = clinic.users().unwrap();
        assert!(
            users.iter().all(|it| it.name != "Nora"),
            "who left stays out"
        );
        // Nobody is disturbed: no log has branches, and none goes on in the dead one's name.
        let machines = clinic.machines();
        let enrolled = |device| machines.iter().find(|it| it.device == device).unwrap();
        assert!(
            !enrolled(stolen.device()).enrolled,
            "what was stolen stays out"
        );
        assert!(machines.iter().all(|it| !it.forked));
        assert!(enrolled(restored.device()).enrolled);
    }
}
