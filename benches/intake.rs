//! How fast a machine takes in what another one holds: `cargo bench --bench intake -- 60000`.
//!
//! Signed envelopes of one machine's clinical lane come in runs of about 1 MiB, as they do at
//! a first copy; each run is verified and on the disk before the next one comes.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench prints, measures, and may fail loudly"
)]

use std::{
    collections::BTreeSet,
    env,
    time::{Duration, Instant},
};

use cairn::{
    clinic::{Clinic, Founding, NewMachine, Surroundings},
    ids::{DocId, EpochId, Hash, KeyId, LogId},
    ledger::{Chain, Envelope, Header, Kind, Lane, Suite},
    members::{Certificate, Granted},
    seal::{
        CarryKey, Entropy as _, NONCE_LEN, SeededEntropy, SigningKey, Work, names,
        words::PaperWords,
    },
    sync::pair::Card,
    time::{Clock, Hlc, Timestamp, now},
};

const ENVELOPES: usize = 60_000;
/// A change of a chart as it is sealed, in bytes.
const CONTENT_BYTES: usize = 320;
const RUN_BYTES: usize = 1024 * 1024;
const PASSPHRASE: &str = "correct horse battery staple again";

fn surroundings(seed: u64) -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(SeededEntropy::new(seed)),
        work: Some(Work::DEMO),
    }
}

/// What one machine wrote: its session's certificate, and changes of charts.
fn written(clinic: &Clinic, device: &SigningKey, count: usize) -> [Vec<Envelope>; 2] {
    let mut entropy = SeededEntropy::new(7);
    let (user, session) = (
        SigningKey::generate(&mut entropy),
        SigningKey::generate(&mut entropy),
    );
    let at = Hlc::from_parts(now(), 0);
    let granted = Granted {
        clinic: clinic.id(),
        session: session.public(),
        user: names::user_id(&user.public()),
        at,
        not_after: Timestamp(now().0 + 3_600_000),
        heads: BTreeSet::from([cairn::ids::StatementId::from_bytes([1; 32])]),
    };
    let certificate = Certificate::issue(granted, &user, device).unwrap();
    let log = names::log_id(&device.public());
    let begun = Header::unsealed(Kind::Certificate, clinic.id(), certificate.id(), at);
    let begun = Chain::start(log, Lane::Membership).place(begun);
    let begun = Envelope::sign(begun, certificate.encode(), &session).unwrap();
    let mut chain = Chain::start(log, Lane::Clinical);
    let mut changes = Vec::with_capacity(count);
    for _ in 0..count {
        let mut content = vec![0; CONTENT_BYTES];
        entropy.fill(&mut content);
        let header = chain.place(Header {
            suite: Suite::BARE,
            clinic: clinic.id(),
            doc: DocId::from_bytes([2; 16]),
            kind: Kind::Change,
            lane: Lane::Clinical,
            log: LogId::ZERO,
            seq: 0,
            prev: Hash::ZERO,
            hlc: at,
            session: certificate.id(),
            epoch: EpochId::ZERO,
            k: 0,
            key_id: KeyId::ZERO,
            nonce: [0; NONCE_LEN],
        });
        let envelope = Envelope::sign(header, content, &session).unwrap();
        chain.append(&envelope.stub()).unwrap();
        changes.push(envelope);
    }
    [vec![begun], changes]
}

fn main() {
    let asked = env::args().find_map(|it| it.parse().ok());
    let count = asked.unwrap_or(ENVELOPES);
    let folder = tempfile::TempDir::new().unwrap();
    let paper = PaperWords::generate(&mut SeededEntropy::new(1));
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let first = folder.path().join("first");
    let first = Clinic::create_with(&first, founding, &paper, surroundings(2)).unwrap();
    let owner = first.users().unwrap().remove(0).user;
    let mut session = first.sign_in(owner, PASSPHRASE).unwrap();
    let mut entropy = SeededEntropy::new(3);
    let device = SigningKey::generate(&mut entropy);
    let card = Card {
        key: device.public(),
        carry: CarryKey::generate(&mut entropy).public(),
        endpoint: SigningKey::generate(&mut entropy).public(),
        name: "ward".to_owned(),
        mailbox: false,
    };
    session.invite_accept(&card, None).unwrap();
    let machine = NewMachine::draw(false, &mut entropy);
    let enrolment = session.invite_accept(&machine.card("desk"), None).unwrap();
    let home = folder.path().join("second");
    let clinic = Clinic::join(&home, &machine, enrolment, surroundings(4)).unwrap();

    let [certificate, changes] = written(&first, &device, count);
    assert_eq!(clinic.take(vec![certificate]).unwrap().new, 1);
    let per_run = RUN_BYTES / changes.first().map_or(1, |it| it.encode().len());
    let runs: Vec<_> = changes.chunks(per_run).map(<[Envelope]>::to_vec).collect();
    let (began, mut longest) = (Instant::now(), Duration::ZERO);
    for run in runs {
        let run_began = Instant::now();
        let expected = run.len();
        assert_eq!(clinic.take(vec![run]).unwrap().new, expected);
        longest = longest.max(run_began.elapsed());
    }
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
    let rate = count as f64 / seconds;
    println!(
        "{count} envelopes in runs of {per_run}: {seconds:.2} s, {rate:.0} a second"
    );
    println!("the longest run: {longest:.0?}");
    let again = changes.chunks(per_run).map(<[Envelope]>::to_vec).collect();
    let began = Instant::now();
    assert_eq!(clinic.take(again).unwrap().known, count);
    println!("all of it once more: {:.0?}", began.elapsed());
}
