//! What people write and add: kept, sealed, and odd ones refused.

use super::*;
use crate::model::dispatch::Attachment;

#[test]
fn files_and_words_are_kept_and_odd_ones_refused() {
    let mut city = Loop::new();
    let alarm = city.raise("smoke", 0, Grade::Red);
    let id = city.of(alarm).id;
    city.ask(
        id,
        "Li",
        Ask::Comment {
            words: text("neighbour says it smelt at noon"),
        },
    )
    .unwrap();
    let file = |media: &str, bytes: u64, digit: &str| Ask::Attach {
        file: Attachment {
            sha256: digit.repeat(64),
            bytes,
            media: media.to_owned(),
            name: text("kitchen.jpg"),
        },
    };
    city.ask(id, "Li", file("image/jpeg", 10, "a")).unwrap();
    let odd = Err(Refused::NoSuchFile { most: 20_000_000 });
    assert_eq!(city.ask(id, "Li", file("text/html", 10, "a")), odd.clone());
    assert_eq!(city.ask(id, "Li", file("image/png", 0, "a")), odd.clone());
    assert_eq!(city.ask(id, "Li", file("image/png", 20_000_001, "a")), odd);
    assert_eq!(
        city.ask(id, "Li", file("image/png", 1, "g")),
        Err(Refused::NoDigest)
    );
    assert_eq!(
        city.ask(id, "a\nb", Ask::Comment { words: text("x") }),
        Err(Refused::Nobody)
    );
    let kept = serde_json::to_string(city.twin.live()).unwrap();
    assert!(!kept.contains("noon") && !format!("{:?}", city.get(id)).contains("noon"));
}
