//! The hospital holds allergies and drugs until Friday. On Saturday it gets nothing more and is
//! told why; a share that is taken back mid-week ends at the next contact.

use std::sync::atomic::{AtomicI64, Ordering};

use cairn::{
    chart::Edit,
    clinic::{Clinic, Founding, Session, Surroundings},
    members::Term as Standing,
    net::Net,
    seal::{SeededEntropy, Work},
    sync::status::{Reach, Term},
    time::{Clock, Moment, Timestamp},
};
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, amoxicillin, owner},
    net::until,
    net_outside::{Two, there},
};

/// Monday, 2026-03-02, 08:00 UTC.
const MONDAY: Timestamp = Timestamp(1_772_438_400_000);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// From Monday on.
const WEDNESDAY: i64 = 2;
const FRIDAY: i64 = 4;
const SATURDAY: i64 = 5;

/// The day that both clinics' clocks show.
static DAY: AtomicI64 = AtomicI64::new(0);

fn tell() -> (Moment, i64) {
    let at = MONDAY.plus_ms(DAY.load(Ordering::SeqCst) * DAY_MS);
    let offset_minutes = 180;
    (Moment { at, offset_minutes }, 0)
}

fn founded(seed: u64, clinic: &str, user: &str) -> (TempDir, Session) {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: clinic.to_owned(),
        user: user.to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let around = Surroundings {
        clock: Clock::Told(tell),
        entropy: Box::new(SeededEntropy::new(seed)),
        work: Some(Work::DEMO),
    };
    let home = folder.path().join("home");
    let clinic = Clinic::create(&home, founding, around, |_| Ok(())).unwrap();
    let session = owner(&clinic);
    (folder, session)
}

fn begun() -> Two {
    DAY.store(0, Ordering::SeqCst);
    let (one, okot) = founded(801, "Kijani", "Dr Okot");
    let (other, abbo) = founded(802, "District Hospital", "Dr Abbo");
    let mut two = Two::of([one, other], okot, abbo);
    two.warn();
    two
}

/// That day comes, and everybody signs in.
fn comes(day: i64, two: &mut Two) {
    DAY.store(day, Ordering::SeqCst);
    two.okot = owner(&two.here);
    two.were = owner(&two.there);
}

/// Both are on until both hold the same; then both are switched off.
fn meet(two: &Two) {
    let nets = two.start();
    two.until_same(&nets);
    nets.into_iter().for_each(Net::stop);
}

/// Both are on until the hospital heard that it gets nothing.
fn meet_in_vain(two: &Two, why: Term) {
    let nets = two.start();
    until(&nets[1], "the hospital hears why", || {
        let here = there(&nets[1], &two.here);
        here.terms.taken == Some(why) && here.state == Reach::NotInReach
    });
    assert_eq!(there(&nets[0], &two.there).terms.given, Some(why));
    nets.into_iter().for_each(Net::stop);
}

fn prescribe(two: &mut Two) {
    let drug = amoxicillin(&mut two.okot);
    two.write(Edit::add(drug));
}

#[test]
fn consent_expiry() {
    // The hospital may have the summary until Friday, and has it.
    let mut two = begun();
    two.share(i32::try_from(FRIDAY).unwrap());
    meet(&two);
    assert_eq!(two.documents_held().len(), 2);
    comes(FRIDAY, &mut two);
    prescribe(&mut two);
    meet(&two);

    // On Saturday nothing more.
    comes(SATURDAY, &mut two);
    prescribe(&mut two);
    meet_in_vain(&two, Term::Expired);
    assert!(two.given().is_empty());
    assert!(two.held().is_empty(), "what may be read there");
    let shares = two.okot.shares().unwrap();
    assert!(matches!(
        shares[0].term,
        Standing::Expired | Standing::Revoked { .. }
    ));

    // Mid-week it is taken back: the next contact is the last.
    let mut two = begun();
    let grant = two.share(i32::try_from(FRIDAY).unwrap());
    meet(&two);
    comes(WEDNESDAY, &mut two);
    two.okot.revoke_share(grant).unwrap();
    prescribe(&mut two);
    meet_in_vain(&two, Term::Revoked);
    assert!(two.given().is_empty() && two.held().is_empty());
}
