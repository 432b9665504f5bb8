//! The corpus of the fuzz target, mutated: a few rounds with every run of the tests, and as many as a person
//! asks for where no fuzzer runs: `BECKON_ROUNDS=50000000 cargo test --workspace --lib mutation`.

use std::path::Path;

use super::*;

const ROUNDS: u64 = 20_000;

/// xorshift64*: a finding is found again.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % limit.max(1)
    }
}

#[test]
fn no_mutation_of_the_corpus_breaks_a_promise() {
    let (corpus, rounds) = (corpus(), rounds());
    let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
    let mut understood = 0_u64;
    for _ in 0..rounds {
        let mut raw = corpus[draw.below(corpus.len())].clone();
        for _ in 0..=draw.below(4) {
            mutate(&mut raw, &corpus, &mut draw);
        }
        understood += u64::from(promises_hold(&raw));
    }
    println!("{rounds} mutations, {understood} of them understood");
}

#[expect(clippy::disallowed_methods, reason = "asked for by a person who runs the test")]
fn rounds() -> u64 {
    std::env::var("BECKON_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap())
}

#[test]
fn the_corpus_keeps_every_promise() {
    let corpus = corpus();
    assert!(corpus.len() >= 30, "{} links", corpus.len());
    assert!(corpus.iter().filter(|raw| promises_hold(raw)).count() >= 12);
}

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/link");
    let files = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn mutate(raw: &mut Vec<u8>, corpus: &[Vec<u8>], draw: &mut Draw) {
    const PIECES: [&[u8]; 16] = [
        b"anydesk:",
        b"beckon:",
        b"join?service=",
        b"&code=",
        b"&id=",
        b"https://",
        b"//",
        b"%20",
        b"%2",
        b"_msi",
        b"AnyDesk-ad_",
        b"-",
        b"@",
        b"\\\\",
        b"123456789",
        b"7Q4MX-2K9TD",
    ];
    let at = draw.below(raw.len() + 1);
    let to = (at + draw.below(8)).min(raw.len());
    match draw.below(7) {
        0 => raw.insert(at, u8::try_from(draw.below(256)).unwrap()),
        1 => drop(raw.drain(at..to)),
        2 if at < raw.len() => raw[at] ^= 1 << draw.below(8),
        3 => drop(raw.splice(at..to, PIECES[draw.below(PIECES.len())].iter().copied())),
        4 => {
            let other = &corpus[draw.below(corpus.len())];
            let from = draw.below(other.len() + 1);
            raw.truncate(at);
            raw.extend(&other[from..]);
        }
        5 => drop(raw.splice(at..at, format!("%{:02x}", draw.below(256)).into_bytes())),
        _ => drop(raw.splice(at..to, raw[at..to].to_ascii_uppercase())),
    }
}

/// The same as the fuzz target asserts. Whether the link was understood.
fn promises_hold(raw: &[u8]) -> bool {
    let link = Link::parse(raw, Some(&own()));
    if let Link::Refused { .. } = link {
        return false;
    }
    let shown = inert(raw);
    assert!(raw.len() <= LONGEST && raw.is_ascii() && !raw.starts_with(b"-"), "{shown}");
    assert!(!raw.iter().any(|b| b.is_ascii_control() || b"\"'`\\".contains(b)), "{shown}");
    assert_eq!(Link::parse(link.to_string().as_bytes(), None), link, "{shown}");
    if let Link::Call { target } | Link::OtherClient { target, .. } = &link {
        assert!(!target.to_string().starts_with('-'), "{shown}");
    }
    true
}
