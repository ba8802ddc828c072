//! Where things stand in the drawings of the page: a timeline of the deadlines, and bars of the work by effort.
//!
//! All positions are in percent of the width, so a drawing fits a telephone as well as a wide window.

use super::words;
use crate::plan::model::{EffortCounts, LanguageCount, Plan, Product};
use jiff::civil::Date;
use std::fmt;

/// At most so many years are named on the axis.
const MOST_TICKS: i16 = 6;

/// A position or a length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percent(f64);

impl Percent {
    /// Where a text at this place has to be held so that it stays in the drawing.
    pub fn anchor(&self) -> &'static str {
        match self.0 {
            at if at > 88.0 => "end",
            at if at < 12.0 => "start",
            _ => "middle",
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:.2}%", self.0)
    }
}

/// The deadlines of all products on one axis.
pub struct Timeline<'p> {
    pub ticks: Vec<(Percent, String)>,
    pub today: Percent,
    pub lanes: Vec<Lane<'p>>,
}

/// A product on the timeline.
pub struct Lane<'p> {
    /// Of the plan, counted from 0.
    pub number: usize,
    pub product: &'p Product,
    pub is_open: bool,
    pub is_late: bool,
    /// From the deadline to today, or the other way round.
    pub from: Percent,
    pub width: Percent,
    pub deadline: Percent,
    /// Further dates of the product.
    pub others: Vec<Percent>,
    /// What the drawing shows, in words.
    pub words: String,
}

impl<'p> Timeline<'p> {
    /// None where no product has a date, or it is not known which day it is.
    pub fn new(plan: &'p Plan) -> Option<Timeline<'p>> {
        let today: Date = plan.today.parse().ok()?;
        let dates: Vec<Date> = plan
            .products
            .iter()
            .flat_map(|product| {
                let others = others(product);
                deadline(product).into_iter().chain(others)
            })
            .collect();
        let first = dates.iter().min()?.min(&today).year();
        let last = dates.iter().max()?.max(&today).year().saturating_add(1);
        let years = last.saturating_sub(first).max(1);
        let at = |date: Date| {
            let days = if date.in_leap_year() { 366.0 } else { 365.0 };
            let within = f64::from(date.day_of_year() - 1) / days;
            let passed = f64::from(date.year()) - f64::from(first) + within;
            Percent(passed * 100.0 / f64::from(years))
        };
        let step = years.saturating_add(MOST_TICKS - 1) / MOST_TICKS;
        let ticks = (first..last)
            .step_by(usize::try_from(step).unwrap_or(1).max(1))
            .map(|year| {
                let passed = f64::from(year) - f64::from(first);
                (Percent(passed * 100.0 / f64::from(years)), year.to_string())
            })
            .collect();
        let lanes = plan
            .products
            .iter()
            .enumerate()
            .filter_map(|(number, product)| {
                let date = deadline(product)?;
                let (from, until) = (at(date.min(today)), at(date.max(today)));
                let is_open = is_open(product);
                Some(Lane {
                    number,
                    product,
                    is_open,
                    is_late: is_open && date < today,
                    from,
                    width: Percent(until.0 - from.0),
                    deadline: at(date),
                    others: others(product).into_iter().map(at).collect(),
                    words: words_of(product, is_open),
                })
            })
            .collect();
        Some(Timeline {
            ticks,
            today: at(today),
            lanes,
        })
    }
}

/// Whether anything is left to do about a product.
pub fn is_open(product: &Product) -> bool {
    product.errors + product.warnings > 0
}

fn deadline(product: &Product) -> Option<Date> {
    product.deadline.as_ref()?.date.parse().ok()
}

/// The dates besides the deadline, each once.
fn others(product: &Product) -> Vec<Date> {
    let mut dates: Vec<Date> = product
        .deadline
        .iter()
        .flat_map(|deadline| {
            [
                &deadline.no_new_tokens,
                &deadline.stops_working,
                &deadline.api_end,
            ]
        })
        .flatten()
        .chain(product.other_dates.iter().map(|other| &other.date))
        .filter_map(|date| date.parse().ok())
        .filter(|date| Some(*date) != deadline(product))
        .collect();
    dates.sort();
    dates.dedup();
    dates
}

fn words_of(product: &Product, is_open: bool) -> String {
    let Some(deadline) = &product.deadline else {
        return product.name.clone();
    };
    let left = if is_open {
        words::overdue(&deadline.days_overdue)
    } else {
        "nothing left to do".to_string()
    };
    format!(
        "{}: deadline {}, {left}",
        product.name,
        words::long_date(&deadline.date)
    )
}

/// A bar of the work, in parts by effort.
pub struct Bar {
    pub name: String,
    pub total: u64,
    /// Start, length and class of each part.
    pub parts: Vec<(Percent, Percent, &'static str)>,
    /// What the drawing shows, in words.
    pub words: String,
}

fn bar(name: String, effort: EffortCounts, most: u64) -> Bar {
    let parts = [
        (effort.automatic, "auto", "automatic"),
        (effort.review, "review", "to review"),
        (effort.rewrite, "hand", "by hand"),
    ];
    let share = |count: u64| count as f64 * 100.0 / most.max(1) as f64;
    let mut at = 0.0;
    let mut bar = Bar {
        total: effort.automatic + effort.review + effort.rewrite,
        parts: Vec::new(),
        words: String::new(),
        name,
    };
    let mut said = Vec::new();
    for (count, class, word) in parts {
        if count > 0 {
            bar.parts.push((Percent(at), Percent(share(count)), class));
            at += share(count);
            said.push(format!("{} {word}", words::number(count)));
        }
    }
    bar.words = said.join(", ");
    bar
}

/// The work as a whole.
pub fn of_all(plan: &Plan) -> Bar {
    let effort = plan.summary.effort;
    let total = effort.automatic + effort.review + effort.rewrite;
    bar("All".to_string(), effort, total)
}

/// By product, the most work first.
pub fn by_product(plan: &Plan) -> Vec<Bar> {
    let open = plan.products.iter().filter(|product| is_open(product));
    let counted: Vec<(String, EffortCounts)> = open
        .map(|product| (product.name.clone(), product.effort))
        .collect();
    bars(counted)
}

/// By language, the most work first.
pub fn by_language(plan: &Plan) -> Vec<Bar> {
    let mut counted: Vec<(String, EffortCounts)> = Vec::new();
    for LanguageCount { language, .. } in &plan.summary.languages {
        let mut effort = EffortCounts::default();
        for finding in plan.products.iter().flat_map(|product| {
            let files = product.files.iter();
            files.flat_map(|file| file.findings.iter())
        }) {
            let counts = finding.level != crate::rules::model::Level::Note;
            if counts && finding.language == *language {
                effort.add(finding.effort);
            }
        }
        counted.push((words::language(language).to_string(), effort));
    }
    bars(counted)
}

fn bars(mut counted: Vec<(String, EffortCounts)>) -> Vec<Bar> {
    let total = |effort: &EffortCounts| effort.automatic + effort.review + effort.rewrite;
    counted.retain(|(_, effort)| total(effort) > 0);
    counted.sort_by_key(|(_, effort)| std::cmp::Reverse(total(effort)));
    let most = counted.first().map_or(0, |(_, effort)| total(effort));
    counted
        .into_iter()
        .map(|(name, effort)| bar(name, effort, most))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample;

    #[test]
    fn a_deadline_stands_where_its_day_is_in_the_year() {
        let mut plan = sample::plan();
        plan.today = "2026-01-01".to_string();
        let timeline = Timeline::new(&plan).unwrap();
        // 2019 to the end of 2026: eight years.
        assert_eq!(timeline.today.to_string(), "87.50%");
        let crm = &timeline.lanes[0];
        assert_eq!(crm.deadline.to_string(), "12.47%");
        assert_eq!((crm.from, crm.is_late), (crm.deadline, true));
        assert_eq!(crm.others.len(), 2);
        let years: Vec<&str> = timeline.ticks.iter().map(|tick| tick.1.as_str()).collect();
        assert_eq!(years, ["2019", "2021", "2023", "2025"]);
    }

    #[test]
    fn a_product_that_is_done_is_not_late() {
        let plan = sample::plan();
        let timeline = Timeline::new(&plan).unwrap();
        let books = timeline
            .lanes
            .iter()
            .find(|lane| lane.product.name == "Zoho Books");
        let books = books.unwrap();
        assert!(!books.is_open && !books.is_late);
        assert!(books.words.ends_with("nothing left to do"));
    }

    #[test]
    fn without_dates_there_is_no_timeline() {
        let mut plan = sample::plan();
        plan.today = "some day".to_string();
        assert!(Timeline::new(&plan).is_none());
        let mut plan = sample::plan();
        plan.products.clear();
        assert!(Timeline::new(&plan).is_none());
    }

    #[test]
    fn dates_at_the_ends_of_the_calendar_are_drawn() {
        let mut plan = sample::plan();
        for (product, date) in plan.products.iter_mut().zip(["-9999-01-01", "9999-12-31"]) {
            if let Some(deadline) = &mut product.deadline {
                deadline.date = date.to_string();
            }
        }
        let timeline = Timeline::new(&plan).unwrap();
        assert!(timeline.ticks.len() <= 1 + MOST_TICKS as usize);
        for lane in timeline.lanes {
            assert!((0.0..=100.0).contains(&lane.from.0) && lane.from.0 + lane.width.0 <= 100.001);
        }
    }

    #[test]
    fn bars_are_as_long_as_their_part_of_the_longest() {
        let bars = by_product(&sample::plan());
        let drawn: Vec<_> = bars
            .iter()
            .map(|bar| (bar.name.as_str(), bar.total, bar.words.as_str()))
            .collect();
        assert_eq!(
            drawn,
            [
                ("Zoho Desk", 3, "2 automatic, 1 to review"),
                ("Zoho CRM", 1, "1 by hand"),
                ("Zoho, product unknown", 1, "1 by hand"),
            ]
        );
        assert_eq!(bars[0].parts[1].0.to_string(), "66.67%");
        assert_eq!(bars[1].parts[0].1.to_string(), "33.33%");
        assert_eq!(by_language(&sample::plan()).len(), 3);
    }
}
