//! The picture of a finding: its lines, what is marked in them and the labels, drawn by `miette`.

use super::super::excerpt::ExcerptSource;
use crate::finding::{Finding, FlowStep};
use crate::rules::model::Level;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeStyles};
use std::fmt;
use std::ops::Range;

pub(super) struct Style {
    pub color: bool,
    pub unicode: bool,
}

/// What was drawn, and the flow steps that it does not show.
pub(super) struct Picture<'f> {
    pub text: String,
    pub elsewhere: Vec<&'f FlowStep>,
}

pub(super) fn draw<'f>(finding: &'f Finding, path: &str, style: &Style) -> Picture<'f> {
    let excerpt = &finding.excerpt;
    let source = ExcerptSource::new(path, excerpt);
    let whole = 0..excerpt.text.len();
    let primary = excerpt.start.min(whole.end)..excerpt.end.min(whole.end);

    // Marks that lie over each other cannot be drawn; the finding itself comes first.
    let mut marks: Vec<(Range<usize>, Option<&str>)> = vec![(primary, None)];
    for (start, end, role) in &excerpt.labels {
        let free = start < end
            && *end <= whole.end
            && marks
                .iter()
                .all(|(mark, _)| *end <= mark.start || mark.end <= *start);
        if free {
            marks.push((*start..*end, Some(role)));
        }
    }
    let drawn: Vec<(usize, usize)> = marks
        .iter()
        .map(|(mark, _)| source.place(mark.start))
        .collect();
    let elsewhere = finding
        .flow
        .iter()
        .filter(|step| {
            let start = step.range.start;
            let place = (start.line as usize, start.column as usize);
            step.path != finding.path || !drawn.contains(&place)
        })
        .collect();

    let text = if excerpt.text.trim().is_empty() {
        let start = finding.range.start;
        format!("  --> {path}:{}:{}\n", start.line, start.column)
    } else {
        render(finding.level, source, marks, style)
    };
    Picture { text, elsewhere }
}

fn render(
    level: Level,
    source: ExcerptSource<'_>,
    mut marks: Vec<(Range<usize>, Option<&str>)>,
    style: &Style,
) -> String {
    marks.sort_by_key(|(mark, _)| mark.start);
    let mut theme = match style.unicode {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::ascii(),
    };
    if !style.color {
        theme.styles = ThemeStyles::none();
    }
    let own = match level {
        Level::Error => theme.styles.error,
        Level::Warning => theme.styles.warning,
        Level::Note => theme.styles.advice,
    };
    // `miette` hands out colours in the order of the marks.
    theme.styles.highlights = marks
        .iter()
        .map(|(_, role)| {
            if role.is_none() {
                own
            } else {
                theme.styles.help
            }
        })
        .collect();
    let marked = Marked {
        source,
        labels: marks
            .into_iter()
            .map(|(mark, role)| match role {
                None => LabeledSpan::new_primary_with_span(None, mark),
                Some(role) => LabeledSpan::new_with_span(Some(role.to_owned()), mark),
            })
            .collect(),
    };
    let mut text = String::new();
    let drawn = GraphicalReportHandler::new_themed(theme)
        .with_context_lines(1)
        .without_syntax_highlighting()
        .with_links(false)
        .render_report(&mut text, &marked);
    match drawn {
        // Its first line is for the message, which stands above already.
        Ok(()) => text
            .split_once('\n')
            .map(|(_, picture)| picture.to_owned())
            .unwrap_or_default(),
        Err(fmt::Error) => String::new(),
    }
}

struct Marked<'e> {
    source: ExcerptSource<'e>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Debug for Marked<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Marked")
    }
}

impl fmt::Display for Marked<'_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Marked<'_> {}

impl miette::Diagnostic for Marked<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::sample;
    use proptest::prelude::*;

    const PLAIN: Style = Style {
        color: false,
        unicode: true,
    };

    #[test]
    fn the_head_of_the_picture_tells_the_place_in_the_file() {
        for (text, what) in [
            ("a\n\t\tsend('🦀', token)\n".to_owned(), "token"),
            (
                format!("\n\n{}token {}", "漢 ".repeat(900), "x ".repeat(900)),
                "token",
            ),
        ] {
            let finding = sample::finding_in("authtoken-header", "a.js", &text, what, &[]);
            let start = finding.range.start;
            let picture = draw(&finding, "a.js", &PLAIN).text;
            let head = format!("[a.js:{}:{}]", start.line, start.column);
            assert!(picture.contains(&head), "{picture}");
            assert!(
                picture.contains(&format!("\n {} │", start.line)),
                "{picture}"
            );
        }
    }

    #[test]
    fn the_mark_stands_under_what_it_marks() {
        let text = "\tsend('漢字🦀', token)";
        let finding = sample::finding_in("authtoken-header", "a.js", text, "token", &[]);
        let picture = draw(&finding, "a.js", &PLAIN).text;
        let lines: Vec<&str> = picture.lines().collect();
        // In columns of the terminal: four for the tab, two for each wide character.
        assert!(lines[1].ends_with("    send('漢字🦀', token)"), "{picture}");
        assert!(
            lines[2].ends_with(&format!("{}─────", " ".repeat(20))),
            "{picture}"
        );
    }

    #[test]
    fn steps_that_cannot_be_drawn_are_told_otherwise() {
        let text = "send(token, key)";
        let steps = [("send(token", "over it"), ("key", "beside it")];
        let mut finding = sample::finding_in("authtoken-header", "a.js", text, "token", &steps);
        let mut far = finding.flow[1].clone();
        far.path = "b.js".to_owned();
        finding.flow.push(far);
        let picture = draw(&finding, "a.js", &PLAIN);
        assert!(picture.text.contains("beside it") && !picture.text.contains("over it"));
        let elsewhere: Vec<_> = picture
            .elsewhere
            .iter()
            .map(|step| (step.path.as_str(), step.role.as_str()))
            .collect();
        assert_eq!(elsewhere, [("a.js", "over it"), ("b.js", "beside it")]);
    }

    #[test]
    fn a_finding_without_source_still_has_a_place() {
        let finding = sample::finding("authtoken-header", "a.js", 3, 7);
        assert_eq!(draw(&finding, "a.js", &PLAIN).text, "  --> a.js:3:7\n");
    }

    proptest! {
        #[test]
        fn no_excerpt_is_too_odd_to_draw(
            text in r"[a-c\t\r\n é漢🦀]{0,60}",
            start in 0usize..80, end in 0usize..80,
            labels in proptest::collection::vec((0usize..80, 0usize..80), 0..4),
        ) {
            let mut finding = sample::finding("authtoken-header", "a.js", 1, 1);
            finding.excerpt.text = text;
            finding.excerpt.first_line = 1;
            finding.excerpt.start = start;
            finding.excerpt.end = end;
            finding.excerpt.labels = labels
                .into_iter()
                .map(|(from, to)| (from, to, "step".to_owned()))
                .collect();
            prop_assert!(draw(&finding, "a.js", &PLAIN).text.contains("a.js:"));
        }
    }
}
