//! What providers of other clinics propose, on the screen: the list, one beside its chart,
//! and the decision.

use cairn::{
    app::{
        beyond::{Asks, News, Proposed, Verdict},
        notice::Trouble,
    },
    chart::{
        Chart, Decided, Entry, Maker, Outcome, Proposal, ProposalDoubt, ProposalState,
        Record, Severity, who::Role,
    },
    ids::{CardId, LogId, RecordId, UserId},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    bedside::{drug, noted, okello},
    stage::{Stage, allergy, hostile_rows, now},
    ward::Ward,
};

const ABBO: UserId = UserId::from_bytes([7; 16]);

fn maker() -> Maker {
    Maker {
        provider: ABBO,
        card: CardId::from_bytes([2; 32]),
        name: "Dr Abbo".to_owned(),
        organisation: "Mbale Hospital".to_owned(),
    }
}

fn proposal(record: Record) -> Proposal {
    let mut record = record;
    record.entry_mut().by = ABBO;
    Proposal {
        record,
        maker: maker(),
        state: ProposalState::Waits,
        outcomes: Vec::new(),
        doubt: None,
    }
}

fn outcome(decided: Decided, why: &str) -> Outcome {
    let id = RecordId::from_bytes([99; 16]);
    let user = UserId::from_bytes([1; 16]);
    Outcome {
        entry: Entry::new(id, now(), user, LogId::ZERO),
        proposal: RecordId::ZERO,
        decided,
        why: why.to_owned(),
        made: Vec::new(),
        over: Vec::new(),
    }
}

fn amoxicillin() -> Proposal {
    let it = drug(51, "Amoxicillin 500 mg capsule", "1 capsule", "tds");
    proposal(Record::Medication(it))
}

fn furosemide() -> Proposal {
    let it = drug(52, "Furosemide 40 mg tablet", "1 tablet", "od");
    proposal(Record::Medication(it))
}

fn consult() -> Proposal {
    let mut chart = okello();
    let texts = [
        "Murmur",
        "Diastolic",
        "Mitral stenosis, mild",
        "Echo in a year",
    ];
    noted(&mut chart, 53, "2025-11-17", texts);
    let note = chart.visits.unwrap().notes.remove(0);
    proposal(Record::Note(note))
}

fn peanut() -> Proposal {
    let it = allergy(54, "Peanut", "anaphylaxis", Severity::Severe);
    proposal(Record::Allergy(it))
}

/// As the clinic gives the chart: what is proposed feeds the safety checks.
fn with_proposals(chart: &mut Chart, all: Vec<Proposal>) {
    let summary = chart.summary.as_mut().unwrap();
    for it in all.iter().filter(|it| it.is_open()) {
        let feared = &mut summary.feared;
        if let Record::Allergy(of) = &it.record {
            feared.allergies.push(of.clone());
            feared.proposed.insert(it.id(), it.maker.named());
        }
    }
    chart.proposals = all;
}

fn listed(all: &[Proposal]) -> Vec<Proposed> {
    let chart = okello();
    let each = all.iter().map(|it| Proposed {
        patient: chart.patient,
        called: "OKELLO, Grace  K2F7-0001-R".to_owned(),
        proposal: it.clone(),
    });
    each.collect()
}

fn tell(stage: &mut Stage, all: &[Proposal]) {
    let news = News::Proposed(Ok(listed(all)));
    stage.tell(|it| matches!(it, Asks::Proposed(_)), news);
}

fn beside(stage: &mut Stage, all: &[Proposal]) {
    let mut chart = okello();
    with_proposals(&mut chart, all.to_vec());
    let news = News::Beside(Ok(Box::new(chart)));
    stage.tell(|it| matches!(it, Asks::Beside(_)), news);
}

/// The clinic's list.
fn opened(lang: Lang, role: Role, all: &[Proposal]) -> Stage {
    let mut stage = Stage::signed_in(lang, "Dr Okot", role);
    stage.keys("<F6>8o");
    tell(&mut stage, all);
    stage
}

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

/// What the shell was asked to write down last.
fn verdict(stage: &Stage) -> Option<&Verdict> {
    stage.beyond().find_map(|it| {
        if let Asks::Decide(it) = &it.asks {
            Some(&**it)
        } else {
            None
        }
    })
}

#[test]
fn what_waits_is_listed_and_looked_at_beside_the_chart() {
    let mut decided = consult();
    decided.state = ProposalState::Declined;
    decided.outcomes = vec![outcome(Decided::Declined, "no echo here")];
    let all = [amoxicillin(), peanut(), decided];
    let mut stage = opened(Lang::English, Role::Clinician, &all);
    assert_snapshot!("proposals", stage.picture());
    stage.keys("<Enter>");
    beside(&mut stage, &all);
    assert_snapshot!("proposal", stage.picture());
    shows(&stage, "Stops it: PENICILLIN");
    let small = stage.sized(60, 20);
    assert_snapshot!("proposal-small", small.picture());
    let mut stage = opened(Lang::English, Role::Nurse, &all);
    stage.keys("v");
    shows(&stage, "declined");
    stage.keys("<Down><Down><Enter>");
    beside(&mut stage, &all);
    shows(&stage, "no echo here");
    assert!(
        !stage.text().contains("decline  "),
        "a nurse decides nothing"
    );
    let small = opened(Lang::French, Role::Clinician, &all).sized(60, 20);
    assert_snapshot!("proposals-small-french", small.picture());
    let none = opened(Lang::Spanish, Role::Clinician, &[]);
    shows(&none, "Nada espera");
}

#[test]
fn a_drug_that_nothing_stops_is_accepted_with_one_key() {
    let all = [furosemide()];
    let mut stage = opened(Lang::English, Role::Clinician, &all);
    stage.keys("<Enter>");
    beside(&mut stage, &all);
    stage.keys("a");
    let asked = verdict(&stage).unwrap();
    assert!(asked.accepted && asked.proposal == all[0] && asked.why.is_empty());
    stage.tell(|it| matches!(it, Asks::Decide(_)), News::Decided(Ok(true)));
    tell(&mut stage, &[]);
    shows(&stage, "Accepted: it stands in the chart");
    shows(&stage, "Nothing waits to be decided.");
}

#[test]
fn an_allergy_stops_a_proposed_drug_until_somebody_types_the_word_and_a_reason() {
    let all = [amoxicillin()];
    let mut stage = opened(Lang::English, Role::Clinician, &all);
    stage.keys("<Enter>");
    beside(&mut stage, &all);
    stage.keys("a");
    assert!(verdict(&stage).is_none());
    stage.keys("no other drug<F2>");
    assert!(verdict(&stage).is_none());
    assert_snapshot!("proposal-stopped", stage.picture());
    stage.keys("<Esc>aOVERRIDE no other drug<F2>");
    assert_eq!(verdict(&stage).unwrap().why, "no other drug");
}

#[test]
fn declining_takes_a_reason_and_a_doubt_asks_first() {
    let mut over = furosemide();
    over.doubt = Some(ProposalDoubt::ShareOver);
    let all = [over];
    let mut stage = opened(Lang::English, Role::Owner, &all);
    stage.keys("<Enter>");
    beside(&mut stage, &all);
    stage.keys("d<F2>");
    shows(&stage, "Write a reason in words");
    assert!(verdict(&stage).is_none());
    stage.keys("taken already");
    assert_snapshot!("proposal-declined", stage.picture());
    stage.keys("<Esc>a");
    shows(&stage, "Accept it anyway?");
    shows(
        &stage,
        "What was shared with Dr Abbo, Mbale Hospital is over.",
    );
    stage.keys("<Enter>");
    assert!(verdict(&stage).is_none());
    stage.keys("ay");
    assert!(verdict(&stage).unwrap().accepted);
    stage.tell(
        |it| matches!(it, Asks::Decide(_)),
        News::Decided(Err(Trouble::NotTaken)),
    );
    shows(&stage, "This was changed meanwhile");
}

#[test]
fn the_chart_says_what_is_proposed_and_warns_of_an_allergy_that_nobody_accepted() {
    let all = vec![furosemide(), peanut()];
    let ward = Ward::at(Lang::English, Role::Clinician, |chart| {
        let open = okello();
        chart.summary = open.summary;
        chart.summary.as_mut().unwrap().allergies.clear();
        with_proposals(chart, all.clone());
    });
    let mut stage = ward.stage;
    shows(&stage, "PEANUT anaphylaxis");
    shows(&stage, "(proposed)");
    shows(&stage, "Proposed, not accepted (o): Furosemide");
    assert_snapshot!("summary-proposed", stage.picture());
    stage.keys("o");
    let asked = stage.beyond().next().map(|it| &it.asks);
    assert!(matches!(asked, Some(Asks::Proposed(Some(_)))), "{asked:?}");
    tell(&mut stage, &all);
    shows(&stage, "Furosemide 40 mg tablet");
}

#[test]
fn hostile_names_stay_in_their_place() {
    for row in hostile_rows() {
        let mut it = furosemide();
        it.maker.name = row.names[0].family.clone();
        it.maker.organisation = row.names[0].given.clone();
        if let Record::Medication(drug) = &mut it.record {
            drug.code.text = row.names[0].family.clone();
        }
        let all = [it];
        let mut stage = opened(Lang::English, Role::Clinician, &all);
        stage.keys("<Enter>");
        beside(&mut stage, &all);
        stage.draw();
        stage.sized(60, 20).draw();
    }
}
