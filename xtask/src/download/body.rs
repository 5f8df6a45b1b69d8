//! Reads a body up to a limit and decompresses it by its first bytes, whatever its headers claim.

use std::fmt;
use std::io::{self, Read};

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::meter::Meter;

/// What compressed bytes begin with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZLIB: [[u8; 2]; 3] = [[0x78, 0x01], [0x78, 0x9c], [0x78, 0xda]];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// How often bytes may be compressed: as a file, and once more in transit.
const LAYERS: usize = 2;
/// Bytes that are read of a body whose declared length is over the limit.
const GLIMPSE: usize = 4096;
/// Bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// A body that cannot be used.
#[derive(Debug)]
pub(super) struct Unread {
    /// Why.
    pub(super) broken: Broken,
    /// The bytes read so far.
    pub(super) bytes: Vec<u8>,
}

/// Why a body cannot be used.
#[derive(Debug)]
pub(super) enum Broken {
    /// The connection was closed early.
    BrokeOff(io::Error),
    /// It has more bytes than the limit.
    TooLong(u64),
    /// It is compressed, and cannot be decompressed.
    Damaged(io::Error),
    /// It is compressed in a way that was not requested.
    Unknown(&'static str),
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BrokeOff(error) => write!(formatter, "it broke off: {error}"),
            Self::TooLong(limit) => write!(formatter, "larger than {limit} bytes"),
            Self::Damaged(error) => write!(formatter, "its packing is damaged: {error}"),
            Self::Unknown(packing) => write!(formatter, "packed with {packing}, which cannot be unpacked here"),
        }
    }
}

/// Reads and decompresses a body.
pub(super) fn read(mut body: impl Read, length: Option<u64>, limit: u64) -> Result<Vec<u8>, Unread> {
    if length.is_some_and(|length| length > limit) {
        let mut bytes = vec![0; GLIMPSE];
        let count = body.read(&mut bytes).unwrap_or_default();
        bytes.truncate(count);
        return Err(Unread { broken: Broken::TooLong(limit), bytes });
    }
    let mut bytes = collect(body, &mut Meter::new(length), limit, Broken::BrokeOff)?;
    for _ in 0..LAYERS {
        let unpacked = if bytes.starts_with(&GZIP) {
            collect(MultiGzDecoder::new(bytes.as_slice()), &mut Meter::quiet(), limit, Broken::Damaged)
        } else if ZLIB.iter().any(|start| bytes.starts_with(start)) {
            collect(ZlibDecoder::new(bytes.as_slice()), &mut Meter::quiet(), limit, Broken::Damaged)
        } else if bytes.starts_with(&ZSTD) {
            Err(Unread { broken: Broken::Unknown("zstd"), bytes: Vec::new() })
        } else {
            break;
        };
        bytes = unpacked?;
    }
    Ok(in_utf8(bytes))
}

/// Converts a file that begins with the byte order mark of UTF-16, as saved by Windows shells, to UTF-8. Other bytes stay as they are.
fn in_utf8(bytes: Vec<u8>) -> Vec<u8> {
    let text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => of_units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => of_units(rest, u16::from_be_bytes),
        _ => None,
    };
    text.map_or(bytes, String::into_bytes)
}

fn of_units(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect::<Result<String, _>>().ok()
}

fn collect(
    mut body: impl Read,
    meter: &mut Meter,
    limit: u64,
    broken: impl Fn(io::Error) -> Broken,
) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match body.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => bytes.extend(chunk.iter().take(count)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Unread { broken: broken(error), bytes }),
        }
        if bytes.len() as u64 > limit {
            return Err(Unread { broken: Broken::TooLong(limit), bytes });
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
        assert_eq!(read(&b"\xff\xfe{\0}\0"[..], None, 100).unwrap(), b"{}");
        assert_eq!(read(&b"\xfe\xff\0{\0}"[..], None, 100).unwrap(), b"{}");
        assert_eq!(read(&b"\xff\xfe{\0}"[..], None, 100).unwrap(), b"\xff\xfe{\0}");
        assert_eq!(read(&packed(&packed(b"{}"))[..], None, 100).unwrap(), b"{}");
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"{}").unwrap();
        assert_eq!(read(&encoder.finish().unwrap()[..], None, 100).unwrap(), b"{}");
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
            (&packed(b"{}")[..12], None, "its packing is damaged"),
            (&[0x1f, 0x8b, 0], None, "its packing is damaged"),
            (&[0x28, 0xb5, 0x2f, 0xfd, 0], None, "packed with zstd"),
        ];
        for (bytes, length, message) in cases {
            let unread = read(bytes, length, 10_000).unwrap_err();
            let broken = unread.broken.to_string();
            assert!(broken.starts_with(message), "{message}: {broken}");
            assert!(unread.bytes.iter().all(|byte| b"{} ".contains(byte)), "{message}: {unread:?}");
        }
    }
}
