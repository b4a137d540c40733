//! TLS with an authority made here; what is refused without it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::engine::{City, Engine, PROGRAM, text};

/// A certificate of its own for this machine; `false` where there is no openssl.
fn certificate(folder: &Path) -> bool {
    let arguments = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout tls.key \
                     -out tls.pem -days 2 -subj /CN=pingjiang -addext subjectAltName=IP:127.0.0.1 \
                     -addext basicConstraints=critical,CA:FALSE";
    let made = Command::new("openssl")
        .current_dir(folder)
        .args(arguments.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match made {
        Ok(status) => {
            assert!(status.success());
            true
        }
        Err(_) if std::env::var_os("CI").is_none() => {
            eprintln!("skipped: there is no openssl");
            false
        }
        Err(fault) => panic!("openssl: {fault}"),
    }
}

/// The answer to a request over TLS, as it came.
fn ask(folder: &Path, port: u16, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(folder.join("tls.pem")).unwrap();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let tls = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut stream = StreamOwned::new(tls, socket);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    // The engine may end the connection without the last word of TLS.
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn other_machines_ask_over_tls_and_with_accounts_alone() {
    let city = City::new();
    if !certificate(city.folder()) {
        return;
    }
    let path = |name: &str| city.folder().join(name).display().to_string();
    let run = |arguments: &[&str]| {
        let output = Command::new(PROGRAM)
            .arg("run")
            .arg(city.path())
            .args(["--archive", "memory", "--seconds", "1"])
            .args(arguments)
            .output()
            .unwrap();
        (output.status.success(), text(&output.stderr))
    };
    let (cert, key) = (path("tls.pem"), path("tls.key"));
    let open = ["--listen", "0.0.0.0:0"];
    let with_tls = [
        "--listen",
        "0.0.0.0:0",
        "--tls-cert",
        &cert,
        "--tls-key",
        &key,
    ];
    let (done, told) = run(&with_tls);
    assert!(!done && told.contains("user add"), "{told}");
    city.add("li", "operator");
    let (done, told) = run(&open);
    assert!(!done && told.contains("--tls-cert"), "{told}");
    let (done, told) = run(&["--tls-cert", &key, "--tls-key", &key]);
    assert!(!done && told.contains("no certificate"), "{told}");
    let (done, told) = run(&with_tls);
    assert!(done, "{told}");

    let engine = Engine::start(&city, &[&with_tls[..], &["--archive", "memory"]].concat());
    assert!(engine.url.starts_with("https://0.0.0.0:"), "{}", engine.url);
    let port = engine.url.rsplit(':').next().unwrap().parse().unwrap();
    let request = |path: &str| {
        let token = &engine.token;
        format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        )
    };
    let answer = ask(city.folder(), port, &request("/api/v1/twin"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // One who says nothing in TLS holds nobody up.
    let _silent = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let answer = ask(city.folder(), port, &request("/v1/state"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mut plain = TcpStream::connect(("127.0.0.1", port)).unwrap();
    plain.write_all(request("/api/v1/twin").as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let _ = plain.read_to_end(&mut bytes);
    assert!(
        !text(&bytes).contains("200 OK"),
        "nothing is told without TLS"
    );
}
