//! The file of accounts: what is read is what was written, and contradictions are named.

use proptest::prelude::*;

use super::*;

fn account(name: &str) -> Account {
    Account {
        name: name.to_owned(),
        password: Some(Password::nobodys().as_str().to_owned()),
        role: "operator".to_owned(),
        areas: Vec::new(),
        purposes: vec!["incident".to_owned()],
        created: Moment(Timestamp::from_millis(1_700_000_000_000)),
        disabled: false,
        tokens: vec![Token {
            name: "gateway".to_owned(),
            sha256: sha256_hex(name.as_bytes()),
            scopes: [Scope::Read, Scope::Feed("json".to_owned())].into(),
            created: Moment(Timestamp::from_millis(1_700_000_000_000)),
            expires: Some(Moment(Timestamp::from_millis(1_800_000_000_000))),
        }],
    }
}

fn two() -> Accounts {
    let roles = RoleTable::standard();
    let mut accounts = Accounts::default();
    accounts.add(account("Li.Wei"), &roles).unwrap();
    accounts.add(account("李伟"), &roles).unwrap();
    accounts
}

#[test]
fn what_is_written_is_read_again() {
    let text = two().to_toml().unwrap();
    assert_eq!(
        Accounts::from_toml(&text, &RoleTable::standard()),
        Ok(two())
    );
    assert!(
        text.contains("expires = \"2027-01-15T08:00:00Z\""),
        "{text}"
    );
    let none = Accounts::default();
    let text = none.to_toml().unwrap();
    assert_eq!(Accounts::from_toml(&text, &RoleTable::standard()), Ok(none));
}

#[test]
fn contradictions_are_named_with_their_line() {
    let text = two().to_toml().unwrap();
    let fault = |from: &str, to: &str| {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from} stands in the file");
        let roles = RoleTable::standard();
        Accounts::from_toml(&broken, &roles)
            .unwrap_err()
            .to_string()
    };
    for (from, to, told) in [
        ("\"李伟\"", "\"li.wei\"", "twice"),
        ("\"operator\"", "\"boss\"", "no role"),
        ("\"incident\"", "\"fun\"", "no purpose"),
        ("$argon2id$", "$argon2i$", "user passwd"),
        ("disabled", "locked", "locked"),
        ("\"read\"", "\"write\"", "a scope is"),
        ("\"Li.Wei\"", "\"Li Wei\"", "a name has"),
        ("\"Li.Wei\"", "\"a\\nb\"", "a name has"),
        (sha256_hex("李伟".as_bytes()).as_str(), "abc", "64 hex"),
        (
            sha256_hex("李伟".as_bytes()).as_str(),
            sha256_hex(b"Li.Wei").as_str(),
            "stands twice",
        ),
    ] {
        let said = fault(from, to);
        assert!(said.starts_with("line ") && said.contains(told), "{said}");
    }
}

#[test]
fn a_token_opens_until_it_ends_or_its_account_is_closed() {
    let mut accounts = two();
    let at = |millis| Timestamp::from_millis(millis);
    let (found, token) = accounts.of_token("Li.Wei", at(1_750_000_000_000)).unwrap();
    assert_eq!(
        (found.name.as_str(), token.name.as_str()),
        ("Li.Wei", "gateway")
    );
    assert!(accounts.of_token("Li.Wei", at(1_800_000_000_000)).is_none());
    assert!(accounts.of_token("li.wei", at(1_750_000_000_000)).is_none());
    accounts.called_mut("LI.WEI").unwrap().disabled = true;
    assert!(accounts.of_token("Li.Wei", at(1_750_000_000_000)).is_none());
    assert!(accounts.remove("li.wei") && !accounts.remove("li.wei"));
}

proptest! {
    #[test]
    fn whatever_the_text_it_is_taken_whole_or_refused(text in "\\PC{0,400}") {
        if let Ok(accounts) = Accounts::from_toml(&text, &RoleTable::standard()) {
            let again = Accounts::from_toml(&accounts.to_toml().unwrap(), &RoleTable::standard());
            prop_assert_eq!(again, Ok(accounts));
        }
    }
}
