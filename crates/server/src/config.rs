//! Configuration: one table of keys from which the defaults, the commented example file, the names of the environment
//! variables and the check for unknown keys all come.

use std::{collections::BTreeMap, fmt, path::PathBuf, time::Duration};

/// Something about the configuration that must be changed before the server can run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// One key of the file.
struct Key {
    /// `section.name` or `name`.
    name: &'static str,
    default: Default,
    /// What it does, for the commented example.
    says: &'static str,
}

#[derive(Clone, Copy)]
enum Default {
    Text(&'static str),
    Number(i64),
}

const KEYS: &[Key] = &[
    Key {
        name: "listen",
        default: Default::Text("127.0.0.1:8080"),
        says: "Address and port to listen on. Use 0.0.0.0:8080 to be reached from other machines.",
    },
    Key {
        name: "public_url",
        default: Default::Text(""),
        says: "How clients reach the server, such as https://gym.example. Links to images begin with it.\nEmpty: http (or https with TLS) and the address above.",
    },
    Key {
        name: "data_dir",
        default: Default::Text("data"),
        says: "Folder for the SQLite database and for images and documents.",
    },
    Key {
        name: "database",
        default: Default::Text(""),
        says: "postgres://user:password@host/name, or the path of a SQLite file. Empty: gymkeeper.db in the data folder.",
    },
    Key {
        name: "tenant_domain",
        default: Default::Text(""),
        says: "With gym.example here, a request to acme.gym.example must carry a key of the tenant acme.\nEmpty: the key alone tells the tenant.",
    },
    Key {
        name: "client_address_header",
        default: Default::Text(""),
        says: "The header in which the proxy in front tells the client's address, such as x-forwarded-for; of several the last counts.\nEmpty: the address of the connection. Wrong passwords are counted by it.",
    },
    Key {
        name: "tls.certificate",
        default: Default::Text(""),
        says: "PEM file with the certificate chain. Empty: plain HTTP, for use behind a proxy that speaks TLS.",
    },
    Key { name: "tls.key", default: Default::Text(""), says: "PEM file with the private key of the certificate." },
    Key {
        name: "limits.requests_per_minute",
        default: Default::Number(1000),
        says: "Requests a minute for each API key and operation; 0 for no limit. Counted by each server process.",
    },
    Key { name: "limits.body_bytes", default: Default::Number(1_048_576), says: "Largest JSON body, in bytes." },
    Key {
        name: "limits.header_bytes",
        default: Default::Number(32_768),
        says: "Largest request head, in bytes (at least 8192).",
    },
    Key {
        name: "limits.request_seconds",
        default: Default::Number(30),
        says: "How long a client may take to send a request, and how long its work in the database may take, in seconds.",
    },
    Key { name: "limits.connections", default: Default::Number(4096), says: "Open connections; more have to wait." },
    Key {
        name: "limits.queue",
        default: Default::Number(1024),
        says: "Requests that may wait for the database; more are answered 503 before anything is written.",
    },
    Key {
        name: "database_threads.readers",
        default: Default::Number(0),
        says: "Reader threads of SQLite, for what the threads that serve requests do not read by themselves; 0 for one a core.",
    },
    Key {
        name: "database_threads.connections",
        default: Default::Number(8),
        says: "Connections to PostgreSQL for reading, and as many again for writing.",
    },
    Key {
        name: "memory.customers_mib",
        default: Default::Number(0),
        says: "Memory for how customers are shown and who has which card or number, which is kept until something changes, and made ahead for a whole studio once a program has asked for somebody, in MiB for each server process; 0 for an eighth of what the machine or the container has, at least 256, and a quarter at the most.",
    },
    Key {
        name: "webhooks.repeats",
        default: Default::Number(3),
        says: "How often a webhook request is sent again when its receiver does not take it.",
    },
    Key {
        name: "webhooks.repeat_seconds",
        default: Default::Number(600),
        says: "How long after a failed attempt the next one comes, in seconds of the tenant's time.",
    },
    Key {
        name: "webhooks.timeout_ms",
        default: Default::Number(5000),
        says: "How long a receiver has for one request, from the look-up of its name to the end of its answer, in milliseconds.",
    },
    Key {
        name: "webhooks.connections",
        default: Default::Number(256),
        says: "Receivers served at once by each server process.",
    },
    Key {
        name: "jobs.claim_seconds",
        default: Default::Number(60),
        says: "How long a process may work on a job before another may take it for dead, in seconds.",
    },
    Key {
        name: "vault.key",
        default: Default::Text(""),
        says: "Key for bank data, 32 bytes in Base64; several with commas between them, the newest first.\nEmpty: the file vault.key in the data folder, which the first start makes.",
    },
    Key {
        name: "log.level",
        default: Default::Text("info"),
        says: "error, warn, info, debug or trace; or a filter such as info,gymkeeper_server=debug.",
    },
    Key { name: "log.format", default: Default::Text("text"), says: "text or json." },
    Key {
        name: "log.requests",
        default: Default::Text("errors"),
        says: "Which requests to operations are logged: none, errors (answers 500 and above) or all.",
    },
];

/// What the server runs with.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Address and port.
    pub listen: String,
    /// How clients reach the server; empty for the address itself.
    pub public_url: String,
    /// Folder for database and files.
    pub data_dir: PathBuf,
    /// URL or path; empty for a file in the data folder.
    pub database: String,
    /// Parent domain of the tenants' host names, or empty.
    pub tenant_domain: String,
    /// The header in which a proxy tells the client's address, in small letters, or empty.
    pub client_address_header: String,
    /// Certificate chain and private key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Requests a minute for each key and operation.
    pub requests_per_minute: Option<u32>,
    /// Largest JSON body in bytes.
    pub body_bytes: usize,
    /// Largest request head in bytes.
    pub header_bytes: usize,
    /// How long a request may take to arrive, and its work in the database to be done, in seconds.
    pub request_seconds: u64,
    /// Open connections.
    pub connections: usize,
    /// Requests that may wait for the database.
    pub queue: usize,
    /// Reader threads of SQLite; 0 for one a core.
    pub readers: usize,
    /// Connections to PostgreSQL.
    pub pg_connections: usize,
    /// Memory for how customers are shown, in bytes; none for a share of what there is.
    pub customers_bytes: Option<u64>,
    /// How webhooks are sent.
    pub webhooks: Webhooks,
    /// How long a claim on a job holds, in seconds.
    pub job_claim_seconds: i64,
    /// Keys for bank data; empty for the key file.
    pub vault_key: Secret,
    /// Log filter.
    pub log_level: String,
    /// Whether log lines are JSON.
    pub log_json: bool,
    /// Which requests to operations are logged.
    pub log_requests: LogRequests,
}

/// A setting that is not shown, in whatever form the configuration is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// What it is.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "Secret()" } else { "Secret(...)" })
    }
}

/// Which requests to operations are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogRequests {
    /// None; failures of the server are logged all the same.
    None,
    /// Those answered with 500 and above.
    Errors,
    /// Every one.
    All,
}

/// How webhooks are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Webhooks {
    /// Attempts after the first one.
    pub repeats: i64,
    /// Seconds of the tenant's time between two attempts.
    pub repeat_seconds: i64,
    /// Time for one attempt.
    pub limit: Duration,
    /// Receivers served at once.
    pub connections: usize,
}

impl Config {
    /// The values of a file's text over the defaults, and of the environment over both.
    ///
    /// # Errors
    /// Says which key is wrong, and the nearest known name of an unknown one.
    pub fn load(file: Option<&str>, environment: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut values = Values(KEYS.iter().map(|key| (key.name, Value::of(key.default))).collect());
        if let Some(text) = file {
            let table: toml::Table = text
                .parse()
                .map_err(|error: toml::de::Error| ConfigError(format!("not valid TOML: {}", error.message())))?;
            values.take_table("", &table)?;
        }
        for (name, value) in environment {
            if let Some(name) = name.strip_prefix("GYMKEEPER_")
                && !FOREIGN.iter().any(|prefix| name.starts_with(prefix))
            {
                values.take_variable(name, &value)?;
            }
        }
        values.finish()
    }

    /// The commented file with every key and its default.
    pub fn example() -> String {
        let mut out = String::from(
            "# Gymkeeper configuration. Every key is shown with its default; none has to be set.\n\
             # The environment variable GYMKEEPER_ and the key in capitals, with _ for the dot, overrides a key:\n\
             # GYMKEEPER_LISTEN, GYMKEEPER_LIMITS_REQUESTS_PER_MINUTE.\n",
        );
        let mut section = "";
        for key in KEYS {
            let (of, name) = key.name.split_once('.').unwrap_or(("", key.name));
            if of != section {
                section = of;
                out.push_str(&format!("\n[{section}]\n"));
            }
            out.push('\n');
            for line in key.says.lines() {
                out.push_str(&format!("# {line}\n"));
            }
            match key.default {
                Default::Text(text) => out.push_str(&format!("# {name} = \"{text}\"\n")),
                Default::Number(number) => out.push_str(&format!("# {name} = {number}\n")),
            }
        }
        out
    }
}

/// Variables that begin like ours and are none of the configuration.
const FOREIGN: &[&str] = &["TEST_", "BENCH_", "CONFIG"];

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Number(i64),
}

impl Value {
    fn of(default: Default) -> Self {
        match default {
            Default::Text(text) => Self::Text(text.to_owned()),
            Default::Number(number) => Self::Number(number),
        }
    }
}

struct Values(BTreeMap<&'static str, Value>);

impl Values {
    fn take_table(&mut self, section: &str, table: &toml::Table) -> Result<(), ConfigError> {
        for (name, value) in table {
            let full = if section.is_empty() { name.clone() } else { format!("{section}.{name}") };
            match value {
                toml::Value::Table(inner) if section.is_empty() => self.take_table(name, inner)?,
                toml::Value::String(text) => self.set(&full, Value::Text(text.clone()))?,
                toml::Value::Integer(number) => self.set(&full, Value::Number(*number))?,
                other => {
                    known(&full)?;
                    return Err(ConfigError(format!(
                        "{full}: {} is neither text nor a whole number",
                        other.type_str()
                    )));
                }
            }
        }
        Ok(())
    }

    fn take_variable(&mut self, name: &str, value: &str) -> Result<(), ConfigError> {
        let variable = |key: &Key| key.name.replace('.', "_").to_uppercase();
        let Some(key) = KEYS.iter().find(|key| variable(key) == name) else {
            let nearest = nearest(name, KEYS.iter().map(variable));
            return Err(ConfigError(format!("GYMKEEPER_{name} is not known; did you mean GYMKEEPER_{nearest}?")));
        };
        let value = match key.default {
            Default::Text(_) => Value::Text(value.to_owned()),
            Default::Number(_) => Value::Number(
                value
                    .trim()
                    .parse()
                    .map_err(|_| ConfigError(format!("GYMKEEPER_{name}: {value:?} is not a whole number")))?,
            ),
        };
        self.set(key.name, value)
    }

    fn set(&mut self, name: &str, value: Value) -> Result<(), ConfigError> {
        let key = known(name)?;
        match (key.default, &value) {
            (Default::Text(_), Value::Number(_)) => Err(ConfigError(format!("{name} must be text in quotes"))),
            (Default::Number(_), Value::Text(_)) => Err(ConfigError(format!("{name} must be a whole number"))),
            _ => {
                self.0.insert(key.name, value);
                Ok(())
            }
        }
    }

    fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::Text(text)) => text.trim().to_owned(),
            _ => String::new(),
        }
    }

    fn number(&self, name: &str, least: i64, most: i64) -> Result<i64, ConfigError> {
        let number = match self.0.get(name) {
            Some(Value::Number(number)) => *number,
            _ => 0,
        };
        if (least..=most).contains(&number) {
            Ok(number)
        } else {
            Err(ConfigError(format!("{name} must be between {least} and {most}, not {number}")))
        }
    }

    fn finish(&self) -> Result<Config, ConfigError> {
        let size = |name, least, most| self.number(name, least, most).map(|n| usize::try_from(n).unwrap_or_default());
        let tls = match (self.text("tls.certificate"), self.text("tls.key")) {
            (certificate, key) if certificate.is_empty() && key.is_empty() => None,
            (certificate, key) if certificate.is_empty() || key.is_empty() => {
                return Err(ConfigError("tls.certificate and tls.key must be set together".to_owned()));
            }
            (certificate, key) => Some((PathBuf::from(certificate), PathBuf::from(key))),
        };
        let per_minute = self.number("limits.requests_per_minute", 0, i64::from(u32::MAX))?;
        Ok(Config {
            listen: self.text("listen"),
            public_url: self.text("public_url").trim_end_matches('/').to_owned(),
            data_dir: PathBuf::from(self.text("data_dir")),
            database: self.text("database"),
            tenant_domain: self.text("tenant_domain").to_lowercase(),
            client_address_header: self.text("client_address_header").to_lowercase(),
            tls,
            requests_per_minute: u32::try_from(per_minute).ok().filter(|n| *n > 0),
            body_bytes: size("limits.body_bytes", 1024, 1 << 30)?,
            header_bytes: size("limits.header_bytes", 8192, 1 << 20)?,
            request_seconds: u64::try_from(self.number("limits.request_seconds", 1, 3600)?).unwrap_or(30),
            connections: size("limits.connections", 1, 1_000_000)?,
            queue: size("limits.queue", 1, 1_000_000)?,
            readers: size("database_threads.readers", 0, 256)?,
            pg_connections: size("database_threads.connections", 1, 256)?,
            customers_bytes: match self.number("memory.customers_mib", 0, 1 << 20)? {
                0 => None,
                mib => u64::try_from(mib).ok().map(|mib| mib << 20),
            },
            webhooks: Webhooks {
                repeats: self.number("webhooks.repeats", 0, 100)?,
                repeat_seconds: self.number("webhooks.repeat_seconds", 1, 604_800)?,
                limit: Duration::from_millis(
                    u64::try_from(self.number("webhooks.timeout_ms", 100, 60_000)?).unwrap_or(5000),
                ),
                connections: size("webhooks.connections", 1, 10_000)?,
            },
            job_claim_seconds: self.number("jobs.claim_seconds", 1, 3600)?,
            vault_key: Secret(self.text("vault.key")),
            log_level: self.text("log.level"),
            log_json: choice("log.format", &self.text("log.format"), &[("text", false), ("json", true)])?,
            log_requests: choice(
                "log.requests",
                &self.text("log.requests"),
                &[("none", LogRequests::None), ("errors", LogRequests::Errors), ("all", LogRequests::All)],
            )?,
        })
    }
}

fn choice<T: Copy>(name: &str, value: &str, known: &[(&str, T)]) -> Result<T, ConfigError> {
    known.iter().find(|(text, _)| *text == value).map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(text, _)| *text).collect();
        ConfigError(format!("{name} must be one of {}, not {value:?}", names.join(", ")))
    })
}

fn known(name: &str) -> Result<&'static Key, ConfigError> {
    KEYS.iter().find(|key| key.name == name).ok_or_else(|| {
        let nearest = nearest(name, KEYS.iter().map(|key| key.name.to_owned()));
        ConfigError(format!("{name} is not a known key; did you mean {nearest}?"))
    })
}

fn nearest(name: &str, known: impl Iterator<Item = String>) -> String {
    known.min_by_key(|candidate| strsim::damerau_levenshtein(name, candidate)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, ConfigError> {
        Config::load(Some(text), std::iter::empty())
    }

    #[test]
    fn nothing_has_to_be_set() {
        let config = Config::load(None, std::iter::empty()).unwrap();
        assert_eq!(config.listen, "127.0.0.1:8080");
        assert_eq!(config.requests_per_minute, Some(1000));
    }

    #[test]
    fn the_example_with_every_comment_taken_off_gives_the_defaults() {
        let text: String = Config::example()
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.split_once(" = ").is_some_and(|(name, _)| !name.contains(' ')) => {
                    format!("{rest}\n")
                }
                _ => format!("{line}\n"),
            })
            .collect();
        assert_eq!(load(&text).unwrap(), Config::load(None, std::iter::empty()).unwrap());
        assert_eq!(text.matches(" = ").count(), KEYS.len());
    }

    #[test]
    fn unknown_keys_are_refused_with_the_nearest_name() {
        assert_eq!(load("listten = \"x\"").unwrap_err().0, "listten is not a known key; did you mean listen?");
        assert!(load("[limits]\nbody_byte = 5").unwrap_err().0.contains("limits.body_bytes"));
        let error = Config::load(None, [("GYMKEEPER_LISTN".to_owned(), "x".to_owned())].into_iter()).unwrap_err();
        assert!(error.0.contains("GYMKEEPER_LISTEN"), "{error}");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let environment = [("GYMKEEPER_LIMITS_REQUESTS_PER_MINUTE".to_owned(), "5".to_owned())];
        let config = Config::load(Some("[limits]\nrequests_per_minute = 7"), environment.into_iter()).unwrap();
        assert_eq!(config.requests_per_minute, Some(5));
    }

    #[test]
    fn memory_is_a_share_unless_it_is_said() {
        assert_eq!(load("").unwrap().customers_bytes, None);
        assert_eq!(load("[memory]\ncustomers_mib = 0").unwrap().customers_bytes, None);
        assert_eq!(load("[memory]\ncustomers_mib = 3").unwrap().customers_bytes, Some(3 << 20));
    }

    #[test]
    fn values_out_of_range_and_of_the_wrong_type_are_named() {
        for (text, name) in [
            ("listen = 5", "listen"),
            ("[limits]\nqueue = 0", "limits.queue"),
            ("[limits]\nqueue = \"many\"", "limits.queue"),
            ("[memory]\ncustomers_mib = -1", "memory.customers_mib"),
            ("[memory]\ncustomers_mib = 1048577", "memory.customers_mib"),
            ("[log]\nformat = \"xml\"", "log.format"),
            ("[tls]\nkey = \"k.pem\"", "tls.certificate"),
            ("listen = [1]", "listen"),
        ] {
            let error = load(text).unwrap_err();
            assert!(error.0.contains(name), "{text}: {error}");
        }
    }
}
