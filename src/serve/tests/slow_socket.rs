//! A follower over a WebSocket that does not read for a while: it is told to start over, holds up nobody,
//! and hears the engine's goodbye.

use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::serve::socket::{Followed, tell};

/// A client's end, as far as frames of text and close go.
struct Heard {
    stream: TcpStream,
    bytes: Vec<u8>,
}

impl Heard {
    /// The next frame: its kind and what it carries.
    async fn frame(&mut self) -> (u8, Vec<u8>) {
        loop {
            if let Some((kind, head, length)) = self.head()
                && self.bytes.len() >= head + length
            {
                let carried = self.bytes[head..head + length].to_vec();
                self.bytes.drain(..head + length);
                return (kind, carried);
            }
            self.stream.readable().await.unwrap();
            let mut chunk = [0; 65_536];
            match self.stream.try_read(&mut chunk) {
                Ok(0) => panic!("it ended without a word"),
                Ok(count) => self.bytes.extend_from_slice(&chunk[..count]),
                Err(fault) => assert_eq!(fault.kind(), io::ErrorKind::WouldBlock),
            }
        }
    }

    fn head(&self) -> Option<(u8, usize, usize)> {
        let kind = self.bytes.first()? & 0x0f;
        Some(match self.bytes.get(1)? {
            126 => {
                let length = self.bytes.get(2..4)?.try_into().unwrap();
                (kind, 4, usize::from(u16::from_be_bytes(length)))
            }
            127 => {
                let length = self.bytes.get(2..10)?.try_into().unwrap();
                (kind, 10, u64::from_be_bytes(length) as usize)
            }
            short => (kind, 2, usize::from(*short)),
        })
    }

    /// The next event that tells something.
    async fn event(&mut self) -> Event {
        loop {
            let (kind, carried) = self.frame().await;
            let event = (kind == 1).then(|| serde_json::from_slice(&carried).unwrap());
            match event {
                Some(Event::Heartbeat { .. }) => {}
                Some(event) => return event,
                None => panic!("{}", String::from_utf8_lossy(&carried)),
            }
        }
    }
}

#[tokio::test]
async fn who_reads_too_slowly_starts_over_and_nobody_waits() {
    let mut bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap());
    let (stream, accepted) = tokio::join!(stream, listener.accept());
    let followed = Followed {
        hub: bench.hub.clone(),
        after: None,
        run: None,
        encode: Event::line,
        may_go_on: || true,
    };
    let line = tokio::spawn(tell(accepted.unwrap().0, followed));
    let mut heard = Heard {
        stream: stream.unwrap(),
        bytes: Vec::new(),
    };
    let reset_at = |event: &Event| match event {
        Event::Reset { live, .. } => Some(live.batch),
        _ => None,
    };
    let number = |event: &Event| match event {
        Event::Batch { batch } => Some(batch.number),
        _ => None,
    };
    assert_eq!(reset_at(&heard.event().await), Some(0));
    bench.publish(2);
    assert_eq!(number(&heard.event().await), Some(1));
    assert_eq!(number(&heard.event().await), Some(2));
    // One thread: the line cannot send in between, and the ring holds fewer.
    bench.publish(10_000);
    assert_eq!(reset_at(&heard.event().await), Some(10_002));
    bench.publish(1);
    assert_eq!(number(&heard.event().await), Some(10_003));
    let hub = bench.hub.clone();
    let closing = tokio::task::spawn_blocking(move || hub.close());
    loop {
        let (kind, carried) = heard.frame().await;
        if kind == 8 {
            assert_eq!(carried[..2], 1_001_u16.to_be_bytes());
            break;
        }
    }
    drop(heard);
    closing.await.unwrap();
    line.await.unwrap();
    assert_eq!(bench.hub.followers(), 0);
}
