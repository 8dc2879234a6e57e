//! Zstandard as payloads use it: one frame, whose dictionary is that of the suite.

use std::sync::LazyLock;

use zeroize::Zeroizing;
use zstd::{
    bulk::{Compressor, Decompressor},
    dict::{DecoderDictionary, EncoderDictionary},
    zstd_safe::{CParameter, get_frame_content_size},
};

use super::{Error, Suite, payload::PLAIN_BYTES_MAX};

/// The dictionary of [`Suite::CHANGES`]. It never changes: another one is another suite.
const CHANGES: &[u8] = include_bytes!("../../assets/payload-1.dict");
/// The first bytes of every frame, which are left out.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The Zstandard level without a dictionary: higher ones cost more than they save.
const LEVEL: i32 = 3;
/// The level with the dictionary: a change takes 35 µs, of a saving's many milliseconds.
const LEVEL_CHANGES: i32 = 19;

/// Prepared when first used, and kept: it takes longer than compressing a change.
static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(CHANGES, LEVEL_CHANGES));
static DECODER: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(CHANGES));

/// `plain` as a frame of this suite; none where it cannot be compressed.
pub(super) fn compress(
    suite: Suite,
    plain: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    suite.known()?;
    let framed = if suite == Suite::CHANGES {
        Compressor::with_prepared_dictionary(&ENCODER).and_then(|mut it| {
            // The suite says which dictionary it is; the frame need not.
            it.set_parameter(CParameter::DictIdFlag(false))?;
            it.compress(plain)
        })
    } else {
        zstd::bulk::compress(plain, LEVEL)
    };
    let framed = framed.ok().map(Zeroizing::new);
    Ok(framed.and_then(|it| Some(Zeroizing::new(it.strip_prefix(&MAGIC)?.to_vec()))))
}

/// One frame that says how much is in it, and says the truth: no more room than that is
/// ever taken.
pub(super) fn decompress(
    suite: Suite,
    frame: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    suite.known()?;
    let frame = [&MAGIC, frame].concat();
    let Ok(Some(stated)) = get_frame_content_size(&frame) else {
        return Err(Error::Payload);
    };
    let stated = usize::try_from(stated).unwrap_or(usize::MAX);
    if stated > PLAIN_BYTES_MAX {
        return Err(Error::Payload);
    }
    let plain = if suite == Suite::CHANGES {
        Decompressor::with_prepared_dictionary(&DECODER)
            .and_then(|mut it| it.decompress(&frame, stated))
    } else {
        zstd::bulk::decompress(&frame, stated)
    };
    let plain = plain.map(Zeroizing::new).or(Err(Error::Payload))?;
    let honest = plain.len() == stated;
    honest.then_some(plain).ok_or(Error::Payload)
}

#[cfg(test)]
mod tests {
    use zstd::bulk;

    use super::*;

    const SUITES: [Suite; 2] = [Suite::BARE, Suite::CHANGES];

    #[track_caller]
    fn check_refused(frame: &[u8]) {
        for suite in SUITES {
            assert_eq!(decompress(suite, frame), Err(Error::Payload));
        }
    }

    #[test]
    fn the_dictionary_is_the_one_that_the_suite_began_with() {
        let hash = crate::seal::hash(CHANGES).to_string();
        assert_eq!(
            (CHANGES.len(), hash.as_str()),
            (
                65_536,
                "861d9cef2d0328108bf9526aad67166edbc68f361fa4ffa2eec12025a6d0261c"
            )
        );
    }

    #[test]
    fn a_frame_is_read_by_the_suite_that_made_it() {
        // From the middle of the dictionary, which alone can say it so briefly.
        let plain = CHANGES.rchunks(400).nth(3).unwrap();
        let frame = compress(Suite::CHANGES, plain).unwrap().unwrap();
        assert!(frame.len() < 40, "{}", frame.len());
        assert_eq!(*decompress(Suite::CHANGES, &frame).unwrap(), plain);
        assert_eq!(decompress(Suite::BARE, &frame), Err(Error::Payload));
        let newer = Suite::from_number(2);
        assert!(matches!(compress(newer, plain), Err(Error::Unknown { .. })));
        let read = decompress(newer, &frame);
        assert!(matches!(read, Err(Error::Unknown { .. })));
    }

    #[test]
    fn a_bomb_is_refused_without_room_for_it() {
        // By the format: no size stated, then blocks that each repeat a byte 128 KiB often.
        let head = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
        let block = |last: u32| (1 << 20 | 1 << 1 | last).to_le_bytes();
        let mut unstated = head.to_vec();
        for _ in 0..200_000 {
            unstated.extend_from_slice(&[block(0)[0], block(0)[1], block(0)[2], 0]);
        }
        unstated.extend_from_slice(&[block(1)[0], block(1)[1], block(1)[2], 0]);
        check_refused(&unstated);
        // The same with a small size stated, and with its true size, 26 GB.
        let blocks = unstated.split_off(head.len());
        let magic = &head[..4];
        for size in [1000_u64, 200_001 * 131_072] {
            let stated = [magic, &[0xe0], &size.to_le_bytes(), &blocks].concat();
            assert_eq!(get_frame_content_size(&stated).ok(), Some(Some(size)));
            check_refused(&stated);
        }
    }

    #[test]
    fn a_frame_that_lies_about_its_size_is_refused() {
        for suite in SUITES {
            let honest = compress(suite, &[b'a'; 200]).unwrap().unwrap();
            let twice = [&**honest, &honest].concat();
            check_refused(&twice);
            check_refused(&honest[..honest.len() - 1]);
        }
        check_refused(b"");
        let more = bulk::compress(&vec![0; PLAIN_BYTES_MAX + 1], LEVEL).unwrap();
        check_refused(&more);
    }
}
