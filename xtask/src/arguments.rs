//! Takes a command line apart, without a library: no chore needs more than flags and values.

use std::str::FromStr;

use crate::Outcome;

/// What stands behind the command. Whoever has taken all that it knows calls [`Arguments::finish`].
#[derive(Debug)]
pub(crate) struct Arguments {
    rest: Vec<String>,
}

impl Arguments {
    pub(crate) fn new(arguments: impl Iterator<Item = String>) -> Self {
        Self { rest: arguments.collect() }
    }

    /// Takes `--name` away, and says whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|argument| argument != name);
        self.rest.len() != before
    }

    /// Takes `--name VALUE` away.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str) -> Outcome<Option<T>> {
        let Some(position) = self.rest.iter().position(|argument| argument == name) else { return Ok(None) };
        self.rest.remove(position);
        if position == self.rest.len() {
            return Err(format!("{name} needs a value").into());
        }
        let value = self.rest.remove(position);
        value.parse().map(Some).map_err(|_| format!("{value:?} is no value for {name}").into())
    }

    /// As [`Arguments::value`], for a value that must be given.
    pub(crate) fn required<T: FromStr>(&mut self, name: &str) -> Outcome<T> {
        self.value(name)?.ok_or_else(|| format!("{name} is missing").into())
    }

    /// Takes the next argument that is not an option.
    pub(crate) fn positional(&mut self) -> Option<String> {
        let position = self.rest.iter().position(|argument| !argument.starts_with('-'))?;
        Some(self.rest.remove(position))
    }

    /// Refuses what is left over.
    pub(crate) fn finish(self) -> Outcome {
        match self.rest.first() {
            None => Ok(()),
            Some(argument) => Err(format!("{argument:?} means nothing here; see `cargo xtask help`").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn flags_and_values_are_taken_in_any_order() {
        let mut given = arguments("--quick bookClassSlot --seconds 7");
        assert_eq!(given.value::<u64>("--seconds").unwrap(), Some(7));
        assert!(given.flag("--quick") && !given.flag("--quick"));
        assert_eq!(given.positional().as_deref(), Some("bookClassSlot"));
        given.finish().unwrap();
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(
            arguments("--fast").finish().unwrap_err().to_string(),
            "\"--fast\" means nothing here; see `cargo xtask help`"
        );
        assert_eq!(
            arguments("--seconds").value::<u64>("--seconds").unwrap_err().to_string(),
            "--seconds needs a value"
        );
        let error = arguments("--seconds x").value::<u64>("--seconds").unwrap_err();
        assert_eq!(error.to_string(), "\"x\" is no value for --seconds");
    }
}
