//! What a viewer has, from the bytes that it was sent.

use bytes::Buf;
use flate2::{Decompress, FlushDecompress};

use crate::picture::{Area, Picture};
use crate::rfb::{encoding, tight};

/// What is lossy is not decoded: it may look like anything, such as this, which nobody draws.
const LOST: [u8; 4] = [0x0b, 0xad, 0x0b, 0xad];
/// The first number by which a JPEG is divided, where it loses so little that it is not sent again.
const GOOD_DIVISOR: u8 = 5;
/// What comes before it.
const DIVISORS: [u8; 2] = [0xff, 0xdb];

/// The areas and encodings of an update.
pub(in crate::paint) type Drawn = Vec<(Area, i32)>;

pub(in crate::paint) struct Canvas {
    pub(in crate::paint) picture: Picture,
    unpacker: Unpacker,
}

/// Tight's palettes, and the streams of zlib behind them.
pub(in crate::paint) struct Unpacker([Decompress; 2]);

impl Canvas {
    pub(in crate::paint) fn of_size((width, height): (u16, u16)) -> Self {
        Self { picture: Picture::new(width, height), unpacker: Unpacker::default() }
    }

    /// An update, or none, of what the host shows.
    pub(in crate::paint) fn hear(&mut self, mut bytes: &[u8], host: &Picture) -> Drawn {
        let mut drawn = Vec::new();
        if bytes.is_empty() {
            return drawn;
        }
        bytes.advance(2);
        for _ in 0..bytes.get_u16() {
            let [x, y, width, height] = [(); 4].map(|()| bytes.get_u16());
            let (area, encoding) = (Area { x, y, width, height }, bytes.get_i32());
            match encoding {
                encoding::RAW => self.fill(area, |_, _| bytes.get_u32_le().to_le_bytes()),
                encoding::COPY => {
                    let from = (bytes.get_u16(), bytes.get_u16());
                    assert!(host.whole().contains(Area { x: from.0, y: from.1, ..area }));
                    self.picture.copy(from, area);
                }
                encoding::TIGHT => self.tight(area, &mut bytes, host),
                encoding::H264 => {
                    let length = bytes.get_u32() as usize;
                    bytes.advance(4 + length);
                    self.fill(area, |_, _| LOST);
                }
                other => panic!("an encoding {other}"),
            }
            drawn.push((area, encoding));
        }
        assert!(bytes.is_empty(), "nothing is left over");
        drawn
    }

    fn tight(&mut self, area: Area, bytes: &mut &[u8], host: &Picture) {
        match bytes[0] >> 4 {
            tight::FILL => {
                let colour = [bytes[3], bytes[2], bytes[1], 0];
                bytes.advance(4);
                self.fill(area, |_, _| colour);
            }
            tight::JPEG => {
                bytes.advance(1);
                let jpeg = counted(bytes);
                let divisors = jpeg.windows(2).position(|pair| pair == DIVISORS).unwrap();
                if jpeg[divisors + 5] > GOOD_DIVISOR {
                    return self.fill(area, |_, _| LOST);
                }
                (area.y..).zip(host.rows(area)).for_each(|(y, row)| self.picture.put_row(area.x, y, row));
            }
            _ => {
                let mut pixels = self.unpacker.pixels(area, bytes).into_iter();
                self.fill(area, |_, _| {
                    let [red, green, blue] = pixels.next().unwrap();
                    [blue, green, red, 0]
                });
            }
        }
    }

    fn fill(&mut self, area: Area, mut pixel: impl FnMut(u16, u16) -> [u8; 4]) {
        for y in 0..area.height {
            let row: Vec<u8> = (0..area.width).flat_map(|x| pixel(x, y)).collect();
            self.picture.put_row(area.x, area.y + y, &row);
        }
    }
}

impl Default for Unpacker {
    fn default() -> Self {
        Self([(); 2].map(|()| Decompress::new(true)))
    }
}

impl Unpacker {
    /// Red, green, blue of each pixel.
    pub(in crate::paint) fn pixels(&mut self, area: Area, bytes: &mut &[u8]) -> Vec<[u8; 3]> {
        let (control, filter) = (bytes.get_u8(), bytes.get_u8());
        assert_eq!((control & 0x4f, filter), (0x40, 1), "no stream begins anew; a palette");
        let (stream, colours) = (usize::from(control >> 4 & 3), usize::from(bytes.get_u8()) + 1);
        let palette = bytes.copy_to_bytes(3 * colours);
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let row = if colours <= 2 { width.div_ceil(8) } else { width };
        let numbers = match row * height {
            length @ ..12 => bytes.copy_to_bytes(length).to_vec(),
            length => self.unpacked(stream, counted(bytes), length),
        };
        assert_eq!(numbers.len(), row * height);
        let number = |x: usize, y: usize| match colours {
            ..=2 => usize::from(numbers[y * row + x / 8] >> (7 - x % 8) & 1),
            _ => usize::from(numbers[y * row + x]),
        };
        let colour = |number: usize| palette[3 * number..][..3].try_into().unwrap();
        (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| colour(number(x, y))).collect()
    }

    fn unpacked(&mut self, stream: usize, packed: &[u8], length: usize) -> Vec<u8> {
        let (stream, mut unpacked) = (&mut self.0[stream], Vec::with_capacity(length + 1));
        let before = stream.total_in();
        stream.decompress_vec(packed, &mut unpacked, FlushDecompress::Sync).unwrap();
        assert_eq!(stream.total_in() - before, packed.len() as u64);
        unpacked
    }
}

/// Bytes behind their length.
fn counted<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let mut length = 0;
    for place in 0..3 {
        let byte = bytes.get_u8();
        length |= usize::from(if place < 2 { byte & 0x7f } else { byte }) << (7 * place);
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (counted, rest) = bytes.split_at(length);
    *bytes = rest;
    counted
}
