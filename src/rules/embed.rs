//! The data of `rules/` as it stands in the binary.
//!
//! Owns the tables that `build.rs` writes: name (with `/`) and content, sorted by name. It must not know what
//! is in the files.

/// `("products/desk.toml", "…")`
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded_rules.rs"));

/// The sources of `rules/oauth/helpers/`: `("java/ZohoAccessToken.java", "…")`
pub const HELPERS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded_helpers.rs"));

/// The files of `rules/scopes/`, by the id of the product.
pub const SCOPES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded_scopes.rs"));

#[cfg(test)]
mod tests {
    use super::FILES;
    use std::path::Path;

    #[test]
    fn every_data_file_of_the_folder_is_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut on_disk: Vec<String> = Vec::new();
        for entry in walkdir::WalkDir::new(&root) {
            let entry = entry.unwrap();
            let name = entry.path().strip_prefix(&root).unwrap();
            let name = name.to_string_lossy().replace('\\', "/");
            if super::super::load::kind_of_file(&name).is_some() {
                on_disk.push(name);
            }
        }
        on_disk.sort();
        let embedded: Vec<String> = FILES.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(embedded, on_disk);
        assert!(embedded.iter().any(|name| name == "products/desk.toml"));
    }
}
