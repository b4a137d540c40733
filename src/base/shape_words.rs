//! What a reader of TOML or JSON says of a value of a wrong type, in the words of people who write
//! such files: readers name the types of the program. Used by tables, mappings and foreign documents.
//! Never adds anything of the file that the reader did not tell.

/// A message of a reader without its place, with types of the program told as what may be written.
#[must_use]
pub fn in_plain_words(message: &str) -> String {
    // One line: what stands around the fault is in the file.
    let message = message.lines().collect::<Vec<_>>().join(" ");
    let wrong = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|start| message.split_once(start));
    let Some((before, wrong)) = wrong else {
        return message.replace("unknown variant", "unknown word");
    };
    // What was found may hold anything; what is expected does not.
    let Some((found, expected)) = wrong.rsplit_once(", expected ") else {
        return message;
    };
    format!(
        "{before}{} is expected, not {}",
        wanted(expected),
        told(found)
    )
}

/// What is expected.
fn wanted(expected: &str) -> String {
    let words = match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" | "bool" => "true or false",
        "a string" | "string" | "str" => "a text in quotes",
        "a char" | "a character" => "one character in quotes",
        "a sequence" => "a list in square brackets",
        "a map" => "a table",
        other if other.starts_with("struct ") => "a table",
        other if other.starts_with("enum ") => "a word in quotes",
        other => other,
    };
    words.to_owned()
}

/// What was found.
fn told(found: &str) -> String {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    let value = value.trim_matches('`');
    match (kind, value) {
        ("string", value) => format!("the text {value}"),
        ("integer" | "float", value) => format!("the number {value}"),
        ("floating", value) => {
            let value = value.trim_start_matches("point ").trim_start_matches('`');
            format!("the number {value}")
        }
        ("boolean", value) => value.to_owned(),
        ("sequence", _) => "a list".to_owned(),
        ("map", _) => "a table".to_owned(),
        ("null" | "unit", _) => "nothing".to_owned(),
        _ => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Shape {
        count: Option<u32>,
        few: Option<u8>,
        width: Option<f64>,
        is_open: Option<bool>,
        name: Option<String>,
        list: Option<Vec<String>>,
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Inner {
        x: usize,
    }

    #[test]
    fn no_type_of_the_program_is_told() {
        let check = |text: &str, words: &str| {
            let fault = toml::from_str::<Shape>(text).unwrap_err();
            assert_eq!(in_plain_words(fault.message()), words, "{text}");
        };
        check(
            "count = \"x, expected y\"",
            "a whole number from 0 is expected, not the text \"x, expected y\"",
        );
        check(
            "count = -1",
            "a whole number from 0 is expected, not the number -1",
        );
        check(
            "few = 300",
            "a whole number from 0 to 255 is expected, not the number 300",
        );
        check(
            "count = 1.5",
            "a whole number from 0 is expected, not the number 1.5",
        );
        check("width = true", "a number is expected, not true");
        check(
            "is_open = \"yes\"",
            "true or false is expected, not the text \"yes\"",
        );
        check("name = 3", "a text in quotes is expected, not the number 3");
        check(
            "list = \"x\"",
            "a list in square brackets is expected, not the text \"x\"",
        );
        check("name = []", "a text in quotes is expected, not a list");
        check("inner = 5", "a table is expected, not the number 5");
        check("inner = {}", "missing field `x`");
    }
}
