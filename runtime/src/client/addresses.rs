//! Restricts the addresses that a host name may resolve to: loopback for local names, the public Internet where that is
//! required.
//!
//! This module must not know links, base URLs or why a rule applies.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves every name to this machine, as RFC 6761 requires of `localhost` and its subdomains, whatever DNS says.
pub(crate) struct LoopbackOnly;

impl Resolve for LoopbackOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = lookup(name.as_str()).await.unwrap_or_default();
            Ok(Box::new(loopback(found).into_iter()) as Addrs)
        })
    }
}

/// Returns the loopback addresses, in the order of the system; if there are none, the default ones for IPv4 and IPv6.
fn loopback(mut found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    found.retain(|address| address.ip().is_loopback());
    if found.is_empty() {
        found.extend(
            [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)].map(|ip| SocketAddr::new(ip, 0)),
        );
    }
    found
}

/// Rejects one host if any of its addresses is not on the public Internet. Other names, such as that of a proxy, are
/// not checked.
pub(crate) struct PublicOnly {
    host: String,
}

impl PublicOnly {
    pub(crate) fn new(host: &str) -> Self {
        Self { host: host.to_owned() }
    }
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let judged = name.as_str().eq_ignore_ascii_case(&self.host);
        Box::pin(async move {
            let found = lookup(name.as_str()).await?;
            if judged {
                check_public(&found)?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Checks the addresses of a name. A name that cannot be resolved here is left to the HTTP client: a proxy may resolve
/// it.
///
/// # Errors
///
/// Returns an error if any of them is not on the public Internet.
pub(crate) async fn check_public_name(host: &str, limit: Duration) -> Result<(), NotPublic> {
    match tokio::time::timeout(limit, lookup(host)).await {
        Ok(Ok(found)) => check_public(&found),
        Ok(Err(_)) | Err(_) => Ok(()),
    }
}

fn check_public(found: &[SocketAddr]) -> Result<(), NotPublic> {
    match found.iter().all(|address| is_public(address.ip())) {
        true => Ok(()),
        false => Err(NotPublic),
    }
}

async fn lookup(name: &str) -> std::io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.collect())
}

/// The error for a host that has an address outside the public Internet.
#[derive(Debug)]
pub(crate) struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its address is not on the public Internet")
    }
}

impl std::error::Error for NotPublic {}

/// Returns whether an address is on the public Internet: not on this machine or in a private, provider or cloud
/// network, nor such an IPv4 address embedded in an IPv6 address.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded_v4(address) {
            Some(embedded) => is_public_v4(embedded),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let shared = |[a, b, c, _]: [u8; 4]| match (a, b, c) {
        // "This network", and the reserved range at the end of the address space.
        (0 | 240..=255, ..) => true,
        // Shared by the customers of a provider; also the metadata service of some clouds.
        (100, 64..=127, _) => true,
        // Protocol assignments, 6to4 relays, benchmarking.
        (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _) => true,
        (..) => false,
    };
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || shared(address.octets()))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Documentation; protocol assignments, including Teredo.
        [0x2001, 0x0db8, ..] => false,
        [0x2001, second, ..] if second < 0x0200 => false,
        // Only this range is allocated to the public Internet.
        [first, ..] => (0x2000..0x4000).contains(&first) && first != 0x3fff,
    }
}

/// Returns the IPv4 address embedded in an IPv6 address: mapped, translated (NAT64) or tunneled (6to4).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let (high, low) = match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            (high, low)
        }
        _ => return None,
    };
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Some(Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_reserved_and_metadata_addresses_are_not_public() {
        for (address, public) in [
            ("1.1.1.1", true),
            ("100.63.255.255", true),
            ("172.32.0.1", true),
            ("2606:4700::1111", true),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::8.8.8.8", true),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("192.168.0.1", false),
            ("100.100.100.200", false),
            ("192.0.0.192", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::127.0.0.1", false),
            ("::ffff:169.254.169.254", false),
            ("64:ff9b::10.0.0.1", false),
            ("64:ff9b:1::1", false),
            ("2002:7f00:1::", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn names_of_this_machine_never_lead_elsewhere() {
        let parse = |found: &[&str]| found.iter().map(|address| address.parse().unwrap()).collect::<Vec<SocketAddr>>();
        for (found, expected) in [
            (&["[::1]:0", "127.0.0.1:0"][..], &["[::1]:0", "127.0.0.1:0"][..]),
            (&["192.0.2.1:0", "127.0.0.5:0"], &["127.0.0.5:0"]),
            (&["192.0.2.1:0"], &["127.0.0.1:0", "[::1]:0"]),
            (&[], &["127.0.0.1:0", "[::1]:0"]),
        ] {
            assert_eq!(loopback(parse(found)), parse(expected));
        }
    }
}
