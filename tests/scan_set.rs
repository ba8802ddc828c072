//! Which files belong to a scan: what the ignore files keep, what git tracks, git-ignored `.env*` files, and whatever
//! is named.

// clippy counts the helpers of an integration test as ordinary code.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use authshift::scan::{
    Options, Patterns, Prefilter, Scan, ScanError, SkipReason, report_root, repository_root, scan,
};
use tempfile::TempDir;

const HIT: &str = "Zoho-authtoken";

/// A folder with files; those whose content is not given hold the literal.
struct Tree {
    folder: TempDir,
}

impl Tree {
    fn new(files: &[&str]) -> Self {
        let tree = Self {
            folder: TempDir::new().unwrap(),
        };
        files.iter().for_each(|file| tree.write(file, HIT));
        tree
    }

    fn root(&self) -> PathBuf {
        // As scans report it: the folder for temporary files may lie behind a symbolic link.
        self.folder.path().canonicalize().unwrap()
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    fn write(&self, relative: &str, content: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn git(&self, folder: &str, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args([
            "-c",
            "user.name=Someone",
            "-c",
            "user.email=someone@example.com",
        ]);
        git.args(arguments).current_dir(self.path(folder));
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(variable);
        }
        let output = git.output().expect("git is needed for these tests");
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn scan(&self) -> Scan {
        scan_with(Options {
            roots: vec![self.root()],
            ..Options::default()
        })
    }
}

fn prefilter() -> Prefilter {
    Prefilter::new(&["authtoken"]).unwrap()
}

fn scan_with(options: Options) -> Scan {
    scan(&options, &prefilter()).unwrap()
}

fn hits(scan: &Scan) -> Vec<&str> {
    scan.candidates
        .iter()
        .map(|candidate| candidate.relative.as_str())
        .collect()
}

#[test]
fn hidden_files_are_read_and_the_git_folder_is_not() {
    let tree = Tree::new(&[
        "a.js",
        ".hidden/.b.js",
        ".env",
        ".git/config",
        "sub/.git/config",
        "sub/c.js",
    ]);
    let scan = tree.scan();
    assert_eq!(hits(&scan), [".env", ".hidden/.b.js", "a.js", "sub/c.js"]);
    assert_eq!(scan.coverage.files_seen, 4);
    assert_eq!(scan.coverage.files_read, 4);
    assert_eq!(scan.coverage.bytes_read, 4 * HIT.len() as u64);
}

#[test]
fn ignore_files_hold_also_where_there_is_no_repository() {
    let tree = Tree::new(&[
        "a.js",
        "build/b.js",
        "deep/c.log",
        "deep/keep.log",
        "other/d.js",
        "nested/build/e.js",
    ]);
    tree.write(".gitignore", "/build/\n*.log\n");
    tree.write("deep/.gitignore", "!keep.log\n");
    tree.write(".ignore", "other\n");
    let scan = tree.scan();
    assert_eq!(hits(&scan), ["a.js", "deep/keep.log", "nested/build/e.js"]);
    assert_eq!(scan.coverage.ignored, 3);
}

#[test]
fn an_ignore_file_goes_before_a_gitignore() {
    let tree = Tree::new(&["a.log", "b.txt"]);
    tree.write(".gitignore", "*.log\n");
    tree.write(".ignore", "!a.log\n*.txt\n");
    assert_eq!(hits(&tree.scan()), ["a.log"]);
}

#[test]
fn rules_from_above_the_root_hold_up_to_the_repository() {
    let tree = Tree::new(&[
        "repository/sub/a.js",
        "repository/sub/a.log",
        "repository/sub/b.tmp",
    ]);
    tree.write(".gitignore", "*.js\n");
    tree.write("repository/.git/info/exclude", "*.tmp\n");
    tree.write("repository/.gitignore", "*.log\n");
    let options = Options {
        roots: vec![tree.path("repository/sub")],
        ..Options::default()
    };
    assert_eq!(hits(&scan_with(options)), ["a.js"]);
}

#[test]
fn rules_of_a_repository_do_not_reach_into_one_inside_it() {
    let tree = Tree::new(&["a.log", "inner/b.log", "inner/.git/HEAD"]);
    tree.write(".gitignore", "*.log\n");
    assert_eq!(hits(&tree.scan()), ["inner/b.log"]);
}

#[test]
fn the_exclude_file_of_a_linked_work_tree_is_that_of_its_repository() {
    let tree = Tree::new(&["work/a.js", "work/b.tmp"]);
    tree.write("work/.git", "gitdir: ../main/.git/worktrees/work\n");
    tree.write("main/.git/worktrees/work/commondir", "../..\n");
    tree.write("main/.git/info/exclude", "*.tmp\n");
    let options = Options {
        roots: vec![tree.path("work")],
        ..Options::default()
    };
    assert_eq!(hits(&scan_with(options)), ["a.js"]);
}

#[test]
fn what_git_tracks_is_scanned_although_it_is_ignored() {
    let tree = Tree::new(&[
        "a.js",
        "dist/tracked.js",
        "dist/untracked.js",
        "kept.log",
        "lost.log",
        "vendor/x/y.js",
    ]);
    tree.write(".gitignore", "dist/\n*.log\n");
    tree.write(".ignore", "vendor\n");
    tree.git("", &["init", "-q"]);
    tree.git(
        "",
        &["add", "-f", "a.js", "dist/tracked.js", "kept.log", "vendor"],
    );
    let scan = tree.scan();
    assert_eq!(
        hits(&scan),
        ["a.js", "dist/tracked.js", "kept.log", "vendor/x/y.js"]
    );
    assert!(
        scan.candidates
            .iter()
            .all(|candidate| candidate.tracked == Some(true) && !candidate.ignored_by_git)
    );
    assert!(scan.contains("dist/tracked.js") && !scan.contains("dist/untracked.js"));
    assert_eq!(
        scan.coverage.files_seen, 6,
        "the two ignore files count too"
    );
}

#[test]
fn untracked_files_are_scanned_and_said_to_be_untracked() {
    let tree = Tree::new(&["tracked.js", "new.js"]);
    tree.git("", &["init", "-q"]);
    tree.git("", &["add", "tracked.js"]);
    let scan = tree.scan();
    let tracked: Vec<_> = scan
        .candidates
        .iter()
        .map(|one| (one.relative.as_str(), one.tracked))
        .collect();
    assert_eq!(
        tracked,
        [("new.js", Some(false)), ("tracked.js", Some(true))]
    );
    assert_eq!(Tree::new(&["a.js"]).scan().candidates[0].tracked, None);
}

#[test]
fn a_tracked_file_that_is_gone_or_became_a_link_is_no_error() {
    let tree = Tree::new(&[
        "dist/gone.js",
        "dist/link.js",
        "dist/folder",
        "outside/secret",
    ]);
    tree.write(".gitignore", "dist/\noutside/\n");
    tree.git("", &["init", "-q"]);
    tree.git("", &["add", "-f", "dist"]);
    fs::remove_file(tree.path("dist/gone.js")).unwrap();
    fs::remove_file(tree.path("dist/folder")).unwrap();
    tree.write("dist/folder/untracked.js", HIT);
    #[cfg(unix)]
    {
        fs::remove_file(tree.path("dist/link.js")).unwrap();
        std::os::unix::fs::symlink(tree.path("outside/secret"), tree.path("dist/link.js")).unwrap();
        assert_eq!(hits(&tree.scan()), [""; 0]);
    }
    assert!(!tree.scan().contains("dist/folder/untracked.js"));
}

#[test]
fn files_of_an_ignored_submodule_are_scanned() {
    let tree = Tree::new(&["library/l.js", "library/l.log", "main/a.js"]);
    tree.write("library/.gitignore", "*.log\n");
    tree.git("library", &["init", "-q"]);
    tree.git("library", &["add", "-f", "."]);
    tree.git("library", &["commit", "-qm", "Begin"]);
    tree.git("main", &["init", "-q"]);
    let url = tree.path("library");
    let add = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        url.to_str().unwrap(),
        "deps/library",
    ];
    tree.git("main", &add);
    tree.write("main/.gitignore", "deps/\n");
    tree.write("main/deps/untracked.js", HIT);
    let options = Options {
        roots: vec![tree.path("main")],
        ..Options::default()
    };
    let scan = scan_with(options);
    assert_eq!(
        hits(&scan),
        ["a.js", "deps/library/l.js", "deps/library/l.log"]
    );
    assert_eq!(
        scan.candidates[2].tracked,
        Some(true),
        "its own repository tracks it"
    );
}

#[test]
fn a_repository_that_git_will_not_list_is_walked_and_reported() {
    let tree = Tree::new(&["a.js", "b.log", ".git/HEAD"]);
    tree.write(".gitignore", "*.log\n");
    let scan = tree.scan();
    assert_eq!(hits(&scan), ["a.js"]);
    assert_eq!(scan.candidates[0].tracked, None);
    let unlisted: Vec<&Path> = scan
        .coverage
        .unlisted_repositories
        .iter()
        .map(|one| one.root.as_path())
        .collect();
    assert_eq!(unlisted, [tree.root()]);
}

#[test]
fn git_ignored_environment_files_are_read_and_marked() {
    let tree = Tree::new(&[
        ".env",
        "app/.env.local",
        "app/a.js",
        ".envs/x.js",
        "node_modules/p/.env",
        "private/.env",
    ]);
    tree.write(".gitignore", ".env*\nnode_modules/\n");
    tree.write("private/.ignore", ".env\n");
    let scan = tree.scan();
    assert_eq!(hits(&scan), [".env", "app/.env.local", "app/a.js"]);
    let marked: Vec<bool> = scan
        .candidates
        .iter()
        .map(|candidate| candidate.ignored_by_git)
        .collect();
    assert_eq!(marked, [true, true, false]);
}

#[test]
fn a_tracked_environment_file_is_not_marked_as_ignored() {
    let tree = Tree::new(&[".env", ".env.local"]);
    tree.write(".gitignore", ".env*\n");
    tree.git("", &["init", "-q"]);
    tree.git("", &["add", "-f", ".env"]);
    let scan = tree.scan();
    let marked: Vec<_> = scan
        .candidates
        .iter()
        .map(|one| (one.tracked, one.ignored_by_git))
        .collect();
    assert_eq!(marked, [(Some(true), false), (Some(false), true)]);
}

#[test]
fn what_is_named_is_scanned_although_it_is_ignored() {
    let tree = Tree::new(&["a.log", "build/b.js", "generated/deep/c.js", "d.js"]);
    tree.write(".gitignore", "*.log\nbuild\ngenerated/**\n");
    for (root, expected) in [
        ("a.log", "a.log"),
        ("build", "b.js"),
        ("generated", "deep/c.js"),
        ("generated/deep", "c.js"),
    ] {
        let scan = scan_with(Options {
            roots: vec![tree.path(root)],
            ..Options::default()
        });
        let found = &scan.candidates[0];
        assert!(
            found.path.ends_with(root) || found.relative == expected,
            "{root}: {found:?}"
        );
        assert_eq!(scan.candidates.len(), 1, "{root}");
        assert_eq!(found.named, root == "a.log");
    }
}

#[test]
fn a_named_environment_file_is_known_to_be_named() {
    let tree = Tree::new(&[".env"]);
    tree.write(".gitignore", ".env\n");
    let scan = scan_with(Options {
        roots: vec![tree.path(".env")],
        ..Options::default()
    });
    assert!(scan.candidates[0].named && scan.candidates[0].ignored_by_git);
}

#[test]
fn a_path_that_is_not_there_is_an_error_that_names_it() {
    let tree = Tree::new(&["a.js"]);
    let roots = vec![tree.root(), tree.path("missing/b.js")];
    let error = scan(
        &Options {
            roots,
            ..Options::default()
        },
        &prefilter(),
    )
    .unwrap_err();
    assert!(matches!(&error, ScanError::Missing { path } if path.ends_with("missing/b.js")));
    assert!(error.to_string().contains("missing"), "{error}");
}

#[test]
fn overlapping_roots_give_each_file_once() {
    let tree = Tree::new(&["a.js", "src/b.js", "src/deep/c.js", "other/d.js"]);
    tree.write(".gitignore", "other\n");
    fs::create_dir(tree.path(".git")).unwrap();
    let roots = [
        "",
        "src",
        "src/b.js",
        "src/../src",
        "other",
        "src/deep/c.js",
        "src/deep/c.js",
    ];
    let scan = scan_with(Options {
        roots: roots.map(|root| tree.path(root)).to_vec(),
        ..Options::default()
    });
    assert_eq!(
        hits(&scan),
        ["a.js", "other/d.js", "src/b.js", "src/deep/c.js"]
    );
    assert_eq!(scan.coverage.files_seen, 5);
    let named: Vec<bool> = scan
        .candidates
        .iter()
        .map(|candidate| candidate.named)
        .collect();
    assert_eq!(named, [false, false, true, true]);
}

#[test]
fn excludes_hold_for_named_paths_only_when_forced() {
    let tree = Tree::new(&["a.js", "third/b.js", "x.min.js"]);
    let excludes = ["third/".to_owned(), "*.min.js".to_owned()];
    let excludes = Patterns::new(&tree.root(), &excludes).unwrap();
    let all = Options {
        roots: vec![tree.root()],
        excludes,
        ..Options::default()
    };
    let scan = scan_with(all.clone());
    assert_eq!(hits(&scan), ["a.js"]);
    assert_eq!(scan.coverage.excluded, 2);

    fs::create_dir(tree.path(".git")).unwrap();
    let named = Options {
        roots: vec![tree.path("third/b.js"), tree.path("a.js")],
        ..all
    };
    assert_eq!(hits(&scan_with(named.clone())), ["a.js", "third/b.js"]);
    assert_eq!(
        hits(&scan_with(Options {
            force_exclude: true,
            ..named
        })),
        ["a.js"]
    );
}

#[test]
fn a_pattern_that_makes_no_sense_is_an_error() {
    let tree = Tree::new(&["a.js"]);
    let made = Patterns::new(&tree.root(), &["a{b".to_owned()]);
    assert_eq!(made.unwrap_err(), "a{b");
}

#[test]
fn binary_large_and_utf_16_files_are_told_apart() {
    let tree = Tree::new(&[]);
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(HIT.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    tree.write("wide.js", &utf16);
    tree.write(
        "image.png",
        [HIT.as_bytes(), b"\0", HIT.as_bytes()].concat(),
    );
    tree.write("large-image.png", [&[0; 10][..], &[b'x'; 30_000]].concat());
    tree.write("large-clean.txt", "x".repeat(30_000));
    // The literal lies across the places where a part of the file ends.
    for shift in 0..20 {
        tree.write(
            &format!("large-{shift:02}.txt"),
            ["y".repeat(20_000 - shift), HIT.into(), "z".repeat(100_000)].concat(),
        );
    }
    let wide: Vec<u8> = "y"
        .repeat(40_000)
        .encode_utf16()
        .chain(HIT.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    tree.write("large-wide.txt", [&[0xFE, 0xFF][..], &wide].concat());
    let scan = scan_with(Options {
        roots: vec![tree.root()],
        max_file_size: 20_000,
        ..Options::default()
    });
    assert_eq!(hits(&scan), ["wide.js"]);
    assert_eq!(scan.binary_files(), ["image.png", "large-image.png"]);
    assert_eq!(scan.coverage.binary, 2);
    let large: Vec<&str> = scan
        .coverage
        .skipped
        .iter()
        .map(|skipped| skipped.relative.as_str())
        .collect();
    let mut expected: Vec<String> = (0..20)
        .map(|shift| format!("large-{shift:02}.txt"))
        .collect();
    expected.push("large-wide.txt".to_owned());
    assert_eq!(large, expected);
    assert_eq!(
        scan.coverage.skipped[0].reason,
        SkipReason::TooLarge {
            size: 120_000 + HIT.len() as u64
        }
    );
}

#[test]
fn a_file_exactly_at_the_limit_is_not_too_large() {
    for size in [100, 8 * 1024, 64 * 1024, 200_000] {
        let tree = Tree::new(&[]);
        tree.write(
            "at.txt",
            [HIT.to_owned(), "x".repeat(size - HIT.len())].concat(),
        );
        tree.write(
            "over.txt",
            [HIT.to_owned(), "x".repeat(size + 1 - HIT.len())].concat(),
        );
        let scan = scan_with(Options {
            roots: vec![tree.root()],
            max_file_size: size as u64,
            ..Options::default()
        });
        assert_eq!(hits(&scan), ["at.txt"]);
        assert_eq!(scan.candidates[0].size, size as u64);
        assert_eq!(scan.coverage.skipped[0].relative, "over.txt");
        assert_eq!(scan.read(&scan.candidates[0]).unwrap().len(), size);
    }
}

#[test]
fn without_prefilter_every_text_file_is_a_candidate() {
    let tree = Tree::new(&["a.js"]);
    tree.write("b.js", "nothing");
    tree.write("c.png", b"\0");
    let scan = scan_with(Options {
        roots: vec![tree.root()],
        prefilter: false,
        ..Options::default()
    });
    assert_eq!(hits(&scan), ["a.js", "b.js"]);
    assert!(scan.candidates[0].literals.contains(0));
    assert!(scan.candidates[1].literals.is_empty());
}

#[test]
fn the_same_files_can_be_searched_again_for_other_literals() {
    let tree = Tree::new(&["a.js"]);
    tree.write("sub/b.js", "import { ZOHO_KEY } from './a'");
    tree.write("ignored.log", "ZOHO_KEY");
    tree.write(".env", "ZOHO_KEY=0123456789abcdef0123456789abcdef");
    tree.write(".gitignore", "*.log\n.env\n");
    let scan = tree.scan();
    assert_eq!(hits(&scan), ["a.js"]);
    tree.write("later.js", "ZOHO_KEY");
    let again = scan.search(
        &Prefilter::new(&["nothing_of_this", "zoho_key"]).unwrap(),
        &|_, _| true,
    );
    let found: Vec<_> = again
        .candidates
        .iter()
        .map(|one| (one.relative.as_str(), one.ignored_by_git))
        .collect();
    assert_eq!(found, [(".env", true), ("sub/b.js", false)]);
    assert_eq!(again.candidates[0].literals.iter().collect::<Vec<_>>(), [1]);
    assert!(
        scan.search(&Prefilter::new::<&str>(&[]).unwrap(), &|_, _| true)
            .candidates
            .is_empty()
    );
}

#[test]
fn scanned_files_are_known_by_their_relative_path() {
    let tree = Tree::new(&["a.js"]);
    tree.write("sub/b.js", "nothing");
    let scan = tree.scan();
    assert!(scan.contains("a.js") && scan.contains("sub/b.js"));
    assert!(!scan.contains("sub") && !scan.contains("sub/a.js") && !scan.contains("/a.js"));
    let file = scan.file("sub/b.js").unwrap();
    assert_eq!(file.path, tree.path("sub/b.js"));
    assert_eq!(scan.read(&file).unwrap(), b"nothing");
    assert_eq!(scan.text_files(), ["a.js", "sub/b.js"]);
}

#[test]
fn the_result_does_not_hang_on_the_number_of_threads() {
    let tree = Tree::new(&[]);
    for number in 0..700 {
        tree.write(
            &format!("wide/f{number}.js"),
            if number % 3 == 0 { HIT } else { "nothing" },
        );
        tree.write(&format!("d{}/e{}/f.js", number % 20, number % 70), HIT);
        tree.write(
            &format!("large/{}.txt", number % 9),
            [HIT, &"x".repeat(3000)].concat(),
        );
    }
    let with = |threads| {
        scan_with(Options {
            roots: vec![tree.root()],
            threads: Some(threads),
            max_file_size: 2000,
            ..Options::default()
        })
    };
    let one = with(1);
    assert_eq!(one.coverage.skipped.len(), 9);
    assert!(one.candidates.len() > 300);
    for threads in [2, 3, 8] {
        let many = with(threads);
        assert_eq!(many.candidates, one.candidates);
        assert_eq!(many.coverage, one.coverage);
        assert_eq!(many.text_files(), one.text_files());
    }
}

#[test]
fn paths_are_relative_to_the_folder_the_repository_or_the_working_folder() {
    let tree = Tree::new(&["r/src/a.js", "r/src/b.js", "other/c.js"]);
    fs::create_dir(tree.path("r/.git")).unwrap();
    let root =
        |paths: &[&str]| report_root(&paths.iter().map(|path| tree.path(path)).collect::<Vec<_>>());
    assert_eq!(root(&["r/src"]), tree.path("r/src"));
    assert_eq!(root(&["r/src/a.js"]), tree.path("r"));
    assert_eq!(root(&["r/src/a.js", "r/src"]), tree.path("r"));
    let working_folder = std::env::current_dir().unwrap().canonicalize().unwrap();
    assert_eq!(root(&["r/src/a.js", "other"]), working_folder);
    assert_eq!(
        repository_root(&tree.path("r/src/a.js")),
        Some(tree.path("r"))
    );
    assert_eq!(repository_root(&tree.path("r")), Some(tree.path("r")));
}

#[test]
fn an_empty_folder_is_a_scan_of_nothing() {
    let tree = Tree::new(&[]);
    let scan = tree.scan();
    assert!(scan.candidates.is_empty());
    assert_eq!(scan.coverage.files_seen, 0);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn symbolic_links_are_counted_and_followed_only_where_named() {
        let tree = Tree::new(&["real/a.js", "outside/b.js"]);
        symlink(tree.path("real"), tree.path("real/loop")).unwrap();
        symlink(tree.path("outside/b.js"), tree.path("real/link.js")).unwrap();
        symlink(tree.path("real"), tree.path("named")).unwrap();
        symlink(tree.path("nowhere"), tree.path("real/dangling")).unwrap();
        let scan = scan_with(Options {
            roots: vec![tree.path("real")],
            ..Options::default()
        });
        assert_eq!(hits(&scan), ["a.js"]);
        assert_eq!(scan.coverage.symbolic_links, 3);
        let scan = scan_with(Options {
            roots: vec![tree.path("named")],
            ..Options::default()
        });
        assert_eq!(hits(&scan), ["a.js"]);
        let scan = scan_with(Options {
            roots: vec![tree.path("real/link.js")],
            ..Options::default()
        });
        assert_eq!(scan.candidates[0].path, tree.path("real/link.js"));
    }

    #[test]
    fn names_that_are_no_unicode_are_scanned_and_read_again() {
        let tree = Tree::new(&[]);
        let folder = tree.root().join(OsStr::from_bytes(b"d\xff"));
        fs::create_dir(&folder).unwrap();
        let file = folder.join(OsStr::from_bytes(b"caf\xe9.js"));
        if fs::write(&file, HIT).is_err() {
            return; // A file system that takes no such names has nothing to get wrong.
        }
        let scan = tree.scan();
        assert_eq!(scan.candidates[0].path, file);
        assert_eq!(scan.candidates[0].relative, "d\u{fffd}/caf\u{fffd}.js");
        assert_eq!(scan.read(&scan.candidates[0]).unwrap(), HIT.as_bytes());
        assert_eq!(
            scan.search(&prefilter(), &|_, _| true).candidates,
            scan.candidates
        );
    }

    #[test]
    fn names_that_are_no_unicode_are_matched_with_what_git_tracks() {
        let tree = Tree::new(&[]);
        let name = OsStr::from_bytes(b"caf\xe9.log");
        if fs::write(tree.root().join(name), HIT).is_err() {
            return;
        }
        tree.write(".gitignore", "*.log\n");
        tree.git("", &["init", "-q"]);
        tree.git("", &["add", "-f", "."]);
        assert_eq!(tree.scan().candidates[0].tracked, Some(true));
    }

    #[test]
    fn what_cannot_be_read_is_listed() {
        let tree = Tree::new(&["a.js", "closed.js", "folder/b.js"]);
        fs::set_permissions(tree.path("closed.js"), fs::Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(tree.path("folder"), fs::Permissions::from_mode(0o000)).unwrap();
        let is_root = fs::read(tree.path("closed.js")).is_ok();
        let scan = tree.scan();
        fs::set_permissions(tree.path("folder"), fs::Permissions::from_mode(0o755)).unwrap();
        if is_root {
            assert_eq!(
                hits(&scan),
                ["a.js", "closed.js", "folder/b.js"],
                "nothing is closed to root"
            );
            return;
        }
        assert_eq!(hits(&scan), ["a.js"]);
        let skipped: Vec<&str> = scan
            .coverage
            .skipped
            .iter()
            .map(|skipped| skipped.relative.as_str())
            .collect();
        assert_eq!(skipped, ["closed.js", "folder"]);
        assert!(
            scan.coverage
                .skipped
                .iter()
                .all(|one| matches!(one.reason, SkipReason::Unreadable { .. }))
        );
        assert_eq!((scan.coverage.files_seen, scan.coverage.files_read), (2, 1));
    }

    #[test]
    fn pipes_and_sockets_are_listed_and_never_opened() {
        let tree = Tree::new(&["a.js"]);
        let pipe = Command::new("mkfifo").arg(tree.path("pipe")).status();
        let _socket = std::os::unix::net::UnixListener::bind(tree.path("socket")).unwrap();
        let scan = tree.scan();
        assert_eq!(hits(&scan), ["a.js"]);
        let skipped: Vec<_> = scan
            .coverage
            .skipped
            .iter()
            .map(|one| (one.relative.as_str(), &one.reason))
            .collect();
        if pipe.is_ok_and(|status| status.success()) {
            assert_eq!(
                skipped,
                [
                    ("pipe", &SkipReason::NotAFile),
                    ("socket", &SkipReason::NotAFile)
                ]
            );
            let options = Options {
                roots: vec![tree.path("pipe")],
                ..Options::default()
            };
            assert!(matches!(
                scan_with_error(&options),
                ScanError::NotAFile { .. }
            ));
        } else {
            assert_eq!(skipped, [("socket", &SkipReason::NotAFile)]);
        }
    }

    fn scan_with_error(options: &Options) -> ScanError {
        scan(options, &prefilter()).unwrap_err()
    }

    #[test]
    fn a_hostile_repository_runs_nothing() {
        let tree = Tree::new(&["a.js", "b.log"]);
        tree.write(".gitignore", "*.log\n");
        tree.git("", &["init", "-q"]);
        tree.git("", &["add", "-f", "."]);
        let trace = tree.path("trace");
        tree.write(
            "run.sh",
            format!("#!/bin/sh\ntouch '{}'\n", trace.display()),
        );
        fs::set_permissions(tree.path("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        let program = tree.path("run.sh");
        for key in [
            "core.fsmonitor",
            "core.pager",
            "core.sshCommand",
            "filter.x.process",
            "core.editor",
        ] {
            tree.git("", &["config", key, program.to_str().unwrap()]);
        }
        assert_eq!(hits(&tree.scan()), ["a.js", "b.log"]);
        assert!(!trace.exists());
    }
}
