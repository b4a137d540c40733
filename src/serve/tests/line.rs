//! A real follower on a real port: first contact, restart, gap, a line that breaks.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use super::*;
use crate::model::ports::{CarriedOut, Link, LinkEvent};

/// Waits for the next events; how long it takes does not matter.
fn wait(follower: &mut Follower, mut enough: impl FnMut(&LinkEvent) -> bool) -> Vec<LinkEvent> {
    let mut heard = Vec::new();
    for _ in 0..3_000 {
        heard.extend(follower.poll());
        if heard.iter().any(&mut enough) {
            return heard;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it never came: {heard:?}");
}

fn reset_at(event: &LinkEvent) -> Option<u64> {
    match event {
        LinkEvent::Reset(live) => Some(live.batch),
        _ => None,
    }
}

fn batch_of(event: &LinkEvent) -> Option<&Batch> {
    match event {
        LinkEvent::Batch(batch) => Some(batch),
        _ => None,
    }
}

fn start(bench: &Bench, port: u16) -> Server {
    Server::start(
        SocketAddr::from(([127, 0, 0, 1], port)),
        router(bench.doors.clone()),
        None,
    )
    .unwrap()
}

#[test]
fn a_follower_stays_true_through_restart_gap_and_broken_line() {
    let mut bench = Bench::new();
    bench.publish(2);
    let server = start(&bench, 0);
    let port = server.addr().port();
    let url = format!("http://127.0.0.1:{port}/");
    let mut follower = follow(&url, TOKEN).unwrap();
    let first = wait(&mut follower, |event| reset_at(event).is_some());
    assert_eq!(reset_at(&first[0]), Some(2));
    bench.publish(3);
    let heard = wait(&mut follower, |it| {
        batch_of(it).is_some_and(|batch| batch.number == 5)
    });
    let numbers: Vec<_> = heard
        .iter()
        .filter_map(batch_of)
        .map(|batch| batch.number)
        .collect();
    assert_eq!(numbers, [3, 4, 5]);
    assert_eq!(
        batch_of(&heard[0]).unwrap().readings[0].value,
        0.1 + 0.2,
        "to the last bit"
    );

    // The line breaks, the engine lives on, and the ring fills the gap.
    drop(server);
    wait(&mut follower, |event| {
        matches!(event, LinkEvent::Lost { .. })
    });
    bench.publish(4);
    let server = start(&bench, port);
    let heard = wait(&mut follower, |it| {
        batch_of(it).is_some_and(|batch| batch.number == 9)
    });
    assert_eq!(heard[0], LinkEvent::Restored);
    assert_eq!(heard.iter().filter_map(reset_at).count(), 0, "{heard:?}");

    // Far too much is missed.
    drop(server);
    wait(&mut follower, |event| {
        matches!(event, LinkEvent::Lost { .. })
    });
    bench.publish(10_000);
    let server = start(&bench, port);
    wait(&mut follower, |event| reset_at(event) == Some(10_009));

    // Another run of the engine that stands at fewer batches, and then at the very same number.
    drop(server);
    let mut other = Bench::run("run-2", None);
    other.publish(3);
    let server = start(&other, port);
    wait(&mut follower, |event| reset_at(event) == Some(3));
    other.hub.close();
    wait(&mut follower, |event| {
        matches!(event, LinkEvent::Lost { .. })
    });
    drop(server);
}

#[test]
fn commands_reach_the_engine_and_refusals_come_back() {
    let bench = Bench::new();
    let server = start(&bench, 0);
    let url = format!("http://{}", server.addr());
    let mut follower = follow(&url, TOKEN).unwrap();
    let alarm = AlarmId::from_source("a", "b");
    let refusal = Refusal::NoSuchAlarm { alarm };
    *bench.clerk.0.lock().unwrap() = Some(Err(refusal.clone()));
    let command = Command::Acknowledge {
        alarm,
        by: Actor("Li".to_owned()),
    };
    follower.send(command.clone());
    let told = LinkEvent::Refused(refusal);
    wait(&mut follower, |event| *event == told);

    let mut stranger = follow(&url, "guess").unwrap();
    let heard = wait(&mut stranger, |event| {
        matches!(event, LinkEvent::Lost { .. })
    });
    assert!(format!("{heard:?}").contains("token"), "{heard:?}");
    stranger.send(command.clone());
    wait(&mut stranger, |event| {
        matches!(event, LinkEvent::Undelivered { .. })
    });
    let mut city = Vec::new();
    fetch_city(&url, TOKEN)
        .unwrap()
        .read_to_end(&mut city)
        .unwrap();
    assert_eq!(city.len(), 200_000);
    assert!(fetch_city(&url, "guess").is_err());
    assert_eq!(fetch_kinds(&url, TOKEN).unwrap(), None);
    let mut doors = bench.doors.clone();
    doors.own_kinds = Some("[[kind]]\n# 氡".into());
    let server = Server::start("127.0.0.1:0".parse().unwrap(), router(doors), None).unwrap();
    let url = format!("http://{}", server.addr());
    let own = fetch_kinds(&url, TOKEN).unwrap();
    assert_eq!(own.as_deref(), Some("[[kind]]\n# 氡"));
    assert!(fetch_kinds(&url, "guess").is_err());
}

#[test]
fn who_gives_one_order_hears_whether_it_is_on_disk() {
    let bench = Bench::new();
    let server = start(&bench, 0);
    let url = format!("http://{}", server.addr());
    let city = bench.twin.ground().info.clone();
    let command = Command::Acknowledge {
        alarm: AlarmId::from_source("a", "b"),
        by: Actor("Li".to_owned()),
    };
    let key = bench.hub.hello().keeping.unwrap().key_name;
    for uncommitted in [false, true] {
        *bench.clerk.0.lock().unwrap() = Some(Ok(CarriedOut {
            uncommitted,
            ..THIRD
        }));
        let done = order(&url, TOKEN, (&city, key.as_deref()), command.clone());
        assert_eq!(done.unwrap().uncommitted, uncommitted);
    }
}

#[test]
fn nobody_there_is_told_at_once() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let error = follow(&format!("http://{free}"), TOKEN)
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("no engine answers") && error.contains(&free.to_string()),
        "{error}"
    );
}

#[test]
fn an_order_goes_to_the_engine_of_the_city_alone() {
    let bench = Bench::new();
    let command = Command::Acknowledge {
        alarm: AlarmId::from_source("a", "b"),
        by: Actor("Li".to_owned()),
    };
    let mut ground = (**bench.twin.ground()).clone();
    let mut told = |key: Option<&str>, archived: bool, synthetic: bool| {
        ground.info.synthetic = synthetic;
        let keeping = Keeping {
            key_name: Some("k1".to_owned()),
            archived,
        };
        let mut doors = bench.doors.clone();
        doors.hub = Arc::new(Hub::new(Twin::new(ground.clone().into()), "run", keeping));
        let server = Server::start("127.0.0.1:0".parse().unwrap(), router(doors), None).unwrap();
        let url = format!("http://{}", server.addr());
        // What the file says of a city whose map is made up may be less than the engine knows.
        let mut asked = ground.info.clone();
        asked.synthetic = false;
        let done = order(&url, TOKEN, (&asked, key), command.clone());
        done.map(|_| ()).map_err(|fault| fault.to_string())
    };
    assert_eq!(told(Some("k1"), true, false), Ok(()));
    assert_eq!(told(Some("k1"), true, true), Ok(()));
    assert_eq!(told(Some("k1"), false, true), Ok(()));
    assert!(told(Some("k2"), true, true).unwrap_err().contains("key"));
    assert!(told(None, true, true).unwrap_err().contains("key"));
    assert!(
        told(Some("k1"), false, false)
            .unwrap_err()
            .contains("keeps nothing")
    );
}
