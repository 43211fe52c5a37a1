//! Where in the text each value of a YAML file stands, so that an error can name its line.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{Event, Parser};

/// Line numbers, from 1, by path: `studios[0].offers[1].name`.
#[derive(Debug, Default)]
pub(super) struct Lines(HashMap<String, usize>);

enum Level {
    /// In a list, with the index of the next item.
    List { path: String, next: usize },
    /// In a mapping, with the key whose value comes next.
    Map { path: String, key: Option<String> },
}

impl Lines {
    /// Reads the text once. What the parser does not understand is simply not found later.
    pub(super) fn of(text: &str) -> Self {
        let mut lines = HashMap::new();
        let mut levels: Vec<Level> = Vec::new();
        for item in Parser::new_from_str(text) {
            let Ok((event, span)) = item else { break };
            match event {
                Event::Scalar(value, ..) => {
                    if let Some(Level::Map { key: key @ None, .. }) = levels.last_mut() {
                        *key = Some(value.into_owned());
                        continue;
                    }
                    lines.insert(value_path(&mut levels), span.start.line());
                }
                Event::SequenceStart(..) => {
                    let path = value_path(&mut levels);
                    lines.insert(path.clone(), span.start.line());
                    levels.push(Level::List { path, next: 0 });
                }
                Event::MappingStart(..) => {
                    let path = value_path(&mut levels);
                    lines.insert(path.clone(), span.start.line());
                    levels.push(Level::Map { path, key: None });
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    levels.pop();
                }
                Event::Alias(..) => {
                    lines.insert(value_path(&mut levels), span.start.line());
                }
                _ => {}
            }
        }
        Self(lines)
    }

    /// The line of the value at a path, or of what it stands in.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        let mut path = path;
        loop {
            if let Some(line) = self.0.get(path) {
                return Some(*line);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }
}

/// The path of the value that begins now, and a step forward in what it stands in.
fn value_path(levels: &mut [Level]) -> String {
    match levels.last_mut() {
        None => String::new(),
        Some(Level::List { path, next }) => {
            *next += 1;
            format!("{path}[{}]", *next - 1)
        }
        Some(Level::Map { path, key }) => {
            let key = key.take().unwrap_or_default();
            if path.is_empty() { key } else { format!("{path}.{key}") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn every_value_is_found_and_missing_ones_lead_to_what_they_stand_in() {
        let lines = Lines::of("tenant:\n  key: demo\nstudios:\n  - key: a\n    tags: [x, y]\n  - key: b\n");
        for (path, line) in [
            ("tenant.key", 2),
            ("studios[0].key", 4),
            ("studios[0].tags[1]", 5),
            ("studios[1].key", 6),
            ("studios[1].zone", 6),
            ("tenant.name.first", 2),
        ] {
            assert_eq!(lines.find(path), Some(line), "{path}");
        }
        assert_eq!(lines.find("nowhere"), None);
    }
}
