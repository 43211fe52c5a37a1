//! Texts that a member reads and signs with an offer (OFF-11).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Problems};
use crate::serde_defaults::is_default;

/// What hangs on a text block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum Attachment {
    /// A document.
    File {
        /// Its path, from the folder of the gym file.
        file: String,
    },
    /// A page elsewhere.
    Url {
        /// What the link says.
        title: String,
        /// Where it leads.
        url: String,
    },
    /// The contract itself as a preview, without a link.
    ContractPdfPreview {},
}

/// A text of a contract, in the order in which an offer names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextBlock {
    /// Its heading.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Whether clients should ask for a signature below it. Advice, not checked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub has_signature: bool,
    /// Whether clients should show the communication settings with it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub show_communication_privacy_options: bool,
    /// Whether clients should ask for a tick. Advice, not checked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub confirmation_required: bool,
    /// A document, a link or the contract's preview; nothing when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
}

impl TextBlock {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("title", &self.title);
        match &self.attachment {
            Some(Attachment::File { file }) => problems.require_text("attachment.file", file),
            Some(Attachment::Url { title, url }) => {
                problems.require_text("attachment.title", title);
                let is_web = url.starts_with("https://") || url.starts_with("http://");
                problems.add_if(!is_web, "attachment.url", "must start with https:// or http://");
            }
            Some(Attachment::ContractPdfPreview {}) | None => {}
        }
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_11_attachments() {
        for attachment in [
            r#"{"type":"FILE","file":"terms.pdf"}"#,
            r#"{"type":"URL","title":"Terms","url":"https://gym.example/terms"}"#,
            r#"{"type":"CONTRACT_PDF_PREVIEW"}"#,
        ] {
            let json = format!(r#"{{"title":"Terms","text":"","attachment":{attachment}}}"#);
            let block: TextBlock = serde_json::from_str(&json).unwrap();
            assert_eq!(block.problems(), []);
            assert_eq!(serde_json::to_string(&block).unwrap(), json);
        }
        let bad: TextBlock = serde_json::from_str(
            r#"{"title":" ","text":"","attachment":{"type":"URL","title":"T","url":"gym.example"}}"#,
        )
        .unwrap();
        assert_eq!(bad.problems().iter().map(|p| p.path.as_str()).collect::<Vec<_>>(), ["title", "attachment.url"]);
    }
}
