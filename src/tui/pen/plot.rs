//! Curves over time, in Braille dots; in asterisks where only ASCII can be drawn.

use ratatui::{
    layout::Rect,
    symbols::Marker,
    widgets::{Axis, Chart, Dataset, GraphType, Widget as _},
};

use super::Pen;
use crate::{text::Shown, tui::theme::Role};

/// A curve.
#[derive(Debug, Clone)]
pub(in crate::tui) struct Curve {
    /// Where its points are: across, up. In the order across.
    pub(in crate::tui) points: Vec<(f64, f64)>,
    /// What stands at its right end.
    pub(in crate::tui) label: Shown,
    /// How the label is drawn.
    pub(in crate::tui) role: Role,
}

/// Curves that share their axes.
#[derive(Debug, Clone)]
pub(in crate::tui) struct Plot {
    /// The curves.
    pub(in crate::tui) curves: Vec<Curve>,
    /// What stands under the left and the right end.
    pub(in crate::tui) across: [Shown; 2],
    /// The least height that is drawn, so that a small change is no mountain.
    pub(in crate::tui) least: f64,
}

/// What stands for the points of each curve where only ASCII can be drawn.
const ASCII: [char; 2] = ['*', 'o'];

/// The share of the height that stays free above and below the curves.
const FREE: f64 = 0.05;

impl Plot {
    /// The lowest and the highest number that is drawn.
    fn up(&self) -> [f64; 2] {
        let all = || self.curves.iter().flat_map(|it| &it.points);
        let low = all().map(|it| it.1).fold(f64::INFINITY, f64::min);
        let high = all().map(|it| it.1).fold(f64::NEG_INFINITY, f64::max);
        if low > high {
            return [0.0, 1.0];
        }
        let missing = (self.least - (high - low)).max(0.0) / 2.0;
        let free = (high - low + 2.0 * missing) * FREE;
        [low - missing - free, high + missing + free]
    }

    fn across(&self) -> [f64; 2] {
        let all = || self.curves.iter().flat_map(|it| &it.points);
        let first = all().map(|it| it.0).fold(f64::INFINITY, f64::min);
        let last = all().map(|it| it.0).fold(f64::NEG_INFINITY, f64::max);
        if first < last {
            [first, last]
        } else {
            // A single point stands at the right end, beside its label.
            [last - 1.0, last]
        }
    }
}

impl Pen<'_> {
    /// Draws curves in the whole area: numbers at the left, labels at the right end of each,
    /// what is across in the last row.
    pub(in crate::tui) fn plot(&mut self, plot: &Plot) {
        let up = plot.up();
        let places = usize::from(up[1] - up[0] < 10.0);
        let numbers = [up[1], up[0]].map(|it| Shown::from(format!("{it:.places$}")));
        let left = numbers.iter().map(Shown::width).max().unwrap_or(0) + 1;
        let told: Vec<Shown> = self.told(plot);
        let labels = told.iter().map(Shown::width);
        let right = labels.max().unwrap_or(0) + 1;
        let [left, right] = [left, right].map(|it| u16::try_from(it).unwrap_or(u16::MAX));
        let height = self.height().saturating_sub(1);
        let width = self.width().saturating_sub(left.saturating_add(right));
        if height < 2 || width < 4 {
            return;
        }
        self.curves(plot, Rect::new(left, 0, width, height));
        let [top, bottom] = numbers.map(|it| it.pad_left(usize::from(left - 1)));
        self.put(0, 0, top.as_str(), Role::Plain);
        self.put(0, height - 1, bottom.as_str(), Role::Plain);
        let mut taken = Vec::new();
        for (curve, label) in plot.curves.iter().zip(&told) {
            let Some((_, last)) = curve.points.last() else {
                continue;
            };
            let y = row(*last, up, height);
            let free = |y: &u16| *y < height && !taken.contains(y);
            let y = [y, y + 1, y.saturating_sub(1)].into_iter().find(free);
            if let Some(y) = y {
                taken.push(y);
                self.put(left + width + 1, y, label.as_str(), curve.role);
            }
        }
        let [from, to] = &plot.across;
        let end = left + width;
        let cells = u16::try_from(to.width()).unwrap_or(0);
        self.put(left, height, from.as_str(), Role::Plain);
        if from.as_str() != to.as_str() {
            self.put(end.saturating_sub(cells), height, to.as_str(), Role::Plain);
        }
    }

    /// The labels; where only ASCII can be drawn, each with what its points are drawn with.
    fn told(&self, plot: &Plot) -> Vec<Shown> {
        let signs = self.look.theme.ascii && plot.curves.len() > 1;
        let curves = plot.curves.iter().zip(ASCII.into_iter().cycle());
        let told = curves.map(|(it, sign)| {
            if signs {
                Shown::from(format!("{sign} {}", it.label))
            } else {
                it.label.clone()
            }
        });
        told.collect()
    }

    fn curves(&mut self, plot: &Plot, part: Rect) {
        let theme = self.look.theme;
        let style = theme.style(Role::Plain);
        let curves = plot.curves.iter().zip(ASCII.into_iter().cycle());
        let sets = curves.map(|(curve, sign)| {
            let (marker, kind) = if theme.ascii {
                (Marker::Custom(sign), GraphType::Scatter)
            } else {
                (Marker::Braille, GraphType::Line)
            };
            Dataset::default()
                .marker(marker)
                .graph_type(kind)
                .style(style)
                .data(&curve.points)
        });
        let chart = Chart::new(sets.collect())
            .style(style)
            .x_axis(Axis::default().bounds(plot.across()))
            .y_axis(Axis::default().bounds(plot.up()));
        let area = Rect {
            x: self.area.x + part.x,
            y: self.area.y + part.y,
            ..part
        };
        chart.render(area.intersection(self.area), self.buf);
    }
}

/// The row in which a number stands, 0 at the top.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the share lies between 0 and the height"
)]
fn row(number: f64, [low, high]: [f64; 2], height: u16) -> u16 {
    let last = f64::from(height.saturating_sub(1));
    let share = ((high - number) / (high - low)).clamp(0.0, 1.0);
    (share * last).round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(numbers: &[f64], least: f64) -> Plot {
        let points = (0_u32..).zip(numbers).map(|(x, y)| (f64::from(x), *y));
        Plot {
            curves: vec![Curve {
                points: points.collect(),
                label: Shown::default(),
                role: Role::Plain,
            }],
            across: [Shown::default(), Shown::default()],
            least,
        }
    }

    #[test]
    fn a_narrow_curve_stands_in_the_middle_of_the_least_height() {
        let [low, high] = plot(&[36.8, 36.9], 2.0).up();
        assert!((low - 35.75).abs() < 0.01 && (high - 37.95).abs() < 0.01);
        let [low, high] = plot(&[80.0, 180.0], 2.0).up();
        assert!(low < 80.0 && high > 180.0);
    }

    #[test]
    fn no_point_and_one_point_have_axes_too() {
        for numbers in [&[][..], &[37.0][..]] {
            let plot = plot(numbers, 1.0);
            let [left, right] = plot.across();
            let [low, high] = plot.up();
            assert!(low < high && (left < right || numbers.is_empty()));
        }
    }

    #[test]
    fn a_number_stands_in_its_row() {
        assert_eq!(row(10.0, [0.0, 10.0], 5), 0);
        assert_eq!(row(0.0, [0.0, 10.0], 5), 4);
        assert_eq!(row(5.0, [0.0, 10.0], 5), 2);
        assert_eq!(row(99.0, [0.0, 10.0], 5), 0);
    }
}
