//! One follower at the other end of a WebSocket: it is sent what happens at its own pace, and asked now
//! and then whether it is there. Used by the API. Never holds more of what a client sends than a
//! control frame; who takes nothing for too long is cut off, and nobody waits for it.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::frame::{self, Frame, FrameFault, Frames, code};
use crate::serve::batches::HEARTBEAT;
use crate::serve::hub::{Hub, News};
use crate::serve::protocol::Event;

/// How often a client is asked whether it is there.
const PING: Duration = Duration::from_secs(20);
/// After so long without a sign of life it is gone.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// Longest time for one message to go out: a state of ten megabytes over a slow line.
const MESSAGE_MAX: Duration = Duration::from_secs(120);
/// Longest time for a goodbye: the last frame, and the client's answer.
const GOODBYE: Duration = Duration::from_secs(1);
/// A message of more bytes than this may take a while to arrive after it has left.
const LARGE: usize = 64 * 1_024;
/// Bytes taken off the line at a time.
const CHUNK: usize = 2_048;
/// Bytes of a client that are passed over after the goodbye.
const PASSED_OVER_MAX: usize = 1 << 20;

/// What a follower is told.
pub(in crate::serve) struct Followed<E, M> {
    pub(in crate::serve) hub: Arc<Hub>,
    /// The last batch that it knows, and of which run.
    pub(in crate::serve) after: Option<u64>,
    pub(in crate::serve) run: Option<String>,
    /// An event as this follower may see it.
    pub(in crate::serve) encode: E,
    /// Whether it may still follow.
    pub(in crate::serve) may_go_on: M,
}

/// How a line ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// With a last frame.
    Told(Option<u16>, String),
    /// Without a word: the client is gone, or takes nothing any more.
    Cut,
}

impl End {
    fn told(code: u16, reason: impl Into<String>) -> Self {
        Self::Told(Some(code), reason.into())
    }
}

/// What happened on the line.
enum Turn {
    Heard(Frame),
    /// All that was to be sent is sent.
    Sent,
}

/// Tells what happens until one of both ends goes.
pub(in crate::serve) async fn tell<S, E, M>(io: S, followed: Followed<E, M>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    E: Fn(&Event) -> String + Send + Sync,
    M: Fn() -> bool + Send + Sync,
{
    let mut line = Line::new(io);
    // Held until the goodbye is said: the engine waits a moment for those who listen.
    let mut news = followed.hub.news();
    let end = go_on(&mut line, &followed, &mut news).await;
    if let End::Told(code, reason) = end {
        // Who does not take it in time goes without.
        let _ = timeout(GOODBYE, line.say_goodbye(code, &reason)).await;
    }
    drop(news);
}

async fn go_on<S, E, M>(
    line: &mut Line<S>,
    followed: &Followed<E, M>,
    news: &mut watch::Receiver<News>,
) -> End
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    E: Fn(&Event) -> String + Send + Sync,
    M: Fn() -> bool + Send + Sync,
{
    let mut run = followed.run.as_deref();
    let begun = Instant::now();
    let mut told = Told {
        known: followed.after,
        waiting: VecDeque::new(),
        alive: begun + HEARTBEAT,
        pinged: begun + PING,
        has_ponged: false,
    };
    news.mark_changed();
    loop {
        if line.is_idle() {
            if *news.borrow() == News::End {
                return End::told(code::AWAY, "the engine stops");
            }
            if let Err(end) = told.send_next(line, followed) {
                return end;
            }
        }
        let next = match line.sending_since {
            Some(since) => since + MESSAGE_MAX,
            None => told.alive.min(told.pinged),
        };
        let next = next.min(line.heard + SILENCE_MAX);
        tokio::select! {
            turn = poll_fn(|context| line.poll_turn(context)) => match turn {
                Ok(Turn::Heard(Frame::Close(code))) => return End::Told(code, String::new()),
                Ok(Turn::Heard(_) | Turn::Sent) => {}
                Err(end) => return end,
            },
            changed = news.changed(), if told.waiting.is_empty() && line.is_idle() => {
                if changed.is_err() || *news.borrow_and_update() == News::End {
                    return End::told(code::AWAY, "the engine stops");
                }
                told.waiting.extend(followed.hub.since(told.known, run));
                // From here on the follower stands on this run.
                run = None;
            }
            () = sleep_until(next) => {
                let now = Instant::now();
                if line.sending_since.is_some_and(|since| since + MESSAGE_MAX <= now) {
                    return End::Cut;
                }
                if line.heard + SILENCE_MAX <= now {
                    return End::told(code::POLICY, "no answer to any ping for a minute");
                }
            }
        }
    }
}

/// How far a follower has been told, and what comes next.
struct Told {
    known: Option<u64>,
    waiting: VecDeque<Event>,
    /// When to tell that the line is alive.
    alive: Instant,
    /// When to ask whether somebody is there.
    pinged: Instant,
    /// Whether the last frame was the answer to a ping.
    has_ponged: bool,
}

impl Told {
    /// Begins to send what is due.
    fn send_next<S, E, M>(
        &mut self,
        line: &mut Line<S>,
        followed: &Followed<E, M>,
    ) -> Result<(), End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
        E: Fn(&Event) -> String,
        M: Fn() -> bool,
    {
        let now = Instant::now();
        // In turns, or pings without an end would leave no room for what happens.
        let is_turn = !self.has_ponged || self.waiting.is_empty();
        self.has_ponged = false;
        if let Some(carried) = line.ping.take_if(|_| is_turn) {
            line.send(frame::pong(&carried), now);
            self.has_ponged = true;
            return Ok(());
        }
        if self.pinged <= now {
            line.send(frame::ping(), now);
            self.pinged = now + PING;
            return Ok(());
        }
        let batch = self.known.unwrap_or_default();
        let heartbeat = (self.alive <= now).then_some(Event::Heartbeat { batch });
        let Some(event) = self.waiting.pop_front().or(heartbeat) else {
            return Ok(());
        };
        if !(followed.may_go_on)() {
            return Err(End::told(
                code::POLICY,
                "the session has ended: sign in anew",
            ));
        }
        self.known = Some(number(&event));
        line.send(frame::text((followed.encode)(&event).trim_end()), now);
        self.alive = now + HEARTBEAT;
        Ok(())
    }
}

/// The batch after which a follower stands once it has this event.
fn number(event: &Event) -> u64 {
    match event {
        Event::Reset { live, .. } => live.batch,
        Event::Batch { batch } => batch.number,
        Event::Heartbeat { batch } => *batch,
    }
}

/// A connection with what is on its way in both directions. Everything on its way is kept here, so a
/// turn that is given up in the middle loses nothing.
struct Line<S> {
    io: S,
    frames: Frames,
    out: Vec<u8>,
    /// How much of it has gone.
    gone: usize,
    sending_since: Option<Instant>,
    /// The newest ping that has no answer yet; those before it need none (RFC 6455, section 5.5.3).
    ping: Option<Vec<u8>>,
    heard: Instant,
    /// Whether the client has said goodbye.
    is_gone: bool,
    /// Bytes that came after the engine's own goodbye.
    passed_over: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    fn new(io: S) -> Self {
        Self {
            io,
            frames: Frames::default(),
            out: Vec::new(),
            gone: 0,
            sending_since: None,
            ping: None,
            heard: Instant::now(),
            is_gone: false,
            passed_over: 0,
        }
    }

    fn is_idle(&self) -> bool {
        self.sending_since.is_none()
    }

    fn send(&mut self, frame: Vec<u8>, now: Instant) {
        (self.out, self.gone) = (frame, 0);
        self.sending_since = Some(now);
    }

    /// Sends and hears as much as goes without waiting, up to the next thing that has to be told.
    fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<Result<Turn, End>> {
        if self.sending_since.is_some() && self.poll_send(context)?.is_ready() {
            return Poll::Ready(Ok(Turn::Sent));
        }
        loop {
            if let Some(frame) = self.frames.next_frame().map_err(of_fault)? {
                match &frame {
                    Frame::Ping(carried) => self.ping = Some(carried.clone()),
                    Frame::Close(_) => self.is_gone = true,
                    Frame::Pong => {}
                }
                return Poll::Ready(Ok(Turn::Heard(frame)));
            }
            if ready!(self.poll_hear(context))? == 0 {
                return Poll::Ready(Err(End::Cut));
            }
        }
    }

    /// Takes what has come, and how much that was.
    fn poll_hear(&mut self, context: &mut Context<'_>) -> Poll<Result<usize, End>> {
        let mut bytes = [0; CHUNK];
        let mut chunk = ReadBuf::new(&mut bytes);
        let read = Pin::new(&mut self.io).poll_read(context, &mut chunk);
        ready!(read).map_err(|_| End::Cut)?;
        self.heard = Instant::now();
        self.frames.push(chunk.filled());
        Poll::Ready(Ok(chunk.filled().len()))
    }

    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<Result<(), End>> {
        let mut io = Pin::new(&mut self.io);
        while let rest @ [_, ..] = &self.out[self.gone..] {
            match ready!(io.as_mut().poll_write(context, rest)) {
                Ok(0) | Err(_) => return Poll::Ready(Err(End::Cut)),
                Ok(count) => self.gone += count,
            }
        }
        ready!(io.poll_flush(context)).map_err(|_| End::Cut)?;
        if self.gone > LARGE {
            // It may still be on its way, and a ping behind it.
            self.heard = Instant::now();
        }
        (self.out, self.gone, self.sending_since) = (Vec::new(), 0, None);
        Poll::Ready(Ok(()))
    }

    /// Sends what is on its way and the last frame, and waits for the client to go: it would not see the
    /// last frame if the connection were closed on bytes that nobody read.
    async fn say_goodbye(&mut self, code: Option<u16>, reason: &str) -> Result<(), End> {
        // A frame of which a part has gone has to go as a whole.
        if self.gone == 0 {
            self.out.clear();
        }
        self.out.extend(frame::close(code, reason));
        self.sending_since = Some(Instant::now());
        poll_fn(|context| self.poll_send(context)).await?;
        if !self.is_gone {
            poll_fn(|context| self.poll_goodbye(context)).await?;
        }
        let shut = poll_fn(|context| Pin::new(&mut self.io).poll_shutdown(context));
        shut.await.map_err(|_| End::Cut)
    }

    /// Passes over what comes, until the client says goodbye or has gone.
    fn poll_goodbye(&mut self, context: &mut Context<'_>) -> Poll<Result<(), End>> {
        loop {
            match self.frames.next_frame() {
                Ok(Some(Frame::Close(_))) => return Poll::Ready(Ok(())),
                Ok(Some(_)) => {}
                heard => {
                    if heard.is_err() {
                        // What comes behind a fault cannot be read.
                        self.frames = Frames::default();
                    }
                    let count = ready!(self.poll_hear(context))?;
                    self.passed_over += count;
                    if count == 0 || self.passed_over > PASSED_OVER_MAX {
                        return Poll::Ready(Ok(()));
                    }
                }
            }
        }
    }
}

fn of_fault(fault: FrameFault) -> End {
    End::told(fault.code(), fault.to_string())
}
