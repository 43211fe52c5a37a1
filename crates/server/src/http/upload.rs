//! Files that are sent with a form, and contents on their way to the folder of contents.
//!
//! A content is written beside the others before the transaction begins, under a name of its own, and gets its final name inside
//! the transaction, which costs next to nothing there. What is refused, or only tried out, leaves nothing behind.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures_util::FutureExt as _;
use gymkeeper_contract::{
    errors::{Argument, ErrorCode},
    openapi::Described,
};
use gymkeeper_store::files::{self, File};
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use sha2::{Digest as _, Sha256};

use super::{
    failure::{Failure, Refusal},
    input::{BodyLimit, Input, Parts},
};
use crate::{actions::change::Change, app::App, portable::contents};

/// Longest name of a file, in characters.
pub const LONGEST_NAME: usize = 255;

/// Room for the lines of a form around its file.
const FORM_BYTES: usize = 16 << 10;

/// Which form is read.
pub trait Form: Send + Sync + 'static {
    /// The form as the document shows it.
    type Schema: JsonSchema;
    /// The name of the part with the file.
    const PART: &'static str;
    /// How large the file may be, in bytes (FILE-3).
    const MOST_BYTES: usize;
}

/// A file that came with a form.
#[derive(Debug, Clone)]
pub struct Upload<F> {
    /// The name it had where it came from, without any folder.
    pub name: String,
    /// Its content.
    pub content: Bytes,
    form: std::marker::PhantomData<fn() -> F>,
}

impl<F: Form> Input for Upload<F> {
    const BODY: Option<BodyLimit> =
        Some(BodyLimit { most: Some(F::MOST_BYTES + FORM_BYTES), refusal: |_| Self::too_large() });

    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let media_type = parts.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Ok(boundary) = multer::parse_boundary(media_type) else {
            return Err(Refusal::new(ErrorCode::MediaTypeUnsupported).with_text("multipart/form-data").into());
        };
        let body = parts.body.clone();
        let stream = futures_util::stream::once(async move { Ok::<_, std::convert::Infallible>(body) });
        let mut form = multer::Multipart::new(stream, boundary);
        let read = async {
            while let Some(field) = form.next_field().await? {
                if field.name() == Some(F::PART) {
                    let name = file_name(&sent_name(&field));
                    return Ok(Some((name, field.bytes().await?)));
                }
            }
            Ok::<_, multer::Error>(None)
        };
        // The whole body is here, so nothing is ever waited for.
        let missing = || Refusal::new(ErrorCode::FileDataPartMissing).with_text(F::PART).at(F::PART);
        let malformed =
            || Failure::from(Refusal::new(ErrorCode::ValidationFieldInvalid).with_text(F::PART).at(F::PART));
        let found = read.now_or_never().ok_or_else(malformed)?.map_err(|_| malformed())?;
        let (name, content) = found.ok_or_else(missing)?;
        if content.len() > F::MOST_BYTES {
            return Err(Self::too_large());
        }
        Ok(Self { name, content, form: std::marker::PhantomData })
    }

    fn describe(described: Described) -> Described {
        described.multipart::<F::Schema>(&[])
    }
}

impl<F: Form> Upload<F> {
    /// The refusal of a file that is larger than allowed.
    pub fn too_large() -> Failure {
        too_large(F::MOST_BYTES).at(F::PART).into()
    }
}

/// The refusal of a file that is larger than so many bytes.
pub fn too_large(most: usize) -> Refusal {
    Refusal::new(ErrorCode::FileTooLarge).with(Argument::Integer(i64::try_from(most >> 20).unwrap_or(i64::MAX)))
}

/// The name that a part says its file has. Some clients say it twice, the second time with all its letters (RFC 8187).
fn sent_name(part: &multer::Field<'_>) -> String {
    let plain = || part.file_name().unwrap_or_default().to_owned();
    let disposition = part.headers().get("content-disposition");
    let disposition = disposition.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    disposition.and_then(extended_name).unwrap_or_else(plain)
}

/// `filename*` of a `Content-Disposition`, such as `filename*=utf-8''%C3%A4.pdf`.
fn extended_name(disposition: &str) -> Option<String> {
    let mut parameters = disposition.split(';').filter_map(|parameter| parameter.trim().split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.eq_ignore_ascii_case("filename*"))?;
    let (charset, value) = value.trim_matches('"').split_once('\'')?;
    let (_language, letters) = value.split_once('\'')?;
    let letters = percent_decode_str(letters).decode_utf8().ok()?;
    charset.eq_ignore_ascii_case("utf-8").then(|| letters.into_owned())
}

/// The name of a file without folders and without letters that nobody can see. Whatever it was, it only ever is a name.
pub fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    let name = name.trim().trim_matches('.').to_owned();
    if name.is_empty() { "file".to_owned() } else { name }
}

/// What the first bytes say a file is. What they do not say is bytes, which no browser opens.
pub fn media_type(content: &[u8]) -> &'static str {
    let starts: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    ];
    if content.get(4..12).is_some_and(|kind| [b"ftypheic", b"ftypheix", b"ftypmif1"].iter().any(|heic| kind == *heic)) {
        return "image/heic";
    }
    starts.iter().find(|(start, _)| content.starts_with(start)).map_or("application/octet-stream", |(_, kind)| *kind)
}

/// A content that lies beside the others under a name of its own. It goes when this goes, unless it was kept.
#[derive(Debug)]
pub struct Staged {
    hash: String,
    size: usize,
    media_type: &'static str,
    name: String,
    file: tempfile::NamedTempFile,
    target: PathBuf,
}

impl Staged {
    /// Writes a content down, flushed to the disk.
    ///
    /// # Errors
    /// The disk's.
    pub async fn new(app: &App, name: String, content: Bytes) -> Result<Self, Failure> {
        let folder = crate::app::files_dir(&app.config);
        let staged = tokio::task::spawn_blocking(move || Self::write(&folder, name, &content)).await;
        let failed = |error: &dyn std::fmt::Display| Failure::Internal(format!("a content cannot be written: {error}"));
        staged.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }

    fn write(folder: &Path, name: String, content: &[u8]) -> std::io::Result<Self> {
        let hash: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        let target = super::links::content_path(folder, &hash);
        let mut file = tempfile::Builder::new().prefix(".upload-").tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        Ok(Self { hash, size: content.len(), media_type: media_type(content), name, file, target })
    }

    /// Stores the file within a change and answers its id. The same content under the same name is stored once.
    ///
    /// # Errors
    /// The database's and the disk's.
    pub fn keep(&self, change: &mut Change<'_, '_>) -> Result<i64, Failure> {
        let now = change.system_now();
        let known = match files::find_content(change.tx, change.tenant, &self.hash, &self.name)? {
            Some(id) if files::hold(change.tx, change.tenant, id)? => Some(id),
            _ => None,
        };
        let id = match known {
            Some(id) => id,
            None => {
                let file = File {
                    id: change.tx.next_id()?,
                    hash: self.hash.clone(),
                    name: self.name.clone(),
                    media_type: self.media_type.to_owned(),
                    size: i64::try_from(self.size).unwrap_or(i64::MAX),
                };
                files::insert(change.tx, change.tenant, &file, now)?;
                file.id
            }
        };
        if !change.tx.is_pretending() {
            self.place().map_err(|error| Failure::Internal(format!("a content cannot be kept: {error}")))?;
        }
        Ok(id)
    }

    /// Gives the content its final name, also when it is asked to do so again.
    fn place(&self) -> std::io::Result<()> {
        contents::needed(self.target.parent().unwrap_or(Path::new(".")), &self.hash)?;
        if self.target.exists() {
            return Ok(());
        }
        std::fs::hard_link(self.file.path(), &self.target).or_else(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Ok(()),
            // Some file systems know no second names.
            _ => std::fs::copy(self.file.path(), &self.target).map(drop),
        })?;
        let folder = self.target.parent().unwrap_or(Path::new("."));
        std::fs::File::open(folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::{file_name, media_type};

    #[test]
    fn a_name_is_never_a_path() {
        for (sent, name) in [
            ("passport.pdf", "passport.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\Vertrag März.pdf", "Vertrag März.pdf"),
            ("/", "file"),
            ("..", "file"),
            ("", "file"),
            ("a\r\nb\0.pdf", "ab.pdf"),
            (".htaccess", "htaccess"),
        ] {
            assert_eq!(file_name(sent), name, "{sent:?}");
        }
        assert_eq!(file_name(&"ä".repeat(300)).chars().count(), 255);
    }

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        for (content, kind) in [
            (&b"%PDF-1.7"[..], "application/pdf"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"\0\0\0\x18ftypheic", "image/heic"),
            (b"PK\x03\x04", "application/zip"),
            (b"<svg onload='x'>", "application/octet-stream"),
            (b"<html>", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(media_type(content), kind);
        }
    }
}
