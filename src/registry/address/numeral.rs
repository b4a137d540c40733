//! Numbers as addresses write them: Arabic digits and Chinese numerals, plain (十二), digit by
//! digit (二〇一) and in the forms of deeds (壹贰叁).
//! Used by the parser of addresses. Never guesses: what is no whole number is none.

/// The value of a Chinese digit.
fn digit(one: char) -> Option<u32> {
    Some(match one {
        '〇' | '零' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The value of a Chinese unit of counting.
fn unit(one: char) -> Option<u32> {
    Some(match one {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

/// Whether a character can stand in a Chinese numeral.
pub(super) fn is_numeral(one: char) -> bool {
    digit(one).is_some() || unit(one).is_some() || matches!(one, '廿' | '卅')
}

/// The number that Chinese numerals write, up to 9,999 (or as many digits one by one as fit).
pub(super) fn value(numerals: &[char]) -> Option<u32> {
    if numerals.is_empty() {
        return None;
    }
    if numerals.iter().all(|one| digit(*one).is_some()) {
        return numerals.iter().try_fold(0_u32, |sum, one| {
            sum.checked_mul(10)?.checked_add(digit(*one)?)
        });
    }
    let mut sum = 0_u32;
    let mut open = None;
    let mut below = 10_000;
    for (at, one) in numerals.iter().enumerate() {
        if let Some(tens) = match one {
            '廿' => Some(20),
            '卅' => Some(30),
            _ => None,
        } {
            if open.is_some() || below <= 10 {
                return None;
            }
            sum += tens;
            below = 10;
        } else if let Some(size) = unit(*one) {
            // Only ten may go without a digit, and only at the front: 十二, not 百二.
            let count = match open.take() {
                Some(count) => count,
                None if size == 10 && at == 0 => 1,
                None => return None,
            };
            if size >= below {
                return None;
            }
            sum += count * size;
            below = size;
        } else {
            // A zero only bridges a gap (二百零三); two digits in a row are another way to write.
            match (digit(*one)?, open) {
                (0, None) => {}
                (_, Some(_)) => return None,
                (count, None) => open = Some(count),
            }
        }
    }
    Some(sum + open.unwrap_or(0))
}

/// A text with every Chinese numeral in Arabic digits, to compare names by: 彩香四村 and 彩香4村.
pub(in crate::registry) fn in_digits(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..]
            .iter()
            .take_while(|one| is_numeral(**one))
            .count();
        match value(&chars[at..at + run]) {
            Some(number) => {
                out.push_str(&number.to_string());
                at += run;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<u32>) {
        let chars: Vec<char> = text.chars().collect();
        assert_eq!(value(&chars), expected, "{text}");
    }

    #[test]
    fn numerals() {
        check("十", Some(10));
        check("十二", Some(12));
        check("二十", Some(20));
        check("廿三", Some(23));
        check("卅", Some(30));
        check("一百零三", Some(103));
        check("二百三十", Some(230));
        check("一千二百零四", Some(1204));
        check("二〇一", Some(201));
        check("一二零二", Some(1202));
        check("壹拾贰", Some(12));
        check("百", None);
        check("十十", None);
        check("二三十", None);
        check("十百", None);
        check("", None);
        check("九九九九九九九九九九九九", None);
    }

    #[test]
    fn names() {
        assert_eq!(in_digits("彩香一村四区"), "彩香1村4区");
        assert_eq!(in_digits("十全街"), "10全街");
        assert_eq!(in_digits("百步街"), "百步街");
    }
}
