//! Lines of CSV: with a head by names of columns, without one by their numbers from 1.

use super::fields::{Field, Fields, observe};
use super::{Context, Readings, Refusal};

/// Every line.
pub(super) fn decode(text: &str, context: &Context) -> Result<Readings, Refusal> {
    let feed = context.feed;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(feed.header)
        .delimiter(feed.separator as u8)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let head = match feed.header {
        true => reader.headers().map_err(|_| Refusal::Malformed)?.clone(),
        false => csv::StringRecord::new(),
    };
    let columns = Columns::new(context, &head);
    let mut readings = Readings::new();
    for record in reader.records() {
        readings.push(match record {
            Ok(record) => observe(&columns.fields(&record), context),
            Err(_) => Err(Refusal::Malformed),
        });
    }
    match readings.is_empty() {
        true => Err(Refusal::Malformed),
        false => Ok(readings),
    }
}

/// Where each field stands.
struct Columns {
    device: Option<usize>,
    time: Option<usize>,
    value: Option<usize>,
    second: Option<usize>,
    temperature: Option<usize>,
    battery: Option<usize>,
    online: Option<usize>,
    unit: Option<usize>,
}

impl Columns {
    fn new(context: &Context, head: &csv::StringRecord) -> Self {
        let feed = context.feed;
        let place = |name: &Option<String>| {
            let names = name.as_deref()?.split('|').map(str::trim);
            match feed.header {
                true => names
                    .into_iter()
                    .find_map(|name| head.iter().position(|one| one == name)),
                false => names
                    .into_iter()
                    .find_map(|name| name.parse::<usize>().ok()?.checked_sub(1)),
            }
        };
        Self {
            device: place(&feed.device),
            time: place(&feed.time),
            value: place(&feed.value),
            second: place(&feed.second),
            temperature: place(&feed.temperature),
            battery: place(&feed.battery),
            online: place(&feed.online),
            unit: place(&feed.unit),
        }
    }

    fn fields<'r>(&self, record: &'r csv::StringRecord) -> Fields<'r> {
        let text = |place: Option<usize>| record.get(place?).filter(|text| !text.is_empty());
        let field = |place| text(place).map(Field::Text);
        Fields {
            device: text(self.device).map(str::to_owned),
            time: field(self.time),
            value: field(self.value),
            second: field(self.second),
            temperature: field(self.temperature),
            battery: field(self.battery),
            online: field(self.online),
            unit: text(self.unit),
        }
    }
}
