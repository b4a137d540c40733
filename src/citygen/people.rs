//! Who lives together: households of the right sizes, ages, names and labels. All invented.
//! Used by `records`. Never writes a record and knows of no fault in one.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::Traits;

use super::maker::Maker;
use super::seed::Stream;
use super::spec::{AreaSpec, LabelSpec};

/// A person of an invented household.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) household: usize,
    pub(super) name: String,
    pub(super) female: bool,
    pub(super) age: i32,
    pub(super) birth: Date,
    pub(super) alone: bool,
    pub(super) labels: Vec<String>,
    pub(super) traits: Traits,
}

/// Everybody, household by household, exactly as many as the description says.
pub(super) fn people(maker: &Maker) -> Vec<Person> {
    let spec = maker.spec;
    let mut stream = maker.seed.stream("people");
    let sizes = household_sizes(spec, &mut stream);
    let names = Names::new(spec);
    let mut all = Vec::with_capacity(spec.people.residents);
    for (household, size) in sizes.into_iter().enumerate() {
        let family = names.family(&mut stream);
        let members = members(spec, size, &mut stream);
        for member in &members {
            let own_name = member.married_in && stream.chance(0.97);
            let surname = if own_name {
                names.family(&mut stream)
            } else {
                family.clone()
            };
            all.push(Person {
                household,
                name: names.full(&surname, member.age, &mut stream),
                female: member.female,
                age: member.age,
                birth: birth(spec, member.age, &mut stream),
                alone: size == 1,
                labels: Vec::new(),
                traits: Traits::from([("marital".to_owned(), marital(member, size, &mut stream))]),
            });
        }
    }
    label(spec, &mut all, &mut maker.seed.stream("labels"));
    all
}

/// The marital status that the registry tells. Nobody is widowed here: the labels say who is.
fn marital(member: &Member, size: usize, stream: &mut Stream) -> String {
    let status = match (member.age, size) {
        (..22, _) => "unmarried",
        _ if member.married_in => "married",
        (_, 2..) => {
            if stream.chance(0.8) {
                "married"
            } else {
                "unmarried"
            }
        }
        _ => ["unmarried", "divorced"][stream.index(2)],
    };
    status.to_owned()
}

/// The date of birth of somebody of this age on the day of the registry.
fn birth(spec: &AreaSpec, age: i32, stream: &mut Stream) -> Date {
    let days = stream.whole(1, 364);
    let today: Date = spec.as_of.parse().unwrap_or(Date::constant(2026, 1, 1));
    today
        .saturating_sub(age.years())
        .saturating_sub(days.days())
}

/// Sizes by the shares of the description, then one person more here and there until the sum is
/// exact.
fn household_sizes(spec: &AreaSpec, stream: &mut Stream) -> Vec<usize> {
    let people = &spec.people;
    let most = people.household_sizes.len();
    let draw = |stream: &mut Stream| 1 + stream.weighted(&people.household_sizes);
    let mut sizes: Vec<usize> = (0..people.households).map(|_| draw(stream)).collect();
    let mut total: usize = sizes.iter().sum();
    while total != people.residents {
        let at = stream.index(sizes.len());
        if total < people.residents && sizes[at] < most {
            sizes[at] += 1;
            total += 1;
        } else if total > people.residents && sizes[at] > 1 {
            sizes[at] -= 1;
            total -= 1;
        }
    }
    sizes
}

struct Member {
    age: i32,
    female: bool,
    married_in: bool,
}

fn members(spec: &AreaSpec, size: usize, stream: &mut Stream) -> Vec<Member> {
    let one = |age, female| Member {
        age,
        female,
        married_in: false,
    };
    let wife = |age| Member {
        age,
        female: true,
        married_in: true,
    };
    let people = &spec.people;
    let flip = |stream: &mut Stream| stream.chance(0.5);
    match size {
        1 if stream.chance(people.elderly_single_share) => {
            // Women outlive men: two of three of those alone.
            vec![one(stream.whole(60, 94), stream.chance(0.66))]
        }
        1 => vec![one(stream.whole(20, 59), flip(stream))],
        2 if stream.chance(people.elderly_couple_share) => {
            let age = stream.whole(62, 90);
            vec![one(age, false), wife((age - stream.whole(-1, 6)).max(60))]
        }
        2 if stream.chance(0.7) => {
            let age = stream.whole(23, 58);
            vec![one(age, false), wife((age - stream.whole(-2, 5)).max(20))]
        }
        2 => {
            let age = stream.whole(28, 55);
            let child = (age - stream.whole(23, 30)).max(0);
            vec![one(age, stream.chance(0.7)), one(child, flip(stream))]
        }
        _ => family(size, stream),
    }
}

/// A couple with children and, from four persons or now and then with three, their parents.
fn family(size: usize, stream: &mut Stream) -> Vec<Member> {
    let age = stream.whole(27, 56);
    let mut members = vec![
        Member {
            age,
            female: false,
            married_in: false,
        },
        Member {
            age: (age - stream.whole(-2, 5)).max(22),
            female: true,
            married_in: true,
        },
    ];
    let elders = match size {
        3 => usize::from(stream.chance(0.3)),
        4 => stream.index(3).min(1),
        _ => 2,
    };
    let parent_age = (age + stream.whole(22, 31)).clamp(60, 94);
    for number in 0..elders.min(size - 2) {
        let female = number == 0;
        members.push(Member {
            age: parent_age - number as i32,
            female,
            married_in: female,
        });
    }
    while members.len() < size {
        let child = (age - stream.whole(24, 33)).clamp(0, 30);
        members.push(Member {
            age: child,
            female: stream.chance(0.48),
            married_in: false,
        });
    }
    members
}

/// Gives each label to its share of those who qualify.
fn label(spec: &AreaSpec, all: &mut [Person], stream: &mut Stream) {
    for label in &spec.label {
        let qualifies = |one: &Person, label: &LabelSpec| {
            one.age >= label.from_age && (!label.alone || one.alone)
        };
        for one in all.iter_mut() {
            let drawn = qualifies(one, label) && stream.chance(label.share);
            if drawn && merit(one, label, stream) {
                one.labels.push(label.id.clone());
            }
        }
    }
}

/// Writes down why somebody has a label; `false` when the registry says otherwise already, such
/// as another income.
fn merit(one: &mut Person, label: &LabelSpec, stream: &mut Stream) -> bool {
    if label.trait_name.is_empty() {
        return true;
    }
    let value = label
        .trait_values
        .get(stream.index(label.trait_values.len()));
    let value = value.cloned().unwrap_or_default();
    let marital = label.trait_name == "marital";
    if !marital && one.traits.contains_key(&label.trait_name) {
        return false;
    }
    one.traits.insert(label.trait_name.clone(), value);
    true
}

/// Combines names from the lists of the description.
pub(super) struct Names {
    family: Vec<char>,
    old: Vec<char>,
    new: Vec<char>,
}

impl Names {
    pub(super) fn new(spec: &AreaSpec) -> Self {
        let chars = |text: &str| text.chars().collect();
        Self {
            family: chars(&spec.names.family),
            old: chars(&spec.names.given_old),
            new: chars(&spec.names.given_new),
        }
    }

    /// The list is in the order of frequency: the front is drawn more often.
    pub(super) fn family(&self, stream: &mut Stream) -> String {
        let skewed = stream.unit() * stream.unit();
        let at = (skewed * self.family.len() as f64) as usize;
        self.family[at.min(self.family.len() - 1)].to_string()
    }

    pub(super) fn full(&self, family: &str, age: i32, stream: &mut Stream) -> String {
        let given = if age >= 55 { &self.old } else { &self.new };
        let mut name = family.to_owned();
        name.push(given[stream.index(given.len())]);
        if stream.chance(0.72) {
            name.push(given[stream.index(given.len())]);
        }
        name
    }
}
