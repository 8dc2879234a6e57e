//! A statement: something that somebody with the right to says about who belongs, signed,
//! and naming the statements that were known when it was made.

use std::{collections::BTreeSet, fmt};

use super::{
    Body, Error,
    body::Right,
    codec,
    wire::{Reader, Writer},
};
use crate::{
    ids::{ClinicId, SessionId, StatementId, UserId},
    seal::{self, PublicKey, Signature, SigningKey, names},
    time::Hlc,
};

/// The largest statement in bytes: half of what an envelope carries.
pub const STATEMENT_BYTES_MAX: usize = 512 * 1024;
/// The most statements that one names as its parents. Each joins that many branches, one
/// for every machine that wrote while it was apart.
pub const PARENTS_MAX: usize = 256;

const MAGIC: [u8; 4] = *b"CAST";
const CONTEXT: &str = "cairn/statement/v1";

/// A statement whose signatures fit the keys that it names. Whether those keys had the right
/// to make it is for [`Membership`](super::Membership) to say.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    id: StatementId,
    clinic: ClinicId,
    at: Hlc,
    signer: Signer,
    second: Option<Signer>,
    parents: BTreeSet<StatementId>,
    body: Body,
    signatures: Vec<Signature>,
}

/// Who signs a statement, with the key to check it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signer {
    /// The clinic's root.
    Root(PublicKey),
    /// A user, with one of the user's keys.
    User(UserId, PublicKey),
    /// A machine.
    Device(PublicKey),
    /// A session, by its certificate and the key in it.
    Session(SessionId, PublicKey),
}

/// A signer who can sign.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    signer: Signer,
    key: &'a SigningKey,
}

/// What a statement is made of before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The clinic.
    pub clinic: ClinicId,
    /// When, by the hybrid logical clock.
    pub at: Hlc,
    /// The statements that are known and acknowledged, as far as no other of them follows.
    pub parents: BTreeSet<StatementId>,
    /// What it says.
    pub body: Body,
}

impl Statement {
    /// Signs `draft`.
    pub fn sign(draft: Draft, author: Author<'_>) -> Result<Self, Error> {
        let signed = signed_bytes(&draft, &[author.signer]);
        Self::finish(signed, &[author])
    }

    /// Signs `draft` by an owner and a second person, who says the same.
    pub fn sign_both(
        draft: Draft,
        owner: Author<'_>,
        second: Author<'_>,
    ) -> Result<Self, Error> {
        let signed = signed_bytes(&draft, &[owner.signer, second.signer]);
        Self::finish(signed, &[owner, second])
    }

    /// The statement in these bytes, if all of it is well-formed and signed by whom it says.
    pub fn open(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > STATEMENT_BYTES_MAX {
            return Err(Error::TooLarge {
                max: STATEMENT_BYTES_MAX,
            });
        }
        let statement = Self::read(bytes)?;
        if let Body::Endpoint(endpoint) = &statement.body {
            endpoint.check(statement.clinic, statement.signer.key())?;
        }
        let signed = bytes.len() - statement.signatures.len() * Signature::LEN;
        let signed = bytes.get(..signed).unwrap_or_default();
        let signers = [Some(statement.signer), statement.second];
        let signers = signers.iter().flatten();
        for (signer, signature) in signers.zip(&statement.signatures) {
            signer.key().verify(CONTEXT, signed, signature)?;
        }
        Ok(statement)
    }

    /// The statement in these bytes, whose signatures were checked before: [`open`] gave it
    /// this id, which the caller kept where nobody else writes. Ten times as fast.
    ///
    /// [`open`]: Self::open
    pub fn reopen(bytes: &[u8], id: StatementId) -> Result<Self, Error> {
        let same = seal::hash(bytes).as_bytes() == id.as_bytes();
        let checked = same.then_some(bytes);
        Self::read(checked.ok_or(Error::Malformed("other bytes than were checked"))?)
    }

    /// The statement's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let draft = Draft {
            clinic: self.clinic,
            at: self.at,
            parents: self.parents.clone(),
            body: self.body.clone(),
        };
        let signers: Vec<_> = [Some(self.signer), self.second]
            .into_iter()
            .flatten()
            .collect();
        let mut bytes = signed_bytes(&draft, &signers);
        for signature in &self.signatures {
            bytes.extend_from_slice(signature.as_bytes());
        }
        bytes
    }

    /// The hash of its bytes.
    pub const fn id(&self) -> StatementId {
        self.id
    }

    /// The clinic that it speaks of.
    pub const fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// When it was made, by the hybrid logical clock.
    pub const fn at(&self) -> Hlc {
        self.at
    }

    /// Who made it.
    pub const fn signer(&self) -> Signer {
        self.signer
    }

    /// The second person, where it takes two.
    pub const fn second(&self) -> Option<Signer> {
        self.second
    }

    /// The statements that it follows.
    pub const fn parents(&self) -> &BTreeSet<StatementId> {
        &self.parents
    }

    /// What it says.
    pub const fn body(&self) -> &Body {
        &self.body
    }

    fn finish(mut bytes: Vec<u8>, authors: &[Author<'_>]) -> Result<Self, Error> {
        let signatures = authors.iter().map(|it| it.key.sign(CONTEXT, &bytes));
        let signatures: Vec<_> = signatures.collect();
        for signature in signatures {
            bytes.extend_from_slice(signature.as_bytes());
        }
        Self::open(&bytes)
    }

    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut from = Reader::new(bytes);
        from.opening(MAGIC)?;
        let clinic = ClinicId::from_bytes(from.array()?);
        let kind = from.u8()?;
        let at = Hlc(from.u64()?);
        let both = match from.u8()? {
            1 => false,
            2 => true,
            _ => return Err(Error::Malformed("one or two sign")),
        };
        let signer = Signer::read(&mut from, clinic)?;
        let second = both.then(|| Signer::read(&mut from, clinic)).transpose()?;
        let parents = from.ascending(PARENTS_MAX, |from| {
            from.array().map(StatementId::from_bytes)
        })?;
        let body = codec::read(kind, from.bytes(STATEMENT_BYTES_MAX)?)?;
        if !may_sign(&body, signer, second) {
            return Err(Error::Malformed("not whose statement this is"));
        }
        if parents.is_empty() && !matches!(body, Body::Founding { .. }) {
            return Err(Error::Malformed("only the founding follows nothing"));
        }
        let signatures = 0..=usize::from(both);
        let signatures = signatures.map(|_| from.array().map(Signature::from_bytes));
        let signatures = signatures.collect::<Result<_, _>>()?;
        from.end()?;
        Ok(Self {
            id: StatementId::from_bytes(*seal::hash(bytes).as_bytes()),
            clinic,
            at,
            signer,
            second,
            parents: BTreeSet::from_iter(parents),
            body,
            signatures,
        })
    }
}

impl<'a> Author<'a> {
    /// The clinic's root.
    pub fn root(key: &'a SigningKey) -> Self {
        let signer = Signer::Root(key.public());
        Self { signer, key }
    }

    /// A user with one of the user's keys.
    pub fn user(user: UserId, key: &'a SigningKey) -> Self {
        let signer = Signer::User(user, key.public());
        Self { signer, key }
    }

    /// A machine.
    pub fn device(key: &'a SigningKey) -> Self {
        let signer = Signer::Device(key.public());
        Self { signer, key }
    }

    /// A session with its key.
    pub fn session(session: SessionId, key: &'a SigningKey) -> Self {
        let signer = Signer::Session(session, key.public());
        Self { signer, key }
    }

    /// As whom this author signs.
    pub const fn signer(&self) -> Signer {
        self.signer
    }
}

impl Signer {
    /// The key that the signature fits.
    pub const fn key(&self) -> &PublicKey {
        match self {
            Self::Root(key)
            | Self::User(_, key)
            | Self::Device(key)
            | Self::Session(_, key) => key,
        }
    }

    /// The user, if one signs with a key of her own.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::User(user, _) => Some(*user),
            Self::Root(_) | Self::Device(_) | Self::Session(..) => None,
        }
    }

    fn write(&self, out: &mut Writer) {
        match self {
            Self::Root(_) => out.u8(0),
            Self::User(user, _) => out.u8(1).put(user.as_bytes()),
            Self::Device(_) => out.u8(2),
            Self::Session(session, _) => out.u8(3).put(session.as_bytes()),
        }
        .put(self.key().as_bytes());
    }

    fn read(from: &mut Reader<'_>, clinic: ClinicId) -> Result<Self, Error> {
        let tag = from.u8()?;
        match tag {
            0 => {
                let key = PublicKey::from_bytes(from.array()?);
                (names::clinic_id(&key) == clinic)
                    .then_some(Self::Root(key))
                    .ok_or(Error::Malformed("not this clinic's root"))
            }
            1 => {
                let user = UserId::from_bytes(from.array()?);
                Ok(Self::User(user, PublicKey::from_bytes(from.array()?)))
            }
            2 => Ok(Self::Device(PublicKey::from_bytes(from.array()?))),
            3 => {
                let session = SessionId::from_bytes(from.array()?);
                Ok(Self::Session(session, PublicKey::from_bytes(from.array()?)))
            }
            _ => Err(Error::Malformed("not a signer")),
        }
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.id, self.body)
    }
}

/// Everything but the signatures.
fn signed_bytes(draft: &Draft, signers: &[Signer]) -> Vec<u8> {
    let mut out = Writer::opening(MAGIC);
    out.put(draft.clinic.as_bytes())
        .u8(codec::kind_of(&draft.body))
        .u64(draft.at.0)
        .u8(u8::try_from(signers.len()).unwrap_or(u8::MAX));
    for signer in signers {
        signer.write(&mut out);
    }
    out.list(draft.parents.iter(), |out, parent| {
        out.put(parent.as_bytes());
    })
    .bytes(&codec::write(&draft.body));
    out.into_bytes()
}

/// Whether a body of this kind is signed by such signers, whoever they are.
fn may_sign(body: &Body, signer: Signer, second: Option<Signer>) -> bool {
    let right = body.right();
    if right == Right::Unknown {
        return true;
    }
    if second.is_some() != (right == Right::Pair) {
        return false;
    }
    match signer {
        Signer::Root(_) => matches!(right, Right::Root | Right::Owner),
        Signer::User(user, _) => match right {
            Right::Owner => true,
            Right::Pair => second.and_then(|it| it.user()).is_some_and(|it| it != user),
            Right::Themselves(subject) => subject == user,
            Right::Root
            | Right::Device
            | Right::Session
            | Right::May(_)
            | Right::Unknown => false,
        },
        Signer::Device(_) => right == Right::Device,
        Signer::Session(..) => matches!(right, Right::Session | Right::May(_)),
    }
}
