//! Who sends while the engine is killed: a gateway behind the broker, and one that posts by HTTP. Each
//! reading has a time of its own; every device is sent by one of them, in its order.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pingjiang::base::DeviceId;

use super::Line;
use super::broker::Broker;
use super::sample::device_id;

/// Readings that were acknowledged: device, time in milliseconds, value as bits.
pub type Sent = BTreeSet<(DeviceId, i64, u64)>;

/// Readings of each message.
const BURST: i64 = 20;

/// What is measured next: of three smoke detectors and a button, a reading after the other.
struct Source {
    from_ms: i64,
    button: u32,
    count: i64,
    sent: Sent,
}

impl Source {
    /// `button` is which of the buttons, and of the threes of detectors.
    fn new(button: u32) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Self {
            // Some hours ago, so that a reading a millisecond never runs into the present.
            from_ms: i64::try_from(now.as_millis()).unwrap() - 6 * 3_600_000,
            button,
            count: 0,
            sent: Sent::new(),
        }
    }

    /// The next readings as name, time and value.
    fn burst(&mut self) -> Vec<(String, i64, f64)> {
        let next = |_| {
            self.count += 1;
            let (count, button) = (self.count, self.button);
            let at = self.from_ms + count;
            // Pressed and let go, again and again.
            let (kind, number, value) = match count % 50 {
                0 => ("help_button", button, (count / 50 % 2) as f64),
                _ => (
                    "smoke",
                    button * 3 + (count % 3) as u32,
                    0.5 + count as f64 / 1e9,
                ),
            };
            let key = (device_id(kind, number), at, value.to_bits());
            self.sent.insert(key);
            (format!("{kind} {number}"), at, value)
        };
        (0..BURST).map(next).collect()
    }
}

/// Whether a reading is a press of a button.
pub fn is_press(sent: &(DeviceId, i64, u64)) -> bool {
    let is_button = (0..2).any(|number| device_id("help_button", number) == sent.0);
    is_button && sent.2 == 1.0_f64.to_bits()
}

/// Publishes until it is over; what it gives back the broker has acknowledged.
pub(super) fn by_broker(broker: &Broker, line: &Line) -> Sent {
    let mut publisher = broker.publisher("pingjiang/csv");
    let mut source = Source::new(0);
    let mut input = publisher.stdin.take().unwrap();
    while !line.over.load(Ordering::Relaxed) {
        for (name, at, value) in source.burst() {
            writeln!(input, "{name},{at},{value}").unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(input);
    assert!(publisher.wait().unwrap().success());
    source.sent
}

/// Posts until it is over, each body until it is answered.
pub(super) fn by_http(token: &str, line: &Line) -> Sent {
    let mut source = Source::new(1);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into();
    while !line.over.load(Ordering::Relaxed) {
        let lines = source.burst().into_iter();
        let body: String = lines
            .map(|(name, at, value)| format!("{name},{at},{value}\n"))
            .collect();
        loop {
            let url = line.url.lock().unwrap().clone();
            let answer = agent
                .post(format!("{url}/api/v1/feeds/readings"))
                .header("Authorization", format!("Bearer {token}"))
                .header("Content-Type", "text/csv")
                .send(&body);
            match answer.map(|answer| answer.status().as_u16()) {
                Ok(200) => break,
                // It is killed, or has too much to do: nobody knows what became of it.
                Ok(429 | 503 | 504) | Err(_) => std::thread::sleep(Duration::from_millis(10)),
                Ok(status) => panic!("answered {status}"),
            }
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    source.sent
}
