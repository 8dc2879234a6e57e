//! One block of Zstandard, whose dictionary ends with what was said before.

use zstd::{
    bulk::{Compressor, Decompressor},
    zstd_safe::CParameter,
};

/// What every document says, more or less: the end of the dictionary of changes.
const BEGINS: &[u8] = include_bytes!("../../../assets/after-1.dict");
/// As much of what was said before a change as it is packed after, in bytes: some five
/// visits. More saves little and takes longer to look through.
pub(in crate::doc) const SAID_BYTES_MAX: usize = 4096;
/// The longest thin change that is packed so, in bytes: what one block holds.
const PLAIN_BYTES_MAX: u32 = 128 * 1024;
/// The Zstandard level: higher ones take longer and save nothing of what clinics write.
const LEVEL: i32 = 6;

/// A frame of one part, whose size stands in four bytes.
const FRAME: [u8; 5] = [0x28, 0xb5, 0x2f, 0xfd, 0xa0];
const FRAME_BEGINS: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const ONE_PART: u8 = 1 << 5;
/// Before a block: whether it is the last, what it is, and above that its length.
const BLOCK_HEAD: usize = 3;
const LAST: u32 = 1;
const COMPRESSED: u32 = 2 << 1;
const BLOCK_LEN_SHIFT: u32 = 3;

/// The block that holds `plain`; none where it would not be shorter.
pub(super) fn pack(plain: &[u8], said: &[u8]) -> Option<Vec<u8>> {
    if plain.len() > usize::try_from(PLAIN_BYTES_MAX).ok()? {
        return None;
    }
    let dictionary = [BEGINS, said].concat();
    let mut compressor = Compressor::with_dictionary(LEVEL, &dictionary).ok()?;
    compressor
        .set_parameter(CParameter::DictIdFlag(false))
        .ok()?;
    let frame = compressor.compress(plain).ok()?;
    let (&head, rest) = frame.strip_prefix(FRAME_BEGINS)?.split_first()?;
    let size_len = 1_usize << (head >> 6);
    let block = rest.get(size_len..)?;
    let (&[a, b, c], block) = block.split_first_chunk::<BLOCK_HEAD>()?;
    let is_one = head & ONE_PART != 0
        && u32::from_le_bytes([a, b, c, 0]) == block_head(block.len())?;
    (is_one && block.len() < plain.len()).then(|| block.to_vec())
}

/// The `length` bytes that the block holds, if it holds so many.
pub(super) fn unpack(block: &[u8], length: u64, said: &[u8]) -> Option<Vec<u8>> {
    let size = u32::try_from(length)
        .ok()
        .filter(|it| *it <= PLAIN_BYTES_MAX)?;
    let [head @ .., _] = block_head(block.len())?.to_le_bytes();
    let frame = [&FRAME, size.to_le_bytes().as_slice(), &head, block].concat();
    let dictionary = [BEGINS, said].concat();
    let mut decompressor = Decompressor::with_dictionary(&dictionary).ok()?;
    let room = usize::try_from(size).ok()?;
    let plain = decompressor.decompress(&frame, room).ok()?;
    (plain.len() == room).then_some(plain)
}

fn block_head(length: usize) -> Option<u32> {
    let length = u32::try_from(length).ok()?;
    (length <= PLAIN_BYTES_MAX).then_some(length << BLOCK_LEN_SHIFT | COMPRESSED | LAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &[u8] = b"Presents with zarplax and quorfen for 13 days, walked 3 km.";

    #[test]
    fn what_was_said_before_is_told_in_a_few_bytes() {
        let before = NOTE.repeat(3);
        let packed = pack(NOTE, &before).unwrap();
        assert!(packed.len() < 16, "{}", packed.len());
        let length = NOTE.len() as u64;
        assert_eq!(unpack(&packed, length, &before).unwrap(), NOTE);
        for other in [0, length - 1, length + 1, u64::MAX] {
            assert_eq!(unpack(&packed, other, &before), None, "for {other}");
        }
    }

    #[test]
    fn what_does_not_become_shorter_is_not_packed() {
        let noise: Vec<u8> = (0..200_u32)
            .flat_map(|it| it.wrapping_mul(2_654_435_761).to_be_bytes())
            .collect();
        assert_eq!(pack(&noise, b""), None);
        assert_eq!(pack(b"", b""), None);
        let long = vec![7; 128 * 1024 + 1];
        assert_eq!(pack(&long, b""), None);
        let packed = pack(&long[1..], b"").unwrap();
        assert_eq!(unpack(&packed, 128 * 1024, b"").unwrap(), long[1..]);
    }

    proptest::proptest! {
        #[test]
        fn any_block_is_what_it_says_or_nothing(
            block in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            length in 0..2000_u64,
        ) {
            let unpacked = unpack(&block, length, NOTE);
            proptest::prop_assert!(unpacked.is_none_or(|it| it.len() as u64 == length));
        }
    }
}
