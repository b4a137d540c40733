//! One way to write what is written in many: full-width and half-width, traditional and simplified
//! words of addresses, dashes, commas, brackets, spaces.
//! Used by the parser of addresses. Never drops a character that tells something.

use crate::base::half_width;

/// A text in its plain form, and the remarks that stood in brackets.
pub(super) struct Plain {
    pub(super) chars: Vec<char>,
    pub(super) remarks: Vec<String>,
}

/// The plain form of one character; `None` for what has no width.
fn plain_char(one: char) -> Option<char> {
    let one = half_width(one);
    Some(match one {
        'a'..='z' => one.to_ascii_uppercase(),
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}' => return None,
        '[' | '{' | '【' | '〔' | '「' | '『' | '〈' | '《' => '(',
        ']' | '}' | '】' | '〕' | '」' | '』' | '〉' | '》' => ')',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '─' | '−' | '﹣' | '~' | '〜' | '_' | '/' | '\\' => {
            '-'
        }
        '、' | '。' | ';' | ':' | '·' | '•' | '・' | ',' | '"' | '\'' | '“' | '”' | '!' | '?'
        | '|' | '.' => ' ',
        '№' => '#',
        '號' => '号',
        '棟' => '栋',
        '樓' => '楼',
        '單' => '单',
        '門' => '门',
        '層' => '层',
        '區' => '区',
        '縣' => '县',
        '鎮' => '镇',
        '鄉' => '乡',
        '東' => '东',
        '園' => '园',
        '橋' => '桥',
        '衖' => '弄',
        '衚' => '胡',
        '衕' => '同',
        '廣' => '广',
        '場' => '场',
        '蘇' => '苏',
        '間' => '间',
        _ if one.is_whitespace() || one.is_control() => ' ',
        _ => one,
    })
}

/// Words with which a remark begins that tells of the place in other terms or of its state.
const REMARK_STARTS: &[&str] = &[
    "原", "旧", "老", "曾", "现", "近", "靠", "旁", "对面", "附近", "租", "空", "暂", "临时",
    "户主",
];

/// What brackets hold: parts of the address (`(3幢)`, `(北区)`) or a remark.
fn is_remark(inside: &str) -> bool {
    let inside = inside.trim();
    let told = REMARK_STARTS.iter().any(|word| inside.starts_with(word));
    let part = inside.chars().any(|one| one.is_ascii_digit())
        || ["区", "期", "苑", "幢", "栋", "座", "厢房", "间", "屋"]
            .iter()
            .any(|word| inside.ends_with(word));
    told || !part
}

/// The plain form of an address.
pub(super) fn plain(text: &str) -> Plain {
    let mut out = Plain {
        chars: Vec::with_capacity(text.len() / 2),
        remarks: Vec::new(),
    };
    let mut inside: Option<String> = None;
    for one in text.chars().filter_map(plain_char) {
        match (one, &mut inside) {
            ('(', None) => inside = Some(String::new()),
            ('(', Some(held)) => held.push(' '),
            (')', Some(_)) => out.close(inside.take()),
            (')', None) => out.chars.push(' '),
            (_, Some(held)) => held.push(one),
            (_, None) => out.chars.push(one),
        }
    }
    out.close(inside);
    out
}

impl Plain {
    fn close(&mut self, held: Option<String>) {
        let Some(held) = held else { return };
        let held = held.trim();
        if held.is_empty() {
            return;
        }
        if is_remark(held) {
            self.remarks.push(held.to_owned());
        } else {
            self.chars.push(' ');
            self.chars.extend(held.chars());
        }
        self.chars.push(' ');
    }
}
