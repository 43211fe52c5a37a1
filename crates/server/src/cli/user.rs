//! `gymkeeper user`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use clap::{Args, Subcommand};
use gymkeeper_domain::staff::{self as rules, Grant, Grants, Role};
use gymkeeper_store::{
    db::Tx,
    staff::{self, NewStaff, Staff},
    studio,
    tenant::Tenant,
};
use jiff::Timestamp;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use super::{Outcome, Problem, Stopped, find_tenant, open_existing, output, stop, with_db};
use crate::{actions::staff as accounts, chance, config::Config, password};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Roles: owner (everything, in every studio), and for one studio manager, desk, trainer and read-only. The \
                  password is asked for, or read from the first line of standard input; --generate makes one and shows it once."
)]
pub(super) enum User {
    /// Make an account.
    Create(Create),
    /// List the accounts, without anything secret.
    List(List),
    /// Close an account at once, with all its sessions.
    Disable(One),
    /// Open a closed account again.
    Enable(One),
    /// Set the password of an account, which ends its sessions.
    Password(Password),
    /// Replace the roles of an account.
    Roles(Roles),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gymkeeper user create --email ada@gym.example --name 'Ada Berg' --role owner\n  \
                        gymkeeper user create --email bo@gym.example --name Bo --role desk@berlin --role trainer@hamburg --generate")]
pub(super) struct Create {
    /// The address to sign in with.
    #[arg(long)]
    email: String,
    /// The name.
    #[arg(long)]
    name: String,
    /// A role, as owner or desk@STUDIO; once for each studio. With one studio its key may be left out.
    #[arg(long = "role", required = true, value_name = "ROLE")]
    roles: Vec<String>,
    /// Make up a password and show it.
    #[arg(long)]
    generate: bool,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// The address of the account.
    email: String,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example, for somebody who has lost password and telephone: gymkeeper user password ada@gym.example \
                        --generate --remove-totp"
)]
pub(super) struct Password {
    /// The address of the account.
    email: String,
    /// Make up a password and show it.
    #[arg(long)]
    generate: bool,
    /// Turn the second factor off as well.
    #[arg(long)]
    remove_totp: bool,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example: gymkeeper user roles bo@gym.example --role manager@berlin")]
pub(super) struct Roles {
    /// The address of the account.
    email: String,
    /// A role, as owner or desk@STUDIO; once for each studio.
    #[arg(long = "role", required = true, value_name = "ROLE")]
    roles: Vec<String>,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
}

pub(super) fn run(config: &Config, command: &User) -> Outcome {
    let db = open_existing(config)?;
    let by = super::by();
    match command {
        User::Create(create) => {
            let wanted = wanted_roles(&create.roles)?;
            let chosen = Chosen::ask(create.generate)?;
            let new =
                NewStaff { email: create.email.clone(), name: create.name.clone(), password_hash: chosen.hash()? };
            let tenant = create.tenant.clone();
            let id = with_db(db, move |tx| {
                let tenant = find_tenant(tx, tenant.as_deref())?;
                let grants = grants(tx, &tenant, &wanted)?;
                Ok(accounts::create(&mut by.changes(tx, &tenant), &new, &grants)?)
            })?;
            if create.json {
                let made_up = chosen.made_up.then_some(&chosen.text);
                return output::text(&format!("{:#}\n", serde_json::json!({ "id": id, "password": made_up })));
            }
            chosen.show()?;
            output::text(&format!("{} can sign in\n", rules::normal_email(&create.email)))
        }
        User::List(list) => {
            let tenant = list.tenant.clone();
            let rows = with_db(db, move |tx| {
                let tenant = find_tenant(tx, tenant.as_deref())?;
                listed(tx, &tenant)
            })?;
            output::listing(list.json, &rows, &["ID", "EMAIL", "NAME", "ROLES", "2ND FACTOR", "STATE"], |row| {
                let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
                let cells =
                    [row.id.to_string(), row.email.clone(), row.name.clone(), row.roles.join(","), yes(row.totp)];
                cells.into_iter().chain([row.state.to_owned()]).collect()
            })
        }
        User::Disable(One { email, tenant }) => {
            of_one(db, email, tenant.clone(), move |tx, tenant, account| {
                Ok(accounts::disable(&mut by.changes(tx, tenant), account.id)?)
            })?;
            output::text("the account is closed\n")
        }
        User::Enable(One { email, tenant }) => {
            of_one(db, email, tenant.clone(), move |tx, tenant, account| {
                Ok(accounts::enable(&mut by.changes(tx, tenant), account.id)?)
            })?;
            output::text("the account is open\n")
        }
        User::Password(Password { email, generate, remove_totp, tenant }) => {
            let chosen = Chosen::ask(*generate)?;
            let (hash, remove_totp) = (chosen.hash()?, *remove_totp);
            of_one(db, email, tenant.clone(), move |tx, tenant, account| {
                let mut change = by.changes(tx, tenant);
                accounts::set_password(&mut change, account.id, &hash, 0)?;
                if remove_totp {
                    accounts::remove_totp(&mut change, account.id)?;
                }
                Ok(())
            })?;
            chosen.show()?;
            output::text("the password is set, and all sessions are ended\n")
        }
        User::Roles(Roles { email, roles, tenant }) => {
            let wanted = wanted_roles(roles)?;
            of_one(db, email, tenant.clone(), move |tx, tenant, account| {
                let grants = grants(tx, tenant, &wanted)?;
                Ok(accounts::set_grants(&mut by.changes(tx, tenant), account.id, &grants)?)
            })?;
            output::text("the roles are set\n")
        }
    }
}

/// Does something to the account of an address.
fn of_one(
    db: gymkeeper_store::db::Db,
    email: &str,
    tenant: Option<String>,
    mut work: impl FnMut(&mut Tx<'_>, &Tenant, &Staff) -> Result<(), Problem> + Send + 'static,
) -> Result<(), Stopped> {
    let email = rules::normal_email(email);
    with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let account = staff::find_by_email(tx, tenant.id(), &email)?;
        let unknown = || Problem::Said(format!("there is no account {email:?}; see `gymkeeper user list`"));
        work(tx, &tenant, &account.ok_or_else(unknown)?)
    })
}

/// A password, and whether it was made up here.
struct Chosen {
    text: String,
    made_up: bool,
}

impl Chosen {
    fn ask(generate: bool) -> Result<Self, Stopped> {
        let text = if generate { chance::letters::<20>() } else { read_password()? };
        if !rules::is_password(&text) {
            let (least, most) = (rules::SHORTEST_PASSWORD, rules::LONGEST_PASSWORD);
            return stop(format!("a password has {least} to {most} characters"));
        }
        Ok(Self { text, made_up: generate })
    }

    fn hash(&self) -> Result<String, Stopped> {
        password::hash_with(&self.text, &chance::bytes::<16>()).map_err(|failure| Stopped::from(Problem::from(failure)))
    }

    fn show(&self) -> Result<(), Stopped> {
        if self.made_up {
            output::print(&format!("{}\n", self.text))?;
            eprintln!("This is the password. It is not shown again.");
        }
        Ok(())
    }
}

/// Reads a password: from the first line of standard input, or from the terminal, which does not show it meanwhile.
fn read_password() -> Result<String, Stopped> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return read_line();
    }
    let ask = |question: &str| -> Result<String, Stopped> {
        eprint!("{question}: ");
        std::io::stderr().flush()?;
        let line = hidden(read_line)?;
        eprintln!();
        line
    };
    let password = ask("Password")?;
    if password != ask("The same again")? {
        return stop("the two are not the same; nothing was changed");
    }
    Ok(password)
}

fn read_line() -> Result<String, Stopped> {
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        return stop("no password was given; type it, send it to standard input, or use --generate");
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Does something while the terminal shows nothing of what is typed.
fn hidden<T>(work: impl FnOnce() -> T) -> Result<T, Stopped> {
    let terminal = std::io::stdin();
    let before = tcgetattr(&terminal)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Flush, &silent)?;
    let done = work();
    tcsetattr(&terminal, OptionalActions::Now, &before)?;
    Ok(done)
}

/// Roles as typed: the role, and the key of the studio behind an `@`.
fn wanted_roles(texts: &[String]) -> Result<Vec<(Role, Option<String>)>, Stopped> {
    texts
        .iter()
        .map(|text| {
            let (name, studio) = text.split_once('@').map_or((text.as_str(), None), |(name, key)| (name, Some(key)));
            let upper = name.trim().to_uppercase().replace('-', "_");
            let role = Role::parse(&upper).ok_or_else(|| {
                let nearest = Role::ALL.iter().min_by_key(|role| strsim::damerau_levenshtein(role.name(), &upper));
                let nearest = nearest.map_or("", |role| role.name()).to_lowercase().replace('_', "-");
                Stopped(format!("{name:?} is no role; did you mean {nearest}?"))
            })?;
            if role == Role::Owner && studio.is_some() {
                return stop("an owner's role holds in every studio; write it without one");
            }
            Ok((role, studio.map(str::to_owned)))
        })
        .collect()
}

fn grants(tx: &mut Tx<'_>, tenant: &Tenant, wanted: &[(Role, Option<String>)]) -> Result<Grants, Problem> {
    let mut grants = Vec::new();
    for (role, key) in wanted {
        let studio = match role {
            Role::Owner => None,
            _ => Some(studio_of(tx, tenant, *role, key.as_deref())?),
        };
        grants.push(Grant { role: *role, studio });
    }
    Ok(Grants::new(grants))
}

fn studio_of(tx: &mut Tx<'_>, tenant: &Tenant, role: Role, key: Option<&str>) -> Result<i64, Problem> {
    let studios = studio::list(tx, tenant.id())?;
    let names = || studios.iter().map(|studio| studio.key.as_str()).collect::<Vec<_>>().join(", ");
    match (key, studios.as_slice()) {
        (Some(key), _) => match studios.iter().find(|studio| studio.key == key) {
            Some(studio) => Ok(studio.id),
            None => Err(Problem::Said(format!("there is no studio {key:?}; there is: {}", names()))),
        },
        (None, [only]) => Ok(only.id),
        (None, _) => {
            let role = role.name().to_lowercase();
            Err(Problem::Said(format!("say for which studio, as in {role}@KEY; there are: {}", names())))
        }
    }
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: i64,
    email: String,
    name: String,
    roles: Vec<String>,
    totp: bool,
    state: &'static str,
    created_at: Timestamp,
    disabled_at: Option<Timestamp>,
}

fn listed(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<Vec<Listed>, Problem> {
    let studios = studio::list(tx, tenant.id())?;
    let grants = staff::all_grants(tx, tenant.id())?;
    let word = |Grant { role, studio }: &Grant| {
        let role = role.name().to_lowercase().replace('_', "-");
        match studio {
            None => role,
            Some(id) => {
                let key =
                    studios.iter().find(|studio| studio.id == *id).map_or_else(|| id.to_string(), |s| s.key.clone());
                format!("{role}@{key}")
            }
        }
    };
    let row = |account: Staff| Listed {
        roles: grants.get(&account.id).map(|grants| grants.list().iter().map(word).collect()).unwrap_or_default(),
        id: account.id,
        email: account.email,
        name: account.name,
        totp: account.totp_secret.is_some(),
        state: if account.disabled_at.is_some() { "closed" } else { "open" },
        created_at: account.created_at,
        disabled_at: account.disabled_at,
    };
    Ok(staff::list(tx, tenant.id())?.into_iter().map(row).collect())
}
