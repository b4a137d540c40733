//! Paths into JSON: `data.list[0].'a.b'`, `*` or `[*]` for every element or member, `$.` in front for
//! the document instead of the reading, `a | b` for the first that is there. Used by the table of
//! feeds and the JSON decoder.

use serde_json::Value;

/// Where something stands in a document; one way or another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(Vec<Way>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    from_document: bool,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    Every,
}

/// Deeper than any document that is read.
const STEPS_MAX: usize = 32;

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let ways = text
            .split('|')
            .map(|way| way_of(way.trim()).map_err(|words| format!("path {text:?}: {words}")));
        ways.collect::<Result<_, _>>().map(Self)
    }

    /// Everything that it leads to, by the first way that leads anywhere.
    pub(super) fn all<'a>(&self, document: &'a Value, reading: &'a Value) -> Vec<&'a Value> {
        let ways = self.0.iter().map(|way| {
            let mut found = vec![if way.from_document { document } else { reading }];
            for step in &way.steps {
                found = found
                    .into_iter()
                    .flat_map(|value| step.take(value))
                    .collect();
            }
            found.retain(|value| !value.is_null());
            found
        });
        ways.into_iter()
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    /// The first thing that it leads to.
    pub(super) fn first<'a>(&self, document: &'a Value, reading: &'a Value) -> Option<&'a Value> {
        self.all(document, reading).first().copied()
    }
}

impl Step {
    fn take<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        match (self, value) {
            (Self::Key(key), Value::Object(members)) => members.get(key).into_iter().collect(),
            (Self::Index(at), Value::Array(list)) => list.get(*at).into_iter().collect(),
            (Self::Every, Value::Array(list)) => list.iter().collect(),
            (Self::Every, Value::Object(members)) => members.values().collect(),
            _ => Vec::new(),
        }
    }
}

fn way_of(text: &str) -> Result<Way, String> {
    let (from_document, mut rest) = match text.strip_prefix('$') {
        Some(rest) => (true, rest.strip_prefix('.').unwrap_or(rest)),
        None => (false, text),
    };
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = step_of(rest)?;
        steps.push(step);
        if steps.len() > STEPS_MAX {
            return Err(format!("it has more than {STEPS_MAX} steps"));
        }
        rest = match after.strip_prefix('.') {
            Some("") => return Err("a name is missing behind the last dot".to_owned()),
            Some(after) => after,
            None if after.is_empty() || after.starts_with('[') => after,
            None => return Err("steps are parted by dots".to_owned()),
        };
    }
    Ok(Way {
        from_document,
        steps,
    })
}

/// The first step, and what follows it.
fn step_of(text: &str) -> Result<(Step, &str), String> {
    if let Some(inner) = text.strip_prefix('[') {
        let (number, after) = inner.split_once(']').ok_or("a ] is missing")?;
        let step = match number {
            "*" => Step::Every,
            _ => Step::Index(number.parse().map_err(|_| "[ ] holds a number or *")?),
        };
        return Ok((step, after));
    }
    if let Some(inner) = text.strip_prefix('\'') {
        let (key, after) = inner.split_once('\'').ok_or("a ' is missing")?;
        return Ok((Step::Key(key.to_owned()), after));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (key, after) = text.split_at(end);
    match key {
        "" => Err("a name is missing".to_owned()),
        "*" => Ok((Step::Every, after)),
        key => Ok((Step::Key(key.to_owned()), after)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_to_names_numbers_and_everything() {
        let document =
            json!({"id": 7, "data": [{"v": 1, "a.b": {"c": [5, 6]}}, {"v": null}, {"w": 3}]});
        let all = |text: &str| -> Vec<Value> {
            let path = Path::parse(text).unwrap();
            let reading = &document["data"][0];
            path.all(&document, reading).into_iter().cloned().collect()
        };
        assert_eq!(all("$.id"), [json!(7)]);
        assert_eq!(all("v"), [json!(1)]);
        assert_eq!(all("'a.b'.c[1]"), [json!(6)]);
        assert_eq!(all("$.data[*].v"), [json!(1)], "null is not there");
        assert_eq!(all("$.data.*.w | v"), [json!(3)]);
        assert_eq!(all("x | v"), [json!(1)]);
        assert_eq!(all("$").first(), Some(&document));
        assert_eq!(all("x.y[3]"), Vec::<Value>::new());
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in ["", "a..b", "a.", "[x]", "[1", "'a", "a |", "'a'b", "[0]b"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }
}
