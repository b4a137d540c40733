//! `pingjiang user`: accounts of people and tokens of programs that sign in with a running engine.
//! Changes `CITY.accounts.toml` alone, which the engine reads again by itself. Never takes a password
//! on the command line, and shows a token once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::access::{Account, Accounts, Moment, RoleArea, RoleTable, Scope, Token, sha256_hex};
use crate::base::why_unread;
use crate::portrayal::words::Lang;
use crate::store::CityFile;

use super::query::table;
use super::{account_file, clock, key, tables};

mod password;

use password::new_password;

const DAY_MS: i64 = 24 * 3_600_000;

/// People and programs that sign in with a running engine (docs/administration.md).
#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add an account. The password is asked for, or read from --password-file.
    Add(Add),
    /// Give an account another password; whoever is signed in with the old one is signed out.
    Passwd(Passwd),
    /// Give an account another role, areas and purposes.
    Role(ChangeRole),
    /// List accounts and their tokens.
    List(List),
    /// Remove an account for good. To keep its name from being given again, disable it.
    Remove(One),
    /// Close an account: nobody signs in with it, and its tokens end.
    Disable(One),
    /// Open a closed account again.
    Enable(One),
    /// Make a token by which a program acts for an account; it is shown once.
    Token(NewToken),
    /// Take a token back.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
struct One {
    /// City.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// Name of the account.
    #[arg(value_name = "NAME")]
    name: String,
}

#[derive(Debug, Args)]
struct Work {
    /// Area that it works for, by code, name or id; may be given several times.
    #[arg(long = "area", value_name = "AREA")]
    areas: Vec<String>,
    /// Purpose that it may name; without one all of its role's.
    #[arg(long = "purpose", value_name = "PURPOSE")]
    purposes: Vec<String>,
}

#[derive(Debug, Args)]
struct Add {
    #[command(flatten)]
    of: One,
    /// Role (docs/roles.md).
    #[arg(long, value_name = "ROLE")]
    role: String,
    #[command(flatten)]
    work: Work,
    /// A file that holds the password as its first line; - is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "no_password")]
    password_file: Option<PathBuf>,
    /// No password: for programs, which show a token.
    #[arg(long)]
    no_password: bool,
}

#[derive(Debug, Args)]
struct Passwd {
    #[command(flatten)]
    of: One,
    /// A file that holds the password as its first line; - is standard input.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ChangeRole {
    #[command(flatten)]
    of: One,
    /// Role (docs/roles.md).
    #[arg(value_name = "ROLE")]
    role: String,
    #[command(flatten)]
    work: Work,
}

#[derive(Debug, Args)]
struct List {
    /// City.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// zh or en.
    #[arg(long, default_value = "zh")]
    lang: Lang,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct NewToken {
    #[command(flatten)]
    of: One,
    /// What the token is for, for example gateway-3.
    #[arg(value_name = "TOKEN")]
    token: String,
    /// What may be done with it: read, command, report, or feed:NAME; may be given several times.
    #[arg(long = "scope", required = true, value_name = "SCOPE")]
    scopes: Vec<Scope>,
    /// Days until it ends.
    #[arg(long, default_value_t = 365, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: u32,
}

#[derive(Debug, Args)]
struct Revoke {
    #[command(flatten)]
    of: One,
    /// The token's name.
    #[arg(value_name = "TOKEN")]
    token: String,
}

/// The accounts of a city while they are changed.
struct Desk<'a> {
    city: &'a Path,
    roles: RoleTable,
    before: String,
    accounts: Accounts,
}

impl<'a> Desk<'a> {
    fn open(city: &'a Path) -> anyhow::Result<Self> {
        let about = city.metadata();
        about.map_err(|fault| anyhow::anyhow!("{}: {}", why_unread(&fault), city.display()))?;
        let roles = tables::roles(city)?;
        let before = account_file::text(city)?;
        let accounts = account_file::read(city, &before, &roles)?;
        Ok(Self {
            city,
            roles,
            before,
            accounts,
        })
    }

    fn account(&mut self, name: &str) -> anyhow::Result<&mut Account> {
        let known: Vec<_> = self
            .accounts
            .all()
            .iter()
            .map(|one| one.name.clone())
            .collect();
        self.accounts.called_mut(name).with_context(|| {
            format!(
                "there is no account {name:?}; there are: {}",
                known.join(", ")
            )
        })
    }

    fn save(self, told: &str) -> anyhow::Result<()> {
        account_file::write(self.city, &self.accounts, &self.before)?;
        println!("{told}");
        Ok(())
    }

    /// Role, areas and purposes as they go into the file: ids, and areas that there are.
    fn work(&self, role: &str, work: &Work) -> anyhow::Result<(String, Vec<String>, Vec<String>)> {
        let role = self.roles.role(role)?;
        let purposes = work.purposes.iter().map(|text| {
            let purpose = self.roles.purpose(text).map(|one| one.id.clone());
            purpose.with_context(|| {
                let known = self.roles.purposes_of(role);
                format!(
                    "there is no purpose {text:?}; role {} has: {known}",
                    role.id
                )
            })
        });
        let purposes = purposes.collect::<anyhow::Result<_>>()?;
        if !work.areas.is_empty() {
            let vault = key::find(self.city, None)?.vault();
            let ground = CityFile::open(self.city, vault)?.load_ground()?;
            for area in &work.areas {
                ground.area_named(area)?;
            }
        }
        if role.area == RoleArea::Own && work.areas.is_empty() {
            eprintln!(
                "note: role {} sees and handles what lies in its own areas; without --area that is nothing",
                role.id
            );
        }
        Ok((role.id.clone(), work.areas.clone(), purposes))
    }
}

impl User {
    /// Runs the command.
    ///
    /// # Errors
    /// When the accounts cannot be read or written, or what is asked contradicts them.
    pub fn run(self) -> anyhow::Result<()> {
        match self.action {
            Action::Add(add) => add.run(),
            Action::Passwd(passwd) => passwd.run(),
            Action::Role(change) => change.run(),
            Action::List(list) => list.run(),
            Action::Remove(one) => one.remove(),
            Action::Disable(one) => one.set_disabled(true),
            Action::Enable(one) => one.set_disabled(false),
            Action::Token(token) => token.run(),
            Action::Revoke(revoke) => revoke.run(),
        }
    }
}

impl Add {
    fn run(&self) -> anyhow::Result<()> {
        let mut desk = Desk::open(&self.of.city)?;
        let (role, areas, purposes) = desk.work(&self.role, &self.work)?;
        let mut account = Account {
            name: self.of.name.clone(),
            password: None,
            role,
            areas,
            purposes,
            created: Moment(clock::now()),
            disabled: false,
            tokens: Vec::new(),
        };
        // Before anybody types a password in vain.
        account.check(&desk.roles).map_err(anyhow::Error::msg)?;
        ensure!(
            desk.accounts.called(&account.name).is_none(),
            "there is an account {:?} already; `user passwd` and `user role` change it",
            account.name
        );
        if !self.no_password {
            account.password = Some(new_password(&account.name, self.password_file.as_deref())?);
        }
        let told = format!("{}: added as {}", account.name, account.role);
        desk.accounts
            .add(account, &desk.roles)
            .map_err(anyhow::Error::msg)?;
        desk.save(&told)
    }
}

impl Passwd {
    fn run(&self) -> anyhow::Result<()> {
        let mut desk = Desk::open(&self.of.city)?;
        let name = desk.account(&self.of.name)?.name.clone();
        let password = new_password(&name, self.password_file.as_deref())?;
        desk.account(&name)?.password = Some(password);
        desk.save(&format!("{name}: the password is another one now"))
    }
}

impl ChangeRole {
    fn run(&self) -> anyhow::Result<()> {
        let mut desk = Desk::open(&self.of.city)?;
        let (role, areas, purposes) = desk.work(&self.role, &self.work)?;
        let roles = desk.roles.clone();
        let account = desk.account(&self.of.name)?;
        (account.role, account.areas, account.purposes) = (role, areas, purposes);
        account.check(&roles).map_err(anyhow::Error::msg)?;
        let told = format!("{}: {} now", account.name, account.role);
        desk.save(&told)
    }
}

impl One {
    fn remove(&self) -> anyhow::Result<()> {
        let mut desk = Desk::open(&self.city)?;
        let name = desk.account(&self.name)?.name.clone();
        desk.accounts.remove(&name);
        desk.save(&format!("{name}: removed"))
    }

    fn set_disabled(&self, disabled: bool) -> anyhow::Result<()> {
        let mut desk = Desk::open(&self.city)?;
        let account = desk.account(&self.name)?;
        account.disabled = disabled;
        let told = format!(
            "{}: {}",
            account.name,
            if disabled { "disabled" } else { "enabled" }
        );
        desk.save(&told)
    }
}

impl NewToken {
    fn run(&self) -> anyhow::Result<()> {
        let mut desk = Desk::open(&self.of.city)?;
        let roles = desk.roles.clone();
        let now = clock::now();
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let token = format!("pjt_{hex}");
        let account = desk.account(&self.of.name)?;
        account.tokens.push(Token {
            name: self.token.clone(),
            sha256: sha256_hex(token.as_bytes()),
            scopes: self.scopes.iter().cloned().collect::<BTreeSet<_>>(),
            created: Moment(now),
            expires: Some(Moment(now.plus(i64::from(self.days) * DAY_MS))),
        });
        account.check(&roles).map_err(anyhow::Error::msg)?;
        eprintln!("note: this is the only time that the token is shown; keep it as a password");
        desk.save(&token)
    }
}

impl Revoke {
    fn run(&self) -> anyhow::Result<()> {
        let mut desk = Desk::open(&self.of.city)?;
        let account = desk.account(&self.of.name)?;
        let before = account.tokens.len();
        account.tokens.retain(|one| one.name != self.token);
        ensure!(
            account.tokens.len() < before,
            "{} has no token {:?}; `user list` shows them",
            account.name,
            self.token
        );
        let told = format!("{}: token {} is taken back", account.name, self.token);
        desk.save(&told)
    }
}

/// A token as it is listed.
#[derive(Debug, Serialize)]
struct TokenLine<'a> {
    name: &'a str,
    scopes: &'a BTreeSet<Scope>,
    created: Moment,
    expires: Option<Moment>,
}

/// An account as it is listed: no hash of anything.
#[derive(Debug, Serialize)]
struct Line<'a> {
    name: &'a str,
    role: &'a str,
    areas: &'a [String],
    purposes: &'a [String],
    created: Moment,
    disabled: bool,
    has_password: bool,
    tokens: Vec<TokenLine<'a>>,
}

impl List {
    fn run(&self) -> anyhow::Result<()> {
        let desk = Desk::open(&self.city)?;
        if self.json {
            let lines: Vec<_> = desk.accounts.all().iter().map(line).collect();
            println!("{}", serde_json::to_string_pretty(&lines)?);
            return Ok(());
        }
        let say = |zh, en| self.lang.pick(zh, en).to_owned();
        if desk.accounts.all().is_empty() {
            println!("{}", say("还没有账户", "there is no account yet"));
        }
        let mut rows = Vec::new();
        for one in desk.accounts.all() {
            let state = match (one.disabled, &one.password) {
                (true, _) => say("已停用", "disabled"),
                (false, None) => say("仅令牌", "tokens only"),
                (false, Some(_)) => String::new(),
            };
            let role = desk.roles.role(&one.role)?;
            let role = self.lang.pick(&role.zh, &role.en).to_owned();
            rows.push(vec![one.name.clone(), role, one.areas.join(" "), state]);
            for token in &one.tokens {
                let scopes: Vec<_> = token.scopes.iter().map(ToString::to_string).collect();
                let end = token.expires.map(|end| match self.lang {
                    Lang::Zh => format!("有效至 {end}"),
                    Lang::En => format!("until {end}"),
                });
                let name = format!("  {} {}", say("令牌", "token"), token.name);
                rows.push(vec![
                    name,
                    scopes.join(" "),
                    end.unwrap_or_default(),
                    String::new(),
                ]);
            }
        }
        print!("{}", table(&rows));
        Ok(())
    }
}

fn line(of: &Account) -> Line<'_> {
    let tokens = of.tokens.iter().map(|token| TokenLine {
        name: &token.name,
        scopes: &token.scopes,
        created: token.created,
        expires: token.expires,
    });
    Line {
        name: &of.name,
        role: &of.role,
        areas: &of.areas,
        purposes: &of.purposes,
        created: of.created,
        disabled: of.disabled,
        has_password: of.password.is_some(),
        tokens: tokens.collect(),
    }
}
