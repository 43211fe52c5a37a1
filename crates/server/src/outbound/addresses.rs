//! Which addresses the server may connect to on behalf of a gym.
//!
//! Only those that belong to somebody on the public internet. Everything else (this machine, the network around it, a cloud's
//! metadata service, ranges without a meaning) is for sandboxes only, or a URL would let its author look into the operator's
//! network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// IPv4 networks of special use, with the length of their prefix, by the registry of IANA.
const SPECIAL_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast, and all above it: reserved, and the broadcast address.
    ([224, 0, 0, 0], 3),
];

/// IPv6 networks of special use inside the one that is public, 2000::/3.
const SPECIAL_V6: &[([u16; 8], u32)] = &[
    // Protocol assignments, Teredo among them, whose addresses carry others.
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    ([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !SPECIAL_V4.iter().any(|(network, length)| (bits ^ u32::from_be_bytes(*network)) >> (32 - length) == 0)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded(address) {
        return is_public_v4(inner);
    }
    let bits = address.to_bits();
    let within = |network: &[u16; 8], length: u32| (bits ^ Ipv6Addr::from(*network).to_bits()) >> (128 - length) == 0;
    within(&[0x2000, 0, 0, 0, 0, 0, 0, 0], 3) && !SPECIAL_V6.iter().any(|(network, length)| within(network, *length))
}

/// The IPv4 address that traffic to an IPv6 address ends up at: mapped, translated (NAT64) or tunnelled (6to4).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_nobody_s_on_the_internet_are_told_from_those_that_are() {
        let table = [
            (true, "8.8.8.8 1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1"),
            (true, "169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.88.98.255"),
            (true, "192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255"),
            (true, "198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255"),
            (false, "0.0.0.0 0.1.2.3 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255"),
            (false, "169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1"),
            (false, "192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7"),
            (false, "224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255"),
            (true, "2606:4700::1111 2a00:1450:4001::1 2001:200::1 3ffe:ffff::1"),
            (false, ":: ::1 ::2 ::127.0.0.1 100::1 fc00::1 fdff::1 fe80::1 febf::1 fec0::1 ff02::1 5f00::1"),
            (false, "2001:db8::1 2001::1 2001:10::1 2001:1ff:ffff::1 3fff::1 3fff:fff::1 64:ff9b:1::1 4000::1"),
            // An address inside an address counts as that one.
            (true, "::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1"),
            (false, "::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::169.254.169.254 64:ff9b::192.168.1.1"),
            (false, "2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::1"),
        ];
        for (public, addresses) in table {
            for address in addresses.split_whitespace() {
                assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
            }
        }
    }
}
