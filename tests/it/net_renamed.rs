//! A machine that takes another name while the network runs.

use std::{path::Path, sync::Arc};

use cairn::{
    clinic::Clinic,
    seal::{PublicKey, SigningKey},
};

use crate::{
    clinic::{founded, grace, owner, surroundings},
    devices::{bring, joined, meet},
    net::{peer, started, until, until_equal},
    raw::copied,
};

fn key(clinic: &Clinic) -> PublicKey {
    SigningKey::from_secret(&clinic.endpoint_secret().unwrap()).public()
}

fn opened(home: &Path) -> Arc<Clinic> {
    Clinic::open(home, surroundings()).unwrap()
}

#[test]
fn a_copied_disk_goes_over_to_its_own_key_as_soon_as_another_machine_heard_of_it() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (there, b) = joined(&mut okot, 1);
    okot.sign_out().unwrap();
    meet(&a, &b);
    let copy = copied(&there.path().join("home"));
    // Both write in one name, and the copy learns of it.
    for clinic in [&b, &opened(copy.path())] {
        let mut okot = owner(clinic);
        grace(&mut okot);
        okot.sign_out().unwrap();
    }
    meet(&a, &b);
    let old = key(&b);
    drop(b);
    let twin = opened(copy.path());
    bring(&a, &twin);
    assert!(twin.has_twin());
    owner(&twin).sign_out().unwrap();
    assert!(!twin.has_twin());
    assert_eq!(key(&twin), old);

    let of_a = started(&a, &[]);
    let of_twin = started(&twin, &[(&a, &of_a)]);
    assert_eq!(of_twin.endpoint(), old);
    until(&of_twin, "it goes over", || of_twin.endpoint() != old);
    assert_eq!(of_twin.endpoint(), key(&twin));
    assert_eq!(a.machine_at(key(&twin)), Some(twin.device()));
    until_equal(&of_twin, &twin, &a);
    until(&of_a, "it is met by its name", || {
        peer(&of_a, &twin).last_met.is_some()
    });
    of_twin.stop();
    of_a.stop();
}
