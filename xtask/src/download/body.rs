//! Reads a body up to a limit and unpacks it, whatever its headers say about packing.

use std::fmt;
use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use super::meter::Meter;

/// What packed bytes begin with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// Why a body cannot be used.
#[derive(Debug)]
pub(super) enum Broken {
    /// It ended after so many bytes, with what the system says.
    BrokeOff(usize, io::Error),
    /// It has more bytes than this.
    TooLong(u64),
    /// It is packed, and what is inside cannot be unpacked.
    Damaged(io::Error),
    /// It is packed in a way that was not asked for.
    Unknown(&'static str),
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BrokeOff(length, error) => write!(formatter, "it broke off after {length} bytes: {error}"),
            Self::TooLong(limit) => write!(formatter, "larger than {limit} bytes"),
            Self::Damaged(error) => write!(formatter, "its packing (gzip) is damaged: {error}"),
            Self::Unknown(packing) => write!(formatter, "packed with {packing}, which cannot be unpacked here"),
        }
    }
}

/// Reads everything.
pub(super) fn read(body: impl Read, length: Option<u64>, limit: u64) -> Result<Vec<u8>, Broken> {
    if length.is_some_and(|length| length > limit) {
        return Err(Broken::TooLong(limit));
    }
    let bytes = collect(body, &mut Meter::new(length), limit, Broken::BrokeOff)?;
    if bytes.starts_with(&ZSTD) {
        return Err(Broken::Unknown("zstd"));
    }
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    collect(MultiGzDecoder::new(bytes.as_slice()), &mut Meter::quiet(), limit, |_, error| Broken::Damaged(error))
}

fn collect(
    mut body: impl Read,
    meter: &mut Meter,
    limit: u64,
    broken: impl Fn(usize, io::Error) -> Broken,
) -> Result<Vec<u8>, Broken> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match body.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => bytes.extend(chunk.iter().take(count)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(broken(bytes.len(), error)),
        }
        if bytes.len() as u64 > limit {
            return Err(Broken::TooLong(limit));
        }
        meter.show(bytes.len() as u64);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_is_packed_is_unpacked_and_what_is_not_is_left_alone() {
        assert_eq!(read(&packed(b"{}")[..], None, 100).unwrap(), b"{}");
        assert_eq!(read(&b"{}"[..], Some(2), 2).unwrap(), b"{}");
        assert_eq!(read(&b""[..], None, 0).unwrap(), b"");
    }

    #[test]
    fn limits_hold_for_both_sides_of_the_packing() {
        let bomb = packed(&vec![b' '; 1 << 20]);
        assert!(bomb.len() < 10_000);
        let cases: [(&[u8], Option<u64>, &str); 6] = [
            (&bomb, None, "larger than 10000 bytes"),
            (&[b' '; 10_001], None, "larger than 10000 bytes"),
            (b"{}", Some(10_001), "larger than 10000 bytes"),
            (&packed(b"{}")[..12], None, "its packing (gzip) is damaged"),
            (&[0x1f, 0x8b, 0], None, "its packing (gzip) is damaged"),
            (&[0x28, 0xb5, 0x2f, 0xfd, 0], None, "packed with zstd"),
        ];
        for (bytes, length, message) in cases {
            let broken = read(bytes, length, 10_000).unwrap_err().to_string();
            assert!(broken.starts_with(message), "{message}: {broken}");
        }
    }
}
