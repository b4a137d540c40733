//! Gardens, parks and pagodas. Used by `sites`.

use crate::model::{GroundAreaKind, RoofStyle};

use super::super::canvas::Draft;
use super::super::rect::{Corner, Dm, Rect, dm};
use super::SiteBuilder;

impl SiteBuilder<'_> {
    /// A pond, halls and galleries round it, trees.
    pub(super) fn garden(&mut self) {
        let rect = self.rect.inset(12);
        let [cu, cv] = rect.center();
        let (w, d) = (rect.width(), rect.depth());
        let name = self.site.name.clone();
        self.canvas.open(rect, GroundAreaKind::Green, Some(&name));
        let pond = self.pond([cu, cv - d / 20], w * 26 / 100, d * 20 / 100);
        self.canvas.ponds.push((pond, format!("{name}池")));
        // The main hall looks south over the water; a pavilion and galleries stand round it.
        let main = Rect::new(
            cu - 80,
            rect.v1 - d / 4 + 20,
            cu + 80,
            rect.v1 - d / 4 + 120,
        );
        let hall = self.heritage(main, 4.6, RoofStyle::Hip);
        let hall = self.named(hall);
        self.canvas.drafts.push(hall);
        let others = [
            Rect::new(rect.u0 + 10, rect.v0 + 10, rect.u0 + 130, rect.v0 + 75),
            Rect::new(rect.u1 - 66, cv - 70, rect.u1 - 6, cv + 70),
            Rect::new(rect.u0 + 8, cv - 10, rect.u0 + 62, cv + 110),
            Rect::new(cu + 60, rect.v0 + 14, cu + 105, rect.v0 + 59),
        ];
        for rect in others {
            let roof = if rect.width() == rect.depth() {
                RoofStyle::Hip
            } else {
                RoofStyle::Gable
            };
            let eaves_m = self.stream.between(3.0, 3.8);
            let draft = self.heritage(rect, eaves_m, roof);
            self.canvas.drafts.push(draft);
        }
        self.garden_trees(&rect);
    }

    fn garden_trees(&mut self, rect: &Rect) {
        for _ in 0..34 {
            let u = self.stream.whole(rect.u0 + 8, rect.u1 - 8);
            let v = self.stream.whole(rect.v0 + 8, rect.v1 - 8);
            let height_m = self.stream.between(4.0, 11.0);
            self.canvas.tree([u, v], height_m);
        }
    }

    /// An irregular pond.
    fn pond(&mut self, at: Corner, half_u: Dm, half_v: Dm) -> Vec<Corner> {
        let corner = |k: usize, swell: f64| {
            let angle = k as f64 / 14.0 * std::f64::consts::TAU;
            let u = f64::from(half_u) * swell * angle.cos();
            let v = f64::from(half_v) * swell * angle.sin();
            [at[0] + u.round() as Dm, at[1] + v.round() as Dm]
        };
        (0..14)
            .map(|k| corner(k, self.stream.between(0.8, 1.08)))
            .collect()
    }

    /// A lawn with trees, parted by two paths.
    pub(super) fn park(&mut self) {
        let rect = self.rect.inset(10);
        let [cu, cv] = rect.center();
        let half = 14;
        self.canvas.paths.extend([
            Rect::new(rect.u0, cv - half, rect.u1, cv + half),
            Rect::new(cu - half, rect.v0, cu + half, cv - half),
            Rect::new(cu - half, cv + half, cu + half, rect.v1),
        ]);
        let name = Some(self.site.name.clone()).filter(|name| !name.is_empty());
        let lawns = [
            Rect::new(rect.u0, rect.v0, cu - half, cv - half),
            Rect::new(cu + half, rect.v0, rect.u1, cv - half),
            Rect::new(rect.u0, cv + half, cu - half, rect.v1),
            Rect::new(cu + half, cv + half, rect.u1, rect.v1),
        ];
        for lawn in lawns {
            self.canvas
                .open(lawn, GroundAreaKind::Green, name.as_deref());
            if lawn.width() > 40 && lawn.depth() > 40 {
                // A tree for every 500 m2.
                let size = i64::from(lawn.width()) * i64::from(lawn.depth()) / 50_000;
                self.scatter(&lawn, size.clamp(1, 40) as usize, 6.0, 13.0);
            }
        }
    }

    /// Eight-sided towers in a court.
    pub(super) fn pagoda(&mut self) {
        let court = self.rect.inset(8);
        let name = self.site.name.clone();
        self.canvas
            .open(court, GroundAreaKind::Courtyard, Some(&name));
        let [cu, cv] = court.center();
        for tower in &self.site.tower {
            let [u, v] = [cu + dm(tower.off_m[0]), cv + dm(tower.off_m[1])];
            let corner = |k: i32| {
                let angle = (f64::from(k) + 0.5) / 8.0 * std::f64::consts::TAU;
                [
                    u + dm(tower.radius_m * angle.cos()),
                    v + dm(tower.radius_m * angle.sin()),
                ]
            };
            // The spire is about an eighth of the whole.
            let eaves_m = tower.height_m * 0.87;
            self.canvas.drafts.push(Draft {
                rings: vec![(0..8).map(corner).collect()],
                name: Some(tower.name.clone()),
                storeys: tower.storeys,
                height_m: Some(tower.height_m),
                attributes: tower.attributes.clone(),
                ..self.heritage(court, eaves_m, RoofStyle::Pagoda)
            });
        }
        for (du, dv) in [(-1, -1), (1, -1), (-1, 1), (1, 1)] {
            let at = [
                cu + du * (court.width() / 2 - 15),
                cv + dv * (court.depth() / 2 - 15),
            ];
            let height_m = self.stream.between(6.0, 10.0);
            self.canvas.tree(at, height_m);
        }
    }
}
