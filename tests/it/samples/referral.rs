//! A referral with every field filled.

use cairn::{
    chart::{Entry, Referral, ReferralStatus, Way},
    ids::Hash,
};

use super::{Variant, Variant::One, id, visit, when, words};

pub(super) fn of(entry: Entry, which: Variant) -> Referral {
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
