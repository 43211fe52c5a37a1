//! Signatures as members draw them: SVG documents from strangers, which browsers of the studio's staff will show.
//!
//! An SVG can run scripts and fetch what it refers to. So only drawings are taken: shapes, groups and words, with attributes that
//! lead nowhere.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use roxmltree::{Document, NodeType};

/// The most bytes of a signature: 256 KiB.
pub const MOST_BYTES: usize = 256 << 10;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What browsers' canvases put in front.
const DATA_URL: &str = "data:image/svg+xml;base64,";

const SVG: &str = "http://www.w3.org/2000/svg";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What a drawing consists of.
const ELEMENTS: &[&str] = &[
    "svg", "g", "path", "line", "polyline", "polygon", "circle", "ellipse", "rect", "text", "tspan", "title", "desc",
    "defs",
];

/// What in an attribute's value could lead elsewhere or be run. Colours and coordinates never contain it.
const LEADING_ELSEWHERE: &[&str] = &["url(", "javascript:", "data:", "http:", "https:", "@import", "expression("];

/// Why a text is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotASignature {
    /// It has more than [`MOST_BYTES`].
    TooLarge,
    /// It is no SVG in Base64, or one that does more than to show a drawing.
    NoDrawing,
}

/// The SVG document of a signature that was sent in Base64, which may be a `data:` URL.
///
/// # Errors
/// [`NotASignature`].
pub fn read(base64: &str) -> Result<String, NotASignature> {
    let base64 = base64.trim();
    let base64 = base64.strip_prefix(DATA_URL).unwrap_or(base64);
    // Four letters stand for three bytes.
    if base64.len() / 4 * 3 > MOST_BYTES + 3 {
        return Err(NotASignature::TooLarge);
    }
    let bytes = BASE64.decode(base64).map_err(|_| NotASignature::NoDrawing)?;
    let text = String::from_utf8(bytes).map_err(|_| NotASignature::NoDrawing)?;
    check(&text)
}

/// The SVG document of a signature that was sent as it is.
///
/// # Errors
/// [`NotASignature`].
pub fn check(text: &str) -> Result<String, NotASignature> {
    if text.len() > MOST_BYTES {
        Err(NotASignature::TooLarge)
    } else if is_drawing(text) {
        Ok(text.to_owned())
    } else {
        Err(NotASignature::NoDrawing)
    }
}

fn is_drawing(text: &str) -> bool {
    // The parser knows no entities but the five of XML itself, and refuses a document type.
    let Ok(document) = Document::parse(text) else { return false };
    let root = document.root_element();
    root.tag_name().name() == "svg"
        && document.descendants().all(|node| match node.node_type() {
            NodeType::Root | NodeType::Text | NodeType::Comment => true,
            // A style sheet would be fetched.
            NodeType::PI => false,
            NodeType::Element => {
                let tag = node.tag_name();
                tag.namespace().is_none_or(|space| space == SVG)
                    && ELEMENTS.contains(&tag.name())
                    && node.attributes().all(|attribute| is_harmless(&attribute))
            }
        })
}

fn is_harmless(attribute: &roxmltree::Attribute<'_, '_>) -> bool {
    let name = attribute.name().to_ascii_lowercase();
    let value: String = attribute.value().chars().filter(|letter| !letter.is_whitespace()).collect();
    let value = value.to_ascii_lowercase();
    let leads_elsewhere = matches!(name.as_str(), "href" | "src" | "base")
        || attribute.namespace().is_some_and(|space| space != XML)
        || LEADING_ELSEWHERE.iter().any(|word| value.contains(word));
    // Attributes that begin with `on` are scripts.
    !name.starts_with("on") && !leads_elsewhere
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100" width="300"><path d="M1 1 C2 2 3 3 4 4" stroke="#000" style="fill:none;stroke-width:2"/></svg>"##;

    fn read_text(text: &str) -> Result<String, NotASignature> {
        read(&BASE64.encode(text))
    }

    #[test]
    fn amd_5_drawings_are_taken_as_they_are() {
        for text in [
            PATH,
            "<svg/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- drawn -->\n<svg><g><circle r=\"1\"/></g></svg>",
            r#"<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve"><title>A &amp; B</title><text>Ada</text></svg>"#,
        ] {
            assert_eq!(read_text(text).as_deref(), Ok(text));
        }
        let encoded = BASE64.encode(PATH);
        assert_eq!(read(&format!(" {DATA_URL}{encoded}\n")).as_deref(), Ok(PATH));
        assert_eq!(read(encoded.trim_end_matches('=')).as_deref(), Ok(PATH));
    }

    #[test]
    fn amd_5_what_is_more_than_a_drawing_is_not() {
        for text in [
            "",
            "Ada",
            "<svg>",
            "<html/>",
            "<svg><script>alert(1)</script></svg>",
            "<svg onload=\"alert(1)\"/>",
            "<svg ONLOAD=\"alert(1)\"/>",
            "<svg><image href=\"https://example.org/x.png\"/></svg>",
            "<svg><use href=\"#x\"/></svg>",
            "<svg><a><path d=\"M0 0\"/></a></svg>",
            "<svg><foreignObject/></svg>",
            "<svg><style>@import 'x'</style></svg>",
            "<svg><path fill=\"url(https://example.org/x)\"/></svg>",
            "<svg><path style=\"fill: url ( //example.org )\"/></svg>",
            "<svg><path style=\"fill: U&#114;l(//example.org)\"/></svg>",
            r#"<svg xmlns:x="http://www.w3.org/1999/xlink"><g x:href="//example.org"/></svg>"#,
            r#"<svg><g xml:base="//example.org"/></svg>"#,
            r#"<svg xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script></svg>"#,
            "<?xml-stylesheet href=\"//example.org/x.css\"?><svg/>",
            "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg><text>&a;</text></svg>",
            "<!DOCTYPE svg SYSTEM \"//example.org/x.dtd\"><svg/>",
            "<svg><text>&nbsp;</text></svg>",
            "<svg><animate attributeName=\"x\"/></svg>",
        ] {
            assert_eq!(read_text(text), Err(NotASignature::NoDrawing), "{text}");
        }
        for base64 in ["!", "PHN2Z", "PHN2Zy8", &BASE64.encode([0xff, 0xfe])] {
            assert_eq!(read(base64), Err(NotASignature::NoDrawing), "{base64}");
        }
    }

    #[test]
    fn amd_5_a_signature_has_256_kib_at_the_most() {
        let of_length = |bytes: usize| format!("<svg>{}</svg>", " ".repeat(bytes - 11));
        assert!(read_text(&of_length(MOST_BYTES)).is_ok());
        for length in [MOST_BYTES + 1, MOST_BYTES + 4, 10 * MOST_BYTES] {
            assert_eq!(read_text(&of_length(length)), Err(NotASignature::TooLarge), "{length}");
        }
        // However deep it is, reading it neither fails nor takes long.
        let depth = 37_000;
        let deep = format!("<svg>{}{}</svg>", "<g>".repeat(depth), "</g>".repeat(depth));
        assert!(read_text(&deep).is_ok());
    }
}
