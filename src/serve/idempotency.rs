//! Requests that are sent again because no answer came: the same key and the same content get the
//! first answer once more (draft-ietf-httpapi-idempotency-key-header). Used by feeds. Kept in memory:
//! after a restart of the engine readings sent again change nothing anyway.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Answers that are kept; beyond that the oldest go.
const KEPT: usize = 20_000;

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing: it is to be carried out, and [`Answers::keep`] or [`Answers::forget`] called.
    New,
    /// It is being carried out.
    Running,
    /// It had this answer.
    Answered(String),
    /// The key was used for something else.
    Other,
}

#[derive(Debug, Clone)]
struct Entry {
    content: String,
    answer: Option<String>,
}

#[derive(Debug, Default)]
struct State {
    entries: HashMap<String, Entry>,
    order: VecDeque<String>,
}

/// Answers by key.
#[derive(Debug, Default)]
pub(super) struct Answers(Mutex<State>);

impl Answers {
    /// Begins a request of this key with content of this digest.
    pub(super) fn begin(&self, key: &str, content: &str) -> Known {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.entries.get(key) {
            Some(entry) if entry.content != content => Known::Other,
            Some(Entry {
                answer: Some(answer),
                ..
            }) => Known::Answered(answer.clone()),
            Some(_) => Known::Running,
            None => {
                while state.order.len() >= KEPT {
                    let oldest = state.order.pop_front().unwrap_or_default();
                    state.entries.remove(&oldest);
                }
                let entry = Entry {
                    content: content.to_owned(),
                    answer: None,
                };
                state.entries.insert(key.to_owned(), entry);
                state.order.push_back(key.to_owned());
                Known::New
            }
        }
    }

    /// Keeps the answer.
    pub(super) fn keep(&self, key: &str, answer: &str) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = state.entries.get_mut(key) {
            entry.answer = Some(answer.to_owned());
        }
    }

    /// It was not carried out: the next one with this key is.
    pub(super) fn forget(&self, key: &str) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.entries.remove(key).is_some() {
            state.order.retain(|one| one != key);
        }
    }
}

/// Forgets a request that comes to no answer, also when its sender hangs up in the middle.
pub(super) struct Turn<'a> {
    answers: &'a Answers,
    key: Option<String>,
}

impl<'a> Turn<'a> {
    /// The turn of a request that was begun; without a key nothing is kept.
    pub(super) fn of(answers: &'a Answers, key: Option<String>) -> Self {
        Self { answers, key }
    }

    /// Ends it with its answer.
    pub(super) fn end(mut self, answer: &str) {
        if let Some(key) = self.key.take() {
            self.answers.keep(&key, answer);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.answers.forget(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_carried_out_once() {
        let answers = Answers::default();
        assert_eq!(answers.begin("a", "1"), Known::New);
        assert_eq!(answers.begin("a", "1"), Known::Running);
        assert_eq!(answers.begin("a", "2"), Known::Other);
        assert_eq!(answers.begin("b", "2"), Known::New);
        Turn::of(&answers, Some("a".to_owned())).end("done");
        assert_eq!(answers.begin("a", "1"), Known::Answered("done".to_owned()));
        assert_eq!(answers.begin("a", "2"), Known::Other);
        drop(Turn::of(&answers, Some("b".to_owned())));
        assert_eq!(answers.begin("b", "3"), Known::New, "it came to no answer");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let answers = Answers::default();
        for number in 0..KEPT + 10 {
            assert_eq!(answers.begin(&number.to_string(), ""), Known::New);
        }
        let state = answers.0.lock().unwrap();
        assert_eq!((state.entries.len(), state.order.len()), (KEPT, KEPT));
    }
}
