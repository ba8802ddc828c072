//! Every option of `authshift.toml`, described once: the reader, the JSON Schema and the documentation follow it.

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Kind {
    Rules,
    Products,
    Confidence,
    FailOn,
    Days,
    Patterns,
    Size,
    File,
    Text,
    Date,
    PathIgnores,
}

pub(in crate::cli) struct Description {
    pub key: &'static str,
    pub kind: Kind,
    pub about: &'static str,
    /// In TOML.
    pub example: &'static str,
    pub required: bool,
}

const fn option(
    key: &'static str,
    kind: Kind,
    example: &'static str,
    about: &'static str,
) -> Description {
    Description {
        key,
        kind,
        about,
        example,
        required: false,
    }
}

/// The options of the file, in the order of the documentation.
pub(in crate::cli) const OPTIONS: [Description; 13] = [
    option(
        "select",
        Kind::Rules,
        "[\"authtoken-header\"]",
        "Only these rules. `authshift rules` lists them. The command line has --select.",
    ),
    option(
        "ignore",
        Kind::Rules,
        "[\"authtoken-docs\"]",
        "Not these rules. The command line has --ignore.",
    ),
    option(
        "products",
        Kind::Products,
        "[\"desk\", \"crm\"]",
        "Only findings of these products. `authshift rules --products` lists them. The command line has --product.",
    ),
    option(
        "confidence",
        Kind::Confidence,
        "\"medium\"",
        "Leave out findings that are less certain. The command line has --confidence.",
    ),
    option(
        "fail-on",
        Kind::FailOn,
        "\"warning\"",
        "Exit with 1 from this level on. The command line has --fail-on.",
    ),
    option(
        "fail-within",
        Kind::Days,
        "\"90d\"",
        "Fail for findings whose date lies at most so far ahead; warnings count as errors once their date has come. In days (90d) or weeks (12w). The command line has --fail-within.",
    ),
    option(
        "exclude",
        Kind::Patterns,
        "[\"third-party/\", \"*.min.js\"]",
        "Files and folders to leave out, as in a .gitignore in the folder of this file (with --config, in the working folder). A path that is named on the command line is read all the same, unless --force-exclude is given. The command line adds to them with --exclude.",
    ),
    option(
        "path-ignores",
        Kind::PathIgnores,
        "[{ paths = [\"legacy/\"], rules = [\"authtoken-header\"], until = \"2027-03-01\", reason = \"switched off in March\" }]",
        "Rules that are silent in some paths. Unused and expired entries are reported.",
    ),
    option(
        "max-file-size",
        Kind::Size,
        "\"2M\"",
        "Leave out files that are larger. The command line has --max-file-size.",
    ),
    option(
        "rules",
        Kind::File,
        "\"zoho-rules\"",
        "Folder with rules of your own, relative to this file. The command line has --rules.",
    ),
    option(
        "connection",
        Kind::Text,
        "\"zoho_desk\"",
        "Name of the connection that fixes give to Deluge scripts. The command line has fix --connection.",
    ),
    option(
        "baseline",
        Kind::File,
        "\"authshift-baseline.txt\"",
        "File with the findings that are known already, relative to this file; `authshift baseline` writes it. `check` reports what is new. The command line has --baseline.",
    ),
    option(
        "$schema",
        Kind::Text,
        "\"authshift.schema.json\"",
        "The JSON Schema of this file, for editors; has no other effect.",
    ),
];

/// The keys of one entry of `path-ignores`.
pub(in crate::cli) const PATH_IGNORE: [Description; 4] = [
    Description {
        required: true,
        ..option(
            "paths",
            Kind::Patterns,
            "[\"legacy/\"]",
            "Files and folders, as in a .gitignore.",
        )
    },
    Description {
        required: true,
        ..option(
            "rules",
            Kind::Rules,
            "[\"authtoken-header\"]",
            "Rules that are silent there.",
        )
    },
    Description {
        required: true,
        ..option(
            "reason",
            Kind::Text,
            "\"switched off in March\"",
            "Why; shown in reports.",
        )
    },
    option(
        "until",
        Kind::Date,
        "\"2027-03-01\"",
        "The last day on which the entry holds.",
    ),
];

pub(in crate::cli) const CONFIDENCES: [&str; 3] = ["low", "medium", "high"];
pub(in crate::cli) const LEVELS: [&str; 4] = ["error", "warning", "note", "never"];
