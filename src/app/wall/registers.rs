//! The desk behind a wall: a thread of its own answers what the wall asks of the registers, so that
//! the picture never waits for an index or for the log.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::app::desk::Desk;
use crate::portrayal::chart::CardCharts;
use crate::view::{RegisterAnswer, RegisterQuestion, Registers};

/// The wall's end.
pub(super) struct DeskLine {
    questions: Sender<RegisterQuestion>,
    answers: Mutex<Receiver<RegisterAnswer>>,
}

impl DeskLine {
    /// Starts the thread; it ends when the wall closes.
    pub fn start(mut desk: Desk) -> Self {
        let (questions, asked) = channel();
        let (tell, answers) = channel();
        thread::spawn(move || {
            for question in asked {
                if tell.send(answer(&mut desk, question)).is_err() {
                    return;
                }
            }
        });
        Self {
            questions,
            answers: Mutex::new(answers),
        }
    }
}

fn answer(desk: &mut Desk, question: RegisterQuestion) -> RegisterAnswer {
    // All of the chain: what cannot be done, and why.
    let reason = |fault: anyhow::Error| format!("{fault:#}");
    match question {
        RegisterQuestion::Layer(kind) => {
            let made = desk.layer(kind).map(|made| Box::new(made.layer));
            RegisterAnswer::Layer(kind, made.map_err(reason))
        }
        RegisterQuestion::Card { what, room } => {
            RegisterAnswer::Card(what, desk.card(what, room).map_err(reason))
        }
        RegisterQuestion::Charts { what, looked } => {
            let charts = desk.charts(what, &looked);
            let charts = charts.unwrap_or_else(|fault| CardCharts::Failed(reason(fault)));
            RegisterAnswer::Charts(what, charts)
        }
    }
}

impl Registers for DeskLine {
    fn ask(&mut self, question: RegisterQuestion) {
        // The thread lives as long as this line.
        let _ = self.questions.send(question);
    }

    fn answers(&mut self) -> Vec<RegisterAnswer> {
        let answers = self
            .answers
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        answers.try_iter().collect()
    }
}
