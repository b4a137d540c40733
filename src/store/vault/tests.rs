//! Sealed values, fingerprints and key files.

use super::*;

fn vault(key: u8) -> Vault {
    Vault::from_key(&[key; KEY_BYTES])
}

#[test]
fn opens_what_it_sealed_and_nothing_else() {
    let blob = vault(1).seal("王小明".as_bytes()).unwrap();
    assert_eq!(vault(1).unseal(&blob).unwrap(), "王小明".as_bytes());
    assert_eq!(vault(2).unseal(&blob), Err(SealError::WrongKey));
    for at in 0..blob.len() {
        let mut changed = blob.clone();
        changed[at] ^= 0x40;
        assert!(vault(1).unseal(&changed).is_err(), "byte {at}");
        assert!(vault(1).unseal(&blob[..at]).is_err(), "length {at}");
    }
}

#[test]
fn equal_values_do_not_look_equal_and_labels_are_equally_long() {
    let vault = vault(1);
    assert_ne!(vault.seal(b"139").unwrap(), vault.seal(b"139").unwrap());
    let length = |text: &str| vault.seal(text.as_bytes()).unwrap().len();
    assert_eq!(length("disabled"), length("elderly_alone"));
    for text in [
        "",
        "\0",
        "\u{80}",
        "x".repeat(31).as_str(),
        "x".repeat(32).as_str(),
    ] {
        let blob = vault.seal(text.as_bytes()).unwrap();
        assert_eq!(vault.unseal(&blob).unwrap(), text.as_bytes());
    }
}

#[test]
fn what_the_first_version_sealed_opens() {
    let vault = vault(1);
    let (nonce, header) = ([7; NONCE_BYTES], b"PJ\x01");
    let mut sealed = "王小明".as_bytes().to_vec();
    vault.cipher.seal(&nonce, header, &mut sealed).unwrap();
    let blob = [header.as_slice(), &nonce, &sealed].concat();
    assert_eq!(vault.unseal(&blob).unwrap(), "王小明".as_bytes());
}

#[test]
fn fingerprints() {
    let (a, b) = (vault(1), vault(2));
    let of = |vault: &Vault, text| vault.keyed_hash("identity", text);
    assert_eq!(of(&a, "x"), of(&a, "x"));
    assert_ne!(of(&a, "x"), of(&b, "x"));
    assert_ne!(of(&a, "x"), a.keyed_hash("plate", "x"));
    assert_ne!(a.keyed_hash("ab", "c"), a.keyed_hash("a", "bc"));
    let kept = b.with_hash_key(*a.hash_key());
    assert_eq!(of(&kept, "x"), of(&a, "x"));
}

#[test]
fn hmac_is_the_published_method() {
    // RFC 4231, test case 2, its key filled up with zeros as the method does itself.
    let mut key = [0; KEY_BYTES];
    key[..4].copy_from_slice(b"Jefe");
    let digest = hmac(&key, &[b"what do ya want ", b"for nothing?"]);
    assert_eq!(digest[..4], [0x5b, 0xdc, 0xc1, 0x46]);
}

#[test]
fn the_key_file_is_private_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("平江.gpkg");
    assert!(Vault::find(&city, None).unwrap().vault().is_none());
    let blob = Vault::create_beside(&city).unwrap().seal(b"x").unwrap();
    let text = fs::read(key_path(&city)).unwrap();
    assert_eq!(
        Vault::create_beside(&city).unwrap().unseal(&blob).unwrap(),
        b"x"
    );
    assert_eq!(fs::read(key_path(&city)).unwrap(), text);
    assert!(Vault::find(&city, None).unwrap().vault().is_some());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(key_path(&city)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn what_is_no_key_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.key");
    let fault = Vault::find(Path::new("c.gpkg"), Some(&path)).unwrap_err();
    assert!(fault.to_string().contains("other.key") && fault.to_string().contains("--key-file"));
    for text in [
        "",
        "hello",
        "pingjiang city key 1\nzz",
        &format!("pingjiang city key 1\n{}", "ü".repeat(32)),
    ] {
        fs::write(&path, text).unwrap();
        assert!(
            matches!(Vault::open(&path), Err(VaultError::NotAKey { .. })),
            "{text}"
        );
    }
}
