//! What a viewer understands, of what is offered here.

use super::encoding;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Encodings {
    /// It copies what it has from one place to another.
    pub copy: bool,
    pub tight: bool,
    /// Tight may carry JPEG; viewers say so by wishing for a quality.
    pub jpeg: bool,
    pub h264: bool,
    pub desktop_size: bool,
    pub extended_desktop_size: bool,
    pub cursor: bool,
    pub cursor_with_alpha: bool,
    pub desktop_name: bool,
    pub fence: bool,
    pub continuous_updates: bool,
    pub qemu_key: bool,
    pub more_buttons: bool,
}

impl Encodings {
    pub fn of(list: &[i32]) -> Self {
        let has = |number: i32| list.contains(&number);
        Self {
            copy: has(encoding::COPY),
            tight: has(encoding::TIGHT),
            jpeg: list.iter().any(|number| (encoding::QUALITY_LOW..=encoding::QUALITY_HIGH).contains(number)),
            h264: has(encoding::H264),
            desktop_size: has(encoding::DESKTOP_SIZE),
            extended_desktop_size: has(encoding::EXTENDED_DESKTOP_SIZE),
            cursor: has(encoding::CURSOR),
            cursor_with_alpha: has(encoding::CURSOR_WITH_ALPHA),
            desktop_name: has(encoding::DESKTOP_NAME),
            fence: has(encoding::FENCE),
            continuous_updates: has(encoding::CONTINUOUS_UPDATES),
            qemu_key: has(encoding::QEMU_EXTENDED_KEY),
            more_buttons: has(encoding::EXTENDED_MOUSE_BUTTONS),
        }
    }

    pub(crate) fn can_resize(self) -> bool {
        self.desktop_size || self.extended_desktop_size
    }
}
