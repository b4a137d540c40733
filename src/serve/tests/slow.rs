//! Clients that take their time: a head that never ends holds no connection, a body and a stream may
//! take theirs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::*;

/// Far less than an engine allows.
const HEAD: Duration = Duration::from_millis(300);
/// Pause between two bytes.
const PAUSE: Duration = Duration::from_millis(20);

fn server(bench: &Bench) -> Server {
    let here = "127.0.0.1:0".parse().unwrap();
    Server::begin(here, router(bench.doors.clone()), None, HEAD).unwrap()
}

fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PAUSE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Whether the other end has ended the line; how long that takes does not matter.
fn is_over(stream: &mut TcpStream, answer: &mut Vec<u8>) -> bool {
    let mut piece = [0; 1_024];
    match stream.read(&mut piece) {
        Ok(0) => true,
        Ok(count) => {
            answer.extend(&piece[..count]);
            false
        }
        Err(fault) => !matches!(
            fault.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        ),
    }
}

#[test]
fn a_head_that_never_ends_and_a_line_on_which_nothing_is_asked_are_given_up() {
    let bench = Bench::new();
    let server = server(&bench);
    for says in [true, false] {
        let (mut slow, mut answer) = (connect(server.addr()), Vec::new());
        slow.write_all(b"GET /v1/hello HTTP/1.1\r\nX-Slow: ")
            .unwrap();
        let is_given_up = (0..3_000).any(|_| {
            let is_gone = says && slow.write_all(b"x").is_err();
            is_gone || is_over(&mut slow, &mut answer)
        });
        assert!(is_given_up, "it is still listened to");
        let told = String::from_utf8_lossy(&answer);
        assert!(!told.contains("200 OK"), "{told}");
    }
    let mut quiet = connect(server.addr());
    let is_given_up = (0..3_000).any(|_| is_over(&mut quiet, &mut Vec::new()));
    assert!(is_given_up, "it is still waited for");
}

#[test]
fn a_body_may_take_longer_than_a_head_and_a_stream_too() {
    let bench = Bench::new();
    let server = server(&bench);
    let body = acknowledge().to_string();
    let mut slow = connect(server.addr());
    let head = format!(
        "POST /v1/commands HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    for byte in body.as_bytes() {
        slow.write_all(&[*byte]).unwrap();
        std::thread::sleep(PAUSE);
    }
    let mut answer = Vec::new();
    let is_answered = (0..3_000).any(|_| {
        let is_over = is_over(&mut slow, &mut answer);
        is_over || String::from_utf8_lossy(&answer).contains("\"batch\":3")
    });
    let told = String::from_utf8_lossy(&answer);
    assert!(is_answered && told.starts_with("HTTP/1.1 200"), "{told}");

    let mut stream = connect(server.addr());
    let head =
        format!("GET /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut heard = Vec::new();
    let beats = |heard: &[u8]| String::from_utf8_lossy(heard).matches("heartbeat").count();
    // Two heartbeats are several times the limit.
    let goes_on = (0..6_000).any(|_| {
        assert!(!is_over(&mut stream, &mut heard), "the stream ended");
        beats(&heard) >= 2
    });
    assert!(goes_on, "nothing was heard");
}
