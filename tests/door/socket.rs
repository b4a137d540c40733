//! What happens, over a WebSocket: where it begins and goes on, who may follow, what a client may not
//! send, how a line ends. The client here speaks the protocol byte by byte; another one at the end is
//! somebody else's work.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::document::in_python;
use super::engine::{City, Engine, text};

const PATH: &str = "/api/v1/events/socket";
/// The key of the example in RFC 6455, and the answer to it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

struct Client {
    stream: TcpStream,
    bytes: Vec<u8>,
}

impl Client {
    /// Asks for a socket with these headers; the head of the answer.
    fn ask(engine: &Engine, path: &str, headers: &[(&str, &str)]) -> (Self, String) {
        let address = engine.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let headers = headers.iter();
        let headers: String = headers
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n").unwrap();
        let mut client = Self {
            stream,
            bytes: Vec::new(),
        };
        let end = loop {
            let end = client.bytes.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                break end + 4;
            }
            assert!(client.more(), "no answer: {}", text(&client.bytes));
        };
        let head = client.bytes.drain(..end).collect::<Vec<u8>>();
        (client, text(&head))
    }

    fn open(engine: &Engine, token: &str, path: &str) -> Self {
        let shown = format!("Bearer {token}");
        let (client, head) = Self::ask(engine, path, &asking(&[("Authorization", &shown)]));
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        assert!(head.contains(ACCEPT), "{head}");
        client
    }

    /// Takes more off the line; `false` at its end.
    fn more(&mut self) -> bool {
        let mut chunk = [0; 65_536];
        let count = self.stream.read(&mut chunk).unwrap_or(0);
        self.bytes.extend_from_slice(&chunk[..count]);
        count > 0
    }

    /// The next frame; `None` when the engine has hung up.
    fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let [first, second, rest @ ..] = self.bytes.as_slice() {
                assert_eq!(second & 0x80, 0, "a server does not mask");
                let (head, length) = match (second, rest) {
                    (126, [a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
                    (127, [_, _, _, _, a, b, c, d, ..]) => {
                        (10, u32::from_be_bytes([*a, *b, *c, *d]) as usize)
                    }
                    (126 | 127, _) => (usize::MAX / 2, 0),
                    (short, _) => (2, usize::from(*short)),
                };
                if self.bytes.len() >= head + length {
                    let first = *first;
                    let carried = self.bytes[head..head + length].to_vec();
                    self.bytes.drain(..head + length);
                    assert_eq!(first & 0xf0, 0x80, "whole, and no extension");
                    return Some((first & 0x0f, carried));
                }
            }
            if !self.more() {
                return None;
            }
        }
    }

    /// The next event that tells something.
    fn event(&mut self) -> Value {
        loop {
            let (kind, carried) = self.frame().expect("the engine hung up");
            assert_ne!(kind, 8, "{}", text(&carried));
            if kind == 1 {
                let event: Value = serde_json::from_slice(&carried).unwrap();
                if event["event"] != "heartbeat" {
                    return event;
                }
            }
        }
    }

    fn send(&mut self, first: u8, carried: &[u8]) {
        let mask = [7, 11, 13, 17];
        let mut frame = vec![first, 0x80 | carried.len() as u8];
        frame.extend_from_slice(&mask);
        frame.extend(
            carried
                .iter()
                .zip(mask.iter().cycle())
                .map(|(byte, key)| byte ^ key),
        );
        // The engine may have hung up by now.
        let _ = self.stream.write_all(&frame);
    }

    /// Code and reason with which the engine ends the line.
    fn end(&mut self) -> (u16, String) {
        loop {
            let (kind, carried) = self.frame().expect("it ended without a word");
            if kind == 8 {
                let code = u16::from_be_bytes([carried[0], carried[1]]);
                return (code, text(&carried[2..]));
            }
        }
    }
}

fn asking<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let all = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", KEY),
    ];
    [&all[..], more].concat()
}

fn busy(city: &City) -> Engine {
    let arguments = [
        "--archive",
        "memory",
        "--simulate",
        "flood",
        "--speed",
        "600",
    ];
    Engine::start(city, &arguments)
}

fn number(event: &Value) -> u64 {
    let number = event
        .pointer("/batch/number")
        .or(event.pointer("/live/batch"));
    number.and_then(Value::as_u64).unwrap()
}

#[test]
fn it_begins_where_somebody_left_off_and_tells_a_gap() {
    let city = City::new();
    let engine = busy(&city);
    let token = engine.token.clone();
    let mut client = Client::open(&engine, &token, PATH);
    let reset = client.event();
    assert_eq!(reset["event"], "reset");
    let run = reset["run"].as_str().unwrap().to_owned();
    let told: Vec<Value> = (0..3).map(|_| client.event()).collect();
    for (place, event) in told.iter().enumerate() {
        assert_eq!(event["event"], "batch");
        assert_eq!(number(event), number(&reset) + 1 + place as u64);
    }
    // The line is cut, and the same batches come again after the last that is known.
    drop(client);
    let path = format!("{PATH}?after={}&run={run}", number(&told[0]));
    let mut again = Client::open(&engine, &token, &path);
    assert_eq!(
        [again.event(), again.event()],
        [told[1].clone(), told[2].clone()]
    );
    // The same as server-sent events tell.
    let path = format!("/api/v1/events?after={}", number(&told[0]));
    let answer = ureq::get(format!("{}{path}", engine.url))
        .header("Authorization", format!("Bearer {token}"))
        .call()
        .unwrap();
    let mut bytes = vec![0; 65_536];
    let mut heard = Vec::new();
    let mut body = answer.into_body().into_reader();
    while !heard.windows(2).any(|two| two == b"\n\n") {
        let count = body.read(&mut bytes).unwrap();
        heard.extend_from_slice(&bytes[..count]);
    }
    let heard = text(&heard);
    let data = heard.lines().find_map(|line| line.strip_prefix("data: "));
    let sent: Value = serde_json::from_str(data.unwrap()).unwrap();
    assert_eq!(sent, told[1]);
    for gap in ["after=99999999", "after=0&run=another"] {
        let mut ahead = Client::open(&engine, &token, &format!("{PATH}?{gap}"));
        assert_eq!(ahead.event()["event"], "reset", "{gap}");
    }
}

#[test]
fn who_may_not_follow_and_what_is_no_websocket_is_told() {
    let city = City::new();
    city.add("li", "operator");
    city.done("add", &["gateway", "--role", "planner", "--no-password"]);
    let feeds = city.done("token", &["gateway", "hall", "--scope", "feed:readings"]);
    let engine = Engine::start(&city, &["--archive", "memory"]);
    let li = engine.sign_in("li");
    let refused = |headers: &[(&str, &str)], status: &str, told: &str| {
        let (mut client, head) = Client::ask(&engine, PATH, headers);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{head}");
        assert!(head.contains("application/problem+json"), "{head}");
        while !text(&client.bytes).ends_with('}') && client.more() {}
        let problem: Value = serde_json::from_slice(&client.bytes).unwrap();
        assert!(
            problem["detail"].as_str().unwrap().contains(told),
            "{problem}"
        );
    };
    let shown = format!("Bearer {li}");
    let shown = ("Authorization", shown.as_str());
    refused(&asking(&[]), "401", "bearer");
    refused(
        &asking(&[("Authorization", "Bearer pjs_wrong")]),
        "401",
        "sign in",
    );
    let other = format!("Bearer {feeds}");
    refused(&asking(&[("Authorization", &other)]), "403", "scope read");
    refused(&[shown], "426", "Upgrade");
    refused(
        &[&asking(&[shown])[..2], &[shown]].concat(),
        "426",
        "version 13",
    );
    refused(&[&asking(&[])[..3], &[shown]].concat(), "400", "16 bytes");
    let unknown = format!("{PATH}?token={li}");
    let (_, head) = Client::ask(&engine, &unknown, &asking(&[shown]));
    assert!(
        head.starts_with("HTTP/1.1 400"),
        "no token in an address: {head}"
    );
    // A browser shows its token among the protocols.
    let offered = format!("pingjiang.v1, bearer.{li}");
    let offered = ("Sec-WebSocket-Protocol", offered.as_str());
    let (mut client, head) = Client::ask(&engine, PATH, &asking(&[offered]));
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    let head = head.to_lowercase();
    assert!(
        head.contains("sec-websocket-protocol: pingjiang.v1\r\n"),
        "{head}"
    );
    assert!(!head.contains("bearer"), "{head}");
    assert_eq!(client.event()["event"], "reset");
    // With the session its line ends.
    assert_eq!(engine.ask(&li, "POST", "/api/v1/logout", None).0, 204);
    let (code, reason) = client.end();
    assert_eq!(
        (code, reason.contains("session")),
        (1_008, true),
        "{reason}"
    );
}

#[test]
fn whatever_a_client_sends_the_line_alone_ends() {
    let city = City::new();
    let engine = busy(&city);
    let token = engine.token.clone();
    let ended = |sends: &dyn Fn(&mut Client)| {
        let mut client = Client::open(&engine, &token, PATH);
        sends(&mut client);
        client.end().0
    };
    assert_eq!(ended(&|client| client.send(0x81, b"hello")), 1_003);
    assert_eq!(ended(&|client| client.send(0x82, &[0; 100])), 1_003);
    assert_eq!(ended(&|client| client.send(0x80, b"and on")), 1_002);
    assert_eq!(ended(&|client| client.send(0xc9, b"")), 1_002);
    assert_eq!(ended(&|client| client.send(0x09, b"in parts")), 1_002);
    // A message that tells a length of 2^63 is refused by its head.
    let huge = [0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4];
    assert_eq!(
        ended(&|client| client.stream.write_all(&huge).unwrap()),
        1_003
    );
    // Not masked, and a megabyte of noise behind a frame.
    assert_eq!(
        ended(&|client| client.stream.write_all(&[0x89, 0]).unwrap()),
        1_002
    );
    assert_eq!(
        ended(&|client| {
            let _ = client.stream.write_all(&vec![0xff; 1 << 20]);
        }),
        1_002
    );
    assert_eq!(
        ended(&|client| client.send(0x88, &4_001_u16.to_be_bytes())),
        4_001
    );
    let mut client = Client::open(&engine, &token, PATH);
    for number in 0..2_000_u16 {
        client.send(0x89, &number.to_be_bytes());
    }
    // The newest ping is answered, and what happens is told all the while.
    let mut newest = None;
    let mut batches = 0;
    while newest != Some(1_999) || batches == 0 {
        let (kind, carried) = client.frame().expect("the line ended");
        match kind {
            10 => newest = Some(u16::from_be_bytes([carried[0], carried[1]])),
            1 => batches += 1,
            other => panic!("{other}"),
        }
    }
    let (status, _, health) = engine.send("", "GET", "/healthz", &[], None);
    assert_eq!(
        (status, &health["healthy"]),
        (200, &json!(true)),
        "{health}"
    );
    assert!(!engine.log().contains("panicked"), "{}", engine.log());
}

#[test]
fn an_engine_that_stops_says_so() {
    let city = City::new();
    let engine = Engine::start(&city, &["--archive", "memory", "--seconds", "3"]);
    let mut client = Client::open(&engine, &engine.token, PATH);
    assert_eq!(client.event()["event"], "reset");
    assert_eq!(client.end(), (1_001, "the engine stops".to_owned()));
}

/// What a program of somebody else does with it.
const SCRIPT: &str = r#"
import asyncio, json, sys
from websockets.asyncio.client import connect

async def follow(url, token, count, **how):
    heard = []
    async with connect(url, max_size=None, **how) as line:
        await asyncio.wait_for(await line.ping(), 30)
        async for message in line:
            event = json.loads(message)
            if event["event"] != "heartbeat":
                heard.append(event)
            if len(heard) == count:
                return heard, line.subprotocol

async def main(url, token):
    shown = {"Authorization": "Bearer " + token}
    begun, _ = await follow(url, token, 3, additional_headers=shown)
    assert [one["event"] for one in begun] == ["reset", "batch", "batch"], begun
    after = begun[1]["batch"]["number"]
    offered = ["pingjiang.v1", "bearer." + token]
    again, spoken = await follow(f"{url}?after={after}", token, 1, subprotocols=offered)
    assert again == begun[2:], again
    assert spoken == "pingjiang.v1", spoken

asyncio.run(main(*sys.argv[1:]))
print("followed")
"#;

#[test]
fn a_client_of_somebody_else_follows() {
    let Some(python) = in_python("websockets") else {
        return;
    };
    let city = City::new();
    let engine = busy(&city);
    let url = engine.url.replace("http://", "ws://") + PATH;
    let output = Command::new(python)
        .args(["-c", SCRIPT, &url, &engine.token])
        .output()
        .unwrap();
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{told}\n{}", engine.log());
    assert_eq!(text(&output.stdout).trim(), "followed");
}
