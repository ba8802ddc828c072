//! What the words of a name tell: a product, or something else than Zoho.
//!
//! Owns names of variables, settings and classes as evidence. It must not know where they stand.

use super::evidence::squeeze;
use crate::flow::value::Alternative;
use crate::rules::matching::Knowledge;

impl<'r> Knowledge<'r> {
    /// A product that the words of a name tell, in a program that talks to Zoho: `DeskClient`, `BOOKS_URL`.
    pub(super) fn product_of_identifier(&self, name: &str) -> Option<&'r str> {
        if let Some(product) = self.product_named_in(&squeeze(name)) {
            return Some(product);
        }
        let words = words_of(name);
        self.rules
            .products
            .iter()
            .find(|product| {
                words
                    .iter()
                    .any(|word| *word == product.id || product.words.contains(word))
            })
            .map(|product| product.id.as_str())
    }

    /// The product that the name of a base URL tells: `process.env.DESK_URL`, `config.books.host`.
    pub(super) fn product_of_base(&self, url: &Alternative) -> Option<&'r str> {
        let base = url.pieces.first()?.hole()?;
        let words = words_of(&base.name);
        words
            .iter()
            .any(|word| ADDRESS_WORDS.contains(&word.as_str()))
            .then(|| self.product_of_identifier(&base.name))?
    }

    /// Whether a name is that of an authtoken of something else than Zoho. The last letter of `twilio` is no OAuth.
    pub(super) fn is_token_of_another(&self, name: &str) -> bool {
        squeeze(name).contains("authtoken") && self.is_named_for_another(name)
    }

    /// Whether the name of a token says whose it is, and that is not Zoho: `TWILIO_AUTH_TOKEN`.
    pub(super) fn is_named_for_another(&self, name: &str) -> bool {
        if self.says_site(&squeeze(name)) {
            return false;
        }
        self.product_of_identifier(name).is_none()
            && words_of(name).iter().any(|word| {
                word.len() > 2
                    && word.chars().all(char::is_alphabetic)
                    && !word.contains("authtoken")
                    && !ADDRESS_WORDS.contains(&word.as_str())
                    && !PLAIN_WORDS.split(' ').any(|plain| plain == word)
            })
    }
}

/// Words that say that a name is that of an address.
const ADDRESS_WORDS: &[&str] = &[
    "url", "uri", "host", "hostname", "base", "endpoint", "server", "domain", "api", "address",
];

/// Words that say what a thing is, how it is handled or where it is kept, and not whose it is.
const PLAIN_WORDS: &str = "\
    access account accounts add admin agent app application args argument array async attr \
    attribute auth authentication authorization await backend backup bearer body bot build \
    builder cache cached call callback caller cfg changed check client command common company \
    conf config configuration connection connector const constant constants context controller \
    copy count create credential credentials ctx current custom customer dao data database \
    decode decoded decrypt default defaults delete demo dev development dto email empty encode \
    encoded encrypted entity entry env environment error errors example exception existing \
    expired expires export exports extract factory fetch field file filter find first form \
    from frontend generate generated get global globals handle handler has hash header headers \
    helper holder http https impl import index info init initial input instance integration \
    interceptor invalid issue item job json key keys label legacy length list live load local \
    login main make manager map message missing mock model module move name need needs new \
    object oauth obtain old option optional options opts org organisation organization our output \
    owner page param parameter parameters params parse pass password path plugin portal prefix \
    primary private process prod production promise prop properties property props provide \
    provider public query raw read refresh remote remove repository req request require \
    required res reset resolve response rest result retrieve revoke root sample sandbox save \
    saved script second secondary secret secrets security self send service services session \
    set setting settings setup shared spec staging state static storage store stored str \
    string suffix super sync system target task temp template tenant test testing tests text \
    the third this tmp token tokens tool type update use user username users util utils valid \
    validate validated value values var variable variables verified verify web with worker \
    wrapper write xml your";

/// The words of a name, in lower case: `zohoDeskURL`, `zoho_desk-url`.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    for character in name.chars() {
        let begins = !last.is_alphanumeric() || (character.is_uppercase() && last.is_lowercase());
        if character.is_alphanumeric() {
            if begins || words.is_empty() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        }
        last = character;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::load::load;

    #[test]
    fn the_words_of_a_name_tell_a_product() {
        let rules = load(None).unwrap();
        let knowledge = Knowledge::new(&rules);
        for (name, product) in [
            ("DeskClient", Some("desk")),
            ("process.env.BOOKS_URL", Some("books")),
            ("ZohoSupportApi", Some("desk")),
            ("zohodesk", Some("desk")),
            ("Desktop", None),
            ("Client", None),
        ] {
            assert_eq!(knowledge.product_of_identifier(name), product, "{name}");
        }
    }

    #[test]
    fn a_name_tells_whose_token_it_is() {
        let rules = load(None).unwrap();
        let knowledge = Knowledge::new(&rules);
        for name in [
            "TWILIO_AUTH_TOKEN",
            "twilio.authToken",
            "process.env.SENTRY_AUTH_TOKEN",
            "NGROK_AUTHTOKEN",
            "npmAuthToken",
        ] {
            assert!(knowledge.is_token_of_another(name), "{name}");
        }
        for name in [
            "authtoken",
            "my_auth_token",
            "process.env.AUTH_TOKEN",
            "ZOHO_TWILIO_AUTH_TOKEN",
            "deskAuthToken",
            "getUserAuthToken",
            "args.oauth_token",
        ] {
            assert!(!knowledge.is_token_of_another(name), "{name}");
        }
    }
}
