//! A new password of an account: typed twice without being shown, or read from a file. Used by `user`.
//! Never takes one on the command line, and never keeps or shows one.

use std::io::{IsTerminal, Read};
use std::path::Path;

use anyhow::{Context, bail, ensure};

use crate::access::{PASSWORD_CHARS_MIN, Password, SALT_BYTES};
use crate::base::why_unread;

/// A new password, hashed: the first line of a file, or typed twice without being shown.
pub(super) fn new_password(name: &str, file: Option<&Path>) -> anyhow::Result<String> {
    let text = match file {
        Some(path) => first_line(path)?,
        None => typed(name)?,
    };
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).context("the system gives no random numbers")?;
    Ok(Password::of(&text, name, &salt)?.as_str().to_owned())
}

fn first_line(path: &Path) -> anyhow::Result<String> {
    const BYTES_MAX: u64 = 64 * 1_024;
    let told = |fault: std::io::Error| {
        anyhow::anyhow!(
            "the password cannot be read: {}: {}",
            why_unread(&fault),
            path.display()
        )
    };
    let mut text = String::new();
    match path == Path::new("-") {
        true => std::io::stdin().take(BYTES_MAX).read_to_string(&mut text),
        false => std::fs::File::open(path)
            .map_err(told)?
            .take(BYTES_MAX)
            .read_to_string(&mut text),
    }
    .map_err(told)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn typed(name: &str) -> anyhow::Result<String> {
    ensure!(
        std::io::stdin().is_terminal(),
        "a password is typed on a terminal, or read from --password-file FILE (- is standard input); \
         it never stands on the command line"
    );
    let terminal = console::Term::stderr();
    let ask = |words: String| -> anyhow::Result<String> {
        terminal.write_str(&words)?;
        Ok(terminal.read_secure_line()?)
    };
    let first = ask(format!(
        "new password of {name}, {PASSWORD_CHARS_MIN} characters or more: "
    ))?;
    if ask("the same once more: ".to_owned())? != first {
        bail!("the two are not the same; nothing was changed");
    }
    Ok(first)
}
