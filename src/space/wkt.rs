//! Well-known text (OGC WKT1, ESRI's `.prj` and WKT2) taken apart into a tree of keywords.
//! Used by `wkt_crs` alone, which knows what the keywords mean. Never panics and never recurses
//! deeper than a coordinate system can be nested.

/// Deeper nesting is no coordinate system: a bound compound system reaches ten.
const DEPTH_MAX: usize = 32;
/// Longer text is no coordinate system: WKT2 with all its members and remarks stays below 20 kB.
const LENGTH_MAX: usize = 200_000;

/// A keyword and what stands in its brackets.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// The keyword in capitals, such as `PROJCS`.
    pub(super) keyword: String,
    /// What it holds, in order.
    pub(super) values: Vec<Value>,
}

/// One entry in a keyword's brackets.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Text in quotes.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A bare word, such as `EAST`, in capitals.
    Word(String),
    /// A keyword with brackets of its own.
    Node(Node),
}

impl Node {
    /// The first quoted text: the name of what the node describes.
    pub(super) fn name(&self) -> &str {
        let first = self.values.iter().find_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        });
        first.unwrap_or_default()
    }

    /// The number at a place, counted among the numbers only.
    pub(super) fn number(&self, index: usize) -> Option<f64> {
        let mut numbers = self.values.iter().filter_map(|value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        });
        numbers.nth(index)
    }

    /// The nodes directly inside.
    pub(super) fn children(&self) -> impl Iterator<Item = &Node> {
        self.values.iter().filter_map(|value| match value {
            Value::Node(node) => Some(node),
            _ => None,
        })
    }

    /// The first node directly inside whose keyword is one of these.
    pub(super) fn child(&self, keywords: &[&str]) -> Option<&Node> {
        self.children()
            .find(|node| keywords.contains(&node.keyword.as_str()))
    }
}

/// Reads the first node of the text; ESRI writes a vertical system after it, which is left alone.
///
/// # Errors
/// In words, with the place, when the text is not well-known text.
pub(super) fn parse(text: &str) -> Result<Node, String> {
    if text.len() > LENGTH_MAX {
        return Err(format!("it is {} bytes long", text.len()));
    }
    let mut reader = Reader {
        rest: text.trim_start_matches('\u{feff}'),
        length: text.len(),
    };
    reader.skip_space();
    let keyword = reader.word();
    if keyword.is_empty() {
        return Err(reader.fault("no keyword"));
    }
    match reader.after_word(keyword, 0)? {
        Value::Node(node) => Ok(node),
        _ => Err(reader.fault("no bracket after the keyword")),
    }
}

struct Reader<'a> {
    rest: &'a str,
    length: usize,
}

impl<'a> Reader<'a> {
    fn fault(&self, what: &str) -> String {
        format!("{what} at byte {}", self.length - self.rest.len())
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes a character if it stands next.
    fn takes(&mut self, characters: &[char]) -> Option<char> {
        self.skip_space();
        let next = self.rest.chars().next()?;
        characters.contains(&next).then(|| {
            self.rest = &self.rest[next.len_utf8()..];
            next
        })
    }

    fn word(&mut self) -> &'a str {
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || "_+-.".contains(c)))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Text after its opening quote; a quote inside is written twice.
    fn quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        loop {
            let Some((before, after)) = self.rest.split_once('"') else {
                return Err(self.fault("a quote is not closed"));
            };
            text.push_str(before);
            match after.strip_prefix('"') {
                Some(after) => {
                    text.push('"');
                    self.rest = after;
                }
                None => {
                    self.rest = after;
                    return Ok(text);
                }
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if self.takes(&['"']).is_some() {
            return Ok(Value::Text(self.quoted()?));
        }
        self.skip_space();
        let word = self.word();
        if word.is_empty() {
            return Err(self.fault("neither text, number nor keyword"));
        }
        self.after_word(word, depth)
    }

    /// A number, a bare word, or a keyword with its brackets.
    fn after_word(&mut self, word: &str, depth: usize) -> Result<Value, String> {
        let Some(opening) = self.takes(&['[', '(']) else {
            let number = word.parse::<f64>().ok().filter(|number| number.is_finite());
            return Ok(match number {
                Some(number) => Value::Number(number),
                None => Value::Word(word.to_ascii_uppercase()),
            });
        };
        if depth >= DEPTH_MAX {
            return Err(self.fault("brackets nested too deeply"));
        }
        let closing = if opening == '[' { ']' } else { ')' };
        let mut values = Vec::new();
        if self.takes(&[closing]).is_none() {
            loop {
                values.push(self.value(depth + 1)?);
                match self.takes(&[',', closing]) {
                    Some(',') => {}
                    Some(_) => break,
                    None => return Err(self.fault("a bracket is not closed")),
                }
            }
        }
        Ok(Value::Node(Node {
            keyword: word.to_ascii_uppercase(),
            values,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_brackets_quotes_and_numbers_are_read() {
        let node =
            parse(" projcs( \"a \"\"b\"\"\" , UNIT[\"m\",1.0e0],AXIS[\"x\", east]) , VERTCS[]");
        let node = node.unwrap();
        assert_eq!(node.keyword, "PROJCS");
        assert_eq!(node.name(), "a \"b\"");
        assert_eq!(node.child(&["UNIT"]).unwrap().number(0), Some(1.0));
        let axis = node.child(&["AXIS"]).unwrap();
        assert_eq!(axis.values[1], Value::Word("EAST".into()));
    }

    #[test]
    fn faults_name_their_place() {
        let check = |text: &str, expected: &str| assert_eq!(parse(text), Err(expected.into()));
        check("", "no keyword at byte 0");
        check("PROJCS", "no bracket after the keyword at byte 6");
        check("PROJCS[\"x", "a quote is not closed at byte 8");
        check("PROJCS[1,,2]", "neither text, number nor keyword at byte 9");
        check("PROJCS[1)", "a bracket is not closed at byte 8");
        let deep = "A[".repeat(10_000);
        assert!(parse(&deep).unwrap_err().contains("too deeply"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}", words in "([A-Z]{1,3}|[\\[\\](),\"]|[-0-9.e]{1,3}| |é){0,60}") {
            let _ = parse(&text);
            let _ = parse(&words);
        }
    }
}
