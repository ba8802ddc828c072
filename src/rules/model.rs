//! The shape of the data in `rules/`: products, detections, client idioms, packages, data centres.
//!
//! Owns the types that the loader fills and the rest of the program reads. It must not know syntax trees,
//! files of the scanned code base, or output.

use super::applications::{Kind, Protocol};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Everything that was loaded and checked, from the embedded folder and the user's own.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub products: Vec<Product>,
    pub detections: Vec<Detection>,
    pub clients: Vec<ClientTable>,
    pub sdks: Vec<Sdk>,
    pub data_centers: Vec<DataCenter>,
    /// The general dates, used where a product has none of its own.
    pub general_deadlines: Vec<Deadline>,
    /// Kinds of programs, by the way in which they are registered; in the order in which they count.
    pub kinds: Vec<Kind>,
    /// How programs sign in.
    pub protocol: Option<Protocol>,
}

/// `rules/products/<id>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Product {
    /// `desk`; equals the file name.
    pub id: String,
    /// `Zoho Desk`.
    pub name: String,
    /// Hosts of its API, now and in the past; `{tld}` stands for every product domain of
    /// `oauth/data-centers.toml` (`zoho.com`, `zoho.eu`, `zohocloud.ca`, …): `desk.{tld}`.
    pub hosts: Vec<String>,
    /// First path segment on the unified API host (`books` in `www.zohoapis.com/books/v3`).
    #[serde(default)]
    pub unified_path: Option<String>,
    /// Words that name the product in file names, packages, identifiers and environment keys, lower case
    /// (`zohodesk`, `zoho-support`, `zoho_desk`); compared with `-`, `_`, `.` and `/` taken as equal.
    #[serde(default)]
    pub names: Vec<String>,
    /// Weaker words that name it only next to the word zoho (`desk`, `support`).
    #[serde(default)]
    pub words: Vec<String>,
    /// Legacy `scope=` words and `SCOPE` strings (`supportapi`, `ZohoSupport/supportapi`).
    #[serde(default)]
    pub legacy_scopes: Vec<String>,
    /// How the authtoken travels.
    #[serde(default)]
    pub carriers: Vec<Carrier>,
    /// Headers that only calls to this product carry (`orgId`, `X-com-zoho-books-organizationid`).
    #[serde(default)]
    pub companion_headers: Vec<Companion>,
    /// Query or form parameters that go with its calls (`ZOHO_ACTION`, `zc_ownername`).
    #[serde(default)]
    pub companion_parameters: Vec<Companion>,
    /// Prefix of its OAuth scopes (`Desk`, `ZohoBooks`).
    #[serde(default)]
    pub scope_family: Option<String>,
    #[serde(default)]
    pub deadline: Vec<Deadline>,
    #[serde(default)]
    pub legacy: Vec<LegacyEndpoint>,
    pub source: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Carrier {
    pub kind: CarrierKind,
    pub source: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum CarrierKind {
    /// `Authorization: Zoho-authtoken <token>`
    SchemeHeader,
    /// `Authorization: <token>`
    RawHeader,
    Query,
    Form,
}

/// A name that is evidence for a product.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Companion {
    pub name: String,
    /// True if the name alone proves Zoho (`X-com-zoho-books-organizationid`), false if it is weak (`orgId`).
    #[serde(default)]
    pub proves: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deadline {
    pub kind: DeadlineKind,
    /// `YYYY-MM-DD`, checked when loaded.
    pub date: String,
    /// Data centre it holds for (`us`, `eu`, …); all if absent.
    #[serde(default)]
    pub data_center: Option<String>,
    /// Where it holds only in a part of the product (`CRM functions`).
    #[serde(default)]
    pub context: Option<String>,
    pub source: String,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineKind {
    NoNewTokens,
    TokensStop,
    ApiEnd,
}

/// Endpoints that went away with the token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LegacyEndpoint {
    /// `crm-v1`
    pub id: String,
    /// Hosts it holds for (`support.{tld}`); all hosts of the product if empty.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Path prefixes, matched without case from the start of the path, `*` for one segment
    /// (`/crm/private/json`, `/api/json`, `/*/api/xml`).
    pub paths: Vec<String>,
    /// True if the path alone, without a host, is unmistakable (`/crm/private/`).
    #[serde(default)]
    pub distinctive: bool,
    pub successor: String,
    /// What else changes in a rewrite (body, criteria, response).
    pub note: String,
    #[serde(default)]
    pub ended: Option<String>,
    /// What takes the place of its calls, as far as that is known: for the scopes that they will need.
    #[serde(default)]
    pub operation: Vec<LegacyOperation>,
    pub source: String,
}

/// A call of an API that has ended and the one that takes its place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LegacyOperation {
    /// Matched without case from the start of the path; `*` for one segment, `{name}` for one that the successor takes.
    pub path: String,
    /// The method of the successor.
    pub method: String,
    /// Behind the successor of the endpoint.
    pub successor: String,
}

/// `rules/detections/<rule-id>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Detection {
    pub id: String,
    pub level: Level,
    /// One line: what it finds.
    pub summary: String,
    /// `{product}`, `{name}` and the like are filled in; see `rules/README.md`.
    pub message: String,
    /// What to do, one or two sentences.
    pub help: String,
    /// Why this no longer works; for `explain`.
    pub why: String,
    /// The recipes that may repair it, by name; empty if a person has to.
    #[serde(default)]
    pub fix: Vec<String>,
    #[serde(rename = "match")]
    pub matchers: Vec<Matcher>,
    #[serde(default)]
    pub example: Vec<Example>,
    /// What the first example becomes; for `explain`.
    #[serde(default)]
    pub instead: Option<Instead>,
    pub source: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Instead {
    pub language: String,
    pub code: String,
}

#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    serde::Serialize,
    schemars::JsonSchema,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Note,
    Warning,
    Error,
}

/// The closed set of matchers. Their meaning stands in `rules/matching/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    tag = "matcher",
    deny_unknown_fields,
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case"
)]
pub enum Matcher {
    /// A request header.
    Header {
        /// Header names, compared without case.
        names: Vec<String>,
        /// Values that begin with one of these words (blank and case ignored): `Zoho-authtoken`.
        #[serde(default)]
        schemes: Vec<String>,
        /// Also a value without any scheme, where the request goes to Zoho.
        #[serde(default)]
        raw: bool,
    },
    /// A query, form or body parameter.
    Parameter {
        /// Compared without case.
        names: Vec<String>,
        /// Whether a Zoho host, path, scope word or companion has to be near for any finding; without it the
        /// name alone makes one of low confidence.
        #[serde(default)]
        needs_zoho: bool,
    },
    /// A URL or path.
    Endpoint {
        group: EndpointGroup,
        /// For `paths`: what the URL contains, without case (`apiauthtoken/nb/create`).
        #[serde(default)]
        paths: Vec<String>,
    },
    /// A configuration or environment key.
    Setting {
        /// What a key ends with, compared with `-`, `_`, `.` left out and without case (`zohoauthtoken`).
        keys: Vec<String>,
        /// Keys that count only when the key, its section or the file also says zoho (`authtoken`).
        #[serde(default)]
        weak_keys: Vec<String>,
    },
    /// A credential standing in source or configuration.
    Literal {
        /// Regular expressions for the whole value, which also has to hold a digit and a letter.
        shapes: Vec<String>,
    },
    /// Use of a client library that only knows authtokens.
    Sdk {},
    /// A dependency in a manifest.
    Dependency {
        /// Where a manifest entry weighs less than a use in code; the rule's own level if absent.
        #[serde(default)]
        level: Option<Level>,
    },
    /// Names that only carry a token, in code.
    Carrier {},
    /// Comments, prose, recorded answers.
    Mention { words: Vec<String> },
    /// A migration that was begun and does not work.
    Incomplete { check: IncompleteCheck },
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum EndpointGroup {
    /// `legacy` of the products.
    Legacy,
    /// `paths` of the matcher.
    Paths,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum IncompleteCheck {
    /// OAuth header and authtoken on one call.
    BothForms,
    /// An OAuth access token (`1000.x.y`) sent as `authtoken`, with the old scheme or in the URL.
    OauthTokenAsAuthtoken,
    /// `Zoho-oauthtoken` directly followed by the token.
    MissingBlank,
    /// An access token written into the code: it lives one hour.
    HardCodedToken,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    pub kind: ExampleKind,
    pub language: String,
    pub code: String,
    #[serde(default)]
    pub note: Option<String>,
    /// A file name where it matters (`.env`, `pom.xml`).
    #[serde(default)]
    pub path: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ExampleKind {
    Hit,
    NearMiss,
}

/// `rules/clients/<language>.toml`: what calls mean, one table per language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClientTable {
    /// Language names (`java`; `javascript`, `typescript`).
    pub languages: Vec<String>,
    /// A request that says neither method nor body is a GET where its file has none of these words. Absent where bodies
    /// may be written in ways that are not followed.
    #[serde(default)]
    pub reads_unless: Option<Vec<String>>,
    pub client: Vec<Client>,
}

/// One HTTP client, or one part of the standard library (strings, maps, environment).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Client {
    pub name: String,
    /// Module or package prefixes whose import makes its names known (`axios`, `org.apache.http`). Empty:
    /// always known.
    #[serde(default)]
    pub imports: Vec<String>,
    /// The name by which `callee` means the imported module itself, whatever a file calls it locally:
    /// with `axios`, `http.get` after `const http = require('axios')` is `axios.get`. Names taken out of the
    /// module (`import {HttpHeaders} from …`) are known under their own names, with and without this one.
    #[serde(default)]
    pub module: Option<String>,
    #[serde(default)]
    pub docs: Option<String>,
    /// Declared types and what kind of object they are (`Map` → `map`), so that `receiver = ["map"]` also
    /// holds for a parameter or field of that type.
    #[serde(default)]
    pub types: BTreeMap<String, ObjectKind>,
    /// Names that libraries give to texts (`AUTHORIZATION`), where the project does not define them itself.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Property paths whose next name is an environment variable: `process.env`.
    #[serde(default)]
    pub environment_paths: Vec<String>,
    /// Property paths whose remaining names, joined by dots, are a configuration key: `Meteor.settings`.
    #[serde(default)]
    pub setting_paths: Vec<String>,
    #[serde(default)]
    pub call: Vec<CallIdiom>,
    #[serde(default)]
    pub property: Vec<PropertyIdiom>,
    #[serde(default)]
    pub annotation: Vec<AnnotationIdiom>,
    /// A method that a subclass overrides to give headers or parameters (`getHeaders` of Volley).
    #[serde(default, rename = "override")]
    pub overrides: Vec<OverrideIdiom>,
    /// Named shapes of options objects: key → facet.
    #[serde(default)]
    pub options: BTreeMap<String, BTreeMap<String, Facet>>,
    /// How a request of this client gets a header that it does not have yet; the first that fits counts.
    #[serde(default)]
    pub add_header: Vec<AddHeader>,
    /// Whether a callback that is given to its calls takes an error first.
    #[serde(default)]
    pub error_first: bool,
    /// In the place of what the table says.
    #[serde(default)]
    pub reads_unless: Option<Vec<String>>,
    /// Functions that this client calls before a request and waits for: they may be async.
    #[serde(default)]
    pub awaited: Vec<Awaited>,
    /// How an instance of this client asks for a header before every request.
    #[serde(default)]
    pub interceptor: Option<Interceptor>,
    /// Methods after which the answer, and its errors, come later, where most of its calls wait (`enqueue`).
    #[serde(default)]
    pub answers_later: Vec<String>,
}

/// Where a function stands that a client calls before a request and waits for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Awaited {
    /// How the call ends that is given the function (`.interceptors.request.use`). Empty: any call in a file that
    /// imports the client.
    #[serde(default)]
    pub callee: Vec<String>,
    /// Which argument is the function, or
    #[serde(default)]
    pub argument: Option<usize>,
    /// under which keys of the options it stands, alone or in a list: `hooks.beforeRequest`.
    #[serde(default)]
    pub option: Option<String>,
    /// With this entry in the options of the call it does not wait.
    #[serde(default)]
    pub unless: Option<String>,
    /// A statement that sets the header from within: `{parameter}` is the first parameter, `{value}` the value.
    #[serde(default)]
    pub header: Option<String>,
}

/// Code that an instance runs before every request. `{client}` is the instance, `{value}` the value of the header.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Interceptor {
    /// Lines after the statement that makes the instance.
    #[serde(default)]
    pub after: Option<String>,
    /// An entry of the options that make it, with its key.
    #[serde(default)]
    pub entry: Option<String>,
}

/// One way to put a header on a request: `options`, `chain` or `method`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AddHeader {
    /// Last names of the calls that make the request (`get` of `axios.get`, `HttpGet`), with a dot in front
    /// for methods of an object only (`.get`, not `reqwest::get`). Empty: all.
    #[serde(default)]
    pub callee: Vec<String>,
    /// Position of the options object, which is put there if it is missing.
    #[serde(default)]
    pub options: Option<usize>,
    /// Its position where a URL stands at the first one.
    #[serde(default)]
    pub otherwise: Option<usize>,
    /// The entry of the options that holds the headers; `headers` if it is not given.
    #[serde(default)]
    pub key: Option<String>,
    /// Only for this first number of the version, where the package says which it has.
    #[serde(default)]
    pub version: Option<u32>,
    /// Only in files that import one of these (prefixes up to a `.`).
    #[serde(default)]
    pub imports: Vec<String>,
    /// A method of the result of that call, which hands it on: `.header(name, value)`.
    #[serde(default)]
    pub chain: Option<String>,
    /// With `chain`: behind the link of this name, which the methods before do not give.
    #[serde(default)]
    pub behind: Option<String>,
    /// A method of the variable that the result is bound to: `connection.setRequestProperty(name, value);`.
    #[serde(default)]
    pub method: Option<String>,
    /// Another call in its place, as code: `{receiver}`, `{0}`, `{rest}` stand for what is there, in its order, and
    /// `{value}` for the value of the header. Classes of Java have their whole names.
    #[serde(default)]
    pub instead: Option<String>,
    /// With `instead`: why a person has to look at it.
    #[serde(default)]
    pub reason: Option<String>,
    /// With `method`: the variable is the one among the arguments, and what they are made of, that holds a new
    /// object of this class (`HttpHeaders` in a `HttpEntity`).
    #[serde(default)]
    pub carrier: Option<String>,
}

/// What an entry of an options object, or an argument, says about a request.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Facet {
    Url,
    /// Joined with the URL (`baseURL`, `baseUrl`).
    BaseUrl,
    /// Host without scheme (`hostname`, `host`).
    Host,
    /// Path with query (`path`, `uri` beside a base).
    Path,
    Method,
    /// A map of headers.
    Headers,
    /// A map of query parameters, or a query string.
    Query,
    /// A map of form parameters, or a form string.
    Form,
    /// Form or JSON body.
    Body,
    /// A nested options object of the same shape.
    Options,
    /// The name under which the platform signs in for the request.
    Connection,
}

/// `callee` forms: `new HttpGet` (constructor), `axios.get` (a path whose first name is imported or
/// global: a file may use it without declaring it), `fetch` (a function), `.addHeader` (a method of any
/// receiver that `receiver` allows), `.interceptors.request.use` (the same, through properties), `()` (the
/// object itself is called: `api(url)` after `api = axios.create()`).
/// Arguments are counted from 0; negative numbers count from the end, `-1000` is the receiver.
///
/// Every idiom that fits a call applies, all to one target; what two of them say alike counts once. A
/// position that the call does not have, and an argument of a kind that does not fit the field, say nothing.
/// A map given as `url` is the options object itself (`axios(config)`), a list given as options holds one
/// options object for each of several requests (`fetchAll`). Overloads by argument count have one idiom each
/// (`arguments`).
///
/// A `client` or `request` object remembers the entry that created it: methods with a `receiver` of another
/// entry with imports do not fit it, and those of its own do even in a file without the import.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CallIdiom {
    pub callee: Vec<String>,
    /// For methods: class names or object kinds (`request`, `client`, `map`, `list`, `text`, `url`) that the
    /// receiver has to have, by type, by creation or by import. Empty: any receiver, known or not.
    #[serde(default)]
    pub receiver: Vec<String>,
    /// Only with so many arguments.
    #[serde(default)]
    pub arguments: Option<usize>,
    /// Makes a new object of this kind, which is the result and the target of the other fields.
    #[serde(default)]
    pub creates: Option<ObjectKind>,
    /// The result where nothing is created: the receiver (fluent interfaces), or an argument.
    #[serde(default)]
    pub returns: Option<Returns>,
    /// Class of the result, for `receiver` of later calls, where the callee does not say it
    /// (`Dotenv.load()` gives a `Dotenv`).
    #[serde(default)]
    pub result_class: Option<String>,
    /// An argument is a function whose parameter is a part of the target (`headers(h -> h.set(…))`), or an
    /// interceptor that gets every request's options.
    #[serde(default)]
    pub callback: Option<Callback>,

    // What the call says about its target (the created object, else the receiver).
    #[serde(default)]
    pub url: Option<i32>,
    /// The receiver is the URL (`url.openConnection()`).
    #[serde(default)]
    pub url_is_receiver: bool,
    #[serde(default)]
    pub base_url: Option<i32>,
    /// A piece of path appended to the URL (`target.path("x")`).
    #[serde(default)]
    pub path: Option<i32>,
    #[serde(default)]
    pub host: Option<i32>,
    /// A fixed method (`GET`).
    #[serde(default)]
    pub method: Option<String>,
    #[serde(default)]
    pub method_argument: Option<i32>,
    /// Name and value.
    #[serde(default)]
    pub header: Option<[i32; 2]>,
    /// A map of headers, or a list of pairs.
    #[serde(default)]
    pub headers: Option<i32>,
    /// A header of fixed name: `{ name = "Authorization", scheme = "Bearer", value = 0 }`.
    #[serde(default)]
    pub fixed_header: Option<FixedHeader>,
    #[serde(default)]
    pub query: Option<[i32; 2]>,
    #[serde(default)]
    pub queries: Option<i32>,
    #[serde(default)]
    pub form: Option<[i32; 2]>,
    #[serde(default)]
    pub forms: Option<i32>,
    #[serde(default)]
    pub body: Option<i32>,
    /// An options object: `{ argument = 1, shape = "axios" }`.
    #[serde(default)]
    pub options: Option<OptionsArgument>,
    /// Takes over everything said about this argument (a built request, a header object, a client), which
    /// then is no request of its own any more. The same holds for `from_receiver`.
    #[serde(default)]
    pub from: Option<i32>,
    /// Takes over everything said about the receiver (`client.get(…)` of an instance with defaults).
    #[serde(default)]
    pub from_receiver: bool,

    // Maps, lists, text.
    /// Puts an entry: key and value.
    #[serde(default)]
    pub entry: Option<[i32; 2]>,
    /// Puts all entries of a map or all items of a list.
    #[serde(default)]
    pub entries: Option<i32>,
    /// From this argument on, keys and values in turn (`Map.of`).
    #[serde(default)]
    pub pairs: Option<i32>,
    #[serde(default)]
    pub item: Option<i32>,
    /// From this argument on, every argument is an item (`List.of`, `push`).
    #[serde(default)]
    pub items: Option<i32>,
    /// Appends to a text.
    #[serde(default)]
    pub append: Option<i32>,
    /// Reads the entry with this key. Together with `setting` or `environment`: the entry if one is known,
    /// else that key.
    #[serde(default)]
    pub get: Option<i32>,
    /// What the value is instead, if there is no entry, no such key, or `returns` gives nothing
    /// (`optional.orElse(x)`).
    #[serde(default)]
    pub default: Option<i32>,
    /// The value is a format string filled with the arguments after it.
    #[serde(default)]
    pub format: Option<FormatCall>,
    /// The value is a map written as `a=1&b=2`; `-1000` for the receiver.
    #[serde(default)]
    pub query_text: Option<i32>,
    /// The map that it makes is written as `a=1&b=2` where a text is wanted (`'/items?' + parameters`).
    #[serde(default)]
    pub reads_as_query: bool,
    /// All arguments (and the receiver, for a method) one after another.
    #[serde(default)]
    pub concatenates: bool,
    /// The text of the receiver with the second argument in the place of the first (`template.replace("%s", token)`).
    #[serde(default)]
    pub replaces: Option<Replaces>,
    /// Items of the receiver list with the argument between them; for a function (`String.join`) the items
    /// are the arguments after it, or those of the one list that follows.
    #[serde(default)]
    pub joins: Option<i32>,
    /// The first argument is a map taken over, the following are merged into it (`Object.assign`).
    #[serde(default)]
    pub merges: bool,

    // Settings.
    /// An environment variable named by this argument.
    #[serde(default)]
    pub environment: Option<i32>,
    /// A configuration key named by this argument.
    #[serde(default)]
    pub setting: Option<i32>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectKind {
    Request,
    /// A client or instance with defaults.
    Client,
    Map,
    List,
    /// A string builder.
    Text,
    /// A URL with parts of its own (`URL`, `URIBuilder`, `HttpUrl.Builder`).
    Url,
    Headers,
}

/// Where several idioms fit and give different results, the first that is not unknown counts.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Returns {
    Receiver,
    Argument0,
    Argument1,
    Argument2,
    LastArgument,
    /// The text of the receiver (`toString`, `trim`, `build` of a URL builder).
    ReceiverText,
    /// Unknown, and not worth a look.
    Nothing,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Callback {
    #[serde(default)]
    pub argument: i32,
    /// Instead of `argument`: the function is the value of this key of the call's options object.
    #[serde(default)]
    pub option: Option<String>,
    /// Which parameter of the function; 0 if absent.
    #[serde(default)]
    pub parameter: usize,
    /// What the parameter is to the target: its headers, its URL, its options.
    pub facet: Facet,
    /// With `facet = "options"`: the shape. Without one the parameter is the request itself.
    #[serde(default)]
    pub shape: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FixedHeader {
    pub name: String,
    /// Written before the value with a blank.
    #[serde(default)]
    pub scheme: Option<String>,
    pub value: i32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OptionsArgument {
    pub argument: i32,
    pub shape: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FormatCall {
    pub style: FormatStyle,
    /// Position of the template; `-1000` for the receiver (`"…".formatted(x)`). If that argument is not a
    /// text, the next one (`String.format(Locale.US, "…", x)`).
    pub template: i32,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Replaces {
    /// Wherever the text stands.
    All,
    /// Only where it stands first.
    First,
    /// The first argument is a regular expression.
    AllMatches,
    FirstMatch,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum FormatStyle {
    /// `%s`, `%1$s`
    Percent,
    /// `{0}`
    Numbered,
    /// `{}`, `{name}`, `{0}`
    Braces,
}

/// A property that is a view on its object: `url.searchParams`, `request.headers`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PropertyIdiom {
    /// Path of names from the object (`searchParams`, `defaults.headers.common`).
    pub property: Vec<String>,
    /// Kinds or classes of the object.
    pub receiver: Vec<String>,
    pub facet: Facet,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnnotationIdiom {
    pub name: Vec<String>,
    pub on: AnnotationTarget,
    #[serde(default)]
    pub method: Option<String>,
    /// The annotation's argument (unnamed, or named `value`, `path` or `url`) is the URL or path; on a class
    /// the base URL of its functions; on a parameter without argument the parameter is the URL.
    #[serde(default)]
    pub url: bool,
    /// Its argument is `GET /path`.
    #[serde(default)]
    pub request_line: bool,
    /// Its argument (unnamed, or named `value` or `name`; without one the parameter's own name) names a
    /// header, query or form parameter that takes the annotated parameter's value. `path`: it fills the
    /// `{name}` of the URL.
    #[serde(default)]
    pub facet: Option<Facet>,
    /// The annotated parameter is a map of such entries (`@QueryMap`).
    #[serde(default)]
    pub is_map: bool,
    /// Its argument (or list of them) is `Name: value` lines.
    #[serde(default)]
    pub header_lines: bool,
    /// Its argument names a configuration key (`${zoho.token}`, `${zoho.token:default}`, `zoho.token`) whose
    /// value the annotated field or parameter takes; on a class the prefix for its fields.
    #[serde(default)]
    pub setting: bool,
    /// On a class with this argument (`derive(Deserialize)`): settings of the names of its fields fill them.
    #[serde(default)]
    pub settings_of: Option<String>,
    /// On a field the named argument that is its key in settings and in what is written out
    /// (`serde(rename = "…")`).
    #[serde(default)]
    pub key: Option<String>,
    /// On a class with this argument (`derive(Serialize)`): its objects are written out field by field.
    #[serde(default)]
    pub written_if: Option<String>,
    /// On a class the named argument that says in which case its keys are written (`rename_all`).
    #[serde(default)]
    pub names_case: Option<String>,
    /// On a field the words that leave it out of what is written (`serde(skip)`).
    #[serde(default)]
    pub leaves_out: Vec<String>,
    /// On a field the word by which its own fields are written in its place (`serde(flatten)`).
    #[serde(default)]
    pub inlines: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum AnnotationTarget {
    Function,
    Parameter,
    Field,
    Class,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OverrideIdiom {
    /// Method name (`getHeaders`).
    pub method: String,
    /// Superclasses in which it has this meaning (`StringRequest`, `Request`).
    pub supertypes: Vec<String>,
    /// What its returned map is.
    pub facet: Facet,
}

/// `rules/sdks.toml`: client packages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sdk {
    pub id: String,
    pub name: String,
    /// `maven`, `npm`, `crates`, `packagist`, `pypi`, `rubygems`, `go`, `nuget`, or `source` for none.
    pub registry: String,
    /// Package name in that registry (`group:artifact` for Maven).
    #[serde(default)]
    pub package: Option<String>,
    /// Modules or packages by which code imports it.
    #[serde(default)]
    pub imports: Vec<String>,
    pub products: Vec<String>,
    /// First version that knows OAuth; `None` if none ever did; see `oauth_unknown`.
    #[serde(default)]
    pub oauth_from: Option<String>,
    /// Whether it is not known which versions need an authtoken: then its use is only a warning.
    #[serde(default)]
    pub oauth_unknown: bool,
    /// Calls that take an authtoken.
    #[serde(default)]
    pub call: Vec<SdkCall>,
    pub successor: String,
    pub source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SdkCall {
    /// As in [`CallIdiom::callee`].
    pub callee: Vec<String>,
    /// Position of the token.
    #[serde(default)]
    pub argument: Option<i32>,
    /// Or its key in an options object.
    #[serde(default)]
    pub option: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DataCenter {
    /// `us`
    pub id: String,
    pub name: String,
    pub accounts_host: String,
    pub api_host: Option<String>,
    /// Domain of the product hosts (`zoho.com`); the first is the right one, others are recognised only.
    pub product_domains: Vec<String>,
    /// Wrong accounts hosts that Zoho's own pages print: recognised, never written.
    #[serde(default)]
    pub wrong_hosts: Vec<String>,
    pub confidence: String,
    pub source: String,
}
