//! Cairn's integration tests: one binary, so that it is linked once.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

mod allergies;
mod apart;
mod arrive;
mod arriving_screen;
mod backup;
mod bad_days;
mod bedside;
mod bit_flips;
mod bundle;
mod bundle_screen;
mod cards;
mod catalogues;
mod clicks;
mod clinic;
mod clinic_power_cut;
mod closed_beyond;
mod closed_parts;
mod closed_screen;
mod command;
mod command_backup;
mod command_cards;
mod command_charts;
mod command_closed;
mod command_consent;
mod command_disk;
mod command_emergency;
mod command_ends;
mod command_errors;
mod command_guest;
mod command_hostile;
mod command_letters;
mod command_meet;
mod command_nonsense;
mod command_pairing;
mod command_paths;
mod command_proposals;
mod command_roles;
mod command_shares;
mod command_sync;
mod command_typed;
mod compare;
mod compare_judge;
mod consent_kept;
mod consent_screen;
mod consents;
mod crossing;
mod damage;
mod denied;
mod details_screen;
mod devices;
mod docs_fresh;
mod documents;
mod drug_stop;
mod drugs;
mod emergency;
mod every_screen;
mod fhir_back;
mod fhir_hostile;
mod fhir_in;
mod fhir_out;
mod flaky_disk;
mod formats;
mod formats_carried;
mod formats_frames;
mod formats_members;
mod formats_papers;
mod frame_bytes;
mod full_disk;
mod glass_screen;
mod guest_work;
mod guests;
mod guests_screen;
mod guide;
mod hostile_store;
mod import;
mod import_days;
mod import_large;
mod import_show;
mod journeys;
mod kept_drafts;
mod kill;
mod letter_bytes;
mod letter_consents;
mod letters;
mod links;
mod meet_screen;
mod meeting;
mod meets;
mod membership;
mod merge;
mod merge_any_order;
mod net;
mod net_cut;
mod net_floods;
mod net_hostile;
mod net_links;
mod net_mended;
mod net_outside;
mod net_outside_hostile;
mod net_pairing;
mod net_relay;
mod net_renamed;
mod no_room;
mod note_screen;
mod pair_screen;
mod pairing;
mod pairing_bytes;
mod past;
mod permissions;
mod poison;
mod power_cut;
mod problems;
mod proposals_screen;
mod providers_screen;
mod pty;
mod raw;
mod renamed_power_cut;
mod restricted;
mod roles;
mod samples;
mod scenarios;
mod screens;
mod sealed;
mod share_screen;
mod shares;
mod shifts;
mod shut_out;
mod specialist;
mod staff;
mod stage;
mod store;
mod summary_screen;
mod sync_proto;
mod sync_screen;
mod sync_sim;
mod terminal;
mod thin;
mod tidy;
mod told_screen;
mod twins_screen;
mod unfinished;
mod vaccines;
mod versions;
mod visit;
mod visits_screen;
mod vitals_screen;
mod void;
mod ward;

/// A folder of the shared data, content or tools, or nothing where they are not.
fn shared(path: &str) -> Option<std::path::PathBuf> {
    let root = std::env::var_os("CAIRN_SHARED").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        Into::into,
    );
    let found = root.join(path);
    if !found.exists() {
        println!("skipped: no shared data");
        return None;
    }
    Some(found)
}
