//! MQTT 3.1.1 and 5 on the wire, as far as a subscriber needs it: packets that it writes, packets that
//! it reads. Used by the session alone. Pure: bytes in, packets out; never panics on any bytes, and
//! never holds a message that is larger than may be decoded.

use crate::feed::payload::PAYLOAD_BYTES_MAX;

/// Version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 3.1.1.
    V3,
    /// 5.
    V5,
}

/// A session that a broker keeps while we are away, in seconds: a day.
const SESSION_EXPIRY_S: u32 = 86_400;
/// Messages that may be under way without an acknowledgement.
const RECEIVE_MAXIMUM: u16 = 4_096;
/// Room for topic and properties beside a payload that may be decoded.
const HEADER_BYTES_MAX: usize = 128 * 1024;
/// Larger packets are passed over without being held.
const HELD_BYTES_MAX: usize = PAYLOAD_BYTES_MAX + HEADER_BYTES_MAX;

/// What a broker sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Packet {
    /// The connection stands, or not: 0 is yes.
    ConnAck {
        /// Reason.
        code: u8,
        /// Keep-alive that the broker wants instead of ours, in seconds.
        keep_alive_s: Option<u16>,
    },
    /// A message.
    Publish {
        /// Topic.
        topic: String,
        /// To be acknowledged with, at QoS 1.
        id: Option<u16>,
        /// Whether it was kept from earlier.
        retained: bool,
        /// `None` where it was too large to be held.
        payload: Option<Vec<u8>>,
    },
    /// What became of each filter: from 128 on it was refused.
    SubAck(Vec<u8>),
    /// The broker ends the connection.
    Disconnect(u8),
    /// Anything else.
    Other,
}

/// Why a stream is no MQTT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what the broker sends is no MQTT of this version: {0}")]
pub struct CodecFault(&'static str);

/// Cuts a stream into packets.
#[derive(Debug)]
pub struct Reader {
    version: Version,
    held: Vec<u8>,
    /// Where in `held` the next packet begins.
    from: usize,
    /// Bytes of a large packet that are still to be passed over.
    skip: usize,
}

impl Reader {
    /// Of a new connection.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self {
            version,
            held: Vec::new(),
            from: 0,
            skip: 0,
        }
    }

    /// Takes bytes as they came.
    pub fn push(&mut self, bytes: &[u8]) {
        let skipped = self.skip.min(bytes.len());
        self.skip -= skipped;
        self.held.drain(..self.from);
        self.from = 0;
        self.held.extend_from_slice(&bytes[skipped..]);
    }

    /// The next packet that is whole; `None` until more bytes have come.
    ///
    /// # Errors
    /// When the stream cannot be read any further.
    pub fn next_packet(&mut self) -> Result<Option<Packet>, CodecFault> {
        let held = &self.held[self.from..];
        let Some((&first, rest)) = held.split_first() else {
            return Ok(None);
        };
        let Some((length, width)) = varint(rest)? else {
            return Ok(None);
        };
        let body = &rest[width..];
        if length > HELD_BYTES_MAX {
            return self.large(first, length, 1 + width);
        }
        let Some(body) = body.get(..length) else {
            return Ok(None);
        };
        let packet = packet(self.version, first, body)?;
        self.from += 1 + width + length;
        Ok(Some(packet))
    }

    /// A packet that is not held: its head is enough to acknowledge it.
    fn large(
        &mut self,
        first: u8,
        length: usize,
        head: usize,
    ) -> Result<Option<Packet>, CodecFault> {
        if first >> 4 != 3 {
            return Err(CodecFault("a packet is too large"));
        }
        let body = &self.held[self.from + head..];
        // Topic, its length and the packet's number.
        let topic_bytes = body.get(..2).map(|two| usize::from(be(two)));
        if topic_bytes.is_none_or(|bytes| body.len() < bytes + 4) {
            return Ok(None);
        }
        let mut cursor = Cursor(body);
        let topic = cursor.text()?;
        let id = cursor.publish_id(first)?;
        let held = body.len().min(length);
        self.from += head + held;
        self.skip = length - held;
        Ok(Some(Packet::Publish {
            topic,
            id,
            retained: first & 1 == 1,
            payload: None,
        }))
    }
}

fn packet(version: Version, first: u8, body: &[u8]) -> Result<Packet, CodecFault> {
    let mut cursor = Cursor(body);
    let is_5 = version == Version::V5;
    Ok(match first >> 4 {
        2 => {
            cursor.take(1)?;
            let code = cursor.take(1)?[0];
            // A broker that does not know version 5 answers as of 3.1.1.
            let keep_alive_s = match is_5 && !cursor.0.is_empty() {
                true => server_keep_alive(cursor.properties()?)?,
                false => None,
            };
            Packet::ConnAck { code, keep_alive_s }
        }
        3 => {
            let topic = cursor.text()?;
            let id = cursor.publish_id(first)?;
            if is_5 {
                cursor.properties()?;
            }
            Packet::Publish {
                topic,
                id,
                retained: first & 1 == 1,
                payload: Some(cursor.0.to_vec()),
            }
        }
        9 => {
            cursor.take(2)?;
            if is_5 {
                cursor.properties()?;
            }
            Packet::SubAck(cursor.0.to_vec())
        }
        14 => Packet::Disconnect(body.first().copied().unwrap_or_default()),
        0 | 15 => return Err(CodecFault("a packet of a kind that there is not")),
        _ => Packet::Other,
    })
}

/// The length of what follows and how many bytes tell it; `None` until all of them are there.
fn varint(bytes: &[u8]) -> Result<Option<(usize, usize)>, CodecFault> {
    let mut value = 0;
    for (place, byte) in bytes.iter().take(4).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok(Some((value, place + 1)));
        }
    }
    match bytes.len() < 4 {
        true => Ok(None),
        false => Err(CodecFault("a length of more than four bytes")),
    }
}

fn be(two: &[u8]) -> u16 {
    two.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte))
}

const CUT: CodecFault = CodecFault("a packet ends early");

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], CodecFault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A topic; what is not UTF-8 in it stands as a sign that no topic of a table has.
    fn text(&mut self) -> Result<String, CodecFault> {
        let length = be(self.take(2)?);
        let bytes = self.take(usize::from(length))?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    fn publish_id(&mut self, first: u8) -> Result<Option<u16>, CodecFault> {
        match (first >> 1) & 3 {
            0 => Ok(None),
            1 => Ok(Some(be(self.take(2)?))),
            _ => Err(CodecFault(
                "a message of a quality of service that was not asked for",
            )),
        }
    }

    fn properties(&mut self) -> Result<&'a [u8], CodecFault> {
        let (length, width) = varint(self.0)?.ok_or(CUT)?;
        self.take(width)?;
        self.take(length)
    }
}

/// The keep-alive among the properties of a ConnAck.
fn server_keep_alive(properties: &[u8]) -> Result<Option<u16>, CodecFault> {
    let mut cursor = Cursor(properties);
    while let Some((&id, rest)) = cursor.0.split_first() {
        cursor.0 = rest;
        match id {
            // Server Keep Alive.
            0x13 => return cursor.take(2).map(|two| Some(be(two))),
            0x24 | 0x25 | 0x28 | 0x29 | 0x2a => cursor.take(1)?,
            0x21 | 0x22 => cursor.take(2)?,
            0x11 | 0x27 => cursor.take(4)?,
            0x12 | 0x15 | 0x16 | 0x1a | 0x1c | 0x1f => {
                let length = be(cursor.take(2)?);
                cursor.take(usize::from(length))?
            }
            // User Property: a name and a value.
            0x26 => {
                let length = be(cursor.take(2)?);
                cursor.take(usize::from(length))?;
                let length = be(cursor.take(2)?);
                cursor.take(usize::from(length))?
            }
            _ => return Ok(None),
        };
    }
    Ok(None)
}

/// Who connects.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Names the session that the broker keeps.
    pub client_id: String,
    /// User.
    pub user: Option<String>,
    /// Password.
    pub password: Option<String>,
}

/// A request to connect that goes on with the session that the broker keeps.
#[must_use]
pub fn connect(version: Version, who: &Credentials, keep_alive_s: u16) -> Vec<u8> {
    let mut body = Vec::new();
    put_text(&mut body, "MQTT");
    body.push(match version {
        Version::V3 => 4,
        Version::V5 => 5,
    });
    let has = |part: &Option<String>, bit: u8| if part.is_some() { bit } else { 0 };
    body.push(has(&who.user, 0x80) | has(&who.password, 0x40));
    body.extend(keep_alive_s.to_be_bytes());
    if version == Version::V5 {
        // Session Expiry Interval, Receive Maximum.
        body.extend([8, 0x11]);
        body.extend(SESSION_EXPIRY_S.to_be_bytes());
        body.push(0x21);
        body.extend(RECEIVE_MAXIMUM.to_be_bytes());
    }
    put_text(&mut body, &who.client_id);
    for part in [&who.user, &who.password].into_iter().flatten() {
        put_text(&mut body, part);
    }
    whole(0x10, &body)
}

/// A request for everything that the filters mean, at QoS 1.
#[must_use]
pub fn subscribe(version: Version, id: u16, filters: &[String]) -> Vec<u8> {
    let mut body = id.to_be_bytes().to_vec();
    if version == Version::V5 {
        body.push(0);
    }
    for filter in filters {
        put_text(&mut body, filter);
        body.push(1);
    }
    whole(0x82, &body)
}

/// Adds the acknowledgement of a message.
pub fn put_puback(out: &mut Vec<u8>, id: u16) {
    out.extend([0x40, 2]);
    out.extend(id.to_be_bytes());
}

/// A sign of life.
pub const PING: [u8; 2] = [0xc0, 0];
/// The end of a connection; the session stays.
pub const DISCONNECT: [u8; 2] = [0xe0, 0];

fn put_text(out: &mut Vec<u8>, text: &str) {
    // Ids and filters are shorter; a password that is longer would be another one.
    let bytes = &text.as_bytes()[..text.len().min(usize::from(u16::MAX))];
    out.extend((bytes.len() as u16).to_be_bytes());
    out.extend(bytes);
}

fn whole(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut left = body.len();
    loop {
        let low = (left & 0x7f) as u8;
        left >>= 7;
        packet.push(if left > 0 { low | 0x80 } else { low });
        if left == 0 {
            break;
        }
    }
    packet.extend(body);
    packet
}

#[cfg(test)]
mod tests;
