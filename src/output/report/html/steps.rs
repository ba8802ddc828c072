//! What to do first: the few steps from here to a code base without authtokens, in their order.

use super::charts::is_open;
use super::words::{count, names};
use crate::plan::model::{Credential, CredentialKind, Plan};

/// One thing to do.
pub struct Step {
    pub title: String,
    pub text: String,
    pub command: Option<&'static str>,
    /// The part of the page that says more.
    pub more: (&'static str, &'static str),
}

pub fn first_steps(plan: &Plan) -> Vec<Step> {
    let mut steps = Vec::new();
    let summary = &plan.summary;
    if summary.passwords_to_change > 0 {
        steps.push(Step {
            title: format!(
                "Change {}",
                count(summary.passwords_to_change, "password", "passwords")
            ),
            text: "Written beside the code that makes authtokens. Whoever can read the files can sign in."
                .to_string(),
            command: None,
            more: ("#credentials", "Where they stand"),
        });
    }
    steps.extend(register(plan));
    let effort = summary.effort;
    if effort.automatic > 0 {
        steps.push(Step {
            title: format!(
                "Let authshift change {}",
                count(effort.automatic, "place", "places")
            ),
            text: "The program means the same afterwards. Every change is checked, and can be taken back."
                .to_string(),
            command: Some("authshift fix"),
            more: ("#findings", "What changes"),
        });
    }
    if effort.review > 0 {
        steps.push(Step {
            title: format!("Review {}", count(effort.review, "change", "changes")),
            text: "Right in most programs; a person who knows this one looks at each.".to_string(),
            command: Some("authshift fix --unsafe -i"),
            more: ("#findings", "What changes, and why it is not certain"),
        });
    }
    if effort.rewrite > 0 {
        let open: Vec<&str> = plan
            .products
            .iter()
            .filter(|product| is_open(product) && product.effort.rewrite > 0)
            .map(|product| product.name.as_str())
            .collect();
        steps.push(Step {
            title: format!(
                "Change {} by hand",
                count(effort.rewrite, "place", "places")
            ),
            text: format!("In the order of the deadlines: {}.", names(&open)),
            command: None,
            more: ("#products", "Product by product"),
        });
    }
    if summary.tokens_to_revoke > 0 {
        let history = tracked(plan, CredentialKind::Token);
        let text = match history {
            0 => "Once the changed programs run. Deleting a token from the code does not end it."
                .to_string(),
            _ => format!(
                "Once the changed programs run. {} in the history of git even when deleted.",
                if history == 1 {
                    "One stays".to_string()
                } else {
                    format!("{history} stay")
                }
            ),
        };
        steps.push(Step {
            title: format!(
                "Revoke {}",
                count(summary.tokens_to_revoke, "token", "tokens")
            ),
            text,
            command: None,
            more: ("#credentials", "Which, and where they stand"),
        });
    }
    steps
}

fn register(plan: &Plan) -> Option<Step> {
    let registered = plan
        .clients
        .iter()
        .filter(|client| client.kind.register_as.is_some())
        .count() as u64;
    let connections = plan
        .clients
        .iter()
        .filter(|client| client.kind.register_as.is_none())
        .filter(|client| client.connection.is_some() || !client.scripts.is_empty())
        .count() as u64;
    let title = match (registered, connections) {
        (0, 0) => return None,
        (_, 0) => format!(
            "Register {}",
            count(registered, "OAuth client", "OAuth clients")
        ),
        (0, _) => format!("Set up {}", count(connections, "connection", "connections")),
        _ => format!(
            "Register {} and set up {}",
            count(registered, "OAuth client", "OAuth clients"),
            count(connections, "connection", "connections")
        ),
    };
    Some(Step {
        title,
        text: "With the scopes that the code needs. The changed programs sign in with them."
            .to_string(),
        command: None,
        more: ("#clients", "Scopes and steps, ready to copy"),
    })
}

/// How many of a kind stay in the history of git.
pub fn tracked(plan: &Plan, kind: CredentialKind) -> usize {
    let is_kept = |credential: &&Credential| credential.kind == kind && credential.is_tracked;
    plan.credentials.iter().filter(is_kept).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::model::{EffortCounts, Summary};
    use crate::plan::sample;

    fn titles(plan: &Plan) -> Vec<String> {
        first_steps(plan)
            .into_iter()
            .map(|step| step.title)
            .collect()
    }

    #[test]
    fn passwords_come_first_and_tokens_last() {
        assert_eq!(
            titles(&sample::plan()),
            [
                "Change 1 password",
                "Register 1 OAuth client and set up 1 connection",
                "Let authshift change 2 places",
                "Review 1 change",
                "Change 2 places by hand",
                "Revoke 1 token",
            ]
        );
    }

    #[test]
    fn where_nothing_is_left_there_is_no_step() {
        let plan = Plan {
            summary: Summary {
                effort: EffortCounts::default(),
                ..Summary::default()
            },
            clients: Vec::new(),
            ..sample::plan()
        };
        assert!(titles(&plan).is_empty());
    }
}
