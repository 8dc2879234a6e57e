//! How a name sounds: a key that spellings of one name share, across the languages that
//! meet in a clinic.
//!
//! Consonants fall into classes, vowels only count at the beginning, doubled letters count
//! once: `Mohamed`, `Muhammad` and `محمد` are `M M T`; `Ouedraogo` and `Wedraogo` are
//! `W T R G`. The first vowel counts because Okello and Akello are two names.

use super::script::SOME_VOWEL;

/// Sounds that are compared; later ones are not.
const SOUNDS_MAX: u32 = 12;
const SOUND_BITS: u32 = 5;

/// A sequence of sounds, packed so that a key's beginning is a range of keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SoundKey(u64);

/// What is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sound {
    A = 1,
    I,
    O,
    H,
    K,
    G,
    T,
    P,
    B,
    F,
    S,
    J,
    L,
    R,
    M,
    N,
    W,
}

/// The keys of a word in Latin letters or of a reading: usually one. An `h` at the
/// beginning is not heard everywhere, so such a word has a second key without it. None for
/// words with other letters or digits.
pub(super) fn sound_keys(word: &str) -> Vec<SoundKey> {
    let mut bytes = word.as_bytes();
    let first_vowels: &[u8] = match bytes {
        [first, rest @ ..] if char::from(*first) == SOME_VOWEL => {
            bytes = rest;
            b"aio"
        }
        _ => b"",
    };
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_lowercase) {
        return Vec::new();
    }
    if !first_vowels.is_empty() {
        let with = |vowel: &u8| sounds(&[&[*vowel], bytes].concat());
        return first_vowels.iter().map(|it| pack(&with(it))).collect();
    }
    let mut keys = vec![pack(&sounds(bytes))];
    if let [b'h', rest @ ..] = bytes {
        keys.extend((!rest.is_empty()).then(|| pack(&sounds(rest))));
    }
    keys
}

impl SoundKey {
    /// How many sounds the key has.
    pub(super) const fn len(self) -> u32 {
        let used = u64::BITS - self.0.trailing_zeros();
        if self.0 == 0 {
            0
        } else {
            used.div_ceil(SOUND_BITS)
        }
    }

    /// The last of the keys that begin with this one.
    pub(super) const fn last_with_this_start(self) -> Self {
        let free = u64::BITS - self.len() * SOUND_BITS;
        let open = match 1_u64.checked_shl(free) {
            Some(it) => it - 1,
            None => u64::MAX,
        };
        Self(self.0 | open)
    }
}

fn pack(sounds: &[Sound]) -> SoundKey {
    let places = (1..=SOUNDS_MAX).map(|place| u64::BITS - place * SOUND_BITS);
    let packed = sounds.iter().zip(places);
    SoundKey(packed.fold(0, |key, (sound, shift)| key | (*sound as u64) << shift))
}

fn sounds(word: &[u8]) -> Vec<Sound> {
    let mut heard = Vec::with_capacity(8);
    let mut rest = word;
    let mut after_vowel = true;
    while !rest.is_empty() {
        let begins = rest.len() == word.len();
        let (sound, taken) = next(rest, begins);
        match sound {
            Some(it) if after_vowel || heard.last() != Some(&it) => heard.push(it),
            _ => {}
        }
        if let [b'x', ..] = rest {
            heard.push(Sound::S);
        }
        after_vowel = sound.is_none();
        rest = rest.get(taken..).unwrap_or_default();
    }
    heard
}

/// The sound at the beginning of `rest`, none for what is not heard, and its letters.
fn next(rest: &[u8], begins: bool) -> (Option<Sound>, usize) {
    use Sound::{A, B, F, G, H, I, J, K, L, M, N, O, P, R, S, T, W};
    let (sound, taken) = match rest {
        [b'o', b'u', third, ..] if is_vowel(*third) => (W, 2),
        [b'a', ..] if begins => (A, 1),
        [b'e' | b'i', ..] if begins => (I, 1),
        [b'o' | b'u', ..] if begins => (O, 1),
        [b'h', ..] if begins => (H, 1),
        [b'y', ..] if begins => (J, 1),
        [b'w', next, ..] if is_vowel(*next) => (W, 1),
        [b's' | b't', b'c', b'h', ..] => (S, 3),
        [b'c', b'h', b'l' | b'r', ..] => (K, 2),
        [b'c', b'h', ..] | [b't', b's' | b'z', ..] => (S, 2),
        [b'c', b'e' | b'i' | b'y', ..] | [b's' | b'z', ..] => (S, 1),
        [b'd', b'i', third, ..] if is_vowel(*third) => (J, 2),
        [b'd', b'j', ..] => (J, 2),
        [b'g', b'n', ..] => (N, 2),
        [b'p', b'h', ..] => (F, 2),
        [b'c' | b'k' | b'q' | b'x', ..] => (K, 1),
        [b'd' | b't', ..] => (T, 1),
        [b'f' | b'v', ..] => (F, 1),
        [b'b', ..] => (B, 1),
        [b'p', ..] => (P, 1),
        [b'g', ..] => (G, 1),
        [b'j', ..] => (J, 1),
        [b'l', ..] => (L, 1),
        [b'r', ..] => (R, 1),
        [b'm', ..] => (M, 1),
        [b'n', ..] => (N, 1),
        _ => return (None, 1),
    };
    (Some(sound), taken)
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::{fold::Folded, script::reading};

    fn keys(name: &str) -> Vec<SoundKey> {
        let read =
            |word: &str| reading(word).map_or_else(|| word.to_owned(), |it| it.text);
        let folded = Folded::of(name);
        folded
            .words()
            .flat_map(|it| sound_keys(&read(it)))
            .collect()
    }

    fn alike(one: &str, other: &str) -> bool {
        keys(one).iter().any(|it| keys(other).contains(it))
    }

    #[test]
    fn spellings_of_one_name_sound_alike() {
        for spellings in [
            "Okelo Okello",
            "Akello Akelo",
            "Mohamed Muhammad Mohammed Mohamad محمد",
            "Cissé Sise Ceesay",
            "Nguyen Nguyễn",
            "Ouedraogo Wedraogo Ouédraogo",
            "Wanjiku Wanjiko",
            "Sharma Sarma शर्मा",
            "Kwame Kwami Kouamé",
            "Diallo Jallow Jalloh",
            "Ndiaye Njie",
            "Aisha Aicha Ayesha عائشة",
            "Yusuf Youssouf Joseph Yosef يوسف",
            "Osman Usman Ousmane",
            "Omar Umar عمر",
            "Abebe አበበ",
            "Meena Mina मीना",
            "Hawa Awa",
            "Hernández Ernandes",
            "Christine Kristin",
            "Stephen Steven Stefan",
            "Coulibaly Kulibali",
            "Khadija Kadidja خديجة",
            "Fatoumata Fatimata",
            "Zainab Seynabou زينب",
            "Tsegaye Segaye",
            "Dagnachew ዳኛቸው",
            "Hussein Hossain Huseyn حسين",
            "Ibrahim Ebrahim إبراهيم",
            "Tshibangu Chibangu",
            "Muñoz Munos",
            "Sara Sarah ሳራ",
            "Ahmed Ahmad Amed أحمد",
            "Ali علي",
            "Alexandre Aleksander",
        ] {
            let spellings: Vec<&str> = spellings.split(' ').collect();
            for pair in spellings.windows(2) {
                assert!(alike(pair[0], pair[1]), "{pair:?}");
            }
        }
    }

    #[test]
    fn different_names_sound_different() {
        for (one, other) in [
            ("Okello", "Akello"),
            ("Otieno", "Atieno"),
            ("Grace", "Rose"),
            ("Maria", "Martha"),
            ("Kamau", "Mwangi"),
            ("Ram", "Rahul"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_beginning_of_a_key_is_a_range_of_keys() {
        let (start, whole) = (keys("Moham")[0], keys("Mohamed")[0]);
        assert_eq!((start.len(), whole.len()), (2, 3));
        assert!((start..=start.last_with_this_start()).contains(&whole));
        assert!(!(start..=start.last_with_this_start()).contains(&keys("Okello")[0]));
        let long = keys("Bartholomew-Constantinopolitanus")[1];
        assert_eq!(long.len(), SOUNDS_MAX);
    }

    #[test]
    fn what_has_no_latin_sound_has_no_key() {
        assert!(keys("李小明").is_empty());
        assert!(keys("zone2").is_empty());
        assert!(keys("").is_empty());
    }
}
