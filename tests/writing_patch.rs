//! The patch that `fix --patch` writes is taken by `git apply` and by `patch -p1`, whatever the files are like.

// clippy counts the helpers of an integration test as ordinary code.
#![allow(clippy::unwrap_used)]

mod support;

use authshift::fix::writing::Change;
use authshift::fix::writing::patch::{self, PatchError};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use support::tree::{Tree, files_of};

const LONG: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n";

/// Name, old text (none where the file is created), new text.
fn cases() -> Vec<(&'static str, Option<String>, String)> {
    let text = |text: &str| text.to_owned();
    let long_with = |from: &str, to: &str| LONG.replace(from, to);
    let cases = vec![
        ("plain.js", Some(text("a\nb\nc\n")), text("a\nB\nc\n")),
        (
            "two/hunks.js",
            Some(text(LONG)),
            long_with("2\n3\n", "2\nthree\n").replace("19\n", ""),
        ),
        ("no newline.js", Some(text("a\nb")), text("a\nB")),
        ("newline comes", Some(text("a\nb")), text("a\nb\n")),
        ("newline goes", Some(text("a\nb\n")), text("a\nb")),
        (
            "windows.properties",
            Some(text("a\r\nb\r\nc\r\n")),
            text("a\r\nB\r\nb2\r\nc\r\n"),
        ),
        ("windows end", Some(text("a\r\nb")), text("a\r\nc")),
        (
            "mixed",
            Some(text("a\r\nb\nc\rd\n")),
            text("a\r\nB\nc\rd\n"),
        ),
        (
            "bom.js",
            Some(text("\u{feff}a\nb\n")),
            text("\u{feff}A\nb\n"),
        ),
        ("größe/ключ 鍵.js", Some(text("ü\nb\n")), text("ö\nb\n")),
        ("it's \"quoted\" \\ here.js", Some(text("a\n")), text("b\n")),
        (" blanks  at ends .js", Some(text("a\n")), text("b\n")),
        ("tab\there.js", Some(text("a\n")), text("b\n")),
        ("was empty", Some(text("")), text("a\n")),
        (
            "signs",
            Some(text("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n\\ z\n")),
            text("--- a\n+++ c\n@@ -1 +1 @@\n-x\n\\ z\n"),
        ),
        ("new.js", None, text("x\ny\n")),
        ("new/deep/ñ and more.js", None, text("x\r\ny")),
        ("new/empty", None, text("")),
    ];
    // Windows has no such names.
    let possible = |name: &str| cfg!(unix) || !name.contains(['"', '\t', '\\']);
    cases
        .into_iter()
        .filter(|(name, _, _)| possible(name))
        .collect()
}

fn changes(tree: &Tree) -> Vec<Change> {
    cases()
        .into_iter()
        .map(|(name, before, after)| {
            if let Some(before) = &before {
                tree.write(name, before);
            }
            Change {
                path: tree.path(name),
                shown: name.to_owned(),
                before: before.map(String::into_bytes),
                after: after.into_bytes(),
            }
        })
        .collect()
}

fn expected() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = cases()
        .into_iter()
        .map(|(name, _, after)| (name.to_owned(), after.into_bytes()))
        .collect();
    files.sort();
    files
}

/// Runs a program in the tree on a patch that lies elsewhere; `None` if there is no such program.
fn apply(tree: &Tree, program: &str, arguments: &[&str], patch: &[u8]) -> Option<()> {
    let place = Tree::new();
    patch::write(&place.path("fix.patch"), patch).unwrap();
    let output = Command::new(program)
        .args(arguments)
        .arg(place.path("fix.patch"))
        .current_dir(tree.root())
        .env("GIT_CEILING_DIRECTORIES", tree.root())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{program}: {}{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(patch)
    );
    Some(())
}

#[test]
fn git_takes_the_patch() {
    let tree = Tree::new();
    let patch = patch::exact(&changes(&tree), tree.root());
    apply(&tree, "git", &["apply", "--whitespace=nowarn"], &patch).expect("git is needed");
    assert_eq!(files_of(tree.root()), expected());
}

#[test]
fn git_takes_the_patch_back() {
    let tree = Tree::new();
    let changes = changes(&tree);
    let before = files_of(tree.root());
    let patch = patch::exact(&changes, tree.root());
    apply(&tree, "git", &["apply", "--whitespace=nowarn"], &patch).expect("git is needed");
    apply(
        &tree,
        "git",
        &["apply", "--reverse", "--whitespace=nowarn"],
        &patch,
    )
    .unwrap();
    assert_eq!(files_of(tree.root()), before);
}

#[test]
fn patch_takes_the_patch() {
    let tree = Tree::new();
    let patch = patch::exact(&changes(&tree), tree.root());
    let arguments = ["-p1", "--batch", "--fuzz=0", "--binary", "-i"];
    if apply(&tree, "patch", &arguments, &patch).is_none() {
        eprintln!("skipped: there is no `patch` here");
        return;
    }
    assert_eq!(files_of(tree.root()), expected());
}

#[test]
fn each_change_alone_is_a_patch_that_patch_takes() {
    for index in 0..cases().len() {
        let tree = Tree::new();
        let change = changes(&tree).swap_remove(index);
        let patch = patch::exact(std::slice::from_ref(&change), tree.root());
        if apply(
            &tree,
            "patch",
            &["-p1", "--batch", "--fuzz=0", "-i"],
            &patch,
        )
        .is_none()
        {
            return;
        }
        assert_eq!(
            fs::read(&change.path).unwrap(),
            change.after,
            "{}",
            change.shown
        );
    }
}

#[test]
fn a_patch_is_for_its_owner_alone_and_replaces_an_older_one() {
    let tree = Tree::new();
    tree.write("fix.patch", "older, and longer");
    patch::write(&tree.path("fix.patch"), b"newer").unwrap();
    assert_eq!(fs::read(tree.path("fix.patch")).unwrap(), b"newer");
    fs::create_dir(tree.path("folder")).unwrap();
    let error = patch::write(&tree.path("folder"), b"x").unwrap_err();
    assert!(matches!(error, PatchError::NotAFile(_)), "{error}");
    let error = patch::write(&tree.path("no/where"), b"x").unwrap_err();
    assert!(matches!(error, PatchError::Io { .. }), "{error}");
    assert_eq!(files_of(tree.root()).len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(tree.path("fix.patch"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o7777, 0o600);
        std::os::unix::fs::symlink("fix.patch", tree.path("link")).unwrap();
        let error = patch::write(&tree.path("link"), b"x").unwrap_err();
        assert!(matches!(error, PatchError::Link(_)), "{error}");
        assert_eq!(fs::read(tree.path("fix.patch")).unwrap(), b"newer");
    }
}

/// Patches know no way through symbolic links: they name the file itself.
#[cfg(unix)]
#[test]
fn a_link_is_named_by_what_it_leads_to() {
    let tree = Tree::new();
    tree.write("real/a", "a\n");
    std::os::unix::fs::symlink("real/a", tree.path("link")).unwrap();
    std::os::unix::fs::symlink("real", tree.path("folder")).unwrap();
    let change = |path: &str, before: Option<&str>| Change {
        path: tree.path(path),
        shown: path.to_owned(),
        before: before.map(|text| text.as_bytes().to_vec()),
        after: b"b\n".to_vec(),
    };
    let changes = [change("link", Some("a\n")), change("folder/new", None)];
    let patch = patch::exact(&changes, tree.root());
    apply(&tree, "git", &["apply"], &patch).expect("git is needed");
    assert_eq!(fs::read(tree.path("real/a")).unwrap(), b"b\n");
    assert_eq!(fs::read(tree.path("real/new")).unwrap(), b"b\n");
    assert!(Path::new(&tree.path("link")).is_symlink());
}

/// Whatever folder was named, the patch is one of the repository that holds it.
#[test]
fn a_patch_of_a_folder_applies_at_the_root_of_its_repository() {
    let tree = Tree::new();
    let git = Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(tree.root())
        .status();
    assert!(git.unwrap().success(), "git is needed");
    tree.write(
        "services/desk/index.mjs",
        "import fetch from 'node-fetch';\nexport const tickets = async () => fetch('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: `Zoho-authtoken ${process.env.TOKEN}` } });\n",
    );
    let place = Tree::new();
    let file = place.path("fix.patch");
    let arguments: [std::ffi::OsString; 5] = [
        "fix".into(),
        "--quiet".into(),
        "--patch".into(),
        file.clone().into(),
        tree.path("services/desk").into(),
    ];
    support::run(arguments);
    let patch = fs::read(&file).unwrap();
    apply(&tree, "git", &["apply"], &patch).expect("git is needed");
    let changed = fs::read_to_string(tree.path("services/desk/index.mjs")).unwrap();
    assert!(changed.contains("Zoho-oauthtoken"), "{changed}");
    assert!(tree.path("services/desk/zoho-access-token.mjs").exists());
}
