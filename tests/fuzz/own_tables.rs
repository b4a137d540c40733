//! A city's own tables but kinds and alarm rules (`config`, `alarm_rules`): labels, roles, travellers,
//! matching, dispatch; and its accounts. A table that is taken is strict, without contradiction, and can be gone by.

use std::collections::HashSet;

use pingjiang::access::{Accounts, RoleArea, RoleTable, Session, Visitor};
use pingjiang::base::{TableFault, Timestamp};
use pingjiang::model::dispatch::{Deadline, DispatchTable};
use pingjiang::model::network::TravellerTable;
use pingjiang::model::{EngineTable, Ground, KindTable, LabelRule, LabelRules, Labels, RoadKind};
use pingjiang::monitor::{MonitorTable, Quantity, Subject, TiltUnit};
use pingjiang::registry::address::{Address, CityNames};
use pingjiang::registry::match_address::{AddressIndex, MatchRules, Outcome};
use pingjiang::space::Crs;
use serde::Serialize;

use crate::bodies::Seen;
use crate::imports;

/// A member that no table knows, in front of everything.
const STRANGER: &str = "no_such_member = 1\n";

/// The table of a text that is strict; what was seen of another one.
pub fn strict<T>(bytes: &[u8], read: impl Fn(&str) -> Result<T, TableFault>) -> Result<T, Seen> {
    let text = std::str::from_utf8(bytes).map_err(|_| Seen::REFUSED)?;
    let table = read(text).map_err(|fault| {
        let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
        assert!(
            (1..=lines).contains(&fault.line),
            "no line of the text: {fault}"
        );
        assert!(
            !fault.reason.is_empty() && !fault.reason.contains('\n'),
            "{fault:?}"
        );
        Seen::message(&fault.reason)
    })?;
    assert!(read(&format!("{STRANGER}{text}")).is_err(), "not strict");
    Ok(table)
}

fn check_ids<'a>(ids: impl Iterator<Item = &'a str>) {
    let mut known = HashSet::new();
    for id in ids {
        assert!(!id.is_empty() && known.insert(id), "{id:?}");
    }
}

/// Accounts: each name and token once; written and read again they are equal; no shown text opens
/// what it is not the token of.
pub fn accounts(bytes: &[u8]) -> Seen {
    let roles = RoleTable::standard();
    let accounts = match strict(bytes, |text| Accounts::from_toml(text, &roles)) {
        Ok(accounts) => accounts,
        Err(seen) => return seen,
    };
    let names = accounts.all().iter().map(|one| one.name.to_lowercase());
    let names: Vec<_> = names.collect();
    check_ids(names.iter().map(String::as_str));
    let text = accounts.to_toml().expect("it was read");
    assert_eq!(Accounts::from_toml(&text, &roles).as_ref(), Ok(&accounts));
    let now = Timestamp::from_millis(0);
    for account in accounts.all() {
        assert_eq!(accounts.called(&account.name), Some(account));
        for token in &account.tokens {
            let digest_opens = accounts.of_token(&token.sha256, now).is_some();
            assert!(!digest_opens, "a digest is no token");
        }
    }
    Seen::of(names.len())
}

/// Labels: each once, no more than there are bits, merited by somebody and not by all; written and
/// read again they are equal.
pub fn labels(bytes: &[u8]) -> Seen {
    let rules = match strict(bytes, LabelRules::from_toml) {
        Ok(rules) => rules,
        Err(seen) => return seen,
    };
    check_ids(rules.all().iter().map(|rule| rule.id.as_str()));
    assert!(rules.all().len() <= Labels::MOST);
    for when in rules.all().iter().flat_map(|rule| &rule.when) {
        assert!(
            when.age_max
                .is_none_or(|max| when.age_min.is_none_or(|min| min <= max))
        );
        assert!(when.traits.values().all(|values| !values.is_empty()));
    }
    #[derive(Serialize)]
    struct Table<'a> {
        label: &'a [LabelRule],
    }
    let written = toml::to_string(&Table { label: rules.all() }).expect("it has a TOML form");
    assert_eq!(LabelRules::from_toml(&written).as_ref(), Ok(&rules));
    Seen::of(
        rules
            .all()
            .iter()
            .map(|rule| rule.when.len())
            .collect::<Vec<_>>(),
    )
}

/// Roles: each once; a session begins for every role and each of its purposes, and for no other.
pub fn roles(bytes: &[u8]) -> Seen {
    let table = match strict(bytes, RoleTable::from_toml) {
        Ok(table) => table,
        Err(seen) => return seen,
    };
    check_ids(table.roles().iter().map(|role| role.id.as_str()));
    let crs = Crs::from_epsg(4549).expect("it is built in");
    let ground = Ground::new(imports::info(&crs));
    let mut seen = Vec::new();
    for role in table.roles() {
        let begin = |purpose: Option<String>| {
            let who = Visitor {
                role: role.id.clone(),
                purpose,
                ..Visitor::default()
            };
            Session::begin(&table, &who, &ground)
        };
        assert!(begin(Some("no such purpose".to_owned())).is_err());
        for purpose in &role.purposes {
            assert!(table.purpose(purpose).is_some(), "{purpose:?}");
            let begun = begin(Some(purpose.clone()));
            assert_eq!(
                begun.is_ok(),
                role.area == RoleArea::All,
                "{:?}",
                begun.err()
            );
        }
        seen.push((role.opens.len(), role.purposes.len(), role.small_counts));
    }
    Seen::of(seen)
}

/// Travellers: each once, with speeds and widths that a search can go by; those that are built in
/// stay beside them.
pub fn travellers(bytes: &[u8]) -> Seen {
    let own = match strict(bytes, TravellerTable::from_toml) {
        Ok(own) => own,
        Err(seen) => return seen,
    };
    check_ids(own.all().iter().map(|one| one.id.as_str()));
    for one in own.all() {
        for kind in RoadKind::ALL {
            assert!(one.speed_on(*kind) > 0.0 && one.speed_on(*kind) <= one.speed_m_s);
        }
        assert!(one.hindrance(RoadKind::Rail, 100.0).is_some());
        assert!(
            one.kinds
                .iter()
                .any(|kind| one.hindrance(*kind, 100.0).is_none())
        );
    }
    let count = own.all().len();
    let all = TravellerTable::standard().with(own);
    assert!(all.get("foot").is_some() && all.all().len() >= count.max(4));
    Seen::of((count, all.all().len()))
}

/// Dispatch: each type once, every deadline ahead, a ladder that ends, and a type for whatever warns.
pub fn dispatch(bytes: &[u8]) -> Seen {
    let table = match strict(bytes, DispatchTable::from_toml) {
        Ok(table) => table,
        Err(seen) => return seen,
    };
    check_ids(table.types().iter().map(|one| one.id.as_str()));
    for one in table.types() {
        for deadline in Deadline::ALL {
            assert!(one.within_ms(*deadline) > 0);
        }
        let mut rungs = vec![one.first_rung];
        while let Some(above) = table.above(rungs[rungs.len() - 1]) {
            rungs.push(above.level);
            assert!(rungs.len() <= table.rungs().len(), "{rungs:?}");
        }
    }
    for kind in KindTable::standard().all() {
        assert!(table.of_kind(Some(kind)).events.is_empty());
    }
    assert!(table.of_kind(None).kinds.is_empty() && table.risk().least >= 5);
    Seen::of((table.types().len(), table.rungs().len()))
}

/// What an engine goes by: readings stay for a week at least, alarms are shelved for a day at most.
pub fn engine(bytes: &[u8]) -> Seen {
    let table = match strict(bytes, EngineTable::from_toml) {
        Ok(table) => table,
        Err(seen) => return seen,
    };
    const DAY_MS: i64 = 24 * 3_600_000;
    assert!(
        (7 * DAY_MS..=3_650 * DAY_MS).contains(&table.raw_ms()),
        "{table:?}"
    );
    assert!(
        (DAY_MS / 24..=DAY_MS).contains(&table.shelve_max_ms()),
        "{table:?}"
    );
    Seen::of((table.raw_days, table.shelve_max_hours))
}

/// Rules for matching: whatever they are, another door is never linked, and scores are shares.
pub fn matching(bytes: &[u8]) -> Seen {
    let rules = match strict(bytes, MatchRules::from_toml) {
        Ok(rules) => rules,
        Err(seen) => return seen,
    };
    let names = CityNames::default();
    let parse = |text: &str| Address::parse(text, &names);
    let homes = [
        "平江路12号101室",
        "平江路12号102室",
        "桃源新村3幢2单元301室",
    ];
    let keyed = homes.iter().enumerate().map(|(at, text)| (at, parse(text)));
    let index = AddressIndex::build(keyed.collect::<Vec<_>>());
    let mut seen = Vec::new();
    for text in [
        "平江路12号103室",
        "桃源新村3幢1单元301室",
        "平江路13号101室",
    ] {
        let found = index.find(&parse(text), &rules);
        assert_eq!(found.linked(), None, "{text} under {rules:?}");
    }
    for text in [
        "平江路12号",
        "平江路12号101室",
        "桃源新村3幢301室",
        "平江路12号附1号",
    ] {
        let outcome = index.find(&parse(text), &rules);
        seen.push(match &outcome {
            Outcome::Linked(one) => {
                assert!((rules.link_at..=1.0).contains(&one.score), "{}", one.score);
                1
            }
            Outcome::Ambiguous(list) => 2 + list.len(),
            Outcome::Unmatched(_) => 0,
        });
    }
    Seen::of(seen)
}

/// How houses are judged: worse shares never have better grades, and whatever hangs as the table says
/// leans by a number.
pub fn monitor(bytes: &[u8]) -> Seen {
    let table = match strict(bytes, MonitorTable::from_toml) {
        Ok(table) => table,
        Err(seen) => return seen,
    };
    let shares = [0.0, 0.2, 0.5, 0.8, 0.9, 1.0, 7.0];
    let grades = shares.map(|share| table.grade_of_share(share));
    assert!(grades.is_sorted(), "{grades:?}");
    for device in table.devices() {
        let mounting = table.mounting(&[device], TiltUnit::Mrad);
        assert!(
            mounting
                .bearing_deg
                .is_none_or(|bearing| (0.0..360.0).contains(&bearing)),
            "{mounting:?}"
        );
        assert!(mounting.zero.iter().all(|zero| zero.is_finite()));
        assert!(mounting.scale.iter().all(|scale| *scale != 0.0));
    }
    for quantity in [
        Quantity::Tilt,
        Quantity::Settlement,
        Quantity::Crack,
        Quantity::Distortion,
    ] {
        let limit = table.limit(quantity, &Subject::unknown());
        let number = limit.and_then(|limit| limit.number());
        assert!(number.is_none_or(|number| number > 0.0), "{limit:?}");
        let (gross, rates) = (table.gross(quantity), table.rate_limits(quantity));
        let numbers = [gross.far, gross.agree, rates.attention, rates.orange];
        assert!(numbers.iter().all(|number| *number > 0.0), "{numbers:?}");
    }
    Seen::of((table.entries(), format!("{grades:?}")))
}
