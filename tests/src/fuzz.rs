//! A bounded fuzzer for stable Rust: arbitrary bytes and mutations of seeds, the same ones for the same seed.
//!
//! Must not know what is fuzzed.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::Failure;

/// The number of cases of each target.
const CASES: u64 = 20_000;
/// How long a target is fuzzed if the environment does not set the number of cases.
const BUDGET: Duration = Duration::from_secs(5);
/// No case takes so long, not even on a slow machine.
const HANGS: Duration = Duration::from_secs(30);
/// The longest input.
const MOST_BYTES: usize = 64 * 1024;

/// Strings that parsers treat specially.
const TOKENS: [&str; 24] = [
    "{",
    "}",
    "[[[[",
    "\"",
    "\\u",
    "\\ud800",
    "null",
    "-0",
    "1e999",
    "18446744073709551616",
    "\r\n\r\n",
    "\n\n",
    "data: ",
    "\u{feff}",
    "\u{202e}",
    "\0",
    "<script",
    "</",
    "<!--",
    "```yaml\n",
    "$ref: '#'",
    "#/",
    "%zz",
    "://",
];

/// A reproducible sequence of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Creates the sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below a limit, or 0 if the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.number() % limit).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        self.number().to_le_bytes()[0]
    }
}

/// Reads the seeds of a target in the order of their names.
///
/// # Errors
///
/// Fails if the folder cannot be read or holds no file.
pub fn read_seeds(folder: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut paths: Vec<_> = entries.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    let seeds = paths.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    if seeds.is_empty() { Err(format!("{} holds no seed", folder.display()).into()) } else { Ok(seeds) }
}

/// Creates the input of a case: the seeds themselves come first, then mutations of them and arbitrary bytes.
pub fn create_input(seeds: &[Vec<u8>], seed: u64, case: u64) -> Vec<u8> {
    if let Some(whole) = usize::try_from(case).ok().and_then(|case| seeds.get(case)) {
        return whole.clone();
    }
    let mut random = Random::new(seed ^ case.wrapping_mul(0xd6e8_feb8_6659_fd93));
    if random.below(10) == 0 {
        let length = random.below(512);
        return (0..length).map(|_| random.byte()).collect();
    }
    let mut input = seeds.get(random.below(seeds.len())).cloned().unwrap_or_default();
    for _ in 0..=random.below(6) {
        mutate(&mut input, seeds, &mut random);
    }
    input.truncate(MOST_BYTES);
    input
}

fn mutate(input: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() + 1);
    let end = at + random.below(input.len() - at + 1);
    match random.below(7) {
        0 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => input.insert(at, random.byte()),
        2 => drop(input.drain(at..end)),
        3 => input.truncate(at),
        4 => {
            let token = TOKENS.get(random.below(TOKENS.len())).copied().unwrap_or_default();
            input.splice(at..at, token.bytes());
        }
        5 => {
            let part = input.get(at..end.min(at + 64)).unwrap_or_default();
            // Rarely long: what is not linear shows.
            let times = if random.below(20) == 0 { 500 } else { 1 + random.below(8) };
            let repeated = part.repeat(times);
            input.splice(at..at, repeated);
        }
        _ => {
            let other = seeds.get(random.below(seeds.len())).map(Vec::as_slice).unwrap_or_default();
            let from = random.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(other.get(from..).unwrap_or_default());
        }
    }
}

/// Runs a target on many inputs, and returns how many. `FUZZ_CASES` and `FUZZ_SEED` set the number of cases and the seed.
///
/// # Errors
///
/// Fails with the seed, the case and the input if the target panics or hangs.
pub fn run(name: &str, seeds: Vec<Vec<u8>>, target: fn(&[u8])) -> Result<u64, Failure> {
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let (wanted, seed) = (number("FUZZ_CASES"), number("FUZZ_SEED").unwrap_or(1));
    let end = Instant::now() + BUDGET;
    let cases = (0..wanted.unwrap_or(CASES)).take_while(move |_| wanted.is_some() || Instant::now() < end);
    let describe = move |case, input: &[u8]| {
        let shown = String::from_utf8_lossy(input.get(..2000).unwrap_or(input)).into_owned();
        format!("case {case} (FUZZ_SEED={seed} FUZZ_CASES={}), input of {} bytes: {shown:?}", case + 1, input.len())
    };
    let (sender, receiver) = channel();
    let of_thread = seeds.clone();
    let worker = std::thread::spawn(move || {
        for case in cases {
            let input = create_input(&of_thread, seed, case);
            if sender.send(case).is_err() {
                return;
            }
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(&input))) {
                eprintln!("panic: {}", describe(case, &input));
                resume_unwind(panic);
            }
        }
    });
    let mut count = 0;
    loop {
        match receiver.recv_timeout(HANGS) {
            Ok(case) => count = case + 1,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let case = count.saturating_sub(1);
                let input = create_input(&seeds, seed, case);
                return Err(format!("{name} hangs: {}", describe(case, &input)).into());
            }
        }
    }
    worker.join().map_err(|_| format!("{name} panicked; the case is printed above"))?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_reproducible_and_different() {
        let seeds = vec![b"{\"a\": 1}".to_vec(), b"<html>".to_vec()];
        let inputs = |seed| (0..500).map(|case| create_input(&seeds, seed, case)).collect::<Vec<_>>();
        assert_eq!(inputs(1), inputs(1));
        assert_ne!(inputs(1), inputs(2));
        assert_eq!(inputs(1)[..2], seeds);
        assert!(inputs(1).iter().all(|input| input.len() <= MOST_BYTES));
        let distinct: std::collections::BTreeSet<_> = inputs(1).into_iter().collect();
        assert!(distinct.len() > 300, "{}", distinct.len());
    }

    #[test]
    fn panic_is_a_failure() {
        let seeds = vec![b"boom".to_vec()];
        assert!(run("calm", seeds.clone(), |_| ()).is_ok_and(|cases| cases > 100));
        let failure = run("loud", seeds, |input| assert_ne!(input, b"boom")).unwrap_err();
        assert!(failure.to_string().contains("loud panicked"), "{failure}");
    }
}
