#[path = "../../blocking.rs"]
mod blocking;
#[path = "../../../../../rules/oauth/helpers/rust/reqwest_blocking.rs"]
mod zoho_access_token;

fn main() {
    blocking::main();
}
