//! A strict reader of HTML: every element is closed, every attribute is quoted, and a text holds no sign that could
//! begin one. A page that needs a browser's forgiveness is refused.

/// Elements without an end.
const VOID: [&str; 5] = ["meta", "input", "br", "link", "img"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// How many elements it is in.
    pub depth: usize,
    /// All text below it.
    pub text: String,
    /// Names of the elements that it is in.
    pub within: Vec<String>,
}

impl Element {
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(attribute, _)| attribute == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The element and its attributes by their names alone.
    pub fn shape(&self) -> String {
        let names: Vec<&str> = self.attributes.iter().map(|one| one.0.as_str()).collect();
        format!("{}[{}]", self.name, names.join(" "))
    }
}

/// The elements of a page in their order.
pub fn elements(page: &str) -> Vec<Element> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while !rest.is_empty() {
        let (text, tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        assert!(!text.contains('>'), "a loose > in {text:?}");
        let text = decoded(text);
        for index in &open {
            elements[*index].text.push_str(&text);
        }
        if tag.is_empty() {
            break;
        }
        if let Some(end) = tag.strip_prefix("</") {
            let (name, after) = end.split_once('>').expect("an end");
            let index = open.pop().expect("an open element");
            assert_eq!(elements[index].name, name, "{:?}", elements[index]);
            rest = after;
            continue;
        }
        let (mut element, is_closed, after) = element(&tag[1..]);
        element.depth = open.len();
        element.within = open
            .iter()
            .map(|index| elements[*index].name.clone())
            .collect();
        rest = after;
        let index = elements.len();
        if element.name == "script" || element.name == "style" {
            let end = format!("</{}>", element.name);
            let (content, after) = rest.split_once(end.as_str()).expect("its end");
            element.text = content.to_owned();
            rest = after;
        } else if !is_closed && !VOID.contains(&element.name.as_str()) {
            open.push(index);
        }
        elements.push(element);
    }
    assert!(open.is_empty(), "left open: {open:?}");
    elements
}

fn element(tag: &str) -> (Element, bool, &str) {
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let end = tag.find(|character| !is_name(character)).unwrap();
    let (name, mut rest) = tag.split_at(end);
    assert!(!name.is_empty(), "no element: {:?}", tag.get(..40));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return (made(name, attributes), true, after);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (made(name, attributes), false, after);
        }
        let end = rest.find(|character| !is_name(character)).unwrap();
        let (attribute, after) = rest.split_at(end);
        assert!(
            !attribute.is_empty(),
            "no attribute in {name}: {:?}",
            rest.get(..40)
        );
        let (value, after) = match after.strip_prefix("=\"") {
            Some(value) => value.split_once('"').expect("the end of a value"),
            None => ("", after),
        };
        assert!(
            after.starts_with([' ', '>', '/', '\n']),
            "{name} {attribute}: {:?}",
            after.get(..40)
        );
        assert!(!value.contains('<'), "{value:?}");
        attributes.push((attribute.to_owned(), decoded(value)));
        rest = after;
    }
}

fn made(name: &str, attributes: Vec<(String, String)>) -> Element {
    Element {
        name: name.to_owned(),
        attributes,
        depth: 0,
        text: String::new(),
        within: Vec::new(),
    }
}

fn decoded(text: &str) -> String {
    let mut plain = String::new();
    let mut parts = text.split('&');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (entity, after) = part.split_once(';').expect("the end of an entity");
        plain.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            _ => panic!("an entity that is not known: {entity:?}"),
        });
        plain.push_str(after);
    }
    plain
}
