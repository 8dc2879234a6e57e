//! The drug that a form makes.

use super::{
    ADD, CHANGE, STOP, TAKES, TOLD,
    fields::{self, DOSE, DRUG, ENDED, FOR, KNOWN, SINCE, STANDS, TAKEN, WHY},
};
use crate::{
    app::{
        Cx,
        form::{Field, Form},
        sheet::{self, Task},
        visit,
    },
    care::dose_line::{self, Missing, Piece},
    chart::{MedKind, MedStatus, Medication, Record},
    content::Medicine,
    time::When,
};

/// What is to be saved.
pub(super) struct Made {
    /// The drug as it stood; none of a new one.
    pub(super) before: Option<Medication>,
    /// The drug as it will stand.
    pub(super) after: Medication,
    /// The sentence that says it afterwards.
    pub(super) says: &'static str,
    /// Whether the patient is to take it because of this.
    pub(super) prescribes: bool,
}

/// Why a form makes nothing.
pub(super) enum Refused {
    /// The drug is not there any more.
    Gone,
    /// The field of this name, and the sentence that says what is wrong with it.
    Field(&'static str, &'static str),
}

/// The drug that the form of a task makes.
pub(super) fn made(
    task: Task,
    (form, seen): (&Form, Option<&Record>),
    cx: &mut Cx<'_>,
) -> Result<Made, Refused> {
    match task.title {
        ADD => new(MedKind::Request, form, cx),
        TOLD => new(MedKind::Statement, form, cx),
        title => {
            let before = seen.and_then(fields::read).ok_or(Refused::Gone)?.clone();
            let mut made = Made {
                after: before.clone(),
                before: Some(before),
                says: "sheet-said-in-error",
                prescribes: false,
            };
            match title {
                CHANGE => change(form, &mut made)?,
                STOP => stop(form, &mut made, cx),
                TAKES => takes(form, &mut made, cx)?,
                _ => {
                    made.after.entry.in_error = true;
                    form.text(sheet::WHY)
                        .clone_into(&mut made.after.entry.remark.0);
                }
            }
            Ok(made)
        }
    }
}

fn new(kind: MedKind, form: &Form, cx: &mut Cx<'_>) -> Result<Made, Refused> {
    let entry = cx.entry_of_care().ok_or(Refused::Gone)?;
    let coded = |name| form.field(name).map(Field::coded).unwrap_or_default();
    let today = cx.chart.and_then(|it| visit::of_today(it, cx));
    let code = coded(DRUG);
    let route = Medicine::named(&code.text).map_or("", |it| it.route);
    let mut after = Medication {
        entry,
        kind,
        code,
        status: MedStatus::Active,
        dose: String::new(),
        route: route.to_owned(),
        frequency: String::new(),
        duration: String::new(),
        as_needed: false,
        start: sheet::when(form, SINCE, None, cx),
        end: None,
        quantity: String::new(),
        reason: coded(FOR),
        instructions: String::new(),
        overridden: String::new(),
        visit: today.map(|it| it.entry.id),
    };
    form.text(KNOWN).clone_into(&mut after.entry.remark.0);
    write_dose(form.text(DOSE), &mut after)?;
    let (says, prescribes) = match kind {
        MedKind::Request => ("drug-said-added", true),
        MedKind::Statement => ("drug-said-told", false),
    };
    Ok(Made {
        before: None,
        after,
        says,
        prescribes,
    })
}

fn change(form: &Form, made: &mut Made) -> Result<(), Refused> {
    let after = &mut made.after;
    let before = dose_line::line_of(after);
    let typed = sheet::text(form, DOSE, &before);
    if typed != before {
        write_dose(&typed, after)?;
    }
    after.reason = form.field(FOR).map(Field::coded).unwrap_or_default();
    form.text(WHY).clone_into(&mut after.entry.remark.0);
    // An override of the same drug holds on; the dose of one that has none is judged anew.
    made.prescribes = after.kind == MedKind::Request
        && after.status == MedStatus::Active
        && after.overridden.is_empty();
    made.says = "drug-said-changed";
    Ok(())
}

fn stop(form: &Form, made: &mut Made, cx: &Cx<'_>) {
    let after = &mut made.after;
    (after.status, made.says) = match form.text(STANDS) {
        "H" => (MedStatus::OnHold, "drug-said-on-hold"),
        "O" => (MedStatus::Completed, "drug-said-completed"),
        "N" => (MedStatus::Cancelled, "drug-said-cancelled"),
        _ => (MedStatus::Stopped, "drug-said-stopped"),
    };
    if after.status != MedStatus::OnHold {
        let today = Some(When::On(cx.today()));
        after.end = sheet::when(form, ENDED, None, cx).or(today);
    }
    form.text(WHY).clone_into(&mut after.entry.remark.0);
}

/// The patient was asked. What was no longer taken and is again, is prescribed again.
fn takes(form: &Form, made: &mut Made, cx: &Cx<'_>) -> Result<(), Refused> {
    let after = &mut made.after;
    let was_active = after.status == MedStatus::Active;
    let yes = form.text(TAKEN) == "T";
    let why = form.text(WHY);
    let id = if yes {
        if !was_active {
            (after.status, after.end) = (MedStatus::Active, None);
            made.prescribes = after.kind == MedKind::Request;
        }
        made.says = "drug-said-takes";
        "drug-remark-takes"
    } else {
        if why.is_empty() {
            return Err(Refused::Field(WHY, "form-needed"));
        }
        if after.is_taken() {
            after.status = MedStatus::Stopped;
            after.end = Some(When::On(cx.today()));
        }
        made.says = "drug-said-takes-not";
        "drug-remark-takes-not"
    };
    if made.prescribes {
        after.overridden.clear();
    }
    let day = cx.say.date(cx.today());
    let asked = cx.say.with(id, &[("day", day.into())]);
    let parts = [asked.as_str(), why]
        .into_iter()
        .filter(|it| !it.is_empty());
    after.entry.remark.0 = parts.collect::<Vec<_>>().join(": ");
    Ok(())
}

/// Writes what the line says into the drug. What a patient tells need be no dose: it is kept
/// as it is told.
fn write_dose(line: &str, drug: &mut Medication) -> Result<(), Refused> {
    let parsed = dose_line::parse(line);
    let missing = parsed.dose.missing().map(|it| match it {
        Missing::Amount => "dose-lacks-amount",
        Missing::Frequency => "dose-lacks-frequency",
    });
    let unread = !parsed.problems.is_empty();
    let problem = unread.then_some("dose-not-read").or(missing);
    if let Some(problem) = problem.filter(|_| drug.kind == MedKind::Request) {
        return Err(Refused::Field(DOSE, problem));
    }
    let usual = drug.route.clone();
    let dose = if unread {
        dose_line::Dose::default()
    } else {
        parsed.dose
    };
    let listed = Medicine::named(&drug.code.text);
    dose.write(listed.map(Piece::from), drug);
    if unread {
        line.clone_into(&mut drug.dose);
    }
    if drug.route.is_empty() {
        drug.route = usual;
    }
    if drug.is_taken() {
        let days = dose.duration.and_then(dose_line::Duration::days);
        let days = days.and_then(|it| i32::try_from(it).ok());
        let course = drug.start.map(When::date).zip(days);
        drug.end = course.map(|(from, days)| When::On(from.plus_days(days)));
    }
    Ok(())
}
