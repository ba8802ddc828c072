//! Secrets: how a token value may appear outside memory (never), and what stands in its place.
//!
//! Owns the mask, the keyed digest used for grouping, and the masking of excerpts: what is shaped like a
//! credential ([`shape`]), what a word such as `password=` announces as one ([`announced`]), and the password in a
//! URL ([`userinfo`]). It must not know rules or languages, and errs on the side of masking too much.

mod announced;
mod shape;
mod userinfo;

use sha2::{Digest, Sha256};
use std::ops::Range;

/// What a masked character looks like.
pub const MASK: char = '•';

/// So many characters of a long secret stay readable, so that people can tell two of them apart.
const SHOWN: usize = 4;

/// Below this length nothing of a secret is shown.
const SHOWN_FROM: usize = 12;

/// A token value. It has no `Display`, `Debug` or `Serialize`; only [`Secret::mask`] and
/// [`Secret::digest`] leave it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Secret {
        Secret(value.into())
    }

    /// The first four characters (none of a short value) and an ellipsis.
    pub fn mask(&self) -> String {
        let mut mask: String = self
            .0
            .chars()
            .take(shown(self.0.chars().count()))
            .filter(|character| !character.is_control())
            .collect();
        mask.push('…');
        mask
    }

    /// The first 12 hexadecimal digits of a keyed hash: equal for equal tokens, useless for guessing a full
    /// length token, never made of a short one.
    pub fn digest(&self) -> Option<String> {
        if self.0.chars().count() < 20 {
            return None;
        }
        let mut hash = Sha256::new();
        hash.update(b"authshift credential group v1\0");
        hash.update(self.0.as_bytes());
        Some(
            hash.finalize()
                .iter()
                .take(6)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }
}

fn shown(length: usize) -> usize {
    if length >= SHOWN_FROM { SHOWN } else { 0 }
}

/// A part of a text that has to be masked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    range: Range<usize>,
    /// Whether its first characters may stay; false for the later pieces of one secret.
    leads: bool,
}

/// A copy of the same number of code points in which every token-shaped part is masked: the first four
/// characters of a long one stay, the others become `•`. Identifiers, prose, paths and URLs stay readable.
pub fn mask_excerpt(text: &str) -> String {
    mask_excerpt_with(text, &[])
}

/// As [`mask_excerpt`], and masks the byte ranges `known` whatever they look like.
pub fn mask_excerpt_with(text: &str, known: &[Range<usize>]) -> String {
    let mut parts = shape::find(text);
    parts.extend(announced::find(text));
    parts.extend(userinfo::find(text));
    parts.extend(known.iter().map(|range| Part {
        range: range.clone(),
        leads: true,
    }));
    parts.sort_by_key(|part| (part.range.start, std::cmp::Reverse(part.range.end)));

    let mut masked = String::with_capacity(text.len() + text.len() / 4);
    let mut copied = 0;
    for part in parts {
        // Of overlapping parts the first one shows its beginning, the rest of the others is masked.
        let overlaps = part.range.start < copied;
        let start = boundary(text, part.range.start.max(copied));
        let end = boundary(text, part.range.end);
        if end <= start {
            continue;
        }
        masked.push_str(text.get(copied..start).unwrap_or_default());
        let secret = text.get(start..end).unwrap_or_default();
        let shown = if part.leads && !overlaps {
            shown(secret.chars().count())
        } else {
            0
        };
        for (index, character) in secret.chars().enumerate() {
            let keep = index < shown || matches!(character, '\n' | '\r');
            masked.push(if keep { character } else { MASK });
        }
        copied = end;
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    masked
}

/// The first character boundary at or after `at`.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn survives(text: &str, token: &str) -> bool {
        let characters: Vec<char> = token.chars().collect();
        characters
            .windows(8)
            .any(|window| text.contains(&window.iter().collect::<String>()))
    }

    #[test]
    fn tokens_are_masked_wherever_they_stand() {
        for text in [
            "0123456789abcdef0123456789abcdef",
            "Authorization: Zoho-authtoken 0123456789abcdef0123456789abcdef",
            "?authtoken=0123456789abcdef0123456789abcdef&scope=crmapi",
            "authtoken%3D0123456789abcdef0123456789abcdef%26scope%3Dcrmapi",
            "%22authtoken%22%3A%220123456789abcdef0123456789abcdef%22",
            "{\"authtoken\": \"0123456789abcdef0123456789abcdef\"}",
            "prefix_0123456789abcdef0123456789abcdef_suffix",
            "TOKEN0123456789ABCDEF0123456789ABCDEFx",
            "\\n0123456789abcdef0123456789abcdef\\n",
            "\"0123456789abcdef\" + \"0123456789abcdef\"",
            "'01234567' . '89abcdef' . '01234567' . '89abcdef'",
            "\"01234567\"\n    + \"89abcdef\"\n    + \"0123456789abcdef\"",
            "`01234567${''}89abcdef0123456789abcdef`",
        ] {
            let masked = mask_excerpt(text);
            assert!(!survives(&masked, TOKEN), "{text} became {masked}");
            assert_eq!(masked.chars().count(), text.chars().count());
        }
    }

    #[test]
    fn other_kinds_of_secrets_are_masked() {
        for (text, secret) in [
            // The samples of Zoho's documentation have letters past f.
            ("t = 'bad18eba1ff45jk7858b8ae88a77fa30'", "18eba1ff45jk7858"),
            (
                "1000.0123456789abcdef0123456789abcdef.fedcba9876543210fedcba9876543210",
                "fedcba98",
            ),
            ("1000.0123abcd4567.89efcdab0123", "89efcdab"),
            ("1000.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123", "KLMNOPQR"),
            (
                "client_secret: 0123456789abcdef0123456789abcdef012345",
                "456789ab",
            ),
            ("password = \"hunter2\"", "hunter2"),
            ("password=hunter22", "hunter22"),
            ("?EMAIL_ID=a@b.example&PASSWORD=swordfish&x=1", "swordfish"),
            ("ZOHO_PASSWORD=swordfish", "swordfish"),
            ("  password: swordfish # of the robot", "swordfish"),
            ("put(\"PASSWORD\", \"swordfish\")", "swordfish"),
            ("PASSWORD%3Dswordf1sh2%26", "swordf1sh2"),
            ("'authtoken' => 'abc123def456'", "123def456"),
            ("Zoho-authtoken abc123def456", "123def456"),
            ("<password>swordfish</password>", "swordfish"),
            ("https://robot:swordfish@desk.zoho.com/api", "swordfish"),
            (
                "curl -s -u robot@example.com:sword! \"https://desk.zoho.com\"",
                "sword!",
            ),
            (
                "curl --user 'robot:swordfish' https://desk.zoho.com",
                "swordfish",
            ),
            (
                "https:\\/\\/robot:sword:f@sh@proxy.example:8080",
                "sword:f@sh",
            ),
            ("https%3A%2F%2Frobot%3Aswordfish%40zoho.com", "swordfish"),
            ("authtoken: >-\n  swordfish\nurl: x", "swordfish"),
            ("  password: | # two lines\n    sword\n    fish\n", "fish"),
            ("- zoho_authtoken: |2-\n     swordfish", "swordfish"),
            ("'Zoho-authtoken swordfish'", "swordfish"),
            (
                "-H \"Authorization: Zoho-authtoken sword(fish\"",
                "sword(fish",
            ),
            ("Authorization: zoho-authtoken swordfish\n", "swordfish"),
        ] {
            let masked = mask_excerpt(text);
            assert!(!masked.contains(secret), "{text} became {masked}");
            assert_eq!(masked.chars().count(), text.chars().count());
        }
    }

    #[test]
    fn identifiers_prose_paths_and_urls_stay_readable() {
        for text in [
            "getAccessTokenFromRefreshTokenAndStoreItForLater(request)",
            "AbstractSingletonProxyFactoryBeanConfigurationV2Impl",
            "base64EncodeSha256AndMd5Hash2",
            "import com.mycompanyname.integrations.zohodesk.TicketSynchronizationService;",
            "src/main/java/com/acme/support/ticketsynchronisation/v2/Zoho2Client.java",
            "https://desk.zoho.com/api/v1/tickets/1892000000042034?include=contacts",
            "https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoSupport/supportapi",
            "The authtoken is used in every request, and expires never.",
            "the password of the user has to be changed before 30 Nov 2020",
            "String authtoken = tokenHolder.current();",
            "authtoken: string;",
            "ZOHO_AUTHTOKEN=\nLOG_LEVEL=info\n",
            "password: String,",
            "client(password=password, authtoken=self.token)",
            "headers: { Authorization: `Zoho-authtoken ${config.zoho.authToken}` }",
            "String authTokenUrl = \"https://accounts.zoho.com/oauth/v2/token\";",
            "\"authtoken\": \"YOUR_AUTHTOKEN\"",
            "request.setHeader(\"Authorization\", \"Zoho-authtoken \" + token);",
            "const colors = ['ff0000', '00ff00', '0000ff', '123456', 'abcdef'];",
            "\"field1\" + \"field2\" + \"field3\" + \"field4\"",
            "550e8400-e29b-41d4-a716-446655440000",
            "String url = base + \"?authtoken=\" + authtoken + \"&scope=crmapi\";",
            "ZOHO_AUTHTOKEN=${ZOHO_AUTHTOKEN_FROM_VAULT}",
            "password: process.env.ZOHO_PASSWORD",
            "orgId: 600123456",
            "https://desk.zoho.com:8443/api?mail=someone@example.com",
            "https://${user}:${password}@desk.zoho.com/",
            "https://someone@desk.zoho.com/",
            "curl -u \"$USER:$PASSWORD\" https://desk.zoho.com/",
            "authtoken: >-\nurl: swordfish",
            "password: |\n  ${ZOHO_PASSWORD}\n",
            "password: |\n  ask the office for it\n",
            "token: |\n  word\n",
            "use of the Zoho-authtoken scheme",
            "'Zoho-authtoken YOUR_AUTHTOKEN'",
            "\"Zoho-authtoken %s\"",
            "'Zoho-authtoken is no longer taken'",
            "レコードの認証トークンは使えません",
        ] {
            assert_eq!(mask_excerpt(text), text);
        }
    }

    #[test]
    fn a_short_secret_shows_nothing_and_a_long_one_four_characters() {
        assert_eq!(
            mask_excerpt("password = \"hunter2\""),
            "password = \"•••••••\""
        );
        assert_eq!(
            mask_excerpt("x = '0123456789abcdef0123456789abcdef'"),
            format!("x = '0123{}'", "•".repeat(28))
        );
        assert_eq!(Secret::new("hunter2").mask(), "…");
        assert_eq!(Secret::new(TOKEN).mask(), "0123…");
    }

    #[test]
    fn known_places_are_masked_whatever_they_look_like() {
        assert_eq!(
            mask_excerpt_with("say äöü now", std::slice::from_ref(&(4..10))),
            "say ••• now"
        );
        // Ranges that are out of place neither panic nor hide anything else.
        assert_eq!(mask_excerpt_with("äb", &[Range { start: 9, end: 1 }]), "äb");
        assert_eq!(
            mask_excerpt_with("äb", std::slice::from_ref(&(1..99))),
            "ä•"
        );
    }

    #[test]
    fn digests_group_equal_tokens_and_are_not_made_of_short_ones() {
        assert_eq!(Secret::new(TOKEN).digest(), Secret::new(TOKEN).digest());
        assert_ne!(
            Secret::new(TOKEN).digest(),
            Secret::new("aaaabbbbccccddddeeeeffff00001111").digest()
        );
        assert_eq!(Secret::new("hunter2").digest(), None);
    }

    #[test]
    fn hostile_lines_take_linear_time() {
        let size = 400_000;
        for unit in [
            "a",
            "a1",
            "authtoken=",
            "password ",
            "'a' + ",
            "'1' + ",
            "%30",
            "1000.",
            "password = \"",
            "password=a",
            "\"",
            " ",
            "1000.a1",
            "authtoken,",
            "0x",
            "ab cd ",
            "auth_token:\"\"",
            "authtoken: |\n",
            "\n authtoken: |\n  a",
            "://a:",
            "://a:b@",
            "'zoho-authtoken ",
        ] {
            let text: String = unit.repeat(size / unit.len());
            let began = Instant::now();
            let masked = mask_excerpt(&text);
            assert!(
                began.elapsed() < Duration::from_secs(4),
                "{unit:?} took {:?}",
                began.elapsed()
            );
            assert_eq!(masked.chars().count(), text.chars().count());
        }
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_length_in_code_points(text in any::<String>()) {
            prop_assert_eq!(mask_excerpt(&text).chars().count(), text.chars().count());
        }

        #[test]
        fn text_that_looks_like_code_keeps_its_length(
            text in r#"([a-z0-9]{1,9}|authtoken|PASSWORD|%3D|%22|1000\.|["'`=:&+ ,.\n$é{}()<>/-]){0,60}"#,
        ) {
            prop_assert_eq!(mask_excerpt(&text).chars().count(), text.chars().count());
        }

        #[test]
        fn planted_tokens_never_survive(
            before in r#"([g-zG-Z_ =:"'&?%é.,;(+-]{0,20})"#,
            token in "[0-9a-f]{32}",
            after in r#"([g-zG-Z_ =:"'&?%é.,;)+-]{0,20})"#,
        ) {
            let masked = mask_excerpt(&format!("{before}{token}{after}"));
            prop_assert!(!survives(&masked, &token), "{masked}");
        }

        #[test]
        fn tokens_split_between_quotes_never_survive(
            before in r#"(const t = |authtoken=|Zoho-authtoken |x\.put\("authtoken", )"#,
            token in "[0-9a-f]{32}",
            cut in 1usize..31,
            joint in r#"(" \+ "|' \. '|"\n        \+ "|` \+ '|" ")"#,
        ) {
            let (left, right) = token.split_at(cut);
            let masked = mask_excerpt(&format!("{before}\"{left}{joint}{right}\""));
            prop_assert!(!survives(&masked, &token), "{masked}");
        }
    }
}
