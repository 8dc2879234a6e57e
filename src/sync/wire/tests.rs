//! Frames read back as they were written, and whatever else comes is refused.

use super::*;
use crate::{
    ids::{DocId, EpochId, KeyId, SessionId},
    ledger::{Entry, Envelope, Header, Kind, Suite},
    seal::{Entropy as _, Secret, SeededEntropy, Signature, SigningKey},
    time::Hlc,
};

/// Values that are drawn from a seed.
struct Draw(SeededEntropy);

impl Draw {
    fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }

    fn below(&mut self, end: u64) -> u64 {
        u64::from_be_bytes(self.bytes()) % end
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// One of a few ids, or now and then one of its own.
    fn id<const N: usize>(&mut self) -> [u8; N] {
        if self.one_in(8) {
            return self.bytes();
        }
        [u8::try_from(self.below(4)).unwrap(); N]
    }

    fn envelope(&mut self, place: Header) -> Envelope {
        let kinds = [
            Kind::Statement,
            Kind::Certificate,
            Kind::Change,
            Kind::Audit,
            Kind::Attachment,
            Kind::Tombstone,
        ];
        let fitting: Vec<_> =
            kinds.into_iter().filter(|it| it.fits(place.lane)).collect();
        let kind = fitting[usize::try_from(self.below(fitting.len() as u64)).unwrap()];
        let hlc = match self.below(3) {
            0 => Hlc(self.below(u64::MAX)),
            1 => Hlc([0, u64::MAX][usize::from(self.one_in(2))]),
            _ => Hlc((1_780_000_000_000 + self.below(9_999)) << 16 | self.below(3)),
        };
        let mut header = Header {
            kind,
            hlc,
            session: SessionId::from_bytes(self.id()),
            ..place
        };
        if kind.is_sealed() {
            header.epoch = EpochId::from_bytes(self.id());
            if !self.one_in(3) {
                header.doc = DocId::from_bytes(self.id());
                header.k = u16::try_from(self.below(3)).unwrap();
                header.key_id = KeyId::from_bytes(self.id());
                header.nonce = self.bytes();
            }
        }
        if self.one_in(4) {
            header.suite = Suite::from_number(self.bytes::<1>()[0]);
        }
        let mut content = vec![0; usize::try_from(self.below(90)).unwrap()];
        self.0.fill(&mut content);
        assert!(header.is_consistent());
        let (one, two): ([u8; 32], [u8; 32]) = (self.bytes(), self.bytes());
        let signature = [one, two].concat().try_into().unwrap();
        Envelope {
            header,
            content,
            signature: Signature::from_bytes(signature),
        }
    }

    fn run(&mut self) -> Run {
        let clinic = ClinicId::from_bytes(self.id());
        let mut place = Header {
            lane: Lane::from_number(u8::try_from(self.below(6)).unwrap()).unwrap(),
            log: LogId::from_bytes(self.id()),
            seq: [1, self.below(1 << 40) + 1][usize::from(self.one_in(2))],
            prev: Hash::from_bytes(self.id()),
            ..Header::unsealed(Kind::Statement, clinic, SessionId::ZERO, Hlc(0))
        };
        let mut entries = Vec::new();
        for _ in 0..=self.below(4) {
            let envelope = self.envelope(place);
            place.seq += 1;
            place.prev = envelope.hash();
            if self.one_in(5) {
                place.seq += self.below(9);
                place.prev = Hash::from_bytes(self.bytes());
            }
            let entry = Entry::Whole(envelope);
            entries.push(if self.one_in(4) {
                entry.erased()
            } else {
                entry
            });
        }
        let name = [place.log, LogId::from_bytes(self.id())];
        Run::new(name[usize::from(self.one_in(3))], entries).unwrap()
    }

    fn name(&mut self) -> RunName {
        let lane = u8::try_from(self.below(6)).unwrap();
        let log = LogId::from_bytes(self.id());
        (log, Lane::from_number(lane).unwrap())
    }

    fn place(&mut self) -> Place {
        let (log, lane) = self.name();
        let seq = self.below(1 << 50);
        Place { log, lane, seq }
    }

    fn reached(&mut self) -> Reached {
        let entry = |draw: &mut Self| {
            let end = (draw.below(u64::MAX), Short(draw.bytes()));
            (draw.name(), end)
        };
        (0..self.below(20)).map(|_| entry(self)).collect()
    }

    fn doc_run(&mut self) -> DocRun {
        (DocId::from_bytes(self.id()), LogId::from_bytes(self.id()))
    }

    fn held(&mut self) -> Held {
        let entry = |draw: &mut Self| {
            let end = (draw.below(u64::MAX), Short(draw.bytes()));
            (draw.doc_run(), end)
        };
        (0..self.below(20)).map(|_| entry(self)).collect()
    }

    fn base(&mut self) -> Option<BaseHash> {
        self.one_in(2).then(|| self.bytes())
    }

    fn frame(&mut self) -> Frame {
        match self.below(12) {
            0 => Frame::Hello(Hello {
                clinic: ClinicId::from_bytes(self.id()),
                frontier: Hash::from_bytes(self.bytes()),
                base: self.base(),
            }),
            1 => Frame::Frontier(Told {
                base: self.base(),
                reached: self.reached(),
            }),
            2 => Frame::Have {
                took: u32::try_from(self.below(5)).unwrap(),
                reached: self.reached(),
            },
            3 => Frame::Chunk((0..=self.below(2)).map(|_| self.run()).collect()),
            4 => Frame::Probe {
                run: self.name(),
                samples: (0..self.below(33))
                    .map(|it| (it * 7, Short(self.bytes())))
                    .collect(),
            },
            5 => Frame::Agreed {
                run: self.name(),
                upto: self.below(u64::MAX),
            },
            6 => Frame::Fork(self.place()),
            7 => Frame::Want((0..self.below(65)).map(|_| self.place()).collect()),
            8 => Frame::Share(Share {
                clinic: ClinicId::from_bytes(self.id()),
                frontier: Hash::from_bytes(self.bytes()),
            }),
            9 => Frame::Holds(Holds {
                took: u32::try_from(self.below(5)).unwrap(),
                held: self.held(),
            }),
            10 => Frame::Parted(self.doc_run()),
            _ => Frame::Bye(Bye::TooMuch),
        }
    }
}

/// The first bytes of a chunk: no clinics, one log, no sessions, epochs or keys.
fn chunk_head() -> Vec<u8> {
    let mut bytes = vec![VERSION, 4, 1];
    bytes.extend([1; 16]);
    bytes.push(1);
    bytes.extend([2; 16]);
    bytes.extend([0, 0, 0]);
    bytes
}

#[test]
fn every_frame_reads_back_as_it_was_written() {
    for seed in 0..3_000 {
        let frame = Draw::new(seed).frame();
        let bytes = frame.encode();
        assert_eq!(Frame::decode(&bytes), Ok(frame), "seed {seed}");
    }
}

#[test]
fn a_frame_is_all_of_its_bytes_and_no_more() {
    for seed in 0..40 {
        let bytes = Draw::new(seed).frame().encode();
        for length in 0..bytes.len() {
            let cut = Frame::decode(&bytes[..length]);
            assert_eq!(cut, Err(Error::Malformed), "seed {seed}, {length} bytes");
        }
        let more = [&*bytes, &[0]].concat();
        assert_eq!(Frame::decode(&more), Err(Error::Malformed), "seed {seed}");
    }
}

#[test]
fn changed_bytes_are_a_frame_or_an_error() {
    let mut read = 0;
    for seed in 0..20_000 {
        let mut draw = Draw::new(seed);
        let mut bytes = draw.frame().encode();
        for _ in 0..=draw.below(4) {
            let at = usize::try_from(draw.below(bytes.len() as u64)).unwrap();
            match draw.below(3) {
                0 => bytes[at] ^= 1 << draw.below(8),
                1 => bytes[at] = draw.bytes::<1>()[0],
                _ => drop(bytes.splice(at..at, [0xff; 9])),
            }
        }
        if let Ok(frame) = Frame::decode(&bytes) {
            read += 1;
            let again = Frame::decode(&frame.encode());
            assert_eq!(again, Ok(frame), "seed {seed}");
        }
    }
    assert!((1_000..19_000).contains(&read), "{read} were frames");
}

#[test]
fn any_bytes_are_a_frame_or_an_error() {
    for seed in 0..20_000 {
        let mut draw = Draw::new(seed);
        let mut bytes: [u8; 200] = draw.bytes();
        (bytes[0], bytes[1]) = (VERSION, u8::try_from(draw.below(14)).unwrap());
        drop(Frame::decode(&bytes));
    }
}

#[test]
fn another_version_is_named_and_a_length_is_refused_unread() {
    let mut bytes = Frame::Bye(Bye::Stalled).encode();
    bytes[0] = 9;
    assert_eq!(Frame::decode(&bytes), Err(Error::Version { theirs: 9 }));
    let length = MAX_FRAME_BYTES + 1;
    assert_eq!(
        Frame::decode(&vec![VERSION; length]),
        Err(Error::Length { length })
    );
}

#[test]
fn a_bomb_costs_nothing() {
    // Each states as many as a number can, and holds none.
    let most = postcard::to_allocvec(&u64::MAX).unwrap();
    let bombs = [
        vec![VERSION, 2, 0],
        vec![VERSION, 3, 0],
        vec![VERSION, 4],
        chunk_head(),
        [chunk_head(), vec![1, 0, 0, 0, 2, 1, 0]].concat(),
        [&[VERSION, 5][..], &[0; 17]].concat(),
        vec![VERSION, 8],
        vec![VERSION, 11, 0],
        [&[VERSION, 11, 0, 1][..], &[0; 16]].concat(),
    ];
    for mut bomb in bombs {
        bomb.extend(&most);
        bomb.extend([0; 100]);
        assert_eq!(
            Frame::decode(&bomb),
            Err(Error::Malformed),
            "{:?}",
            bomb.len()
        );
    }
}

#[test]
fn a_chunk_holds_no_more_than_is_taken() {
    let mut draw = Draw::new(1);
    let place = *draw.run().entries()[0].header();
    let mut large = draw.envelope(place);
    let around = Entry::from(large.clone()).len_bytes() - large.content.len();
    large.content = vec![0; CHUNK_BYTES_MAX / 2 - around];
    let of = |large: &Envelope, count: u64| {
        let run = |it: u64| {
            let mut envelope = large.clone();
            envelope.header.seq = it + 1;
            envelope
        };
        let run = Run::new(place.log, (0..count).map(run).collect::<Vec<_>>());
        Frame::Chunk(vec![run.unwrap()]).encode()
    };
    assert!(Frame::decode(&of(&large, 2)).is_ok());
    assert_eq!(
        Frame::decode(&of(&large, 3)),
        Err(Error::Length {
            length: of(&large, 3).len()
        })
    );
    // A million tiny ones: a frame of full size would hold more than twice as much.
    large.content.clear();
    let each = of(&large, 3).len() - of(&large, 2).len();
    let tiny = of(&large, ((MAX_FRAME_BYTES - 1_000) / each) as u64);
    assert!((CHUNK_BYTES_MAX..=MAX_FRAME_BYTES).contains(&tiny.len()));
    assert_eq!(Frame::decode(&tiny), Err(Error::Malformed));
}

#[test]
fn a_run_is_of_one_clinic_log_and_lane_in_order() {
    let mut draw = Draw::new(5);
    let run: Vec<Envelope> = loop {
        let run = draw.run().into_entries();
        let whole: Vec<_> = run.iter().filter_map(Entry::whole).cloned().collect();
        if whole.len() > 2 {
            break whole;
        }
    };
    let check = |change: fn(&mut Vec<Envelope>)| {
        let mut changed = run.clone();
        change(&mut changed);
        assert_eq!(Run::new(LogId::ZERO, changed), None);
    };
    check(Vec::clear);
    check(|it| it.swap(0, 1));
    check(|it| it[1].header.seq = it[0].header.seq);
    check(|it| it[1].header.clinic = ClinicId::from_bytes([9; 16]));
    check(|it| it[1].header.log = LogId::from_bytes([9; 16]));
    check(|it| {
        let lanes = [Lane::Audit, Lane::Desk];
        it[1].header.lane = lanes[usize::from(it[0].header.lane == Lane::Audit)];
    });
}

#[test]
fn what_repeats_is_written_once() {
    let place = Header {
        seq: 1,
        lane: Lane::Clinical,
        log: LogId::from_bytes([3; 16]),
        doc: DocId::from_bytes([6; 16]),
        key_id: KeyId::from_bytes([7; 16]),
        nonce: [8; crate::seal::NONCE_LEN],
        ..Header::unsealed(
            Kind::Change,
            ClinicId::from_bytes([5; 16]),
            SessionId::from_bytes([4; 32]),
            Hlc(1_780_000_000_000 << 16),
        )
    };
    let key = SigningKey::from_secret(&Secret::from_bytes(&[7; 32]));
    let mut run: Vec<Envelope> = Vec::new();
    let mut lengths = Vec::new();
    for seq in 1..=3_u8 {
        let prev = run.last().map_or(Hash::ZERO, Envelope::hash);
        let hlc = Hlc(place.hlc.0 + ((u64::from(seq) * 60_000) << 16));
        let header = Header {
            seq: u64::from(seq),
            prev,
            hlc,
            ..place
        };
        run.push(Envelope::sign(header, vec![seq; 208], &key).unwrap());
        let run = Run::new(place.log, run.clone()).unwrap();
        lengths.push(Frame::Chunk(vec![run]).encode().len());
    }
    // Whole, each is 462 bytes. Content, nonce and signature are 296 of them.
    assert_eq!(lengths[1] - lengths[0], 303);
    assert_eq!(lengths[2] - lengths[1], 303);
    assert_eq!(lengths[0], 430);
}
