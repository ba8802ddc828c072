mod zoho_access_token;
mod desk;
fn main() {}
