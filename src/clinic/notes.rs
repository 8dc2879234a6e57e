//! Signing a note: who vouches for which text.

use super::{Error, Session};
use crate::{
    chart::{Edit, Note, Part, Record, Section, Signature, Subject, who::Action},
    doc::text_hash,
    ids::{Hash, PatientId, RecordId},
    seal,
    time::Moment,
};

impl Session {
    /// Signs a note whose text the person saw as `shown`. It is from then on shown as it was
    /// signed; a later change shows as an unsigned version.
    pub fn sign_note(
        &mut self,
        patient: PatientId,
        note: RecordId,
        shown: &[Section],
    ) -> Result<(), Error> {
        self.may_in(patient, Action::WriteNote)?;
        let subject = Subject::Patient(patient);
        let part = self.closed_part_of(patient, note)?.unwrap_or(Part::Visits);
        let missing = || Error::Missing(format!("note {note}"));
        let said = self.said(subject, part)?.map(|it| it.view);
        let mut view = said.ok_or_else(missing)?;
        let notes = view.notes_mut().into_iter();
        let mut notes = notes.filter(|it| !self.is_awaited(&it.entry));
        let found = notes.find(|it| it.entry.id == note);
        let before = found.ok_or_else(missing)?.clone();
        if before.signed.is_some() {
            return Err(Error::Refused("this note is signed already".to_owned()));
        }
        if before.entry.in_error {
            return Err(Error::Refused("this note was entered in error".to_owned()));
        }
        if before.sections != shown {
            let why = "this note was changed meanwhile; read it again";
            return Err(Error::Refused(why.to_owned()));
        }
        let heads = self.document(subject, part)?.doc.heads();
        let signed = signing(before, heads, (self.user(), self.moment()));
        self.save(subject, vec![signed])
    }
}

/// The change that signs a note as it stands at these heads.
pub(super) fn signing(
    before: Note,
    heads: Vec<Hash>,
    (by, at): (crate::ids::UserId, Moment),
) -> Edit {
    let text = text_hash(&before, seal::hash);
    let mut after = before.clone();
    after.signed = Some(Signature {
        by,
        at,
        text,
        heads,
    });
    Edit::change(Record::Note(before), Record::Note(after))
}
