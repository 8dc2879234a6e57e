//! What comes of others: a referral and an outcome with every field filled.

use cairn::{
    chart::{Decided, Entry, Outcome, Referral, ReferralStatus, Way},
    ids::Hash,
};

use super::{Variant, Variant::One, id, visit, when, words};

pub(super) fn referral(entry: Entry, which: Variant) -> Referral {
    let one = which == One;
    Referral {
        entry,
        way: if one { Way::Received } else { Way::Sent },
        letter: Some(id(if one { 930 } else { 931 })),
        theirs: Some(id(if one { 940 } else { 941 })),
        with: words(which, "with"),
        card: Some(Hash::from_bytes([if one { 1 } else { 2 }; 32])),
        reason: words(which, "reason"),
        question: words(which, "question"),
        urgent: one,
        status: if one {
            ReferralStatus::Accepted
        } else {
            ReferralStatus::Declined
        },
        reply: words(which, "reply"),
        replied: Some(when(which)),
        visit: Some(visit(which)),
    }
}

pub(super) fn outcome(entry: Entry, which: Variant) -> Outcome {
    let one = which == One;
    Outcome {
        entry,
        proposal: id(if one { 950 } else { 951 }),
        decided: if one {
            Decided::Accepted
        } else {
            Decided::Declined
        },
        why: words(which, "reason"),
        made: vec![id(if one { 960 } else { 961 })],
        over: vec![id(if one { 970 } else { 971 })],
    }
}
