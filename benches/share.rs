//! What a share with a provider of another clinic costs: how long it takes from the grant until
//! the chart is at the provider's machine, and what moves when something is new in one chart of
//! many that are shared. Two clinics on this machine, over the loopback.
//!
//! `cargo bench --bench share -- 200` shares so many charts.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench speaks to who runs it"
)]

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    net::SocketAddr,
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use cairn::{
    chart::{
        Consent, ConsentState, Decision, Edit, How, Name, NameUse, Note, Part, Person,
        Purpose, Record, Section, SharedPart, Subject,
    },
    clinic::{CardRow, Clinic, Founding, Session, Share, Side as _, Surroundings},
    ids::{Hash, PatientId},
    ledger::ScopedFrontier,
    members::Verified,
    net::{Net, Options, Traffic},
    seal::{OsEntropy, PublicKey, SigningKey, Work},
    sync::wire::{Frame, Holds, Short},
    time::Clock,
};
use tempfile::TempDir;

type Outcome<T> = Result<T, Box<dyn Error>>;

const PASSPHRASE: &str = "granite ladder violin sunday copper";
/// Charts that are shared when nothing is said.
const CHARTS: usize = 200;
/// Visits of the first of them.
const VISITS: u32 = 25;
const DAYS: i32 = 7;
/// Longer than anything here takes.
const LONG: Duration = Duration::from_mins(2);
const LOOK_EVERY: Duration = Duration::from_millis(2);

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let charts = args.first().map_or(Ok(CHARTS), |it| it.parse());
    let done = charts.map_err(Into::into).and_then(measure);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A clinic that shares, and one with somebody to whom it does.
struct Two {
    here: Arc<Clinic>,
    there: Arc<Clinic>,
    okot: Session,
    card: CardRow,
}

fn measure(charts: usize) -> Outcome<()> {
    let folder = TempDir::new()?;
    let mut okot = founded(&folder.path().join("here"), "Kijani", "Dr Okot")?;
    let mut abbo = founded(&folder.path().join("there"), "Hospital", "Dr Abbo")?;
    okot.keep_card(&abbo.card()?, Verified::Room)?;
    abbo.keep_card(&okot.card()?, Verified::Room)?;
    let mut two = Two {
        here: Arc::clone(okot.clinic()),
        there: Arc::clone(abbo.clinic()),
        card: okot.card_to_share("Dr Abbo")?,
        okot,
    };
    let first = two.patient(VISITS)?;
    let others = (1..charts).map(|_| two.patient(1));
    let others: Vec<PatientId> = others.collect::<Outcome<_>>()?;

    let nets = two.start()?;
    let begun = now();
    two.share(first)?;
    two.until_same()?;
    let took = begun.elapsed().as_secs_f64();
    println!("a chart of {VISITS} visits, from the grant until it is there: {took:.2} s");
    let begun = now();
    for patient in others {
        two.share(patient)?;
    }
    two.until_same()?;
    let took = begun.elapsed().as_secs_f64();
    println!("{charts} charts, granted one by one until all are there: {took:.2} s");
    nets.into_iter().for_each(Net::stop);

    let frontier = two.given()?;
    let held = frontier
        .iter()
        .map(|(run, (seq, _))| (*run, (*seq, Short([0; 8]))));
    let held: BTreeMap<_, _> = held.collect();
    let (runs, took) = (held.len(), 0);
    let bytes = Frame::Holds(Holds { took, held }).encode().len();
    let each = f64::from(u32::try_from(bytes)?) / f64::from(u32::try_from(runs)?);
    println!("what is held, said once: {bytes} bytes, {each:.1} a document and log");
    two.meeting("nothing new")?;
    two.note(first)?;
    two.meeting("one visit more in one chart")
}

impl Two {
    fn patient(&mut self, visits: u32) -> Outcome<PatientId> {
        let mut person = Person::new(self.okot.entry());
        person.names = vec![Name {
            usage: NameUse::Usual,
            family: "Okello".into(),
            given: "Grace".into(),
        }];
        let patient = self.okot.register(person)?.patient;
        for _ in 0..visits {
            self.note(patient)?;
        }
        Ok(patient)
    }

    fn note(&mut self, patient: PatientId) -> Outcome<()> {
        let note = Note {
            entry: self.okot.entry(),
            visit: None,
            title: "visit".into(),
            sections: vec![Section {
                name: "S".into(),
                text: "Wheeze since Tuesday, worse at night; sleeps sitting up.".into(),
            }],
            phrases: Vec::new(),
            signed: None,
            adds_to: None,
            attested: None,
        };
        self.save(patient, Record::Note(note))
    }

    fn save(&mut self, patient: PatientId, record: Record) -> Outcome<()> {
        let subject = Subject::Patient(patient);
        self.okot.save(subject, vec![Edit::add(record)])?;
        Ok(self.okot.settle()?)
    }

    fn share(&mut self, patient: PatientId) -> Outcome<()> {
        let consent = Consent {
            entry: self.okot.entry(),
            decision: Decision::Given,
            state: ConsentState::Active,
            withdrawal: None,
            to: "Dr Abbo".to_owned(),
            card: Some(Hash::from_bytes(*self.card.card.id().as_bytes())),
            parts: vec![SharedPart::Summary, SharedPart::Visits],
            shared_from: None,
            shared_until: None,
            purpose: Purpose::Treatment,
            from: None,
            until: Some(self.okot.today().plus_days(DAYS)),
            how: How::Written,
            witness: String::new(),
            over: Vec::new(),
        };
        self.save(patient, Record::Consent(consent))?;
        let share = Share {
            parts: [Part::Summary, Part::Visits].into(),
            until: self.okot.end_of(self.okot.today().plus_days(DAYS)),
            purpose: Purpose::Treatment,
        };
        self.okot.share(patient, &self.card, &share)?;
        Ok(())
    }

    fn start(&self) -> Outcome<[Net; 2]> {
        let here = begun(&self.here, Vec::new())?;
        let at = here.addrs().first().copied().ok_or("no address")?;
        let there = begun(&self.there, vec![(here.endpoint(), at)])?;
        Ok([here, there])
    }

    fn given(&self) -> Outcome<ScopedFrontier> {
        Ok(self.here.hosting(endpoint(&self.there)?).frontier()?)
    }

    fn held(&self) -> Outcome<ScopedFrontier> {
        let visiting = self.there.visiting(self.here.id(), endpoint(&self.here)?)?;
        Ok(visiting.frontier()?)
    }

    fn until_same(&self) -> Outcome<()> {
        let begun = now();
        let given = self.given()?;
        while self.held()? != given {
            if begun.elapsed() > LONG {
                return Err("they do not come to hold the same".into());
            }
            std::thread::park_timeout(LOOK_EVERY);
        }
        Ok(())
    }

    /// What one meeting moves, seen from the provider's machine.
    fn meeting(&self, what: &str) -> Outcome<()> {
        let nets = self.start()?;
        let [_, there] = &nets;
        let begun = now();
        let traffic = loop {
            let mut met = there.outside().into_iter().map(|(_, it)| it);
            let met: Option<Traffic> = met.find(|it| it.took.is_some());
            match met {
                Some(met) if self.held()? == self.given()? => break met,
                Some(_) | None if begun.elapsed() > LONG => return Err(what.into()),
                Some(_) | None => there.wait(LOOK_EVERY),
            }
        };
        nets.into_iter().for_each(Net::stop);
        println!(
            "{what}: {} changes, {} bytes of frames there, {} back, without the papers",
            traffic.received, traffic.frame_bytes_in, traffic.frame_bytes_out
        );
        Ok(())
    }
}

fn founded(home: &Path, clinic: &str, user: &str) -> Outcome<Session> {
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: clinic.to_owned(),
        user: user.to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let around = Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(OsEntropy),
        work: Some(Work::DEMO),
    };
    let clinic = Clinic::create(home, founding, around, |_| Ok(()))?;
    let users = clinic.users()?;
    let owner = users.first().ok_or("nobody")?.user;
    Ok(clinic.sign_in(owner, PASSPHRASE)?)
}

fn begun(clinic: &Arc<Clinic>, known: Vec<(PublicKey, SocketAddr)>) -> Outcome<Net> {
    let options = Options {
        bind: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        known_outside: known,
        ..Options::default()
    };
    Ok(Net::start(Arc::clone(clinic), options)?)
}

fn endpoint(clinic: &Clinic) -> Outcome<PublicKey> {
    Ok(SigningKey::from_secret(&clinic.endpoint_secret()?).public())
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}
