//! Base64 (RFC 4648): bytes where only text passes, as in FHIR's JSON, in age files and in a
//! contact card that is sent as a message.

const DIGITS: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes as text, without padding.
pub fn encode(bytes: &[u8]) -> String {
    let digit = |it: u32| {
        DIGITS
            .get(it as usize & 63)
            .map_or('A', |it| char::from(*it))
    };
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0, |bits, it| bits << 8 | u32::from(*it));
        let bits = bits << (8 * (3 - three.len()));
        let digits = [18, 12, 6, 0].map(|it| digit(bits >> it));
        text.extend(digits.iter().take(three.len() + 1));
    }
    text
}

/// The bytes that a text stands for; none when it is not base64. Line breaks are passed
/// over, padding may be missing.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches(|it: char| it == '=' || it.is_ascii_whitespace());
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3 + 2);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for digit in body.bytes().filter(|it| !it.is_ascii_whitespace()) {
        held = held << 6 | u32::from(value_of(digit)?);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    // One digit alone is no byte, and what is left over must be nothing.
    (bits < 6 && held == 0).then_some(bytes)
}

const fn value_of(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_are_read() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"),
            ("Zm9v\r\nYmFy\n", "foobar"),
            ("Zg", "f"),
        ] {
            assert_eq!(decode(text).unwrap(), bytes.as_bytes(), "for {text:?}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4648_are_written_without_padding() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        assert_eq!(encode(&[0xfb, 0xff]), "+/8");
    }

    #[test]
    fn what_is_not_base64_is_none() {
        for text in ["Z", "Zm9v!", "Zm=9v", "Zh", "été"] {
            assert_eq!(decode(text), None, "for {text:?}");
        }
    }
}
