//! A clinic from its founding to its second user.

use std::collections::BTreeSet;

use cairn::{
    chart::who::{Compartment, Role},
    ids::ClinicId,
    members::{
        Author, Certificate, Enrolling, EpochSecrets, Founded, Founding, Granted,
        Joining, Judgement, Membership, NameKey, Named, Series, Standing, found_clinic,
    },
    seal::{SeededEntropy, SigningKey, names},
    time::Hlc,
};

use super::world::{MORNING, carry, device, key, user};

fn joining<'a>(name: &'a str, key: &'a SigningKey) -> Joining<'a> {
    Joining {
        key,
        carry: carry(name).public(),
        name,
        file: b"locked",
    }
}

/// A clinic with its owner `anna` and its machine `desk`.
fn founded() -> (ClinicId, Founded) {
    let [root, anna, desk, endpoint] = ["root", "anna", "desk", "endpoint"].map(key);
    let founding = Founding {
        name: "Kibera clinic",
        root: &root,
        recovery: carry("recovery").public(),
        owner: joining("anna", &anna),
        device: Enrolling {
            key: &desk,
            carry: carry("desk").public(),
            endpoint: &endpoint,
            name: "Front desk",
        },
    };
    let shown = format!("{founding:?} {:?} {:?}", founding.owner, founding.device);
    assert!(
        !shown.contains("anna") && !shown.contains("desk"),
        "{shown}"
    );
    let at = Hlc::from_parts(MORNING, 0);
    let founded = found_clinic(&founding, at, &mut SeededEntropy::new(3)).unwrap();
    (names::clinic_id(&root.public()), founded)
}

fn opens(membership: &Membership, compartment: Compartment, who: &str) -> bool {
    let current = membership.current_epoch(&compartment.into()).unwrap();
    assert!(!current.exposed);
    let opened = membership.open_epoch(&current.epoch, &carry(who));
    opened.is_some_and(|it: EpochSecrets| it.commit() == current.epoch.key.commit)
}

#[test]
fn a_founded_clinic_stands() {
    let (clinic, founded) = founded();
    let sealed = NameKey::of(&founded.front.key);
    let membership = Membership::fold(clinic, founded.statements, []).unwrap();
    let judgements = membership.judgements().values();
    assert!(judgements.clone().all(|it| *it == Judgement::Counts));
    let anna = membership.user(user("anna")).unwrap();
    assert_eq!((anna.role, anna.standing), (Role::Owner, Standing::Good));
    assert_eq!(anna.file, Some((1, b"locked".to_vec())));
    let desk = membership.device(device("desk")).unwrap();
    assert_eq!(desk.endpoint, Some(key("endpoint").public()));
    let name = |what, name| sealed.open(clinic, what, name);
    let clinic_name = name(Named::Clinic, membership.clinic_name().unwrap());
    assert_eq!(clinic_name, Ok("Kibera clinic".to_owned()));
    let owner = name(Named::User(user("anna")), &anna.name);
    assert_eq!(owner, Ok("anna".to_owned()));
    for compartment in Compartment::ALL {
        for who in ["anna", "recovery"] {
            assert!(
                opens(&membership, compartment, who),
                "{compartment:?} {who}"
            );
        }
    }
}

#[test]
fn an_owner_lets_a_receptionist_in_and_gives_her_the_front_key() {
    let (clinic, founded) = founded();
    let mut membership = Membership::fold(clinic, founded.statements, []).unwrap();
    let (anna, badu, desk) = (key("anna"), key("badu"), key("desk"));
    let session_key = key("session");
    let granted = Granted {
        clinic,
        session: session_key.public(),
        user: user("anna"),
        at: Hlc::from_parts(MORNING, 50),
        not_after: MORNING.plus_ms(1),
        heads: membership.heads(),
    };
    let certificate = Certificate::issue(granted, &anna, &desk).unwrap();
    let at = Hlc::from_parts(MORNING, 99);
    let mut series = Series::after(clinic, membership.heads(), at);
    let new = joining("badu", &badu);
    let admitted = (&new, Role::FrontDesk);
    let by_anna = Author::user(user("anna"), &anna);
    let sealed = NameKey::of(&founded.front.key);
    let mut entropy = SeededEntropy::new(4);
    let badu = series
        .admit(by_anna, admitted, &sealed, &mut entropy)
        .unwrap();
    let session = Author::session(certificate.id(), &session_key);
    let front = membership
        .current_epoch(&Compartment::Front.into())
        .unwrap();
    let (front, to) = (front.epoch.statement, BTreeSet::from([new.carry]));
    series
        .wrap(
            session,
            (front, &founded.front),
            to,
            &mut SeededEntropy::new(9),
        )
        .unwrap();
    let heads = series.heads().clone();
    membership
        .add(series.into_statements(), [certificate])
        .unwrap();
    assert_eq!(membership.heads(), heads);
    let judgements = membership.judgements().values();
    assert!(judgements.clone().all(|it| *it == Judgement::Counts));
    let member = membership.user(badu).unwrap();
    assert_eq!(
        (member.role, member.standing),
        (Role::FrontDesk, Standing::Good)
    );
    assert!(opens(&membership, Compartment::Front, "badu"));
    assert!(!opens(&membership, Compartment::Clinical, "badu"));
    assert!(!opens(&membership, Compartment::Audit, "badu"));
}
