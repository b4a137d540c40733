//! The request by which a connection becomes a WebSocket (RFC 6455, section 4.2). Used by the API.
//! Never decides who may follow.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::OnUpgrade;
use ring::digest;

use crate::serve::problem::Problem;

/// What this socket speaks, where a client names what it can.
const PROTOCOL: &str = "pingjiang.v1";
/// Before a token that a browser shows: it can set no other header.
const TOKEN: &str = "bearer.";
/// The version of RFC 6455.
const VERSION: &str = "13";
/// Bytes of a client's key.
const KEY: usize = 16;
/// What RFC 6455 puts behind the key, so that nobody answers by accident.
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A connection that becomes a WebSocket with this answer.
#[derive(Debug)]
pub(in crate::serve) struct TakenOver {
    pub(in crate::serve) answer: Response<Body>,
    pub(in crate::serve) connection: OnUpgrade,
}

/// Takes a token among the protocols for one in `Authorization`, where there is none.
pub(in crate::serve) fn show_token(headers: &mut HeaderMap) {
    if headers.contains_key(header::AUTHORIZATION) {
        return;
    }
    let shown = listed(headers, &header::SEC_WEBSOCKET_PROTOCOL)
        .find_map(|one| one.strip_prefix(TOKEN))
        .and_then(|token| HeaderValue::from_str(&format!("Bearer {token}")).ok());
    if let Some(mut shown) = shown {
        shown.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, shown);
    }
}

/// Judges a request and takes its connection.
pub(in crate::serve) fn take_over(parts: &mut Parts) -> Result<TakenOver, Problem> {
    let headers = &parts.headers;
    let names = |name: &HeaderName, word: &str| {
        listed(headers, name).any(|one| one.eq_ignore_ascii_case(word))
    };
    let asks = names(&header::UPGRADE, "websocket") && names(&header::CONNECTION, "upgrade");
    if parts.method != Method::GET || !asks {
        return Err(required(
            "this path is a WebSocket: ask for it with Connection: Upgrade and Upgrade: websocket; \
             /api/v1/events tells the same by plain HTTP",
        ));
    }
    if headers
        .get(header::SEC_WEBSOCKET_VERSION)
        .map(HeaderValue::as_bytes)
        != Some(VERSION.as_bytes())
    {
        return Err(required(
            "only version 13 of WebSocket is spoken here (RFC 6455)",
        ));
    }
    let accept = accept(headers)?;
    let protocol = protocol(headers)?;
    let connection = parts
        .extensions
        .remove::<OnUpgrade>()
        .ok_or_else(|| required("this connection cannot become a WebSocket: ask by HTTP/1.1"))?;
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let told = answer.headers_mut();
    told.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    told.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    told.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if let Some(protocol) = protocol {
        let protocol = HeaderValue::from_static(protocol);
        told.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    Ok(TakenOver { answer, connection })
}

fn required(detail: &str) -> Problem {
    Problem::new(StatusCode::UPGRADE_REQUIRED, detail)
        .telling(header::CONNECTION, HeaderValue::from_static("Upgrade"))
        .telling(header::UPGRADE, HeaderValue::from_static("websocket"))
        .telling(
            header::SEC_WEBSOCKET_VERSION,
            HeaderValue::from_static(VERSION),
        )
}

/// The answer to the client's key.
fn accept(headers: &HeaderMap) -> Result<HeaderValue, Problem> {
    let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).iter();
    let key = match (keys.next(), keys.next()) {
        (Some(key), None) => key.to_str().ok(),
        _ => None,
    };
    let key = key.filter(|key| STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == KEY));
    let wrong = || Problem::bad("Sec-WebSocket-Key is the base64 of 16 bytes, told once");
    let key = key.ok_or_else(wrong)?;
    // RFC 6455 wants SHA-1 here; it protects nothing.
    let algorithm = &digest::SHA1_FOR_LEGACY_USE_ONLY;
    let digest = digest::digest(algorithm, format!("{key}{MAGIC}").as_bytes());
    HeaderValue::from_str(&STANDARD.encode(digest)).map_err(|_| wrong())
}

/// What is spoken, where the client offers anything but its token alone.
fn protocol(headers: &HeaderMap) -> Result<Option<&'static str>, Problem> {
    let mut offered = listed(headers, &header::SEC_WEBSOCKET_PROTOCOL).peekable();
    if offered.peek().is_none() {
        return Ok(None);
    }
    match offered.any(|one| one == PROTOCOL) {
        true => Ok(Some(PROTOCOL)),
        false => Err(Problem::bad(
            "Sec-WebSocket-Protocol offers pingjiang.v1, beside it bearer.TOKEN where the token is not \
             in Authorization; or is left out",
        )),
    }
}

/// The entries of a header that is a list, in one line or in several.
fn listed<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|one| !one.is_empty())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::response::IntoResponse;

    use super::*;

    fn parts(headers: &[(&'static str, &'static str)]) -> Parts {
        let mut request = Request::new(());
        for (name, value) in headers {
            request
                .headers_mut()
                .append(*name, HeaderValue::from_static(value));
        }
        request.into_parts().0
    }

    const ASKING: [(&str, &str); 4] = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    #[test]
    fn the_answer_to_a_key_is_that_of_the_standard() {
        let parts = parts(&ASKING);
        assert_eq!(
            accept(&parts.headers).unwrap(),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
    }

    #[test]
    fn what_is_no_upgrade_is_told() {
        let status = |headers: &[(&'static str, &'static str)]| {
            let problem = take_over(&mut parts(headers)).unwrap_err();
            let answer = problem.into_response();
            let upgrade = answer.headers().get(header::UPGRADE).is_some();
            (answer.status().as_u16(), upgrade)
        };
        assert_eq!(status(&[]), (426, true));
        assert_eq!(status(&ASKING[1..]), (426, true));
        assert_eq!(status(&ASKING[..2]), (426, true));
        assert_eq!(status(&ASKING[..3]), (400, false));
        // All is in order, and there is no connection to be taken.
        assert_eq!(status(&ASKING), (426, true));
        let with = |more| [&ASKING[..], &[more]].concat();
        assert_eq!(
            status(&with(("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="))),
            (400, false)
        );
        assert_eq!(
            status(&with(("sec-websocket-protocol", "bearer.pjs_1"))),
            (400, false)
        );
        let short = [&ASKING[..3], &[("sec-websocket-key", "AAAA")]].concat();
        assert_eq!(status(&short), (400, false));
    }

    #[test]
    fn a_browser_shows_its_token_among_the_protocols() {
        let shown = |headers: &[(&'static str, &'static str)]| {
            let mut parts = parts(headers);
            show_token(&mut parts.headers);
            let shown = parts.headers.get(header::AUTHORIZATION);
            (
                shown.map(|value| value.to_str().unwrap().to_owned()),
                protocol(&parts.headers).ok(),
            )
        };
        let offered = ("sec-websocket-protocol", "pingjiang.v1, bearer.pjs_1");
        let told = (Some("Bearer pjs_1".to_owned()), Some(Some(PROTOCOL)));
        assert_eq!(shown(&[offered]), told);
        let both = shown(&[offered, ("authorization", "Bearer a")]);
        assert_eq!(both.0.as_deref(), Some("Bearer a"));
        assert_eq!(shown(&[]), (None, Some(None)));
        assert_eq!(shown(&[("sec-websocket-protocol", "other")]), (None, None));
    }
}
