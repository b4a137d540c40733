//! Orders that an engine had carried out and lost, because it stopped before its disk could take them.
//! Used by views that followed it over the stop. Never guesses: it compares what was shown with what
//! is so now.

use super::dispatch::Incident;
use super::{Live, Standing};

impl Live {
    /// How many orders of people, carried out in this state, are not in `later`, the state that the
    /// same engine began with anew: alarms that somebody had acknowledged and nobody has now, what was
    /// shelved or out of service, steps in incidents.
    #[must_use]
    pub fn undone_in(&self, later: &Self) -> usize {
        let acknowledged = self.alarms.values().filter(|alarm| {
            let now = later.alarms.get(&alarm.id);
            alarm.acknowledged.is_some() && now.is_some_and(|now| now.acknowledged.is_none())
        });
        let aside = self.standings.iter().filter(|(of, standing)| {
            let now = later.standings.get(of);
            let is_lost = |had: bool, has: fn(&Standing) -> bool| had && !now.is_some_and(has);
            let is_shelved = |one: &Standing| one.shelf.is_some();
            let is_out = |one: &Standing| one.out_of_service.is_some();
            let shelf = standing.shelf.as_ref();
            let shelf = shelf.filter(|shelf| shelf.until > later.at);
            is_lost(shelf.is_some(), is_shelved) || is_lost(is_out(standing), is_out)
        });
        let steps = self.dispatch.incidents.values().map(|incident| {
            let now = later.dispatch.incidents.get(&incident.id);
            let by_people = |one: &Incident| {
                let steps = one.history.iter();
                steps.filter(|done| !done.by.is_engine()).count()
            };
            by_people(incident).saturating_sub(now.map_or(0, by_people))
        });
        acknowledged.count() + aside.count() + steps.sum::<usize>()
    }
}
