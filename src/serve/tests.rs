//! The router called without a socket, and below in `line` the real line.

mod line;
mod slow;
mod slow_socket;

use std::io::{self, Read};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::handler::Handler;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::any_service;
use serde_json::{Value, json};
use tokio_stream::StreamExt;

use super::*;
use crate::base::AlarmId;
use crate::model::ports::{Answer, CarriedOut, CityBytes, Orders};
use crate::model::sample::{MORNING, device_id, next_batch, reading, twin};
use crate::model::{Actor, Batch, Command, Refusal, Twin};

const TOKEN: &str = "sesame";

/// Carried out with the third batch, which is on disk.
const THIRD: CarriedOut = CarriedOut {
    batch: 3,
    uncommitted: false,
};

/// An engine that answers every command as the test says.
struct Clerk(Mutex<Option<Result<CarriedOut, Refusal>>>);

impl Orders for Clerk {
    fn order(&self, _command: Command, answer: Answer) {
        if let Some(result) = self.0.lock().unwrap().clone() {
            answer(result);
        }
    }
}

struct Shelf(Option<Vec<u8>>);

impl CityBytes for Shelf {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match &self.0 {
            Some(bytes) => Ok(Box::new(io::Cursor::new(bytes.clone()))),
            None => Err(io::Error::other("it is gone")),
        }
    }
}

/// A hub with its router, and a twin that makes the batches.
struct Bench {
    twin: Twin,
    hub: Arc<Hub>,
    clerk: Arc<Clerk>,
    doors: Doors,
}

impl Bench {
    fn new() -> Self {
        Self::run("run-1", Some(vec![7; 200_000]))
    }

    fn run(run: &str, city: Option<Vec<u8>>) -> Self {
        let twin = twin(2);
        let hub = Arc::new(Hub::new(twin.clone(), run, Keeping::default()));
        let clerk = Arc::new(Clerk(Mutex::new(Some(Ok(THIRD)))));
        let doors = Doors {
            own_kinds: None,
            hub: hub.clone(),
            orders: clerk.clone(),
            city: Arc::new(Shelf(city)),
            token: TOKEN.into(),
        };
        Self {
            twin,
            hub,
            clerk,
            doors,
        }
    }

    /// Publishes batches with one reading each.
    fn publish(&mut self, count: u64) {
        for _ in 0..count {
            let mut batch = next_batch(&self.twin, MORNING);
            let seconds = batch.number as i64;
            batch
                .readings
                .push(reading(device_id("smoke", 0), seconds, 0.1 + 0.2));
            self.twin.apply(&batch).unwrap();
            self.hub.publish(&Arc::new(batch));
        }
    }

    async fn ask(&self, request: Request<Body>) -> Response {
        any_service(router(self.doors.clone()))
            .call(request, ())
            .await
    }

    async fn get(&self, path: &str) -> Response {
        self.ask(request("GET", path, Body::empty())).await
    }

    async fn command(&self, body: &Value) -> (StatusCode, Value) {
        json_of(
            self.ask(request(
                "POST",
                "/v1/commands",
                Body::from(body.to_string()),
            ))
            .await,
        )
        .await
    }

    /// The first `count` events of the stream at `path`.
    async fn events(&self, path: &str, count: usize) -> Vec<Value> {
        let mut body = self.get(path).await.into_body().into_data_stream();
        let mut text = Vec::new();
        loop {
            let events: Vec<Value> = text
                .split_inclusive(|byte| *byte == b'\n')
                .filter_map(|line| serde_json::from_slice(line).ok())
                .collect();
            if events.len() >= count {
                return events;
            }
            text.extend(body.next().await.unwrap().unwrap());
        }
    }
}

fn request(method: &str, path: &str, body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    request
        .header("Authorization", format!("Bearer {TOKEN}"))
        .body(body)
        .unwrap()
}

async fn json_of(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn acknowledge() -> Value {
    let alarm = AlarmId::from_source("a", "b");
    serde_json::to_value(Command::Acknowledge {
        alarm,
        by: Actor("Li".to_owned()),
    })
    .unwrap()
}

#[tokio::test]
async fn everything_but_hello_needs_the_token() {
    let bench = Bench::new();
    let paths = ["/v1/hello", "/v1/state", "/v1/batches", "/v1/city.gpkg"];
    let mut statuses = Vec::new();
    for path in paths {
        for header in [
            "Bearer wrong!",
            "Bearer sesam",
            "Basic sesame",
            "Bearer sesame ",
        ] {
            let request = Request::builder().uri(path).header("Authorization", header);
            let response = bench.ask(request.body(Body::empty()).unwrap()).await;
            statuses.push(response.status().as_u16());
        }
        let bare = Request::builder().uri(path).body(Body::empty()).unwrap();
        statuses.push(bench.ask(bare).await.status().as_u16());
    }
    assert_eq!(statuses[..5], [200; 5]);
    assert_eq!(statuses[5..], [401; 15]);
    assert_eq!(bench.get("/v1/state").await.status(), 200);
    assert_eq!(bench.get("/v2/state").await.status(), 404);
}

#[tokio::test]
async fn hello_and_state() {
    let mut bench = Bench::new();
    bench.publish(3);
    let (_, hello) = json_of(bench.get("/v1/hello").await).await;
    assert_eq!(hello["protocol"], 1);
    assert_eq!(hello["city"]["name_zh"], "样城");
    assert_eq!(
        (&hello["batch"], &hello["ground_version"]),
        (&json!(3), &json!(1))
    );
    let (_, state) = json_of(bench.get("/v1/state").await).await;
    let live: crate::model::Live = serde_json::from_value(state).unwrap();
    assert_eq!(&live, bench.twin.live());
}

#[tokio::test]
async fn a_stream_replays_the_ring_and_tells_a_gap() {
    let mut bench = Bench::new();
    bench.publish(5);
    let numbers = |events: &[Value]| -> Vec<_> {
        events
            .iter()
            .map(|event| event["batch"]["number"].clone())
            .collect()
    };
    let events = bench.events("/v1/batches?after=2", 3).await;
    assert_eq!(numbers(&events), [3, 4, 5]);
    assert_eq!(events[0]["batch"]["readings"][0]["value"], json!(0.1 + 0.2));
    let resets = [
        "/v1/batches",
        "/v1/batches?after=6",
        "/v1/batches?after=2&run=run-0",
    ];
    for path in resets {
        let events = bench.events(path, 1).await;
        assert_eq!(events[0]["event"], "reset", "{path}");
        assert_eq!(events[0]["live"]["batch"], 5, "{path}");
        assert_eq!(events[0]["run"], "run-1", "{path}");
    }
    bench.publish(10_000);
    let events = bench.events("/v1/batches?after=5&run=run-1", 1).await;
    assert_eq!(events[0]["event"], "reset", "far beyond the ring");
    let events = bench
        .events("/v1/batches?after=9000&run=run-1", 1_005)
        .await;
    assert_eq!(numbers(&events)[..2], [9_001, 9_002]);
    let events = bench.events("/v1/batches?after=10005", 1).await;
    assert_eq!(
        events,
        [json!({"event": "heartbeat", "batch": 10_005})],
        "nothing new, still alive"
    );
}

#[tokio::test]
async fn commands_are_answered_refused_or_not_understood() {
    let bench = Bench::new();
    assert_eq!(
        bench.command(&acknowledge()).await,
        (StatusCode::OK, json!({"batch": 3, "uncommitted": false}))
    );
    let uncommitted = true;
    *bench.clerk.0.lock().unwrap() = Some(Ok(CarriedOut {
        uncommitted,
        ..THIRD
    }));
    assert_eq!(
        bench.command(&acknowledge()).await,
        (
            StatusCode::ACCEPTED,
            json!({"batch": 3, "uncommitted": true})
        ),
        "done, and may be lost"
    );
    let alarm = AlarmId::from_source("a", "b");
    *bench.clerk.0.lock().unwrap() = Some(Err(Refusal::NoSuchAlarm { alarm }));
    let expected = json!({"refusal": "no_such_alarm", "alarm": alarm});
    assert_eq!(
        bench.command(&acknowledge()).await,
        (StatusCode::CONFLICT, expected)
    );
    *bench.clerk.0.lock().unwrap() = None;
    assert_eq!(
        bench.command(&acknowledge()).await.0,
        StatusCode::SERVICE_UNAVAILABLE
    );
    for body in [json!({}), json!({"command": "explode"}), json!([1, 2])] {
        let (status, told) = bench.command(&body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(
            told["error"].as_str().unwrap().contains("no command"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn the_city_file_comes_in_one_piece_or_not_at_all() {
    let bench = Bench::new();
    let response = bench.get("/v1/city.gpkg").await;
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert!(bytes.len() == 200_000 && bytes.iter().all(|byte| *byte == 7));
    let (status, told) = json_of(Bench::run("r", None).get("/v1/city.gpkg").await).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        told["error"].as_str().unwrap().contains("it is gone"),
        "{told}"
    );
}

#[test]
fn only_loopback() {
    for addr in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        let refused = Server::start(addr.parse().unwrap(), axum::Router::new(), None);
        let text = refused.err().unwrap().to_string();
        assert!(
            text.contains("this machine only") && text.contains(addr),
            "{text}"
        );
    }
}
