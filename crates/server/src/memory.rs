//! How much memory this process may take, as Linux tells it.

use std::{fs, path::Path};

/// Without a word from the system a machine is taken to have so much: 2 GiB.
const UNKNOWN: u64 = 2 << 30;

/// The memory of the machine, or of the container or service that this process is in, if that may have less; in bytes.
pub fn available() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| total(&text));
    let own = fs::read_to_string("/proc/self/cgroup").ok().and_then(|text| group(&text));
    // Groups above may have less. One without a limit says `max`.
    let groups = Path::new(own.as_deref().unwrap_or_default()).ancestors();
    let limits = groups.map(|group| fs::read_to_string(Path::new("/sys/fs/cgroup").join(group).join("memory.max")));
    // In version 1 there is one file, which says a number that is out of reach where there is no limit.
    let limits = limits.chain([fs::read_to_string("/sys/fs/cgroup/memory/memory.limit_in_bytes")]);
    limits.filter_map(|text| text.ok()?.trim().parse().ok()).chain(machine).min().unwrap_or(UNKNOWN)
}

/// What `/proc/meminfo` says of the whole machine.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The path of the group that `/proc/self/cgroup` names, below the root of all groups.
fn group(cgroup: &str) -> Option<String> {
    let path = cgroup.lines().find_map(|line| line.strip_prefix("0::/"))?;
    // What lies above the root that this process sees says nothing to it.
    (!path.split('/').any(|part| part == "..")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_read() {
        assert_eq!(total("MemTotal:       24683956 kB\nMemFree:  1 kB\n"), Some(24_683_956 * 1024));
        assert_eq!(total("MemFree: 1 kB\n"), None);
        assert_eq!(total("MemTotal: much kB\n"), None);
        assert_eq!(group("0::/system.slice/gymkeeper.service\n").as_deref(), Some("system.slice/gymkeeper.service"));
        assert_eq!(group("0::/\n").as_deref(), Some(""));
        assert_eq!(group("0::/../other\n"), None);
        assert_eq!(group("4:memory:/old\n"), None);
        assert_eq!(group("0::/a..b\n").as_deref(), Some("a..b"));
        assert!(available() > 0);
    }
}
