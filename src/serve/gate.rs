//! Who may pass: signing in with name and password, tokens of programs, the engine's own token; and
//! what each may then do. Used by every path under `/api`. Never keeps a password or a token, only
//! digests of those who are signed in; never reads the wall clock.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use axum::http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::access::{
    Account, Accounts, Handle, Password, Role, RoleTable, Scope, areas_of, sha256_hex,
};
use crate::base::{Millis, Timestamp};
use crate::model::Ground;

use super::problem::Problem;
use super::tries::Tries;

/// How long somebody stays signed in: a shift.
pub(super) const SESSION_MS: Millis = 12 * 3_600_000;
/// Signed in at once; beyond that the oldest goes.
const SESSIONS_MAX: usize = 10_000;
/// Passwords that are checked at once: each takes a processor and 19 MB for a moment.
const CHECKS: usize = 2;

/// What goes on record of somebody who signs in or out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignNote {
    /// When.
    pub at: Timestamp,
    /// `login`, `login_failed`, `login_refused` (too many tries) or `logout`.
    pub event: &'static str,
    /// The name that was told.
    pub name: String,
    /// From where.
    pub address: IpAddr,
}

/// What the gate is given from outside.
pub struct GateMeans {
    /// Tells the time.
    pub now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// Puts something on record.
    pub note: Box<dyn Fn(SignNote) + Send + Sync>,
}

/// A session of somebody who signed in.
struct SignedIn {
    name: String,
    /// The hash that the password was checked against: with another one the session ends.
    password: String,
    until: Timestamp,
}

/// The gate of one engine.
pub struct Gate {
    accounts: RwLock<Arc<Accounts>>,
    roles: RoleTable,
    ground: Arc<Ground>,
    engine_token_sha256: String,
    sessions: Mutex<HashMap<String, SignedIn>>,
    tries: Mutex<Tries>,
    checks: Semaphore,
    means: GateMeans,
}

/// Somebody who passed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Caller {
    /// As it goes on record.
    pub(super) name: String,
    /// The role; none of who shows the engine's own token.
    pub(super) role: Option<Role>,
    /// Areas that it works for; `None` for everywhere.
    pub(super) areas: Option<BTreeSet<u64>>,
    /// Whether it may read.
    pub(super) reads: bool,
    /// Whether it may give the commands of its role.
    pub(super) commands: bool,
    /// Whether it may report, whatever its role.
    pub(super) reports: bool,
    /// Feeds that it may send to; `None` for none but those named.
    pub(super) feeds: BTreeSet<String>,
    /// What tells it apart from others where something is counted.
    pub(super) key: String,
    /// Until when it is signed in.
    pub(super) until: Option<Timestamp>,
}

impl Caller {
    /// Whether it may give such a command, wherever.
    pub(super) fn handles(&self, handle: Handle) -> bool {
        let role = self.role.as_ref();
        self.commands && role.is_some_and(|role| role.handles.contains(&handle))
    }

    /// Whether it learns who opened personal values of whom.
    pub(super) fn audits(&self) -> bool {
        self.role.as_ref().is_some_and(|role| role.audits)
    }
}

/// Somebody who has just signed in.
pub(super) struct Welcome {
    pub(super) token: String,
    pub(super) until: Timestamp,
    pub(super) name: String,
    pub(super) role: String,
}

impl Gate {
    /// A gate for these accounts under the city's roles; `engine_token` is what the ready line tells.
    #[must_use]
    pub fn new(
        accounts: Accounts,
        roles: RoleTable,
        ground: Arc<Ground>,
        engine_token: &str,
        means: GateMeans,
    ) -> Self {
        Self {
            accounts: RwLock::new(Arc::new(accounts)),
            roles,
            ground,
            engine_token_sha256: sha256_hex(engine_token.as_bytes()),
            sessions: Mutex::default(),
            tries: Mutex::default(),
            checks: Semaphore::new(CHECKS),
            means,
        }
    }

    /// Goes by other accounts from now on. Who was removed, closed or has another password is out.
    pub fn set_accounts(&self, accounts: Accounts) {
        *self
            .accounts
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(accounts);
    }

    fn accounts(&self) -> Arc<Accounts> {
        let accounts = self.accounts.read();
        accounts.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The time.
    pub(super) fn now(&self) -> Timestamp {
        (self.means.now)()
    }

    /// Signs somebody in.
    pub(super) async fn sign_in(
        &self,
        name: &str,
        password: String,
        address: IpAddr,
    ) -> Result<Welcome, Problem> {
        let begun = lock(&self.tries).begin(name, address, Instant::now());
        if let Err(pause) = begun {
            self.note("login_refused", name, address);
            let seconds = pause.as_secs() + 1;
            return Err(Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("too many tries to sign in; wait {seconds} s"),
            )
            .after(seconds));
        }
        let accounts = self.accounts();
        let account = accounts.called(name).filter(|one| !one.disabled);
        let kept = account.and_then(|one| one.password.clone());
        // For a name that is not there as much is done as for one that is.
        let hash = match kept.as_deref().map(Password::read) {
            Some(Ok(password)) => password,
            _ => Password::nobodys(),
        };
        let _turn = self
            .checks
            .acquire()
            .await
            .map_err(|_| Problem::stopping())?;
        let checked = tokio::task::spawn_blocking(move || hash.fits(&password)).await;
        let (Ok(true), Some(account), Some(kept)) = (checked, account, kept) else {
            self.note("login_failed", name, address);
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "name or password is not right",
            ));
        };
        lock(&self.tries).succeeded(name, address);
        self.note("login", &account.name, address);
        self.welcome(account, kept)
    }

    fn welcome(&self, account: &Account, password: String) -> Result<Welcome, Problem> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| {
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the system gives no random numbers; tell the administrator",
            )
        })?;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let token = format!("pjs_{hex}");
        let now = self.now();
        let until = now.plus(SESSION_MS);
        let mut sessions = lock(&self.sessions);
        sessions.retain(|_, one| now < one.until);
        if sessions.len() >= SESSIONS_MAX {
            let oldest = sessions.iter().min_by_key(|(_, one)| one.until);
            let oldest = oldest.map(|(digest, _)| digest.clone());
            oldest.and_then(|digest| sessions.remove(&digest));
        }
        let signed_in = SignedIn {
            name: account.name.clone(),
            password,
            until,
        };
        sessions.insert(sha256_hex(token.as_bytes()), signed_in);
        Ok(Welcome {
            token,
            until,
            name: account.name.clone(),
            role: account.role.clone(),
        })
    }

    /// Signs somebody out.
    pub(super) fn sign_out(&self, headers: &HeaderMap, address: IpAddr) -> Result<(), Problem> {
        let shown = shown(headers)?;
        let session = lock(&self.sessions).remove(&sha256_hex(shown.as_bytes()));
        let session = session.ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "nobody is signed in with this token; tokens of programs end by `pingjiang user revoke`",
            )
        })?;
        self.note("logout", &session.name, address);
        Ok(())
    }

    /// Who asks.
    pub(super) fn caller(&self, headers: &HeaderMap, is_local: bool) -> Result<Caller, Problem> {
        let shown = shown(headers)?;
        let digest = sha256_hex(shown.as_bytes());
        if digest == self.engine_token_sha256 && is_local {
            return Ok(Caller {
                name: "engine".to_owned(),
                role: None,
                areas: None,
                reads: true,
                commands: false,
                reports: false,
                feeds: BTreeSet::new(),
                key: digest,
                until: None,
            });
        }
        let accounts = self.accounts();
        let now = self.now();
        if let Some((account, token)) = accounts.of_token(shown, now) {
            let mut caller = self.of_account(account, digest)?;
            caller.reads = token.scopes.contains(&Scope::Read);
            caller.commands = token.scopes.contains(&Scope::Command);
            caller.reports = token.scopes.contains(&Scope::Report);
            caller.until = token.expires.map(|end| end.0);
            caller.feeds = token
                .scopes
                .iter()
                .filter_map(|scope| match scope {
                    Scope::Feed(name) => Some(name.clone()),
                    _ => None,
                })
                .collect();
            return Ok(caller);
        }
        self.of_session(&accounts, digest, now)?.ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "this token is not known, has ended or was taken back; sign in anew at /api/v1/login",
            )
        })
    }

    fn of_session(
        &self,
        accounts: &Accounts,
        digest: String,
        now: Timestamp,
    ) -> Result<Option<Caller>, Problem> {
        let mut sessions = lock(&self.sessions);
        let Some(session) = sessions.get(&digest) else {
            return Ok(None);
        };
        let account = accounts.called(&session.name).filter(|one| {
            !one.disabled && one.password.as_ref() == Some(&session.password) && now < session.until
        });
        let Some(account) = account else {
            sessions.remove(&digest);
            return Ok(None);
        };
        let until = session.until;
        drop(sessions);
        let mut caller = self.of_account(account, digest)?;
        (caller.reads, caller.commands, caller.until) = (true, true, Some(until));
        Ok(Some(caller))
    }

    fn of_account(&self, account: &Account, key: String) -> Result<Caller, Problem> {
        let forbidden = |detail: String| Problem::new(StatusCode::FORBIDDEN, detail);
        let role = self.roles.role(&account.role);
        let role = role.map_err(|fault| forbidden(fault.to_string()))?.clone();
        let areas = match role.area {
            crate::access::RoleArea::All => None,
            crate::access::RoleArea::Own => {
                let areas = areas_of(&self.ground, &account.areas);
                Some(areas.map_err(|fault| forbidden(fault.to_string()))?)
            }
        };
        Ok(Caller {
            name: account.name.clone(),
            role: Some(role),
            areas,
            reads: false,
            commands: false,
            reports: false,
            feeds: BTreeSet::new(),
            key,
            until: None,
        })
    }

    fn note(&self, event: &'static str, name: &str, address: IpAddr) {
        (self.means.note)(SignNote {
            at: self.now(),
            event,
            // What was typed may be anything, a password in the wrong field among it: of a name that
            // is none only that is told.
            name: match self.accounts().called(name) {
                Some(account) => account.name.clone(),
                None => "?".to_owned(),
            },
            address,
        });
    }
}

/// The token that a request shows.
fn shown(headers: &HeaderMap) -> Result<&str, Problem> {
    let shown = headers.get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.split_once(' '));
    match shown {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "this needs a bearer token: sign in at /api/v1/login, or let the administrator make one \
             with `pingjiang user token`",
        )),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
