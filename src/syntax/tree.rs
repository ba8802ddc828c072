//! The language-neutral syntax tree: the first narrow waist of the program.
//!
//! Every front end lowers its language into this one shape, and the evaluator reads nothing else. It
//! owns node kinds, spans and the mapping of string values to source bytes. It must not know Zoho, HTTP
//! or any one grammar: names are those of compilers in general (`Call`, `Member`, `Binding`).
//!
//! Conventions that every front end keeps:
//! - Statements stand in `body` lists in the order in which they run; function declarations that a
//!   language hoists come first. An expression used as a statement stands in the list as it is.
//! - Parentheses, casts, type assertions, non-null marks and similar wrappers disappear: the node of the
//!   inner expression takes their place (with its own span).
//! - What has no kind of its own becomes [`Kind::Opaque`] with the lowered children, so that calls and
//!   literals inside it are still seen.
//! - Chains of one operator (`a + b + c`, `a || b || c`, `if … else if …`) are flat lists, so depth in the
//!   tree follows nesting in the source and not the length of a chain.

/// The languages with a front end of their own. Everything else is [`Language::Text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    Java,
    JavaScript,
    TypeScript,
    Rust,
    Deluge,
    Dotenv,
    Properties,
    Ini,
    Yaml,
    Json,
    Toml,
    Xml,
    Html,
    Markdown,
    /// Any other text file: only unmistakable literals are read.
    Text,
}

impl Language {
    /// The name used in rules, fixtures and reports.
    pub fn name(self) -> &'static str {
        match self {
            Language::Java => "java",
            Language::JavaScript => "javascript",
            Language::TypeScript => "typescript",
            Language::Rust => "rust",
            Language::Deluge => "deluge",
            Language::Dotenv => "dotenv",
            Language::Properties => "properties",
            Language::Ini => "ini",
            Language::Yaml => "yaml",
            Language::Json => "json",
            Language::Toml => "toml",
            Language::Xml => "xml",
            Language::Html => "html",
            Language::Markdown => "markdown",
            Language::Text => "text",
        }
    }

    /// Whether files of this language hold settings rather than code.
    pub fn is_config(self) -> bool {
        matches!(
            self,
            Language::Dotenv
                | Language::Properties
                | Language::Ini
                | Language::Yaml
                | Language::Json
                | Language::Toml
                | Language::Xml
        )
    }
}

/// A half-open range of bytes in the decoded text of a file (UTF-8, byte-order mark removed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        Span {
            start: start as u32,
            end: end as u32,
        }
    }
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// Index of a node in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
}

/// A name with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Kind {
    // --- structure -----------------------------------------------------------------------------
    /// The root.
    Module {
        body: Vec<NodeId>,
    },
    /// `{ … }` as a statement, an arm of a branch, a static initialiser.
    Block {
        body: Vec<NodeId>,
    },
    /// What a file is called from outside: a Java package (`com.acme.desk`), a Rust inline module.
    Package {
        name: String,
    },
    /// `import …`, `use …`. `module` is what the language writes: `./zoho`, `com.acme.Constants`,
    /// `crate::config` (`::` kept). An import without names binds nothing.
    Import {
        module: String,
        module_span: Span,
        names: Vec<ImportedName>,
    },
    /// `export …`, `module.exports = …`, `exports.x = …`. A declaration that is exported stands in the
    /// body as usual and is named by a further `Export` node.
    Export {
        names: Vec<ExportedName>,
    },
    Class(Box<Class>),
    /// A function, method, constructor, lambda or closure. In a `body` or `members` list it declares its
    /// name; elsewhere it is a value.
    Function(Box<Function>),

    // --- statements ----------------------------------------------------------------------------
    /// A declared variable, constant or field, or a setting of a configuration file (then `target` is a
    /// [`Kind::Name`] that holds the whole key path: `spring.zoho.token`, `env.global.0`).
    Binding(Box<Binding>),
    /// `target = value`, `target += value`, `target ||= value`. Also an expression with that value.
    Assign {
        target: NodeId,
        operator: AssignOperator,
        value: NodeId,
    },
    Return {
        value: Option<NodeId>,
    },
    /// `throw`, `panic!`, `break`, `continue`, …: what follows in this list is not reached from here.
    Leave {
        value: Option<NodeId>,
    },
    /// `if`, `switch`, `match`, `try`: at most one arm runs, except that the arms of `try` may both.
    /// `exhaustive` is true if one arm always runs (there is an `else`, a `default`). For `try`, the first
    /// arm is the body, the others are the handlers, and `finally` follows as a plain block.
    Branch {
        conditions: Vec<NodeId>,
        arms: Vec<NodeId>,
        exhaustive: bool,
        is_try: bool,
    },
    /// Any loop. `header` holds what is evaluated (initialiser, condition, step) in this order; for a loop
    /// over a collection `pattern` is bound to the elements (or keys, for `for … in` of JavaScript).
    Loop {
        pattern: Option<NodeId>,
        iterable: Option<NodeId>,
        header: Vec<NodeId>,
        body: Vec<NodeId>,
    },

    // --- expressions ---------------------------------------------------------------------------
    Name(String),
    This,
    Super,
    /// `object.property`, `object?.property`, `Type::property`.
    Member {
        object: NodeId,
        property: Name,
    },
    /// `object[index]`.
    Index {
        object: NodeId,
        index: NodeId,
    },
    /// `callee(arguments)`, `new Callee(arguments)`, a macro call, a Deluge task block (then the callee is
    /// a `Name` such as `invokeurl` and every entry is a named argument).
    Call(Box<Call>),
    /// A string or character literal, or the fixed part of an interpolation.
    String(Text),
    /// A number as written.
    Number(String),
    Boolean(bool),
    Null,
    /// `a + b + c` where that may be a concatenation, a template literal, an interpolation. Operands in
    /// order, fixed parts as `String` (empty ones left out).
    Concat {
        operands: Vec<NodeId>,
        form: ConcatForm,
    },
    /// A formatting macro of the language itself (Rust `format!`), not a library function.
    Format {
        template: NodeId,
        arguments: Vec<Argument>,
    },
    /// `c ? a : b`, `a || b`, `a ?? b`, `match` used as a value: the value is one of these. In `a || b` the
    /// alternatives are both operands; `a && b` has only `b` here and `a` as condition.
    Choice {
        conditions: Vec<NodeId>,
        alternatives: Vec<NodeId>,
    },
    /// An object literal, a map literal, named fields of a struct literal.
    Map {
        entries: Vec<Entry>,
    },
    /// An array, list, tuple or varargs literal.
    List {
        items: Vec<Argument>,
    },
    /// `await x`, `x.await`: the value of `x`. Kept because a fixer has to know.
    Await {
        value: NodeId,
    },
    /// A destructuring target `{a, b: {c}, …rest}` or `[a, b]`.
    Pattern {
        entries: Vec<PatternEntry>,
    },
    /// `require("./x")`, `import("./x")`: the exports of that module.
    Require {
        module: String,
        module_span: Span,
    },
    /// Everything else, with what is inside.
    Opaque {
        children: Vec<NodeId>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignOperator {
    Set,
    /// `+=`
    Append,
    /// `||=`, `??=`: keeps the old value if there is one.
    Default,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConcatForm {
    /// `a + b`
    Operator,
    /// `` `a${b}` ``, `"a${b}"`, `f"{a}"`: operands stand inside one literal.
    Interpolation,
    /// `concat!(a, b)`, adjacent literals.
    Adjacent,
}

#[derive(Clone, Debug)]
pub struct ImportedName {
    pub imported: Imported,
    /// The name in this file; empty for [`Imported::Everything`].
    pub local: String,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// `import {x}`, `import static a.B.x`, `use a::x`.
    Named(String),
    /// `import x from`.
    Default,
    /// `import * as x`, `import a.b.C` in Java (the class itself), `use a::b` in Rust binds `Named`.
    Whole,
    /// `import a.b.*`, `export * from`, `use a::*`: every name, under its own name.
    Everything,
}

#[derive(Clone, Debug)]
pub struct ExportedName {
    /// The name outside; `None` for the module itself (`module.exports = value`), `"default"` for
    /// `export default`, `"*"` with `from` for `export * from`.
    pub name: Option<String>,
    /// What is exported: an expression, often a `Name`. `None` only together with `from`.
    pub value: Option<NodeId>,
    /// `export {imported as name} from "module"`: module and imported name (`"*"` for all).
    pub from: Option<(String, String)>,
    pub span: Span,
}

#[derive(Clone, Debug, Default)]
pub struct Class {
    /// `None` for a class expression or an anonymous class.
    pub name: Option<Name>,
    /// Superclass first, then interfaces, as written without type arguments (`Request`, `a.b.Base`).
    pub supertypes: Vec<String>,
    pub annotations: Vec<Annotation>,
    /// Fields as `Binding`, methods and constructors as `Function`, nested classes, initialiser `Block`s.
    pub members: Vec<NodeId>,
}

#[derive(Clone, Debug, Default)]
pub struct Function {
    pub name: Option<Name>,
    pub parameters: Vec<Parameter>,
    /// Empty for abstract methods. An expression body is one `Return`.
    pub body: Vec<NodeId>,
    pub is_async: bool,
    pub is_static: bool,
    pub is_constructor: bool,
    /// `get x()`, `set x(v)` of JavaScript: read or written like a field. Java's getX is an ordinary method.
    pub is_accessor: bool,
    /// An arrow function or closure: `this` is that of the surrounding function.
    pub is_arrow: bool,
    pub annotations: Vec<Annotation>,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    /// A `Name` or a `Pattern`.
    pub target: NodeId,
    /// The declared type as written, without type arguments: `String`, `HttpHeaders`.
    pub type_name: Option<String>,
    pub default: Option<NodeId>,
    pub is_rest: bool,
    /// `constructor(private token: string)` of TypeScript: also declares and sets a field of that name.
    pub is_field: bool,
    pub annotations: Vec<Annotation>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Binding {
    /// A `Name` or a `Pattern`.
    pub target: NodeId,
    pub value: Option<NodeId>,
    /// The declared type as written, without type arguments.
    pub type_name: Option<String>,
    pub is_static: bool,
    /// `final`, `const`, `readonly`.
    pub is_constant: bool,
    pub annotations: Vec<Annotation>,
}

#[derive(Clone, Debug)]
pub struct Annotation {
    /// Without `@` and package: `Query`, `Value`.
    pub name: String,
    /// `@Query("x")` has one unnamed argument, `@Value(value = "x")` one named `value`.
    pub arguments: Vec<Argument>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Call {
    /// A `Name`, `Member`, `Index`, `Super`, or any expression. For `new a.b.C(…)` the name of the type.
    pub callee: NodeId,
    pub arguments: Vec<Argument>,
    pub is_new: bool,
    /// `new Callback() { … }` of Java: a [`Kind::Class`] node.
    pub body: Option<NodeId>,
}

#[derive(Clone, Debug)]
pub struct Argument {
    pub name: Option<Name>,
    pub value: NodeId,
    /// `...x`
    pub is_spread: bool,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Key,
    /// For a shorthand `{token}` a `Name` with the same span as the key.
    pub value: NodeId,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Key {
    /// An identifier, or a literal without escapes.
    Static(Name),
    /// `[expression]`, or a literal with escapes.
    Computed(NodeId),
    /// `...value`
    Spread,
}

#[derive(Clone, Debug)]
pub struct PatternEntry {
    /// The property taken; for a list its position as a number (`"0"`); `None` for `…rest`.
    pub key: Option<Name>,
    /// A `Name`, `Pattern`, or an assignable expression.
    pub target: NodeId,
    pub default: Option<NodeId>,
}

/// The value of a literal, with the way back to the source bytes of each of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub value: String,
    /// In order, without gaps, covering all of `value`.
    pub segments: Vec<Segment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Bytes of `Text::value`.
    pub value: Span,
    pub source: Span,
    pub mapping: Mapping,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mapping {
    /// Value and source are the same bytes; any part can be edited on its own.
    Exact,
    /// One escape sequence: it can only be edited as a whole.
    Escaped,
    /// Computed (folded line breaks, stripped indentation): cannot be edited.
    Derived,
}

impl Text {
    /// A literal whose value is the source at `source`, byte for byte.
    pub fn exact(value: &str, source: Span) -> Text {
        let mut text = Text::default();
        text.push(value, source, Mapping::Exact);
        text
    }

    /// Appends a part. Neighbouring exact parts that also touch in the source become one.
    pub fn push(&mut self, value: &str, source: Span, mapping: Mapping) {
        if value.is_empty() && source.start == source.end {
            return;
        }
        let start = self.value.len();
        self.value.push_str(value);
        if mapping == Mapping::Exact
            && let Some(last) = self.segments.last_mut()
            && last.mapping == Mapping::Exact
            && last.source.end == source.start
        {
            last.value.end = self.value.len() as u32;
            last.source.end = source.end;
            return;
        }
        self.segments.push(Segment {
            value: Span::new(start, self.value.len()),
            source,
            mapping,
        });
    }
}

/// A comment with its delimiters (`span`) and without (`text`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    pub text: Span,
}

/// A part of a file in another language: a Markdown fence, a `<script>`, a commented-out block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// What the host says it is (`js`, `java`, `""`); the language is chosen by label and content.
    pub label: String,
    pub span: Span,
}

/// One file, or one embedded part of a file, in language-neutral form.
#[derive(Clone, Debug)]
pub struct Tree {
    pub language: Language,
    nodes: Vec<Node>,
    pub root: NodeId,
    pub comments: Vec<Comment>,
    pub embedded: Vec<Embedded>,
    /// Why a part of the file was not read, in words for the user (`"syntax error at line 12"`); the rest
    /// of the tree holds all the same.
    pub partly_read: Option<String>,
}

impl Tree {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }
    pub fn kind(&self, id: NodeId) -> &Kind {
        &self.nodes[id.0 as usize].kind
    }
    pub fn span(&self, id: NodeId) -> Span {
        self.nodes[id.0 as usize].span
    }
    /// All nodes with their ids, children before parents.
    /// How many nodes there are.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes
            .iter()
            .enumerate()
            .map(|(index, node)| (NodeId(index as u32), node))
    }
    /// The statements of the root.
    pub fn body(&self) -> &[NodeId] {
        match self.kind(self.root) {
            Kind::Module { body } => body,
            _ => &[],
        }
    }
}

/// Builds a [`Tree`] from the leaves up. `base` is added to every span that goes in, so that a front end
/// for an embedded part can count from its own first byte.
#[derive(Debug)]
pub struct TreeBuilder {
    language: Language,
    base: u32,
    nodes: Vec<Node>,
    comments: Vec<Comment>,
    embedded: Vec<Embedded>,
    partly_read: Option<String>,
}

impl TreeBuilder {
    pub fn new(language: Language, base: u32) -> TreeBuilder {
        TreeBuilder {
            language,
            base,
            nodes: Vec::new(),
            comments: Vec::new(),
            embedded: Vec::new(),
            partly_read: None,
        }
    }

    /// A span of this part's text (bytes from its first byte) as a span of the file. Everything that is
    /// stored *inside* a [`Kind`] (names, segments) has to go through this; `add` does it for the node.
    pub fn span(&self, start: usize, end: usize) -> Span {
        // Of what is put together from broken code the end may lie before the beginning.
        Span {
            start: self.base + start.min(end) as u32,
            end: self.base + end.max(start) as u32,
        }
    }

    /// Adds a node; `start` and `end` are bytes of this part's text.
    pub fn add(&mut self, kind: Kind, start: usize, end: usize) -> NodeId {
        let span = self.span(start, end);
        self.nodes.push(Node { kind, span });
        NodeId(self.nodes.len() as u32 - 1)
    }

    pub fn kind(&self, id: NodeId) -> &Kind {
        &self.nodes[id.0 as usize].kind
    }
    pub fn kind_mut(&mut self, id: NodeId) -> &mut Kind {
        &mut self.nodes[id.0 as usize].kind
    }
    /// The span of a node, in the file.
    pub fn node_span(&self, id: NodeId) -> Span {
        self.nodes[id.0 as usize].span
    }

    /// Records a comment: its whole range and the range of its text, in bytes of this part.
    pub fn comment(&mut self, start: usize, end: usize, text_start: usize, text_end: usize) {
        let comment = Comment {
            span: self.span(start, end),
            text: self.span(text_start, text_end),
        };
        self.comments.push(comment);
    }

    pub fn embed(&mut self, label: &str, start: usize, end: usize) {
        let span = self.span(start, end);
        self.embedded.push(Embedded {
            label: label.to_string(),
            span,
        });
    }

    /// Marks the file as partly read; the first reason stays.
    pub fn partly_read(&mut self, reason: impl Into<String>) {
        self.partly_read.get_or_insert_with(|| reason.into());
    }

    /// Closes the tree with its top-level statements.
    pub fn finish(mut self, body: Vec<NodeId>, text_length: usize) -> Tree {
        let root = self.add(Kind::Module { body }, 0, text_length);
        self.comments.sort_by_key(|comment| comment.span);
        Tree {
            language: self.language,
            nodes: self.nodes,
            root,
            comments: self.comments,
            embedded: self.embedded,
            partly_read: self.partly_read,
        }
    }
}
