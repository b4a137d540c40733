//! Rust source → words with line numbers. Comments and the contents of literals are gone, so that
//! nothing said in prose or in a string can be taken for a use.

/// One word of source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Line in the file, from 1.
    pub line: usize,
    /// An identifier or number, `::`, one punctuation sign, or [`LITERAL`].
    pub text: String,
}

/// Stands for any string or character literal.
pub const LITERAL: &str = "\"\"";

/// Splits source text into words.
pub fn words(source: &str) -> Vec<Word> {
    let mut lexer = Lexer {
        chars: source.chars().collect(),
        at: 0,
        line: 1,
        out: Vec::new(),
    };
    while lexer.at < lexer.chars.len() {
        lexer.step();
    }
    lexer.out
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    out: Vec<Word>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek(0) == '\n' {
                self.line += 1;
            }
            self.at += 1;
        }
    }

    fn push(&mut self, line: usize, text: impl Into<String>) {
        self.out.push(Word {
            line,
            text: text.into(),
        });
    }

    fn step(&mut self) {
        let line = self.line;
        match (self.peek(0), self.peek(1)) {
            (c, _) if c.is_whitespace() => self.skip(1),
            ('/', '/') => self.line_comment(),
            ('/', '*') => self.block_comment(),
            ('"', _) => self.string(),
            ('\'', _) => self.quote(),
            (c, _) if c.is_alphanumeric() || c == '_' => self.name_or_prefixed_literal(),
            (':', ':') => {
                self.skip(2);
                self.push(line, "::");
            }
            (c, _) => {
                self.skip(1);
                self.push(line, c);
            }
        }
    }

    fn line_comment(&mut self) {
        while self.at < self.chars.len() && self.peek(0) != '\n' {
            self.skip(1);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => {
                    depth += 1;
                    self.skip(2);
                }
                ('*', '/') => {
                    depth -= 1;
                    self.skip(2);
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.skip(1),
            }
        }
    }

    /// A string with escapes, from its opening quote.
    fn string(&mut self) {
        let line = self.line;
        self.skip(1);
        while self.at < self.chars.len() && self.peek(0) != '"' {
            self.skip(if self.peek(0) == '\\' { 2 } else { 1 });
        }
        self.skip(1);
        self.push(line, LITERAL);
    }

    /// A raw string, from its first `#` or its quote.
    fn raw_string(&mut self) {
        let line = self.line;
        let mut hashes = 0;
        while self.peek(0) == '#' {
            hashes += 1;
            self.skip(1);
        }
        self.skip(1);
        while self.at < self.chars.len() {
            let closed = self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#');
            self.skip(1);
            if closed {
                self.skip(hashes);
                break;
            }
        }
        self.push(line, LITERAL);
    }

    /// `'` opens a character or a lifetime.
    fn quote(&mut self) {
        let line = self.line;
        if self.peek(1) == '\\' {
            self.skip(3);
            while self.at < self.chars.len() && self.peek(0) != '\'' {
                self.skip(1);
            }
            self.skip(1);
            self.push(line, LITERAL);
        } else if self.peek(2) == '\'' {
            self.skip(3);
            self.push(line, LITERAL);
        } else {
            self.skip(1);
            while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
                self.skip(1);
            }
        }
    }

    fn name_or_prefixed_literal(&mut self) {
        let line = self.line;
        let mut name = String::new();
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            name.push(self.peek(0));
            self.skip(1);
        }
        let raw = matches!(name.as_str(), "r" | "br" | "cr");
        match (self.peek(0), self.peek(1)) {
            ('"', _) if raw => self.raw_string(),
            ('#', '"' | '#') if raw => self.raw_string(),
            // A raw identifier: `r#type` is the name `type`.
            ('#', _) if name == "r" => self.skip(1),
            ('"', _) if matches!(name.as_str(), "b" | "c") => self.string(),
            ('\'', _) if name == "b" => self.quote(),
            _ => self.push(line, name),
        }
    }
}
