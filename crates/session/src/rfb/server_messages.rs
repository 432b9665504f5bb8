//! What the host says.

use bytes::BufMut;

use super::pixel_format::PixelFormat;
use super::{encoding, message};
use crate::capture::PointerShape;
use crate::picture::Area;

pub(crate) fn server_init((width, height): (u16, u16), name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.put_u16(width);
    bytes.put_u16(height);
    PixelFormat::write_native(&mut bytes);
    put_text(&mut bytes, name);
    bytes
}

pub(crate) fn end_of_continuous_updates() -> Vec<u8> {
    vec![message::END_OF_CONTINUOUS_UPDATES]
}

pub(crate) fn fence(flags: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![message::FENCE, 0, 0, 0];
    bytes.put_u32(flags);
    bytes.put_u8(u8::try_from(payload.len()).unwrap_or(u8::MAX));
    bytes.extend_from_slice(payload);
    bytes
}

/// One update, to which rectangles are added.
#[derive(Debug, Default)]
pub(crate) struct Update {
    rectangles: u16,
    bytes: Vec<u8>,
}

impl Update {
    /// The message, or nothing where nothing was added.
    pub(crate) fn finish(self) -> Option<Vec<u8>> {
        if self.rectangles == 0 {
            return None;
        }
        let mut bytes = Vec::with_capacity(4 + self.bytes.len());
        bytes.extend_from_slice(&[message::UPDATE, 0]);
        bytes.put_u16(self.rectangles);
        bytes.extend_from_slice(&self.bytes);
        Some(bytes)
    }

    /// Begins a rectangle; its content is what the caller adds to the answer.
    pub(crate) fn rectangle(&mut self, area: Area, encoding: i32) -> &mut Vec<u8> {
        self.rectangles = self.rectangles.saturating_add(1);
        for number in [area.x, area.y, area.width, area.height] {
            self.bytes.put_u16(number);
        }
        self.bytes.put_i32(encoding);
        &mut self.bytes
    }

    /// What is there already from `from` on.
    pub(crate) fn copy(&mut self, (x, y): (u16, u16), to: Area) {
        let bytes = self.rectangle(to, encoding::COPY);
        bytes.put_u16(x);
        bytes.put_u16(y);
    }

    /// Says that a pseudo-encoding is understood here too.
    pub(crate) fn offer(&mut self, encoding: i32) {
        self.rectangle(Area::default(), encoding);
    }

    pub(crate) fn name(&mut self, name: &str) {
        put_text(self.rectangle(Area::default(), encoding::DESKTOP_NAME), name);
    }

    pub(crate) fn size(&mut self, (width, height): (u16, u16)) {
        self.rectangle(Area { width, height, ..Area::default() }, encoding::DESKTOP_SIZE);
    }

    /// One screen that fills everything; `refused` answers a viewer that wants another size.
    pub(crate) fn extended_size(&mut self, (width, height): (u16, u16), refused: bool) {
        let (reason, status) = if refused { (1, 1) } else { (0, 0) };
        let bytes =
            self.rectangle(Area { x: reason, y: status, width, height }, encoding::EXTENDED_DESKTOP_SIZE);
        bytes.extend_from_slice(&[1, 0, 0, 0]);
        bytes.put_u32(0);
        [0, 0, width, height].into_iter().for_each(|number| bytes.put_u16(number));
        bytes.put_u32(0);
    }

    pub(crate) fn cursor_with_alpha(&mut self, shape: &PointerShape) {
        const ALPHA: u8 = 1;
        let bytes = self.rectangle(hot_spot(shape), encoding::CURSOR_WITH_ALPHA);
        bytes.extend_from_slice(&[ALPHA, 0]);
        bytes.extend_from_slice(&shape.rgba);
    }

    /// For viewers that know no half-transparent pixels.
    pub(crate) fn cursor(&mut self, shape: &PointerShape, format: PixelFormat) {
        let pixels = shape.rgba.as_chunks::<4>().0;
        let native: Vec<u8> =
            pixels.iter().flat_map(|[red, green, blue, _]| [*blue, *green, *red, 0]).collect();
        let bytes = self.rectangle(hot_spot(shape), encoding::CURSOR);
        format.write(&native, bytes);
        for row in pixels.chunks(usize::from(shape.width).max(1)) {
            for eight in row.chunks(8) {
                let bit = |(place, pixel): (usize, &[u8; 4])| if pixel[3] >= 128 { 0x80 >> place } else { 0 };
                bytes.put_u8(eight.iter().enumerate().map(bit).fold(0, |mask, bit: u8| mask | bit));
            }
        }
    }
}

fn hot_spot(shape: &PointerShape) -> Area {
    Area { x: shape.hot_spot.0, y: shape.hot_spot.1, width: shape.width, height: shape.height }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.put_u32(u32::try_from(text.len()).unwrap_or(u32::MAX));
    bytes.extend_from_slice(text.as_bytes());
}
