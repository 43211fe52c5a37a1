//! Pictures made by code, whole and broken ones.

use image::{GrayImage, ImageBuffer, ImageEncoder as _, Luma, Rgb, Rgba, RgbaImage, codecs::png::PngEncoder};

use super::*;

const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 200, 30];
const BLUE: [u8; 3] = [30, 30, 220];
const WHITE: [u8; 3] = [255, 255, 255];

/// Red and green above, blue and white below.
fn quarters(width: u32, height: u32) -> RgbImage {
    ImageBuffer::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 95).encode_image(picture).unwrap();
    file
}

/// A block of metadata right behind the first marker of a JPEG.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

/// Exif data with an orientation and a text that stands for a place.
fn exif(orientation: u8) -> Vec<u8> {
    let mut data = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    data.extend([orientation, 0, 0, 0, 0, 0, 0]);
    data.extend(b"GPS 52.5200 N 13.4050 E");
    data
}

fn decoded(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap().into_rgb8()
}

fn is_near(pixel: Rgb<u8>, colour: [u8; 3]) -> bool {
    pixel.0.iter().zip(colour).all(|(is, wanted)| is.abs_diff(wanted) < 40)
}

/// The colours in the corners, in the order of reading.
fn corners(picture: &RgbImage) -> [Rgb<u8>; 4] {
    let (right, bottom) = (picture.width() - 3, picture.height() - 3);
    [(2, 2), (right, 2), (2, bottom), (right, bottom)].map(|(x, y)| *picture.get_pixel(x, y))
}

#[test]
fn file_1_pictures_are_turned_as_their_camera_was_held() {
    for (orientation, expected) in [
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
        (9, [RED, GREEN, BLUE, WHITE]),
    ] {
        let file = with_segment(&jpeg(&quarters(96, 48)), 0xe1, &exif(orientation));
        let made = decoded(&make(&file).unwrap());
        let lies = (5..=8).contains(&orientation);
        assert_eq!(made.dimensions(), if lies { (48, 96) } else { (96, 48) }, "{orientation}");
        for (corner, colour) in corners(&made).into_iter().zip(expected) {
            assert!(is_near(corner, colour), "{orientation}: {corner:?} is not {colour:?}");
        }
    }
}

#[test]
fn file_1_pictures_are_fitted_and_small_ones_stay() {
    for (width, height, expected) in [
        (1200, 1200, (1200, 1200)),
        (2400, 600, (1200, 300)),
        (600, 1800, (400, 1200)),
        (9, 7, (9, 7)),
        (5200, 13, (1200, 3)),
    ] {
        let made = decoded(&make(&jpeg(&quarters(width, height))).unwrap());
        assert_eq!(made.dimensions(), expected, "{width}x{height}");
    }
}

#[test]
fn file_1_nothing_but_the_picture_is_stored() {
    let mut file = with_segment(&jpeg(&quarters(64, 64)), 0xe1, &exif(6));
    file = with_segment(&file, 0xfe, b"a comment that nobody should read");
    file.extend(b"PK\x03\x04 an archive behind the picture");
    let made = make(&file).unwrap();
    for hidden in [&b"GPS"[..], b"Exif", b"comment", b"archive"] {
        assert!(file.windows(hidden.len()).any(|window| window == hidden));
        assert!(!made.windows(hidden.len()).any(|window| window == hidden), "{}", String::from_utf8_lossy(hidden));
    }
    assert!(made.starts_with(b"\xff\xd8\xff") && made.ends_with(b"\xff\xd9"));
}

fn png_of(picture: &DynamicImage) -> Vec<u8> {
    let mut file = Vec::new();
    picture.write_with_encoder(PngEncoder::new(&mut file)).unwrap();
    file
}

#[test]
fn file_1_pngs_of_all_kinds_become_jpegs_on_white() {
    let seen_through: RgbaImage =
        ImageBuffer::from_fn(32, 32, |x, _| Rgba([220, 30, 30, if x < 16 { 0 } else { 255 }]));
    let half: RgbaImage = ImageBuffer::from_pixel(32, 32, Rgba([0, 0, 0, 128]));
    let grey: GrayImage = ImageBuffer::from_pixel(32, 32, Luma([90]));
    let deep: ImageBuffer<Rgb<u16>, Vec<u16>> = ImageBuffer::from_pixel(32, 32, Rgb([0xffff, 0x8000, 0]));
    for (picture, left, right) in [
        (DynamicImage::from(seen_through), WHITE, RED),
        (half.into(), [127; 3], [127; 3]),
        (grey.into(), [90; 3], [90; 3]),
        (deep.into(), [255, 128, 0], [255, 128, 0]),
    ] {
        let made = decoded(&make(&png_of(&picture)).unwrap());
        let [first, second, ..] = corners(&made);
        assert!(is_near(first, left) && is_near(second, right), "{:?}: {first:?} {second:?}", picture.color());
    }
}

#[test]
fn wide_colours_are_converted_before_their_profile_is_dropped() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let picture = RgbImage::from_pixel(32, 32, Rgb([200, 100, 60]));
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_icc_profile(profile).unwrap();
    encoder.write_image(picture.as_raw(), 32, 32, image::ExtendedColorType::Rgb8).unwrap();
    let made = *decoded(&make(&file).unwrap()).get_pixel(16, 16);
    // The same colour has more red in sRGB, where red is less red.
    assert!(made.0[0] > 205 && made.0[1] < 100, "{made:?}");

    let mut broken = Vec::new();
    let mut encoder = PngEncoder::new(&mut broken);
    encoder.set_icc_profile(b"no profile".to_vec()).unwrap();
    encoder.write_image(picture.as_raw(), 32, 32, image::ExtendedColorType::Rgb8).unwrap();
    assert!(is_near(*decoded(&make(&broken).unwrap()).get_pixel(16, 16), [200, 100, 60]));
}

#[test]
fn file_1_other_files_are_refused_whatever_they_are_called() {
    for file in [
        &b""[..],
        b"GIF89a\x01\0\x01\0",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"BM\x36\0\0\0",
        b"\xff\xd8",
        b" \xff\xd8\xff",
    ] {
        assert_eq!(make(file), Err(ImageRefusal::TypeUnsupported), "{}", String::from_utf8_lossy(file));
    }
}

#[test]
fn file_3_large_files_are_refused_before_they_are_read() {
    let mut file = jpeg(&quarters(16, 16));
    file.resize(MAX_BYTES, 0);
    assert!(make(&file).is_ok());
    file.push(0);
    assert_eq!(make(&file), Err(ImageRefusal::TooLarge));
}

/// One piece of a PNG, with its checksum.
fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let content = [&kind, data].concat();
    let mut checksum = u32::MAX;
    for byte in &content {
        checksum ^= u32::from(*byte);
        for _ in 0..8 {
            checksum = if checksum & 1 == 1 { checksum >> 1 ^ 0xedb8_8320 } else { checksum >> 1 };
        }
    }
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &content, &(!checksum).to_be_bytes()].concat()
}

fn png_header(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
    let start = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(*b"IHDR", &header)].concat();
    [start, chunk(*b"IDAT", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]), chunk(*b"IEND", &[])].concat()
}

#[test]
fn a_bomb_is_refused_by_its_measures() {
    for (file, refusal) in [
        (png_header(30_000, 30_000, 1, 0), ImageRefusal::TooManyPixels),
        (png_header(19_999, 19_999, 8, 2), ImageRefusal::TooManyPixels),
        // Few pixels, but each of eight bytes.
        (png_header(7_000, 7_000, 16, 6), ImageRefusal::TooManyPixels),
        (png_header(u32::MAX, u32::MAX, 8, 2), ImageRefusal::TooManyPixels),
        // The measures are fine, and there is nothing behind them.
        (png_header(100, 100, 8, 2), ImageRefusal::Damaged),
        (png_header(0, 100, 8, 2), ImageRefusal::Damaged),
    ] {
        assert_eq!(make(&file), Err(refusal));
    }
    // A JPEG tells its measures in one place; a small picture that claims to be large is a bomb, too.
    let mut file = jpeg(&quarters(16, 16));
    let frame = file.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    file[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    assert_eq!(make(&file), Err(ImageRefusal::TooManyPixels));
    file[frame + 5..frame + 9].copy_from_slice(&[0x3a, 0x98, 0x3a, 0x98]);
    assert_eq!(make(&file), Err(ImageRefusal::TooManyPixels));
}

#[test]
fn a_file_of_many_scans_is_refused() {
    let file = jpeg(&quarters(16, 16));
    let scan = file.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let (head, scan) = (&file[..scan], &file[scan..file.len() - 2]);
    let many = [head, &scan.repeat(MAX_SCANS + 1), b"\xff\xd9"].concat();
    assert_eq!(make(&many), Err(ImageRefusal::TooManyPixels));
}

#[test]
fn a_file_that_breaks_off_is_refused_wherever_it_does() {
    let picture = quarters(40, 40);
    for file in [jpeg(&picture), png_of(&DynamicImage::ImageRgb8(picture))] {
        assert!(make(&file).is_ok());
        for end in 8..file.len() - 12 {
            let refusal = make(&file[..end]).unwrap_err();
            assert!(matches!(refusal, ImageRefusal::Damaged), "{end}: {refusal:?}");
        }
    }
}

#[test]
fn damaged_files_never_make_it_panic() {
    let picture = quarters(24, 24);
    let files = [with_segment(&jpeg(&picture), 0xe1, &exif(6)), png_of(&DynamicImage::ImageRgb8(picture))];
    let mut state = 1_u64;
    for file in &files {
        for _ in 0..400 {
            let mut file = file.clone();
            for _ in 0..3 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let place = (state >> 33) as usize % file.len();
                file[place] = (state >> 24) as u8;
            }
            // Refused or made, as long as it comes back.
            let _ = make(&file);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pictures_at_once_wait_for_each_other() {
    let file = Bytes::from(jpeg(&quarters(64, 32)));
    let all: Vec<_> = (0..12).map(|_| tokio::spawn(profile_picture(file.clone()))).collect();
    for one in all {
        assert_eq!(decoded(&one.await.unwrap().unwrap()).dimensions(), (64, 32));
    }
    assert_eq!(profile_picture(Bytes::from_static(b"GIF89a")).await, Err(ImageRefusal::TypeUnsupported));
    assert_eq!(ROOM.available_permits(), MEGAPIXELS_AT_ONCE as usize);
}
