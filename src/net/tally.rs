//! What is counted of one meeting.

use std::time::Duration;

use iroh::endpoint::Connection;

use super::board::Traffic;
use crate::sync::{proto, status::Progress, wire::Frame};

/// The counts of a meeting.
pub(super) struct Tally {
    sent: u64,
    received: u64,
    left: proto::Progress,
    is_in_step: bool,
    /// How long it took to be in step, the first time.
    took: Option<Duration>,
    round_trips: u64,
    /// Whether something was said since the last frame came.
    has_said: bool,
    /// The bytes of frames, sent and received.
    frames: (u64, u64),
    /// What went over the wire before the first frame, sent and received.
    handshake: (u64, u64),
}

impl Tally {
    /// Of a connection that has just been made.
    pub(super) fn new(connection: &Connection) -> Self {
        let stats = connection.stats();
        Self {
            sent: 0,
            received: 0,
            left: proto::Progress::default(),
            is_in_step: false,
            took: None,
            round_trips: 0,
            has_said: false,
            frames: (0, 0),
            handshake: (stats.udp_tx.bytes, stats.udp_rx.bytes),
        }
    }

    /// A frame was put on its way.
    pub(super) fn said(&mut self, frame: &Frame) {
        self.has_said = true;
        if let Frame::Chunk(runs) = frame {
            let envelopes = runs.iter().map(|it| it.entries().len() as u64);
            self.sent += envelopes.sum::<u64>();
        }
    }

    /// So many envelopes were taken in that were not there before.
    pub(super) fn took(&mut self, envelopes: usize) {
        self.received += envelopes as u64;
    }

    /// What is still to be moved.
    pub(super) fn still_to_move(&mut self, left: proto::Progress) {
        self.left = left;
        self.is_in_step &= left.to_send == 0 && left.to_get == 0;
    }

    /// A frame of so many bytes left.
    pub(super) fn left(&mut self, bytes: usize) {
        self.frames.0 += bytes as u64;
    }

    /// A frame came.
    pub(super) fn heard(&mut self, frame: &[u8]) {
        self.frames.1 += frame.len() as u64;
        self.round_trips += u64::from(std::mem::take(&mut self.has_said));
    }

    /// Both hold the same, so long after the beginning.
    pub(super) fn in_step(&mut self, after: Duration) {
        self.is_in_step = true;
        self.took.get_or_insert(after);
    }

    /// How far the transfer has come, unless both hold the same.
    pub(super) fn progress(&self, traffic: &Traffic) -> Option<Progress> {
        let progress = Progress {
            received: self.received,
            to_receive: self.left.to_get,
            sent: self.sent,
            to_send: self.left.to_send,
            bytes_in: traffic.bytes_in,
            bytes_out: traffic.bytes_out,
        };
        (!self.is_in_step).then_some(progress)
    }

    /// What went over the wire.
    pub(super) fn traffic(&self, connection: &Connection) -> Traffic {
        let stats = connection.stats();
        Traffic {
            sent: self.sent,
            received: self.received,
            bytes_out: stats.udp_tx.bytes,
            bytes_in: stats.udp_rx.bytes,
            frame_bytes_out: self.frames.0,
            frame_bytes_in: self.frames.1,
            handshake_bytes_out: self.handshake.0,
            handshake_bytes_in: self.handshake.1,
            round_trips: self.round_trips,
            took: self.took,
            unreached: 0,
        }
    }
}
