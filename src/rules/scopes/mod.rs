//! Scopes: what an OAuth client has to ask for, so that its requests are allowed.
//!
//! Owns the endpoint tables of `rules/scopes/` and the way from a request to the scopes that it needs. It must not
//! know where requests come from, nor how scopes are shown.

mod solve;
mod successor;
mod table;

pub use solve::{every, smallest};
pub use successor::of_ended;

use std::sync::OnceLock;
use table::Table;

/// What one request needs: one scope of each group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Need {
    pub groups: Vec<Vec<String>>,
    /// What the specification calls the operation.
    pub operation: String,
}

impl Need {
    /// Whether a scope is one of those that it can be met with; scopes are compared without case, as Zoho does.
    pub fn names(&self, scope: &str) -> bool {
        let mut scopes = self.groups.iter().flatten();
        scopes.any(|known| known.eq_ignore_ascii_case(scope))
    }
}

/// The specification that a table was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specification {
    /// Zoho's address, or the name of the repository that has a copy.
    pub place: String,
    pub version: String,
}

/// What a request needs, where its product has a table and the table has its endpoint.
///
/// `url` may have `{}` for what is not known; `method` is upper case. `None` also where several endpoints with
/// different scopes could be meant, and where the specification names none.
pub fn of_request(product: &str, method: &str, url: &str) -> Option<Need> {
    table(product)?.need(method, url)
}

/// Where the scopes of a product are taken from.
pub fn specification(product: &str) -> Option<&'static Specification> {
    Some(&table(product)?.specification)
}

/// The table of a product, read when it is first asked for: most runs need none.
fn table(product: &str) -> Option<&'static Table> {
    type Tables = Vec<(&'static str, OnceLock<Option<Table>>)>;
    static TABLES: OnceLock<Tables> = OnceLock::new();
    let tables = TABLES.get_or_init(|| {
        super::embed::SCOPES
            .iter()
            .map(|(product, _)| (*product, OnceLock::new()))
            .collect()
    });
    let (name, table) = tables.iter().find(|(name, _)| *name == product)?;
    let (_, text) = super::embed::SCOPES
        .iter()
        .find(|(known, _)| known == name)?;
    table.get_or_init(|| Table::read(text).ok()).as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(product: &str, method: &str, url: &str) -> Option<Vec<String>> {
        let need = of_request(product, method, url)?;
        Some(smallest([&need]))
    }

    #[test]
    fn every_embedded_table_can_be_read() {
        for (product, text) in crate::rules::embed::SCOPES {
            let table = Table::read(text);
            assert!(table.is_ok(), "{product}: {:?}", table.err());
            let source = specification(product);
            assert!(source.is_some_and(|source| !source.place.is_empty()));
            assert!(source.is_some_and(|source| !source.version.is_empty()));
        }
    }

    #[test]
    fn requests_need_the_scopes_of_their_endpoint() {
        for (product, method, url, wanted) in [
            (
                "desk",
                "GET",
                "https://desk.zoho.com/api/v1/tickets?limit=10",
                "Desk.tickets.READ",
            ),
            (
                "desk",
                "PATCH",
                "https://desk.zoho.eu/api/v1/tickets/{}",
                "Desk.tickets.UPDATE",
            ),
            (
                "desk",
                "PATCH",
                "https://desk.zoho.com/api/v1/tickets/{}/timeEntry/{}",
                "Desk.tickets.UPDATE",
            ),
            (
                "desk",
                "POST",
                "https://desk.zoho.com/api/v1/tickets/{}/associateTag",
                "Desk.tickets.CREATE",
            ),
            (
                "books",
                "GET",
                "https://books.zoho.com/api/v3/invoices/{}",
                "ZohoBooks.invoices.READ",
            ),
            (
                "books",
                "GET",
                "https://www.zohoapis.eu/books/v3/invoices",
                "ZohoBooks.invoices.READ",
            ),
            (
                "crm",
                "GET",
                "https://www.zohoapis.com/crm/v2/Leads/{}",
                "ZohoCRM.modules.ALL",
            ),
            (
                "crm",
                "GET",
                "https://www.zohoapis.com/crm/v2/{}",
                "ZohoCRM.modules.ALL",
            ),
            (
                "desk",
                "GET",
                "https://desk.zoho.com/api/v1/myModule/count",
                "Desk.custommodule.READ",
            ),
        ] {
            assert_eq!(
                scopes(product, method, url),
                Some(vec![wanted.to_string()]),
                "{method} {url}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for (product, method, url) in [
            ("desk", "GET", "https://desk.zoho.com/api/v1/{}"),
            ("desk", "GET", "https://desk.zoho.com/api/v1/nothingSuch"),
            ("desk", "GET", "https://desk.zoho.com/api/v1/{}/count"),
            ("books", "GET", "https://books.zoho.in/api/v3/nonsense"),
            ("books", "GET", "https://books.zoho.in/api/v3/nonsense/1"),
            ("books", "GET", "https://books.zoho.in/api/v3/{}"),
            ("books", "GET", "https://books.zoho.in/api/v3/{}/{}"),
            ("books", "GET", "https://books.zoho.in/api/v3"),
            ("desk", "TRACE", "https://desk.zoho.com/api/v1/tickets"),
            (
                "desk",
                "GET",
                "https://support.zoho.com/api/json/requests/getrecords",
            ),
            ("desk", "GET", "{}"),
            ("cliq", "GET", "https://cliq.zoho.com/api/v2/channels"),
        ] {
            assert_eq!(of_request(product, method, url), None, "{method} {url}");
        }
    }
}
