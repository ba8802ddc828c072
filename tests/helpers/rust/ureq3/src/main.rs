#[path = "../../blocking.rs"]
mod blocking;
#[path = "../../../../../rules/oauth/helpers/rust/ureq3.rs"]
mod zoho_access_token;

fn main() {
    blocking::main();
}
