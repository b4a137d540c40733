//! `incident`: everything about a device, a building or a place for somebody who must act.

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;

use crate::app::moment::twin_at;
use crate::base::Timestamp;
use crate::model::incident::{Incident as Answer, Moment, Preparation, Target};
use crate::model::network::Network;
use crate::model::query::tells_a_home;
use crate::model::sight::Sight;
use crate::model::{EntityKind, Live};

use super::incident_page;
use super::named::record_called;
use super::opened::Opened;
use super::place::{OUTSIDE_M, PlaceArgs};

/// Everything about a device, a building or a place for somebody who must act.
#[derive(Debug, Args)]
pub(super) struct Incident {
    /// The device, building, home or other record by its id, an address or a name; or name a place.
    #[arg(value_name = "ID|NAME", conflicts_with_all = ["lon", "lat", "at", "of"])]
    id: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
    /// Readings and alarms as they were then; the newest otherwise.
    #[arg(long, value_name = "TIME")]
    when: Option<Timestamp>,
}

impl Incident {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let travellers = &opened.travellers;
        let foot = travellers
            .get("foot")
            .context("assets/travellers.toml lacks \"foot\"")?;
        let network = Network::of(opened.ground());
        let sight = Sight::of(opened.ground());
        let (city, rules) = (&opened.city, &opened.rules);
        let prepared = Preparation::of(city, &network, &sight, rules, travellers, foot);
        let live = live_of(opened, self.when)?;
        let today: Date = opened.today.parse().context("the clock tells no day")?;
        let moment = Moment {
            live: &live,
            kinds: &opened.kinds,
            today,
        };
        let answer = prepared.incident(self.target(opened)?, &moment, opened.rights())?;
        opened.print("incident", &answer, |answer: &Answer| {
            incident_page::page(opened, answer)
        })
    }

    fn target(&self, opened: &Opened<'_>) -> anyhow::Result<Target> {
        let named = match &self.id {
            Some(name) => Some(record_called(opened, name)?),
            None => self.place.record(opened)?,
        };
        let Some(key) = named else {
            let at = self.place.place_within(opened, OUTSIDE_M)?;
            return Ok(Target::Place(at));
        };
        let id = key.id_text();
        match key.kind {
            EntityKind::Area => bail!(
                "an incident is at a device, a building, a home, another record with a position, or a place; of the area {id} ask stats --in {id} or within --outline-of {id}"
            ),
            EntityKind::Road | EntityKind::Water => bail!(
                "an incident is at a device, a building, a home, another record with a position, or a place; of all that lies along {id} ask along {id}, or name the place on it with --at E,N"
            ),
            EntityKind::Material | EntityKind::Texture | EntityKind::Terrain => {
                bail!("{id} stands nowhere, so nothing happens there")
            }
            _ => {}
        }
        if tells_a_home(&opened.city, key) {
            opened.open_home(key)?;
        }
        Ok(Target::Record(key))
    }
}

/// Readings and alarms of the archive beside the city, at a moment or the newest.
fn live_of(opened: &Opened<'_>, when: Option<Timestamp>) -> anyhow::Result<Live> {
    match twin_at(opened.ground(), opened.path(), when)? {
        Some(twin) => Ok(twin.live().clone()),
        None if when.is_some() => {
            bail!("there is no archive beside the city, so nothing is known of an earlier time")
        }
        None => Ok(Live::default()),
    }
}
