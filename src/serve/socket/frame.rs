//! Frames of WebSocket (RFC 6455), as far as an engine has to know them that tells and does not ask:
//! it sends texts, and takes ping, pong and close. Used by the line of one follower, and by the fuzzer.
//!
//! A message of a client is refused by its head alone, so what is held of one is never more than a
//! control frame, whatever length it tells. Never reads or writes a connection.

/// Most bytes of what a control frame carries.
const CONTROL_MAX: usize = 125;
/// Bytes of a mask.
const MASK: usize = 4;

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// Why a connection is closed, by its number in RFC 6455 and in the registry of IANA.
pub mod code {
    /// The engine stops.
    pub const AWAY: u16 = 1_001;
    /// Not the protocol.
    pub const PROTOCOL: u16 = 1_002;
    /// A kind of message that is not taken.
    pub const UNSUPPORTED: u16 = 1_003;
    /// Text that is no UTF-8.
    pub const NO_TEXT: u16 = 1_007;
    /// Against the rules: the session has ended, or nothing is heard any more.
    pub const POLICY: u16 = 1_008;
}

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Wants the same back.
    Ping(Vec<u8>),
    /// Is still there.
    Pong,
    /// Goes, for this reason.
    Close(Option<u16>),
}

/// What a client may not send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// Without a mask, as servers send.
    #[error("frames of a client are masked")]
    NotMasked,
    /// Bits or numbers that stand for nothing.
    #[error("no frame begins like that: no extension was agreed on")]
    Reserved,
    /// A further part of a message of which there is no first.
    #[error("a message does not begin with its continuation")]
    Continued,
    /// A control frame in parts, or too long a one.
    #[error("ping, pong and close come whole and carry at most 125 bytes")]
    Control,
    /// A number that nobody may send.
    #[error("no such code may be sent with close")]
    Code,
    /// A reason that is no text.
    #[error("the reason of close is no UTF-8")]
    Reason,
    /// A message.
    #[error("this socket tells and takes no messages: commands go to POST /api/v1/commands")]
    Message,
}

impl FrameFault {
    /// The number under which the connection is closed.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Message => code::UNSUPPORTED,
            Self::Reason => code::NO_TEXT,
            _ => code::PROTOCOL,
        }
    }
}

/// Takes frames apart, wherever the stream was cut.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
}

impl Frames {
    /// More of the stream. To be called when [`Frames::next_frame`] has nothing more.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes of a frame that is not whole yet.
    #[must_use]
    pub fn held(&self) -> usize {
        self.bytes.len()
    }

    /// The next whole frame.
    ///
    /// # Errors
    /// When what comes is none of those that are taken; nothing after it can be read.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameFault> {
        let [first, second, rest @ ..] = self.bytes.as_slice() else {
            return Ok(None);
        };
        let (kind, length) = (first & 0x0f, usize::from(second & 0x7f));
        if first & 0x70 != 0 || !matches!(kind, 0 | TEXT | BINARY | CLOSE | PING | PONG) {
            return Err(FrameFault::Reserved);
        }
        if second & 0x80 == 0 {
            return Err(FrameFault::NotMasked);
        }
        match kind {
            0 => return Err(FrameFault::Continued),
            TEXT | BINARY => return Err(FrameFault::Message),
            _ if first & 0x80 == 0 || length > CONTROL_MAX => return Err(FrameFault::Control),
            _ => {}
        }
        let Some((mask, Some(masked))) = rest
            .split_at_checked(MASK)
            .map(|(mask, rest)| (mask, rest.get(..length)))
        else {
            return Ok(None);
        };
        let keys = mask.iter().cycle();
        let plain: Vec<u8> = masked
            .iter()
            .zip(keys)
            .map(|(byte, key)| byte ^ key)
            .collect();
        self.bytes.drain(..2 + MASK + length);
        match kind {
            PING => Ok(Some(Frame::Ping(plain))),
            PONG => Ok(Some(Frame::Pong)),
            _ => closing(&plain).map(|code| Some(Frame::Close(code))),
        }
    }
}

/// The code in what a close carries.
fn closing(plain: &[u8]) -> Result<Option<u16>, FrameFault> {
    let [high, low, reason @ ..] = plain else {
        return match plain {
            [] => Ok(None),
            _ => Err(FrameFault::Code),
        };
    };
    let code = u16::from_be_bytes([*high, *low]);
    // 1005, 1006 and 1015 tell that nothing was sent, and are never sent themselves.
    if !matches!(code, 1_000..=1_003 | 1_007..=1_014 | 3_000..=4_999) {
        return Err(FrameFault::Code);
    }
    match std::str::from_utf8(reason) {
        Ok(_) => Ok(Some(code)),
        Err(_) => Err(FrameFault::Reason),
    }
}

/// A message of text, as it is sent.
#[must_use]
pub fn text(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut frame = Vec::with_capacity(bytes.len() + 10);
    frame.push(0x80 | TEXT);
    let length = bytes.len() as u64;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if usize::from(short) <= CONTROL_MAX => frame.push(short),
        (_, Ok(middle)) => {
            frame.push(126);
            frame.extend_from_slice(&middle.to_be_bytes());
        }
        _ => {
            frame.push(127);
            frame.extend_from_slice(&length.to_be_bytes());
        }
    }
    frame.extend_from_slice(bytes);
    frame
}

/// Asks whether somebody is there.
#[must_use]
pub fn ping() -> Vec<u8> {
    control(PING, &[])
}

/// The answer to a ping.
#[must_use]
pub fn pong(carried: &[u8]) -> Vec<u8> {
    control(PONG, carried)
}

/// The last frame, with a code and, as far as there is room, the reason in words.
#[must_use]
pub fn close(code: Option<u16>, reason: &str) -> Vec<u8> {
    let Some(code) = code else {
        return control(CLOSE, &[]);
    };
    let reason = &reason[..reason.floor_char_boundary(CONTROL_MAX - 2)];
    control(CLOSE, &[&code.to_be_bytes(), reason.as_bytes()].concat())
}

fn control(kind: u8, carried: &[u8]) -> Vec<u8> {
    let carried = &carried[..carried.len().min(CONTROL_MAX)];
    let mut frame = vec![0x80 | kind, carried.len() as u8];
    frame.extend_from_slice(carried);
    frame
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// A frame as a client sends it.
    fn sent(first: u8, carried: &[u8], mask: [u8; MASK]) -> Vec<u8> {
        let keys = mask.iter().cycle();
        let masked = carried.iter().zip(keys).map(|(byte, key)| byte ^ key);
        let head = [first, 0x80 | carried.len() as u8];
        head.into_iter().chain(mask).chain(masked).collect()
    }

    fn first(bytes: &[u8]) -> Result<Option<Frame>, FrameFault> {
        let mut frames = Frames::default();
        frames.push(bytes);
        frames.next_frame()
    }

    proptest! {
        #[test]
        fn what_is_sent_is_read_however_it_is_cut(
            pings in vec(vec(any::<u8>(), 0..=CONTROL_MAX), 1..5),
            mask: [u8; MASK],
            step in 1_usize..200,
        ) {
            let all: Vec<u8> = pings.iter().flat_map(|one| sent(0x89, one, mask)).collect();
            let mut frames = Frames::default();
            let mut read = Vec::new();
            for part in all.chunks(step) {
                frames.push(part);
                while let Some(frame) = frames.next_frame().unwrap() {
                    read.push(frame);
                }
            }
            let expected: Vec<_> = pings.into_iter().map(Frame::Ping).collect();
            prop_assert_eq!(read, expected);
            prop_assert_eq!(frames.held(), 0);
        }

        #[test]
        fn a_text_tells_its_length_in_the_shortest_form(length in 0_usize..70_000) {
            let frame = text(&"x".repeat(length));
            let (told, head) = match frame[1] {
                126 => (u64::from(u16::from_be_bytes([frame[2], frame[3]])), 4),
                127 => (u64::from_be_bytes(frame[2..10].try_into().unwrap()), 10),
                short => (u64::from(short), 2),
            };
            prop_assert_eq!(frame[0], 0x81);
            prop_assert_eq!(told, length as u64);
            prop_assert_eq!(frame.len(), head + length);
            prop_assert_eq!(head, match length { 0..126 => 2, 126..65_536 => 4, _ => 10 });
        }

        #[test]
        fn a_reason_is_cut_between_letters(reason in ".{0,200}") {
            let frame = close(Some(code::AWAY), &reason);
            prop_assert!(frame.len() <= 2 + CONTROL_MAX);
            let told = std::str::from_utf8(&frame[4..]).unwrap();
            prop_assert!(reason.starts_with(told));
        }
    }

    #[test]
    fn what_a_client_may_not_send_is_refused_by_its_head() {
        let faults = [
            (0x81, 0x80, FrameFault::Message),
            (0x82, 0xff, FrameFault::Message),
            (0x01, 0xfe, FrameFault::Message),
            (0x80, 0x80, FrameFault::Continued),
            (0x89, 0x00, FrameFault::NotMasked),
            (0xc9, 0x80, FrameFault::Reserved),
            (0x83, 0x80, FrameFault::Reserved),
            (0x8b, 0x80, FrameFault::Reserved),
            (0x09, 0x80, FrameFault::Control),
            (0x89, 0xfe, FrameFault::Control),
        ];
        for (one, two, fault) in faults {
            assert_eq!(first(&[one, two]), Err(fault), "{one:x} {two:x}");
            assert_eq!(first(&[one]), Ok(None));
        }
        assert_eq!(FrameFault::Message.code(), 1_003);
        assert_eq!(FrameFault::NotMasked.code(), 1_002);
    }

    #[test]
    fn a_close_tells_a_code_that_may_be_sent() {
        let close = |carried: &[u8]| first(&sent(0x88, carried, [1, 2, 3, 4]));
        assert_eq!(close(&[]), Ok(Some(Frame::Close(None))));
        assert_eq!(close(b"\x03\xe8bye"), Ok(Some(Frame::Close(Some(1_000)))));
        assert_eq!(close(b"\x0f\xa1"), Ok(Some(Frame::Close(Some(4_001)))));
        assert_eq!(close(b"\x03"), Err(FrameFault::Code));
        for never in [0_u16, 999, 1_004, 1_005, 1_006, 1_015, 2_999, 5_000] {
            assert_eq!(
                close(&never.to_be_bytes()),
                Err(FrameFault::Code),
                "{never}"
            );
        }
        assert_eq!(close(b"\x03\xe8\xff"), Err(FrameFault::Reason));
        assert_eq!(first(&sent(0x8a, b"x", [9; 4])), Ok(Some(Frame::Pong)));
    }
}
