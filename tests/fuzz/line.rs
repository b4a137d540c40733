//! The connect protocol: what a follower reads from an engine, and what an engine is sent.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::handler::Handler;
use axum::http::Request;
use axum::routing::any_service;
use pingjiang::model::ports::{Answer, CarriedOut, CityBytes, Orders};
use pingjiang::model::{Command, Ground, Refusal, Twin};
use pingjiang::serve::socket_frame::{self, Frame, Frames};
use pingjiang::serve::{Doors, Event, Hello, Hub, Keeping, router};
use pingjiang::space::Crs;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::bodies::Seen;
use crate::imports;

fn ground() -> Arc<Ground> {
    let crs = Crs::from_epsg(4549).expect("it is built in");
    let mut ground = Ground::new(imports::info(&crs));
    ground.version = 1;
    Arc::new(ground)
}

/// What an engine sends, one event or greeting a line. Each reads back as the same, and a twin
/// that follows takes a batch or says why not.
pub fn events(bytes: &[u8]) -> Seen {
    let mut twin: Option<Twin> = None;
    let mut seen = Vec::new();
    for line in bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        if let Ok(hello) = serde_json::from_slice::<Hello>(line) {
            let text = serde_json::to_string(&hello).expect("it has a JSON form");
            assert_eq!(serde_json::from_str::<Hello>(&text).ok(), Some(hello));
            seen.push(Seen::of("hello"));
            continue;
        }
        let event: Event = match serde_json::from_slice(line) {
            Ok(event) => event,
            Err(fault) => {
                seen.push(Seen::message(&fault.to_string()));
                continue;
            }
        };
        let text = serde_json::to_string(&event).expect("it has a JSON form");
        assert!(!text.contains('\n'), "an event is one line");
        assert_eq!(
            serde_json::from_str::<Event>(&text).ok().as_ref(),
            Some(&event)
        );
        seen.push(follow(&mut twin, event));
    }
    match seen.iter().any(|one| one.taken) {
        true => Seen::of(seen),
        false => Seen::REFUSED,
    }
}

fn follow(twin: &mut Option<Twin>, event: Event) -> Seen {
    match event {
        Event::Reset { live, .. } => {
            let kinds = (live.devices.len(), live.alarms.len(), live.rules.len());
            *twin = Some(Twin::at_snapshot(ground(), *live));
            Seen::of(kinds)
        }
        Event::Batch { batch } => match twin {
            None => Seen::of("a batch before the first state"),
            Some(twin) => {
                let last = twin.live().batch;
                match twin.apply(&batch) {
                    Ok(()) => {
                        assert_eq!(Some(batch.number), last.checked_add(1));
                        Seen::of((batch.readings.len(), batch.changes.len()))
                    }
                    Err(fault) => Seen::message(&fault.to_string()),
                }
            }
        },
        Event::Heartbeat { .. } => Seen::of("heartbeat"),
    }
}

const SEVENTH: CarriedOut = CarriedOut {
    batch: 7,
    uncommitted: false,
};

/// An engine that carries out everything.
struct Clerk;

impl Orders for Clerk {
    fn order(&self, command: Command, answer: Answer) {
        let Command::Acknowledge { alarm, by } = command else {
            return answer(Ok(SEVENTH));
        };
        // Both answers that the protocol knows, as the input has it.
        answer(match by.0.len() % 2 {
            0 => Ok(SEVENTH),
            _ => Err(Refusal::AlreadyAcknowledged { alarm, by }),
        });
    }
}

struct Shelf;

impl CityBytes for Shelf {
    fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(io::empty()))
    }
}

thread_local! {
    static RUNTIME: RefCell<Runtime> = RefCell::new(
        Builder::new_current_thread().build().expect("a runtime")
    );
}

/// What an engine is sent: it answers with a status of the protocol and JSON that says why; a
/// refusal comes back as one.
pub fn commands(bytes: &[u8]) -> Seen {
    let doors = Doors {
        own_kinds: None,
        hub: Arc::new(Hub::new(Twin::new(ground()), "run", Keeping::default())),
        orders: Arc::new(Clerk),
        city: Arc::new(Shelf),
        token: "sesame".into(),
    };
    let request = Request::post("/v1/commands").header("Authorization", "Bearer sesame");
    let request = request.body(Body::from(bytes.to_vec())).expect("a request");
    let (status, body) = RUNTIME.with_borrow(|runtime| {
        runtime.block_on(async {
            let response = any_service(router(doors)).call(request, ()).await;
            let status = response.status().as_u16();
            (
                status,
                to_bytes(response.into_body(), usize::MAX)
                    .await
                    .expect("a body"),
            )
        })
    });
    let command = serde_json::from_slice::<Command>(bytes);
    match (&command, status) {
        (Err(_), 400) => {
            let told: Value = serde_json::from_slice(&body).expect("JSON");
            assert!(told["error"].is_string(), "{told}");
            Seen::message(told["error"].as_str().unwrap_or_default())
        }
        (Ok(command), 200) => {
            let text = serde_json::to_string(command).expect("it has a JSON form");
            assert_eq!(
                serde_json::from_str::<Command>(&text).ok().as_ref(),
                Some(command)
            );
            Seen::of("done")
        }
        (Ok(Command::Acknowledge { alarm, by }), 409) => {
            let told: Refusal = serde_json::from_slice(&body).expect("a refusal");
            let expected = Refusal::AlreadyAcknowledged {
                alarm: *alarm,
                by: by.clone(),
            };
            assert_eq!(told, expected);
            Seen::of("refused")
        }
        other => panic!("{other:?}"),
    }
}

/// What a client sends over a WebSocket, cut anywhere: the same frames come out, then the same fault, and
/// never more is held than a control frame.
pub fn frames(bytes: &[u8]) -> Seen {
    let read = |step: usize| {
        let mut frames = Frames::default();
        let mut seen = Vec::new();
        for part in bytes.chunks(step) {
            frames.push(part);
            loop {
                match frames.next_frame() {
                    Ok(Some(frame)) => seen.push(Ok(frame)),
                    Ok(None) => break,
                    Err(fault) => {
                        seen.push(Err(fault));
                        return seen;
                    }
                }
            }
            assert!(
                frames.held() < 2 + 4 + 125,
                "{} bytes are held",
                frames.held()
            );
        }
        seen
    };
    let whole = read(bytes.len().max(1));
    for step in [1, 3, 130] {
        assert_eq!(read(step), whole, "in steps of {step}");
    }
    for frame in whole.iter().flatten() {
        if let Frame::Ping(carried) = frame {
            let answer = socket_frame::pong(carried);
            assert_eq!(&answer[2..], carried.as_slice());
        }
    }
    let fault = whole.iter().find_map(|one| one.as_ref().err());
    if let Some(fault) = fault {
        let close = socket_frame::close(Some(fault.code()), &fault.to_string());
        assert!(close.len() <= 2 + 125 && matches!(fault.code(), 1_002 | 1_003 | 1_007));
    }
    match whole.iter().any(Result::is_ok) {
        true => Seen::of((whole.len(), fault.map(|fault| fault.to_string()))),
        false => fault.map_or(Seen::REFUSED, |fault| Seen::message(&fault.to_string())),
    }
}

/// Lines as clients go on with them.
pub fn frame_seeds() -> Vec<Vec<u8>> {
    vec![
        b"\x89\x80\x01\x02\x03\x04\x8a\x83\x01\x02\x03\x04abc\x88\x82\x00\x00\x00\x00\x03\xe8"
            .to_vec(),
        b"\x89\xfd\x37\xfa\x21\x3d"
            .iter()
            .copied()
            .chain(0..125)
            .collect(),
        b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58".to_vec(),
        b"\x82\xff\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00".to_vec(),
    ]
}
