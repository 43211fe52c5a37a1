//! Pictures of customers: from whatever a phone or a form sends to a small JPEG without anything else in it (FILE-1, FILE-3).
//!
//! What comes in was made by a stranger. It is told by its first bytes and not by its name, measured before it is decoded, and
//! always decoded and encoded anew: what is stored was written by this program, so a file that is a picture and something
//! else at once comes out as the picture alone. Place, camera and the small preview that phones hide in a picture are gone.

use std::io::Cursor;

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use tokio::sync::Semaphore;

/// The largest file that is taken, in bytes (FILE-3).
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Width and height into which a picture is fitted, in pixels (FILE-1). Smaller ones stay as they are.
pub const MAX_SIDE: u32 = 1200;
/// The largest picture that is decoded, in pixels: more than the cameras of phones make without being asked to.
const MAX_PIXELS: u64 = 50_000_000;
/// The longest side that is decoded, in pixels.
const MAX_INPUT_SIDE: u32 = 20_000;
/// The most memory that one decoded picture may take, in bytes.
const MAX_DECODED_BYTES: u64 = 256 * 1024 * 1024;
/// Real pictures have about ten scans. A file of many scans keeps a decoder busy for minutes.
const MAX_SCANS: usize = 40;
/// How well a picture is kept: a face at this quality shows no traces and takes some 200 kilobytes.
const QUALITY: u8 = 85;
/// Megapixels that may be at work at once in this process, and the least that one picture counts for. One large picture or four
/// small ones: memory stays below half a gigabyte, and two cores are left for answering requests.
const MEGAPIXELS_AT_ONCE: u32 = 64;
const LEAST_MEGAPIXELS: u32 = 16;

static ROOM: Semaphore = Semaphore::const_new(MEGAPIXELS_AT_ONCE as usize);

/// Why a file does not become a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImageRefusal {
    /// More than [`MAX_BYTES`].
    #[error("the file is larger than 10 MiB")]
    TooLarge,
    /// By its content it is neither a JPEG nor a PNG.
    #[error("the file is neither a JPEG nor a PNG")]
    TypeUnsupported,
    /// It would take too much memory or time to decode.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// It begins like a picture but is not a whole one.
    #[error("the picture is damaged or not whole")]
    Damaged,
}

/// Makes a stored profile picture from a file, on the threads for blocking work. Waits while other pictures are at work.
///
/// # Errors
/// Why it does not become one.
pub async fn profile_picture(file: Bytes) -> Result<Vec<u8>, ImageRefusal> {
    let measured = file.clone();
    let (_, megapixels) = blocking(move || measure(&measured)).await?;
    let weight = megapixels.clamp(LEAST_MEGAPIXELS, MEGAPIXELS_AT_ONCE);
    // The semaphore is never closed, so a permit is always given.
    let permit = ROOM.acquire_many(weight).await.ok();
    // The permit goes along: a client that hangs up drops this future, but not the work that has begun.
    blocking(move || {
        let _permit = permit;
        make(&file)
    })
    .await
}

/// A decoder that panics has met a file it cannot read; the request is refused and the server goes on.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ImageRefusal> + Send + 'static,
) -> Result<T, ImageRefusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "a picture could not be decoded");
        Err(ImageRefusal::Damaged)
    })
}

/// The same at once, for callers that are on a thread for blocking work already.
///
/// # Errors
/// Why it does not become one.
pub fn make(file: &[u8]) -> Result<Vec<u8>, ImageRefusal> {
    let (format, _) = measure(file)?;
    let mut decoder = decoder(file, format)?;
    // A picture whose orientation or colours cannot be read is shown as it lies there.
    let orientation = decoder.orientation().ok();
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    let mut picture = DynamicImage::ImageRgb8(fitted(on_white(picture)));
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    let mut picture = picture.into_rgb8();
    if let Some(profile) = profile {
        into_srgb(&mut picture, &profile);
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&picture).map_err(refusal)?;
    Ok(jpeg)
}

/// Looks at a file without decoding it: its format, and its size in megapixels, rounded up.
fn measure(file: &[u8]) -> Result<(ImageFormat, u32), ImageRefusal> {
    // FILE-3
    if file.len() > MAX_BYTES {
        return Err(ImageRefusal::TooLarge);
    }
    // FILE-1
    let format = if file.starts_with(b"\xff\xd8\xff") {
        ImageFormat::Jpeg
    } else if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        ImageFormat::Png
    } else {
        return Err(ImageRefusal::TypeUnsupported);
    };
    let decoder = decoder(file, format)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(ImageRefusal::TooManyPixels);
    }
    if format == ImageFormat::Jpeg {
        match whole_scans(file) {
            // Decoders are lenient and paint what is missing grey, which nobody wants as a face.
            None => return Err(ImageRefusal::Damaged),
            Some(scans) if scans > MAX_SCANS => return Err(ImageRefusal::TooManyPixels),
            Some(_) => {}
        }
    }
    Ok((format, u32::try_from(pixels.div_ceil(1_000_000)).unwrap_or(u32::MAX)))
}

fn decoder(file: &[u8], format: ImageFormat) -> Result<impl ImageDecoder + '_, ImageRefusal> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_INPUT_SIDE);
    limits.max_image_height = Some(MAX_INPUT_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    reader.into_decoder().map_err(refusal)
}

#[allow(clippy::needless_pass_by_value)] // It is handed to `map_err`.
fn refusal(error: image::ImageError) -> ImageRefusal {
    match error {
        image::ImageError::Limits(_) => ImageRefusal::TooManyPixels,
        image::ImageError::Unsupported(_) => ImageRefusal::TypeUnsupported,
        _ => ImageRefusal::Damaged,
    }
}

/// How many scans a JPEG has; nothing when it breaks off before its end. Whatever follows the end is not looked at: phones put
/// short films there.
fn whole_scans(file: &[u8]) -> Option<usize> {
    const RESTARTS: std::ops::RangeInclusive<u8> = 0xd0..=0xd7;
    let (mut at, mut scans) = (2, 0);
    loop {
        let marker = match (file.get(at)?, file.get(at + 1)?) {
            // Any number of bytes 255 may stand before a marker.
            (0xff, 0xff) => {
                at += 1;
                continue;
            }
            (0xff, marker) => *marker,
            _ => return None,
        };
        at += 2;
        if marker == 0xd9 {
            return Some(scans);
        }
        if RESTARTS.contains(&marker) || matches!(marker, 0x00 | 0x01 | 0xd8) {
            continue;
        }
        let length = usize::from(*file.get(at)?) << 8 | usize::from(*file.get(at + 1)?);
        at += length.max(2);
        if marker == 0xda {
            scans += 1;
            at += end_of_scan(file.get(at..)?)?;
        }
    }
}

/// Where the next marker begins. Within a scan, the byte 255 is followed by 0 or by a mark for restarting.
fn end_of_scan(scan: &[u8]) -> Option<usize> {
    scan.windows(2).position(|pair| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xd0..=0xd7 | 0xff)))
}

/// A JPEG knows no transparency: what can be seen through becomes white, as on the paper of a card.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let mut opaque = RgbImage::new(picture.width(), picture.height());
    for (below, above) in opaque.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = above.0.map(u16::from);
        below.0 = [red, green, blue].map(|colour| {
            let mixed = (colour * alpha + 255 * (255 - alpha) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        });
    }
    opaque
}

fn fitted(picture: RgbImage) -> RgbImage {
    if picture.width() <= MAX_SIDE && picture.height() <= MAX_SIDE {
        return picture;
    }
    let mut picture = DynamicImage::ImageRgb8(picture);
    // A large picture is first made smaller by a fast method, and only the last step by a good one.
    if picture.width().max(picture.height()) > 4 * MAX_SIDE {
        picture = picture.thumbnail(2 * MAX_SIDE, 2 * MAX_SIDE);
    }
    picture.resize(MAX_SIDE, MAX_SIDE, FilterType::CatmullRom).into_rgb8()
}

/// Turns colours that are told by a profile into those that are meant without one. Phones use wider colours, which would look
/// pale once their profile is gone. Profiles that cannot be read or are not for red, green and blue change nothing.
fn into_srgb(picture: &mut RgbImage, profile: &[u8]) {
    let Some(profile) = ColorProfile::new_from_slice(profile).ok().filter(|own| own.color_space == DataColorSpace::Rgb)
    else {
        return;
    };
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default());
    let mut converted = vec![0; picture.len()];
    let done = transform.and_then(|transform| transform.transform(picture.as_raw(), &mut converted));
    if done.is_ok()
        && let Some(same_size) = RgbImage::from_raw(picture.width(), picture.height(), converted)
    {
        *picture = same_size;
    }
}

#[cfg(test)]
#[path = "images_tests.rs"]
mod tests;
