//! Papers on the wire: in pieces, each a frame, or that they are what the other side has.

use serde::{Deserialize, Serialize};

use super::{CHUNK_BYTES_MAX, Error, Frame};
use crate::{ids::Hash, members::PAPERS_BYTES_MAX, seal};

/// A part of papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// How many pieces follow.
    pub left: u16,
    /// Its bytes; none where the papers are what the receiver has.
    pub bytes: Vec<u8>,
}

/// Papers that are coming.
#[derive(Debug, Default)]
pub struct Gathering {
    left: Option<u16>,
    bytes: Vec<u8>,
}

/// What a piece made of papers.
#[derive(Debug, PartialEq, Eq)]
pub enum Gathered {
    /// More is to come.
    Some,
    /// They are those that are held.
    Same,
    /// All of them.
    All(Vec<u8>),
}

/// The frames that give papers to whoever has those with this hash.
pub fn pieces(papers: &[u8], known: Hash) -> Vec<Frame> {
    if seal::hash(papers) == known {
        return vec![Frame::Papers(Piece {
            left: 0,
            bytes: Vec::new(),
        })];
    }
    let pieces = papers.chunks(CHUNK_BYTES_MAX);
    let left = (0..pieces.len()).rev();
    left.zip(pieces)
        .map(|(left, bytes)| {
            Frame::Papers(Piece {
                left: u16::try_from(left).unwrap_or(u16::MAX),
                bytes: bytes.to_vec(),
            })
        })
        .collect()
}

impl Gathering {
    /// Takes the next piece; none may be missing, and all together have a limit.
    pub fn take(&mut self, piece: Piece) -> Result<Gathered, Error> {
        let is_first = self.left.is_none();
        let expected = self.left.unwrap_or(piece.left);
        let length = self.bytes.len().saturating_add(piece.bytes.len());
        if length > PAPERS_BYTES_MAX {
            return Err(Error::Length { length });
        }
        if piece.bytes.is_empty() {
            let is_same = is_first && piece.left == 0;
            return is_same.then_some(Gathered::Same).ok_or(Error::Malformed);
        }
        if piece.left != expected {
            return Err(Error::Malformed);
        }
        self.bytes.extend_from_slice(&piece.bytes);
        self.left = piece.left.checked_sub(1);
        if piece.left > 0 {
            return Ok(Gathered::Some);
        }
        Ok(Gathered::All(std::mem::take(&mut self.bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(frames: Vec<Frame>) -> Result<Vec<Gathered>, Error> {
        let mut gathering = Gathering::default();
        let pieces = frames.into_iter().map(|it| {
            let Frame::Papers(piece) = it else {
                panic!("{it:?}");
            };
            gathering.take(piece)
        });
        pieces.collect()
    }

    #[test]
    fn papers_come_whole_and_those_that_are_held_are_not_sent_again() {
        for length in [1, CHUNK_BYTES_MAX, CHUNK_BYTES_MAX + 1, PAPERS_BYTES_MAX] {
            let papers: Vec<u8> = (0..=250).cycle().take(length).collect();
            let frames = pieces(&papers, Hash::ZERO);
            assert_eq!(frames.len(), length.div_ceil(CHUNK_BYTES_MAX));
            let gathered = gather(frames).unwrap();
            assert!(gathered.last() == Some(&Gathered::All(papers.clone())));
            let again = pieces(&papers, seal::hash(&papers));
            assert_eq!(gather(again), Ok(vec![Gathered::Same]));
        }
    }

    #[test]
    fn papers_with_a_piece_missing_or_too_much_of_them_are_none() {
        let papers = vec![7; CHUNK_BYTES_MAX * 3];
        let frames = pieces(&papers, Hash::ZERO);
        for missing in [1, 2] {
            let mut torn = frames.clone();
            torn.remove(missing);
            let gathered = gather(torn);
            let whole = |it: &Gathered| matches!(it, Gathered::All(_));
            assert!(gathered.map_or(true, |it| !it.iter().any(whole)));
        }
        let empty = Piece {
            left: 1,
            bytes: Vec::new(),
        };
        assert_eq!(gather(vec![Frame::Papers(empty)]), Err(Error::Malformed));
        let piece = |left| {
            let bytes = vec![1; CHUNK_BYTES_MAX];
            Frame::Papers(Piece { left, bytes })
        };
        let endless = (0..20).rev().map(piece).collect();
        assert!(matches!(gather(endless), Err(Error::Length { .. })));
    }
}
