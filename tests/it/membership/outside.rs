//! The table of outside readers: what a provider of another clinic may do with each document,
//! in every state of the grant, and what the keys that were given open.

use std::collections::BTreeSet;

use cairn::{ids::DocId, members::Judgement};

use super::{
    grants::{DORA, doc, grants, hour, judge, keys, takes_back, zara},
    world::{World, carry, key},
};

/// The documents: one to read, one to write in, the inbox, and any other of the clinic.
const DOCUMENTS: [u8; 4] = [1, 2, 3, 9];

/// For each state what may be done now with each of the documents: `r` it is handed out, `w`
/// what is written there counts, `k` a key of it was given.
const TABLE: [(&str, i64, &str); 4] = [
    ("early", -1, "--k --- --k ---"),
    ("live", 5, "r-k rw- rwk ---"),
    ("expired", 11, "--k --- --k ---"),
    ("revoked", 5, "--k --- --k ---"),
];

#[test]
fn every_cell_of_the_table_of_grants_is_as_written() {
    for (state, now, row) in TABLE {
        let mut world = World::new();
        world.say("grant", DORA, &[], grants(0, 10));
        let given = keys(world.id("grant"));
        world.say("keys", DORA, &["grant"], given);
        if state == "revoked" {
            let back = takes_back(&world, "grant", &[]);
            world.say("back", DORA, &["keys"], back);
        }
        let membership = world.check(&[]);
        let session = zara(&world, &["grant"]);
        let scope = membership.scope(&key("zara meets").public(), hour(now));
        let opened = membership.open_given(world.id("grant"), &carry("zara"));
        let opened: BTreeSet<DocId> = opened.keys().map(|(doc, _)| *doc).collect();
        for (document, cell) in DOCUMENTS.into_iter().zip(row.split(' ')) {
            let may = |it| cell.contains(it);
            let at = format!("{state}, document {document}");
            assert_eq!(scope.contains(&doc(document)), may('r'), "handed out: {at}");
            let judged = judge(&membership, &session, (document, 1, now));
            assert_eq!(judged == Judgement::Counts, may('w'), "counts: {at}");
            assert_eq!(opened.contains(&doc(document)), may('k'), "key: {at}");
        }
        // Nobody else gets anything by it, in no state.
        for other in ["anna", "dora", "eve", "recovery"] {
            let theirs = membership.open_given(world.id("grant"), &carry(other));
            assert!(theirs.is_empty(), "{other}, {state}");
            let theirs = membership.scope(&key(other).public(), hour(now));
            assert!(theirs.is_empty(), "{other}, {state}");
        }
    }
}
