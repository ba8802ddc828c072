const AUTH_TOKEN: &str = "5e7ac0ffee0badc0de1deadbeef0cafe";

fn main() -> Result<(), ureq::Error> {
    let body = ureq::get("https://desk.zoho.com/api/v1/contacts")
        .set("orgId", "2389290")
        .set("Authorization", AUTH_TOKEN)
        .call()?
        .into_string()?;
    println!("{}", body);
    Ok(())
}
