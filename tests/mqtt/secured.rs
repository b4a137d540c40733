//! TLS with an authority made here, client certificates, user and password.

use std::path::Path;
use std::process::{Command, Stdio};

use super::broker::{Broker, Login, program};
use super::engine::{City, Engine, ago, device, reading};

fn openssl(folder: &Path, arguments: &str) {
    let made = Command::new("openssl")
        .current_dir(folder)
        .args(arguments.split(' '))
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status();
    assert!(made.unwrap().success(), "openssl {arguments}");
}

/// An authority, the broker's certificate and one of a client.
fn certificates(folder: &Path) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for name in ["ca", "stranger"] {
        openssl(
            folder,
            &format!("req -x509 {key} -keyout {name}.key -out {name}.pem -days 2 -subj /CN={name}"),
        );
    }
    std::fs::write(
        folder.join("san"),
        "subjectAltName=IP:127.0.0.1,DNS:localhost\n",
    )
    .unwrap();
    for name in ["broker", "client"] {
        openssl(
            folder,
            &format!("req {key} -keyout {name}.key -out {name}.csr -subj /CN={name}"),
        );
        openssl(
            folder,
            &format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
                 -extfile san -out {name}.pem"
            ),
        );
    }
}

/// A broker that takes nobody without certificate, user and password.
fn secured() -> Option<(Broker, Login)> {
    program("openssl")?;
    let tool = program("mosquitto_passwd")?;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_owned();
    certificates(&place);
    let made = Command::new(tool)
        .args(["-c", "-b"])
        .arg(place.join("users"))
        .args(["engine", "open sesame"])
        .status();
    assert!(made.unwrap().success());
    let path = |name: &str| place.join(name).display().to_string();
    let settings = format!(
        "allow_anonymous false\ncafile {}\ncertfile {}\nkeyfile {}\nrequire_certificate true\npassword_file {}\n",
        path("ca.pem"),
        path("broker.pem"),
        path("broker.key"),
        path("users"),
    );
    let login = format!(
        "--cafile {} --cert {} --key {} -u engine -P",
        path("ca.pem"),
        path("client.pem"),
        path("client.key")
    );
    let login = login.split(' ').chain(["open sesame"]);
    let login = login.map(str::to_owned).collect();
    Broker::start_in(folder, &settings).map(|broker| (broker, Login(login)))
}

#[test]
fn tls_with_certificates_user_and_password() {
    let Some((broker, login)) = secured() else {
        return;
    };
    let url = broker.url().replace("mqtt://", "mqtts://");
    let path = |name: &str| broker.folder().join(name).display().to_string();
    std::fs::write(broker.folder().join("password"), "open sesame\n").unwrap();
    std::fs::write(broker.folder().join("wrong"), "sesame\n").unwrap();
    let arguments = |ca: &str, password: &str| {
        [
            "--mqtt-ca",
            &path(ca),
            "--mqtt-cert",
            &path("client.pem"),
            "--mqtt-key",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain([
            path("client.key"),
            "--mqtt-user".to_owned(),
            "engine".to_owned(),
        ])
        .chain(["--mqtt-password-file".to_owned(), path(password)])
        .collect::<Vec<_>>()
    };
    let start = |ca: &str, password: &str| {
        let city = City::new();
        let arguments = arguments(ca, password);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let engine = Engine::listening(&city, &url, &arguments);
        (city, engine)
    };
    let (_city, engine) = start("ca.pem", "password");
    engine.wait_state("it listens", |state| {
        state["feed"]["connection"]["connected"] == true
    });
    // More than one record of TLS, and many of them.
    let lines: String = (0..3_000)
        .map(|number| format!("smoke 0,{},1\n", ago(9_000 - number)))
        .collect();
    broker.publish_bytes("pingjiang/csv", lines.as_bytes(), &login);
    broker.publish_bytes(
        "pingjiang/json/smoke 1",
        reading(ago(1), 0.5).as_bytes(),
        &login,
    );
    let [many, one] = [0, 1].map(|number| device("smoke", number).to_string());
    engine.wait_state("all of it", |state| {
        state["devices"][&many]["count"] == 3_000 && state["devices"][&one]["count"] == 1
    });
    drop(engine);

    let (_city, engine) = start("stranger.pem", "password");
    engine.wait_log("invalid peer certificate");
    assert_eq!(engine.state()["feed"]["connection"]["connected"], false);
    let (_city, engine) = start("ca.pem", "wrong");
    engine.wait_log("is user, password or certificate right?");
    assert!(!engine.log().contains("sesame"), "a password in the log");
}
