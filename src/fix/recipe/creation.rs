//! Authtokens made with a password: nothing makes them any more, so the call goes, and all that is around it.
//!
//! Shown only: what reads the answer, keeps the token and asks for the password lies in several places, and which of
//! them are of use for something else a program cannot know.

use crate::fix::Plan;

const TITLE: &str = "Fetch access tokens with a refresh token instead of making an authtoken";

/// Whether a rule is about the making of tokens.
pub(super) fn is_about(recipes: &[String]) -> bool {
    recipes
        .iter()
        .any(|recipe| recipe == "replace-token-creation")
}

pub(super) fn plan(accounts_url: &str) -> Plan {
    Plan::display(
        TITLE,
        format!(
            "nothing makes or deletes authtokens any more: 1. fix the requests that send the token, 2. take out this call and what reads its answer, 3. take the e-mail address and the password out of code and settings, and change the password, 4. register a client at https://api-console.zoho.com; its refresh token gives access tokens at {accounts_url}/oauth/v2/token"
        ),
    )
}
