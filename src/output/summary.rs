//! The numbers of a report, counted once for every format.

use crate::finding::{Finding, Report, Safety};
use crate::rules::model::Level;
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub errors: u64,
    pub warnings: u64,
    pub notes: u64,
    /// Files with a finding of any level.
    pub files: u64,
    /// In the order of the findings: the most overdue first.
    pub products: Vec<ProductSummary>,
    /// Different credentials among the findings, as far as they can be told apart.
    pub credentials: u64,
    pub fixes: Fixes,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductSummary {
    pub product: Option<String>,
    pub errors: u64,
    pub warnings: u64,
    pub notes: u64,
    /// Of its most overdue finding.
    pub deadline: Option<String>,
    pub days_overdue: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixes {
    pub safe: u64,
    pub needs_review: u64,
    pub display: u64,
}

impl ProductSummary {
    /// What most people mean by findings: notes are counted by themselves.
    pub fn problems(&self) -> u64 {
        self.errors + self.warnings
    }
}

pub fn summarize(report: &Report) -> Summary {
    let mut summary = Summary::default();
    let mut files = BTreeSet::new();
    let mut credentials = BTreeSet::new();
    for finding in &report.findings {
        files.insert(finding.path.as_str());
        if let Some(credential) = &finding.credential {
            credentials.insert(credential.digest.as_deref().unwrap_or(&credential.mask));
        }
        match finding.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => summary.fixes.safe += 1,
            Some(Safety::Unsafe) => summary.fixes.needs_review += 1,
            Some(Safety::Display) => summary.fixes.display += 1,
            None => {}
        }
        let product = product_of(&mut summary.products, finding);
        let (all, own) = match finding.level {
            Level::Error => (&mut summary.errors, &mut product.errors),
            Level::Warning => (&mut summary.warnings, &mut product.warnings),
            Level::Note => (&mut summary.notes, &mut product.notes),
        };
        *all += 1;
        *own += 1;
    }
    summary.files = files.len() as u64;
    summary.credentials = credentials.len() as u64;
    summary
}

fn product_of<'a>(
    products: &'a mut Vec<ProductSummary>,
    finding: &Finding,
) -> &'a mut ProductSummary {
    let at = products
        .iter()
        .position(|product| product.product == finding.product)
        .unwrap_or(products.len());
    if at == products.len() {
        products.push(ProductSummary {
            product: finding.product.clone(),
            deadline: finding.deadline.as_ref().map(|known| known.date.clone()),
            days_overdue: finding.deadline.as_ref().map(|known| known.days_overdue),
            ..ProductSummary::default()
        });
    }
    &mut products[at]
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn counts_by_level_product_file_credential_and_fix() {
        let summary = summarize(&sample::report());
        assert_eq!((summary.errors, summary.warnings, summary.notes), (5, 2, 1));
        assert_eq!(summary.files, 8);
        assert_eq!(summary.credentials, 1);
        assert_eq!(summary.fixes.needs_review, 1);
        let products: Vec<_> = summary
            .products
            .iter()
            .map(|product| {
                (
                    product.product.as_deref(),
                    product.problems(),
                    product.days_overdue,
                )
            })
            .collect();
        assert_eq!(
            products,
            [
                (Some("desk"), 4, Some(2184)),
                (Some("crm"), 1, Some(2184)),
                (Some("books"), 1, Some(1911)),
                (None, 1, None),
            ]
        );
    }
}
