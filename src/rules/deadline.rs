//! Dates: by when a finding had to be dealt with.
//!
//! Owns the choice among the dates of a product, its endpoints and the general ones. All dates are data with
//! a source; what is unknown stays unknown. It must not know where a finding stands.

use super::model::{Deadline, DeadlineKind, LegacyEndpoint, Product, Rules};
use crate::finding::FindingDeadline;
use jiff::civil::Date;

/// Where a date depends on the data centre, the one of the United States speaks for all: most accounts are
/// there, and its dates are the last.
const USUAL_DATA_CENTER: &str = "us";

/// The dates of a finding. It sorts by the end of the API if it is about a legacy endpoint with a known end;
/// else by the product's own date: the one on which its tokens stopped, or, where only that was announced,
/// the one from which none is made; else by the general date from which none is made. `None` if the rules
/// hold no date at all.
pub fn deadline_of(
    rules: &Rules,
    product: Option<&str>,
    rule_is_legacy_endpoint: bool,
    legacy: Option<&LegacyEndpoint>,
    today: Date,
) -> Option<FindingDeadline> {
    let product = product.and_then(|id| rules.products.iter().find(|product| product.id == id));
    let own = product.map_or(&[][..], |product| product.deadline.as_slice());
    let no_new = usual(own, DeadlineKind::NoNewTokens);
    let stop = usual(own, DeadlineKind::TokensStop);
    let general = usual(&rules.general_deadlines, DeadlineKind::NoNewTokens);
    let (api_end, api_source) = match legacy {
        Some(legacy) if rule_is_legacy_endpoint => (legacy.ended.as_ref(), Some(&legacy.source)),
        _ => (None, None),
    };
    let token_date = stop.or(no_new).or(general);
    let (date, source) = match (api_end, api_source) {
        (Some(end), Some(source)) => (end, source),
        _ => token_date.map(|deadline| (&deadline.date, &deadline.source))?,
    };
    Some(FindingDeadline {
        date: date.clone(),
        no_new_tokens: no_new.or(general).map(|deadline| deadline.date.clone()),
        stops_working: stop.map(|deadline| deadline.date.clone()),
        api_end: api_end.cloned(),
        days_overdue: days_between(date, today),
        source: source.clone(),
    })
}

/// The dates of a product that hold only in a data centre or a context, to be shown beside its deadline.
pub fn other_dates(product: &Product) -> impl Iterator<Item = &Deadline> {
    product.deadline.iter().filter(|deadline| {
        deadline.context.is_some()
            || deadline
                .data_center
                .as_ref()
                .is_some_and(|center| center != USUAL_DATA_CENTER)
    })
}

/// The date of this kind that holds everywhere, else that of the usual data centre.
fn usual(deadlines: &[Deadline], kind: DeadlineKind) -> Option<&Deadline> {
    let in_center = |center: Option<&str>| {
        deadlines.iter().find(|deadline| {
            deadline.kind == kind
                && deadline.context.is_none()
                && deadline.data_center.as_deref() == center
        })
    };
    in_center(None).or_else(|| in_center(Some(USUAL_DATA_CENTER)))
}

/// Positive if `date` is past. The loader has checked the form of dates.
fn days_between(date: &str, today: Date) -> i64 {
    let Ok(date) = date.parse::<Date>() else {
        return 0;
    };
    today.duration_since(date).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::super::load::{legacy_endpoint, load};
    use super::*;
    use jiff::civil::date;

    fn of(product: Option<&str>, legacy: Option<&str>) -> FindingDeadline {
        let rules = load(None).unwrap();
        let endpoint = legacy.map(|id| legacy_endpoint(&rules, id).unwrap());
        deadline_of(
            &rules,
            product,
            legacy.is_some(),
            endpoint,
            date(2026, 11, 23),
        )
        .unwrap()
    }

    #[test]
    fn desk_is_due_on_30_november_2020_and_claims_no_second_date() {
        let desk = of(Some("desk"), None);
        assert_eq!(desk.date, "2020-11-30");
        assert_eq!(desk.no_new_tokens.as_deref(), Some("2020-11-30"));
        assert_eq!(desk.stops_working, None);
        assert_eq!(desk.days_overdue, 2184);
        assert!(desk.source.contains("deprecating-support-for-authtokens"));
    }

    #[test]
    fn a_product_whose_tokens_stopped_is_due_on_that_day() {
        for (product, stop) in [
            ("books", "2021-08-30"),
            ("inventory", "2021-08-30"),
            ("recruit", "2021-02-28"),
            ("reports", "2021-02-28"),
            ("campaigns", "2021-03-20"),
            ("mail", "2020-12-15"),
            ("site24x7", "2019-11-30"),
        ] {
            let deadline = of(Some(product), None);
            assert_eq!(deadline.date, stop, "{product}");
            assert_eq!(deadline.stops_working.as_deref(), Some(stop), "{product}");
        }
        assert_eq!(
            of(Some("site24x7"), None).no_new_tokens.as_deref(),
            Some("2019-08-31")
        );
    }

    #[test]
    fn without_a_date_of_its_own_the_general_one_holds() {
        for product in [Some("projects"), Some("crm"), Some("nothing"), None] {
            let deadline = of(product, None);
            assert_eq!(deadline.date, "2020-11-30", "{product:?}");
            assert_eq!(deadline.stops_working, None, "{product:?}");
            assert_eq!(deadline.api_end, None, "{product:?}");
        }
    }

    #[test]
    fn the_end_of_an_api_belongs_to_its_endpoints_only() {
        let v1 = of(Some("crm"), Some("crm-v1"));
        assert_eq!(v1.date, "2019-12-31");
        assert_eq!(v1.api_end.as_deref(), Some("2019-12-31"));
        assert_eq!(v1.no_new_tokens.as_deref(), Some("2020-11-30"));
        let unknown_end = of(Some("desk"), Some("support-api"));
        assert_eq!(
            (unknown_end.date.as_str(), unknown_end.api_end),
            ("2020-11-30", None)
        );
    }

    #[test]
    fn days_are_negative_before_the_date() {
        let rules = load(None).unwrap();
        let before = deadline_of(&rules, Some("desk"), false, None, date(2020, 11, 28)).unwrap();
        assert_eq!(before.days_overdue, -2);
        assert!(deadline_of(&Rules::default(), None, false, None, date(2020, 1, 1)).is_none());
    }

    #[test]
    fn dates_of_a_context_or_another_data_centre_are_told_apart() {
        let rules = load(None).unwrap();
        let others = |id: &str| {
            let product = rules
                .products
                .iter()
                .find(|product| product.id == id)
                .unwrap();
            other_dates(product).count()
        };
        assert_eq!(others("crm"), 2);
        assert_eq!(others("reports"), 5);
        assert_eq!(others("desk"), 0);
    }
}
