//! Pages of a list: how many things are on one, where it begins, and what the next one begins after.
//! Used by every path that lists. Never knows what is listed.

use crate::serve::problem::Problem;

/// Things on a page.
const PAGE: usize = 100;
/// Most of them.
const PAGE_MAX: usize = 1_000;

/// Which page of a list is asked for, whose order is that of places `P`: nothing in a place changes
/// while its thing is in the list, so that pages neither repeat nor leave out one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paging<P> {
    after: Option<P>,
    limit: usize,
}

impl<P: Ord> Paging<P> {
    /// What a query asks: `after` is the `next` of the page before, which `read` makes a place of.
    ///
    /// # Errors
    /// When it is none, or the limit is out of range.
    pub(super) fn asked(
        after: Option<&str>,
        limit: Option<usize>,
        read: impl FnOnce(&str) -> Option<P>,
    ) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(PAGE);
        if !(1..=PAGE_MAX).contains(&limit) {
            return Err(Problem::bad(format!("limit lies between 1 and {PAGE_MAX}")));
        }
        let wrong = || Problem::bad("after is the next of the page before; leave it out to begin");
        let after = after.map(|text| read(text).ok_or_else(wrong)).transpose()?;
        Ok(Self { after, limit })
    }

    /// Where the page before ended; `None` of the first page.
    pub(super) fn after(&self) -> Option<&P> {
        self.after.as_ref()
    }

    /// The page out of a list in its order, and the place that the next page begins after, where there
    /// is more.
    pub(super) fn of<T>(
        &self,
        list: impl IntoIterator<Item = T>,
        place: impl Fn(&T) -> P,
    ) -> (Vec<T>, Option<P>) {
        let is_later = |one: &T| self.after().is_none_or(|after| place(one) > *after);
        let later = list.into_iter().filter(is_later);
        let mut page: Vec<T> = later.take(self.limit + 1).collect();
        let is_more = page.len() > self.limit;
        page.truncate(self.limit);
        let next = page.last().filter(|_| is_more).map(&place);
        (page, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<u32> {
        text.parse().ok()
    }

    #[test]
    fn pages_are_the_list_and_end_where_it_ends() {
        for (count, limit) in [(0, 1), (1, 1), (7, 3), (9, 3), (10, 3), (5, 1_000)] {
            let mut seen = Vec::new();
            let mut after: Option<String> = None;
            let mut pages = 0;
            loop {
                let paging = Paging::asked(after.as_deref(), Some(limit), number).unwrap();
                let (page, next) = paging.of(0..count, |one| *one);
                assert!(page.len() <= limit);
                pages += 1;
                seen.extend(page);
                match next {
                    Some(next) => after = Some(next.to_string()),
                    None => break,
                }
            }
            assert_eq!(seen, (0..count).collect::<Vec<_>>());
            assert_eq!(pages, (count as usize).div_ceil(limit).max(1));
        }
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for (after, limit) in [(None, Some(0)), (None, Some(1_001)), (Some("x"), None)] {
            assert!(Paging::asked(after, limit, number).is_err());
        }
        let first = Paging::asked(None, None, number).unwrap();
        assert_eq!((first.after(), first.limit), (None, 100));
    }
}
