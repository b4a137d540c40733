//! What stands on a site: walk-ups in rows, a garden, a school, a temple, a large hall, works,
//! the service station. Used by `generate`. Never builds beyond the site's rectangle.

mod greens;

use crate::model::{GroundAreaKind, Protection, RoofStyle, Structure, Usage};

use super::canvas::{Canvas, Draft, Homes, Label};
use super::rect::{Dm, Rect, dm};
use super::seed::Stream;
use super::spec::{SiteForm, SiteSpec};

/// Storey of a walk-up and its parapet.
const WALK_UP_STOREY_M: f64 = 2.8;
/// Depth of a walk-up.
const WALK_UP_DEPTH: Dm = 105;
/// Width of one stair with two homes on a floor.
const STAIR_WIDTH: Dm = 132;

/// Builds sites.
pub(super) struct SiteBuilder<'a> {
    pub(super) site: &'a SiteSpec,
    pub(super) index: usize,
    pub(super) rect: Rect,
    pub(super) community: Option<usize>,
    pub(super) canvas: &'a mut Canvas,
    pub(super) stream: Stream,
}

impl SiteBuilder<'_> {
    /// Builds the site.
    pub(super) fn build(mut self) {
        let at = self.rect.center();
        self.canvas.labels.push(Label {
            site: self.index,
            at,
        });
        match self.site.form {
            SiteForm::Estate => self.estate(),
            SiteForm::Garden => self.garden(),
            SiteForm::School => self.school(),
            SiteForm::Temple => self.temple(),
            SiteForm::Hall => self.hall(),
            SiteForm::Works => self.works(),
            SiteForm::Station => self.station(),
            SiteForm::Park => self.park(),
            SiteForm::Pagoda => self.pagoda(),
        }
    }

    fn modern(&self, rect: Rect, storeys: u16, storey_m: f64) -> Draft {
        Draft {
            upright: true,
            storeys,
            eaves_m: f64::from(storeys) * storey_m + 0.6,
            roof: RoofStyle::Flat,
            structure: Structure::Concrete,
            year: self.site.year.unwrap_or(1990),
            usage: Usage::Public,
            lot: self.site.name.clone(),
            community: self.community,
            ..Draft::shed(rect.ring())
        }
    }

    fn heritage(&self, rect: Rect, eaves_m: f64, roof: RoofStyle) -> Draft {
        Draft {
            upright: true,
            eaves_m,
            roof,
            structure: Structure::TimberBrick,
            year: self.site.year.unwrap_or(1880),
            usage: Usage::Heritage,
            protection: Protection::Listed,
            lot: self.site.name.clone(),
            community: self.community,
            ..Draft::shed(rect.ring())
        }
    }

    fn named(&self, draft: Draft) -> Draft {
        Draft {
            name: Some(self.site.name.clone()).filter(|name| !name.is_empty()),
            ..draft
        }
    }

    /// Rows of walk-ups facing south, about 1.1 times their height apart, greenery between.
    fn estate(&mut self) {
        let storeys = self.site.storeys.unwrap_or(6);
        let height_dm = dm(f64::from(storeys) * WALK_UP_STOREY_M + 0.6);
        let yard = self.rect.inset(18);
        let gap_min = height_dm * 102 / 100;
        let rows = ((yard.depth() + gap_min) / (WALK_UP_DEPTH + gap_min)).max(1);
        let gap = match rows {
            1 => 0,
            _ => ((yard.depth() - rows * WALK_UP_DEPTH) / (rows - 1)).min(height_dm * 13 / 10),
        };
        let used = rows * WALK_UP_DEPTH + (rows - 1) * gap;
        let first = yard.v0 + (yard.depth() - used) / 2;
        let columns = (yard.width() + 599) / 600;
        for row in 0..rows {
            let v = first + row * (WALK_UP_DEPTH + gap);
            self.walk_ups(&yard, v, columns.max(1), storeys);
            if row + 1 < rows {
                let between =
                    Rect::new(yard.u0, v + WALK_UP_DEPTH, yard.u1, v + WALK_UP_DEPTH + gap);
                self.between_rows(between, row);
            }
        }
        let side = yard.u0 + yard.width() / 2;
        if columns == 2 {
            self.canvas
                .paths
                .push(Rect::new(side - 14, yard.v0, side + 14, yard.v1));
        }
    }

    fn walk_ups(&mut self, yard: &Rect, v: Dm, columns: Dm, storeys: u16) {
        let gap = 64;
        let length = (yard.width() - (columns - 1) * gap) / columns;
        for column in 0..columns {
            let stairs_most = (length / STAIR_WIDTH).max(1);
            let fewer = Dm::from(stairs_most > 2 && self.stream.chance(0.25));
            let stairs = stairs_most - fewer;
            let long = (length * stairs / stairs_most).min(stairs * (STAIR_WIDTH + 22));
            let u = yard.u0 + column * (length + gap) + if column == 0 { length - long } else { 0 };
            let floors = storeys - u16::from(storeys > 5 && self.stream.chance(0.25));
            let rect = Rect::new(u, v, u + long, v + WALK_UP_DEPTH);
            let year = self.site.year.unwrap_or(1985) + self.stream.whole(0, 3) as u16;
            let draft = Draft {
                structure: if storeys > 7 {
                    Structure::Concrete
                } else {
                    Structure::Masonry
                },
                usage: Usage::Residential,
                year,
                homes: Homes::WalkUp {
                    stairs: stairs as u16,
                },
                ..self.modern(rect, floors, WALK_UP_STOREY_M)
            };
            self.canvas.drafts.push(draft);
        }
    }

    fn between_rows(&mut self, rect: Rect, row: Dm) {
        let inner = rect.inset(26);
        let middle = inner.center()[0];
        let west = Rect::new(inner.u0, inner.v0, middle - 30, inner.v1);
        let east = Rect::new(middle + 30, inner.v0, inner.u1, inner.v1);
        let (green, other) = if row % 2 == 0 {
            (west, east)
        } else {
            (east, west)
        };
        self.canvas.open(green, GroundAreaKind::Green, None);
        self.scatter(&green, 5, 6.0, 11.0);
        let parking = Rect::new(other.u0, other.v0, other.u1, other.v0 + 56);
        self.canvas.open(
            parking,
            GroundAreaKind::Parking,
            Some(&format!("{}停车场", self.site.name)),
        );
        let rest = Rect::new(other.u0, parking.v1 + 12, other.u1, other.v1);
        if rest.depth() > 25 {
            self.canvas.open(rest, GroundAreaKind::Green, None);
            self.scatter(&rest, 3, 5.0, 9.0);
            let at = [rest.u0 + 10, rest.v1 - 50];
            let shed = Rect::new(at[0], at[1], at[0] + 90, at[1] + 28);
            let lot = self.site.name.clone();
            self.canvas.drafts.push(Draft {
                lot,
                community: self.community,
                upright: true,
                roof: RoofStyle::Flat,
                ..Draft::shed(shed.ring())
            });
        }
    }

    fn scatter(&mut self, rect: &Rect, count: usize, low_m: f64, high_m: f64) {
        for _ in 0..count {
            let u = self.stream.whole(rect.u0 + 10, rect.u1 - 10);
            let v = self.stream.whole(rect.v0 + 8, rect.v1 - 8);
            self.canvas.tree([u, v], self.stream.between(low_m, high_m));
        }
    }

    fn school(&mut self) {
        let rect = self.rect.inset(30);
        let storeys = self.site.storeys.unwrap_or(3);
        let (w, d) = (rect.width(), rect.depth());
        let north = Rect::new(rect.u0, rect.v1 - 95, rect.u0 + w * 8 / 10, rect.v1);
        let classes = self.named(self.modern(north, storeys, 3.6));
        let wing = Rect::new(
            rect.u0,
            rect.v1 - 95 - d * 4 / 10,
            rect.u0 + 90,
            rect.v1 - 125,
        );
        let wing = self.modern(wing, storeys.max(2) - 1, 3.6);
        let gym = Rect::new(rect.u1 - 260, rect.v0, rect.u1, rect.v0 + 190);
        let gym = Draft {
            structure: Structure::Steel,
            ..self.modern(gym, 1, 8.0)
        };
        self.canvas.drafts.extend([classes, wing, gym]);
        let yard = Rect::new(rect.u0 + 110, rect.v0 + 10, rect.u1 - 290, north.v0 - 50);
        self.canvas.open(
            yard,
            GroundAreaKind::Plaza,
            Some(&format!("{}操场", self.site.name)),
        );
        let green = Rect::new(rect.u1 - 250, rect.v0 + 210, rect.u1, north.v0 - 30);
        self.canvas.open(green, GroundAreaKind::Green, None);
        self.scatter(&green, 9, 6.0, 12.0);
        let edge = Rect::new(rect.u0, rect.v0, rect.u0 + 90, wing_low(&rect, d));
        self.canvas.open(edge, GroundAreaKind::Green, None);
        self.scatter(&edge, 5, 6.0, 10.0);
    }

    fn temple(&mut self) {
        let rect = self.rect.inset(20);
        let [cu, cv] = rect.center();
        let yard = Rect::new(rect.u0, rect.v0, rect.u1, rect.v1);
        self.canvas.open(
            yard,
            GroundAreaKind::Courtyard,
            Some(&self.site.name.clone()),
        );
        let gate = Rect::new(cu - 60, rect.v0, cu + 60, rect.v0 + 66);
        let main = Rect::new(cu - 92, cv - 10, cu + 92, cv + 120);
        let rear = Rect::new(cu - 110, rect.v1 - 72, cu + 110, rect.v1);
        let west = Rect::new(rect.u0 + 8, rect.v0 + 90, rect.u0 + 68, cv - 30);
        let east = Rect::new(rect.u1 - 68, rect.v0 + 90, rect.u1 - 8, cv - 30);
        let hall = self.named(self.heritage(main, 6.2, RoofStyle::Hip));
        self.canvas.drafts.push(hall);
        for (rect, eaves_m) in [(gate, 4.2), (rear, 4.8), (west, 3.4), (east, 3.4)] {
            let draft = self.heritage(rect, eaves_m, RoofStyle::Gable);
            self.canvas.drafts.push(Draft {
                protection: Protection::Controlled,
                ..draft
            });
        }
        for (du, dv) in [(-60, -80), (60, -80), (-130, 60), (130, 60)] {
            let height_m = self.stream.between(9.0, 14.0);
            self.canvas.tree([cu + du, cv + dv], height_m);
        }
    }

    fn hall(&mut self) {
        let rect = self.rect.inset(28);
        let hall = Rect::new(rect.u0, rect.v0, rect.u1, rect.v1 - 60);
        let draft = Draft {
            structure: Structure::Steel,
            usage: Usage::Commercial,
            roof: RoofStyle::Flat,
            ..self.named(self.modern(hall, self.site.storeys.unwrap_or(1), 6.4))
        };
        self.canvas.drafts.push(draft);
        let square = Rect::new(rect.u0, hall.v1 + 8, rect.u1, rect.v1);
        self.canvas.open(square, GroundAreaKind::Plaza, None);
    }

    fn works(&mut self) {
        let rect = self.rect.inset(30);
        let (w, d) = (rect.width(), rect.depth());
        let storeys = self.site.storeys.unwrap_or(2);
        let spinning = Rect::new(rect.u0, rect.v0, rect.u1, rect.v0 + d * 40 / 100);
        let weaving = Rect::new(
            rect.u0,
            rect.v1 - d * 34 / 100,
            rect.u0 + w * 58 / 100,
            rect.v1,
        );
        let office = Rect::new(rect.u1 - w * 30 / 100, rect.v1 - 110, rect.u1, rect.v1);
        let spinning = Draft {
            usage: Usage::Commercial,
            ..self.named(self.modern(spinning, storeys, 4.4))
        };
        let weaving = Draft {
            usage: Usage::Commercial,
            roof: RoofStyle::Gable,
            structure: Structure::Masonry,
            ..self.modern(weaving, 1, 5.2)
        };
        let office = Draft {
            structure: Structure::Masonry,
            ..self.modern(office, storeys + 1, 3.5)
        };
        self.canvas.drafts.extend([spinning, weaving, office]);
        let low = rect.v0 + d * 40 / 100 + 40;
        let high = rect.v1 - d * 34 / 100 - 40;
        let square = Rect::new(rect.u0, low, rect.u0 + w * 55 / 100, high);
        self.canvas
            .open(square, GroundAreaKind::Plaza, Some(&self.site.name.clone()));
        let parking = Rect::new(rect.u0 + w * 60 / 100, low, rect.u1, high);
        self.canvas.open(
            parking,
            GroundAreaKind::Parking,
            Some(&format!("{}停车场", self.site.name)),
        );
        let green = Rect::new(rect.u0 + w * 63 / 100, high + 20, rect.u1, rect.v1 - 130);
        self.canvas.open(green, GroundAreaKind::Green, None);
        self.scatter(&green, 5, 6.0, 11.0);
    }

    fn station(&mut self) {
        let rect = self.rect.inset(20);
        let main = Rect::new(rect.u0, rect.v1 - 120, rect.u1, rect.v1);
        let draft = self.named(self.modern(main, self.site.storeys.unwrap_or(2), 3.6));
        self.canvas.drafts.push(draft);
        let square = Rect::new(rect.u0, rect.v0, rect.u1 - 100, main.v0 - 15);
        self.canvas.open(
            square,
            GroundAreaKind::Plaza,
            Some(&format!("{}广场", self.site.name)),
        );
        let parking = Rect::new(rect.u1 - 85, rect.v0, rect.u1, main.v0 - 15);
        self.canvas.open(parking, GroundAreaKind::Parking, None);
        for place in [[rect.u0 + 15, rect.v0 + 15], [rect.u1 - 110, rect.v0 + 15]] {
            let height_m = self.stream.between(7.0, 10.0);
            self.canvas.tree(place, height_m);
        }
    }
}

/// Where the green south of a school's wing ends.
fn wing_low(rect: &Rect, depth: Dm) -> Dm {
    rect.v1 - 95 - depth * 4 / 10 - 30
}
