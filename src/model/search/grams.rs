//! Lists of the texts that hold a sign, two signs in a row, or two initials in a row. A list may
//! name texts too many (signs are known by a hash), never too few: who reads it looks at the texts.

use super::letters::Letters;

/// What is gathered while an index is built: gram and text in one number each.
#[derive(Debug, Default)]
pub(super) struct Grams {
    pairs: Vec<u64>,
}

/// Kinds of gram, so that letters of a text, initials of signs and the pinyin of one stay apart.
#[derive(Clone, Copy)]
enum Kind {
    Signs,
    Initials,
    Spelt,
}

fn gram(kind: Kind, first: char, second: Option<char>) -> u32 {
    // Multiply and shift (Dietzfelbinger): spreads well, and needs no table.
    let second = second.map_or(0, |one| one as u64 + 1);
    let word = (first as u64) << 24 | second << 2 | kind as u64;
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

impl Grams {
    fn put(&mut self, gram: u32, text: u32) {
        self.pairs.push(u64::from(gram) << 32 | u64::from(text));
    }

    /// Takes in the signs of a text.
    pub fn add(&mut self, text: u32, signs: &str) {
        let mut before = None;
        for one in signs.chars() {
            self.put(gram(Kind::Signs, one, None), text);
            if let Some(before) = before.replace(one) {
                self.put(gram(Kind::Signs, before, Some(one)), text);
            }
        }
    }

    /// Takes in the initials of its signs; a sign that is read in several ways has several.
    pub fn add_initials(&mut self, text: u32, signs: &str, letters: &Letters) {
        let mut before: &[char] = &[];
        for one in signs.chars() {
            let initials = letters.initials(one);
            for initial in initials {
                self.put(gram(Kind::Initials, *initial, None), text);
                for last in before {
                    self.put(gram(Kind::Initials, *last, Some(*initial)), text);
                }
            }
            before = initials;
        }
    }

    /// Takes in with which two letters the pinyin of its signs begins.
    pub fn add_spelling(&mut self, text: u32, signs: &str, letters: &Letters) {
        for [first, second] in signs.chars().flat_map(|one| letters.beginnings(one)) {
            self.put(gram(Kind::Spelt, first, Some(second)), text);
        }
    }

    /// Sorts what was gathered.
    pub fn into_postings(mut self) -> Postings {
        self.pairs.sort_unstable();
        self.pairs.dedup();
        let mut postings = Postings {
            texts: Vec::with_capacity(self.pairs.len()),
            ..Postings::default()
        };
        for pair in self.pairs {
            let (gram, text) = ((pair >> 32) as u32, pair as u32);
            if postings.grams.last() != Some(&gram) {
                postings.grams.push(gram);
                postings.starts.push(postings.texts.len() as u32);
            }
            postings.texts.push(text);
        }
        postings.starts.push(postings.texts.len() as u32);
        postings
    }
}

/// The lists, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Postings {
    grams: Vec<u32>,
    starts: Vec<u32>,
    texts: Vec<u32>,
}

impl Postings {
    /// Memory on the heap.
    pub fn bytes(&self) -> usize {
        (self.grams.capacity() + self.starts.capacity() + self.texts.capacity()) * size_of::<u32>()
    }

    fn list(&self, gram: u32) -> &[u32] {
        match self.grams.binary_search(&gram) {
            Ok(at) => &self.texts[self.starts[at] as usize..self.starts[at + 1] as usize],
            Err(_) => &[],
        }
    }

    /// Texts that may hold these signs in a row.
    pub fn with(&self, signs: &str) -> Vec<u32> {
        self.in_all(Kind::Signs, signs)
    }

    /// Texts whose signs may have these initials in a row.
    pub fn with_initials(&self, letters: &str) -> Vec<u32> {
        self.in_all(Kind::Initials, letters)
    }

    /// Texts in whose pinyin two letters may follow each other: within one sign's, or as the initials
    /// of two.
    pub fn with_spelling(&self, first: char, second: char) -> Vec<u32> {
        let lists = [Kind::Spelt, Kind::Initials];
        let mut texts = lists
            .map(|kind| self.list(gram(kind, first, Some(second))))
            .concat();
        // Two sorted runs: this sort merges them.
        texts.sort();
        texts.dedup();
        texts
    }

    fn in_all(&self, kind: Kind, signs: &str) -> Vec<u32> {
        let chars: Vec<char> = signs.chars().collect();
        let mut lists: Vec<&[u32]> = match chars.as_slice() {
            [] => return Vec::new(),
            [one] => vec![self.list(gram(kind, *one, None))],
            many => {
                let pairs = many.windows(2);
                pairs
                    .map(|two| self.list(gram(kind, two[0], Some(two[1]))))
                    .collect()
            }
        };
        // The shortest list first: the others are only asked for what is in it.
        lists.sort_by_key(|list| list.len());
        let (first, others) = lists.split_first().unwrap_or((&(&[] as &[u32]), &[]));
        let in_others = |text: &&u32| others.iter().all(|list| list.binary_search(text).is_ok());
        first.iter().filter(in_others).copied().collect()
    }
}
