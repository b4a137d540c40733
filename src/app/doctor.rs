//! `pingjiang doctor`: what this machine has and lacks, what that means, and what to install.
//! It looks and changes nothing; whether something works is judged from what lies in the system's
//! folders, without loading a driver.

mod findings;
mod probe;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde::Serialize;

use findings::{Finding, State};
use probe::Probe;

/// Tell what this machine has and lacks.
#[derive(Debug, Args)]
pub struct Doctor {
    /// City to look at as well, with its key and its archive.
    #[arg(value_name = "CITY.gpkg")]
    city: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// Key of the city's personal values; CITY.key beside the city otherwise.
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Report<'a> {
    fit: bool,
    install: &'a [&'static str],
    findings: &'a [Finding],
}

impl Doctor {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let probe = Probe::of_this_machine(self.city.as_deref(), self.key_file.as_deref());
        let findings = findings::judge(&probe);
        let install = packages(&findings);
        let missing = findings
            .iter()
            .filter(|one| one.state == State::Missing)
            .count();
        if self.json {
            let report = Report {
                fit: missing == 0,
                install: &install,
                findings: &findings,
            };
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{}", page(&findings));
        }
        match (missing, install.is_empty()) {
            (0, _) => Ok(()),
            (_, true) => bail!("{missing} of these things must be put right first"),
            (_, false) => bail!(
                "{missing} of these things must be put right first; on Debian, as root: \
                 apt-get install -y --no-install-recommends {}",
                install.join(" ")
            ),
        }
    }
}

/// The packages that mend what is missing, each once.
fn packages(findings: &[Finding]) -> Vec<&'static str> {
    let missing = findings.iter().filter(|one| one.state == State::Missing);
    let mut packages: Vec<_> = missing
        .flat_map(|one| one.install.iter().copied())
        .collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

fn page(findings: &[Finding]) -> String {
    let mut text = String::new();
    for one in findings {
        let state = one.state.as_str();
        text.push_str(&format!("{state:<8} {:<14} {}\n", one.topic, one.found));
        if !one.meaning.is_empty() {
            text.push_str(&format!("{:23} {}\n", "", one.meaning));
        }
        if !one.install.is_empty() {
            text.push_str(&format!("{:23} install: {}\n", "", one.install.join(" ")));
        }
    }
    text
}
