//! Where the project's files are, and how to run programs in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::Outcome;

/// The folder of the workspace that the caller stands in.
pub(crate) fn root() -> Outcome<PathBuf> {
    let here = std::env::current_dir()?;
    here.ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file())
        .map(Path::to_owned)
        .ok_or_else(|| "this folder is not inside the project".into())
}

/// `cargo`, to be run in the root.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    // Cargo says which cargo runs this, so that a toolchain chosen on the command line stays chosen.
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root);
    command
}

/// Runs to the end and returns what it printed; what it says on standard error goes to the terminal.
pub(crate) fn capture(command: &mut Command) -> Outcome<Vec<u8>> {
    let shown = show(command);
    let Output { status, stdout, .. } =
        command.stderr(Stdio::inherit()).output().map_err(|error| format!("cannot run `{shown}`: {error}"))?;
    if status.success() { Ok(stdout) } else { Err(format!("`{shown}` failed: {status}").into()) }
}

/// As [`capture`], as text without the white space around it.
pub(crate) fn capture_text(command: &mut Command) -> Outcome<String> {
    Ok(String::from_utf8(capture(command)?)?.trim().to_owned())
}

/// The command as one would type it.
pub(crate) fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Whether a program of this name is in `PATH`.
pub(crate) fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, content: &[u8]) -> Outcome {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    }
    fs::write(path, content).map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}
