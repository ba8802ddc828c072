mod desk;
fn main() {}
