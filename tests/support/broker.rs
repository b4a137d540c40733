//! A mosquitto of the test's own, and its clients. Used by tests of engines that listen to a broker.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A broker in a folder of its own; ends with the test.
pub struct Broker {
    folder: tempfile::TempDir,
    pub port: u16,
    child: Option<Child>,
}

/// What every client of it adds to its command line.
#[derive(Default)]
pub struct Login(pub Vec<String>);

impl Broker {
    /// Starts one; `None` on a machine without mosquitto, where the test is skipped.
    pub fn start(settings: &str) -> Option<Self> {
        Self::start_in(tempfile::tempdir().unwrap(), settings)
    }

    /// As [`Broker::start`], in a folder with files that the settings name.
    pub fn start_in(folder: tempfile::TempDir, settings: &str) -> Option<Self> {
        let Some(_) = program("mosquitto") else {
            let is_ci = std::env::var("CI").as_deref() == Ok("true");
            assert!(!is_ci, "mosquitto is missing; .ci/setup test installs it");
            eprintln!("skipped: no mosquitto");
            return None;
        };
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let settings =
            format!("listener {port} 127.0.0.1\nuser root\nmax_queued_messages 0\n{settings}\n");
        std::fs::write(folder.path().join("mosquitto.conf"), settings).unwrap();
        let mut broker = Self {
            folder,
            port,
            child: None,
        };
        broker.start_again();
        Some(broker)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// As a machine that loses power: nothing is said, nothing is written.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn start_again(&mut self) {
        let child = Command::new(program("mosquitto").unwrap())
            .arg("-c")
            .arg(self.folder.path().join("mosquitto.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.unwrap());
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("mosquitto does not listen");
    }

    /// Publishes a message at QoS 1 and waits until the broker has it.
    pub fn publish(&self, topic: &str, payload: &str) {
        self.publish_bytes(topic, payload.as_bytes(), &Login::default());
    }

    pub fn publish_bytes(&self, topic: &str, payload: &[u8], login: &Login) {
        self.client("mosquitto_pub", login, &["-t", topic, "-s"], payload);
    }

    pub fn publish_retained(&self, topic: &str, payload: &str) {
        let arguments = ["-t", topic, "-r", "-s"];
        self.client(
            "mosquitto_pub",
            &Login::default(),
            &arguments,
            payload.as_bytes(),
        );
    }

    /// Publishes every line as a message of its own.
    pub fn publish_lines(&self, topic: &str, lines: &str) {
        let arguments = ["-t", topic, "-l"];
        self.client(
            "mosquitto_pub",
            &Login::default(),
            &arguments,
            lines.as_bytes(),
        );
    }

    /// A publisher that sends each line of its standard input as a message of its own at QoS 1, and
    /// ends when that ends and the broker has all of it.
    pub fn publisher(&self, topic: &str) -> Child {
        let arguments = ["-t", topic, "-l"];
        let mut command = self.command("mosquitto_pub", &Login::default(), &arguments);
        command.spawn().unwrap()
    }

    fn client(&self, name: &str, login: &Login, arguments: &[&str], input: &[u8]) {
        let mut child = self.command(name, login, arguments).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{told}");
    }

    fn command(&self, name: &str, login: &Login, arguments: &[&str]) -> Command {
        let mut command = Command::new(program(name).unwrap());
        command
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-q", "1"])
            .args(&login.0)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// A client that is connected with a last will, and stays until it is killed.
    pub fn client_with_will(&self, topic: &str, will: &str) -> Child {
        let arguments = [
            "-t",
            "nothing",
            "--will-topic",
            topic,
            "--will-payload",
            will,
        ];
        let arguments = [&arguments[..], &["--will-qos", "1"]].concat();
        self.command("mosquitto_sub", &Login::default(), &arguments)
            .spawn()
            .unwrap()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where a program lies: Debian puts daemons where not every path looks.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}
