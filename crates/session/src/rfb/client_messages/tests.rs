use proptest::prelude::*;

use super::*;

fn decode_all(bytes: &[u8]) -> Result<Vec<ClientMessage>, Malformed> {
    decode_in_pieces(bytes, bytes.len().max(1))
}

/// As they come from a slow line.
fn decode_in_pieces(bytes: &[u8], size: usize) -> Result<Vec<ClientMessage>, Malformed> {
    let (mut messages, mut buffer, mut found) = (ClientMessages::default(), BytesMut::new(), Vec::new());
    for piece in bytes.chunks(size) {
        buffer.extend_from_slice(piece);
        while let Some(message) = messages.decode(&mut buffer)? {
            found.push(message);
        }
    }
    Ok(found)
}

const NATIVE: [u8; 20] = [0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
const BIG_ENDIAN: [u8; 20] = [0, 0, 0, 0, 32, 24, 1, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
const KEY: [u8; 8] = [4, 1, 0, 0, 0, 0, 0xff, 0x0d];

/// Everything that noVNC and TigerVNC's viewer say, and what they mean by it.
fn script() -> (Vec<u8>, Vec<ClientMessage>) {
    let area = Area { x: 1, y: 2, width: 3, height: 0x104 };
    let said: [(&[u8], ClientMessage); 10] = [
        (&NATIVE, ClientMessage::SetPixelFormat(PixelFormat::NATIVE)),
        (&[2, 0, 0, 2, 0, 0, 0, 7, 0xff, 0xff, 0xfe, 0xc8], ClientMessage::SetEncodings(vec![7, -312])),
        (&[3, 1, 0, 1, 0, 2, 0, 3, 1, 4], ClientMessage::UpdateRequest { incremental: true, area }),
        (&KEY, ClientMessage::Key { down: true, keysym: 0xff0d, scancode: None }),
        (&[5, 0x81, 0, 9, 1, 0], ClientMessage::Pointer { buttons: 0x81, x: 9, y: 256 }),
        (&[6, 0, 0, 0, 0, 0, 0, 3, 9, 9, 9], ClientMessage::CutText),
        (&[6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe, 9, 9], ClientMessage::CutText),
        (&[150, 1, 0, 1, 0, 2, 0, 3, 1, 4], ClientMessage::ContinuousUpdates { enable: true, area }),
        (
            &[248, 0, 0, 0, 0x80, 0, 0, 1, 2, 7, 8],
            ClientMessage::Fence { flags: 0x8000_0001, payload: vec![7, 8].into() },
        ),
        (
            &[255, 0, 0, 1, 0, 0, 0, 0x61, 0, 0, 0, 0x1e],
            ClientMessage::Key { down: true, keysym: 0x61, scancode: Some(0x1e) },
        ),
    ];
    (
        said.iter().flat_map(|(bytes, _)| *bytes).copied().collect(),
        said.into_iter().map(|(_, it)| it).collect(),
    )
}

#[test]
fn what_viewers_say_is_understood() {
    let (bytes, meant) = script();
    assert_eq!(decode_all(&bytes).unwrap(), meant);
}

#[test]
fn a_viewer_that_was_told_may_say_more_than_seven_buttons() {
    let announced = [2, 0, 0, 1, 0xff, 0xff, 0xfe, 0xc4];
    let bytes = [&announced[..], &[5, 0x81, 0, 9, 1, 0, 2], &[5, 0x01, 0, 9, 1, 0]].concat();
    let pointers: Vec<u16> = decode_all(&bytes)
        .unwrap()
        .into_iter()
        .filter_map(|message| match message {
            ClientMessage::Pointer { buttons, .. } => Some(buttons),
            _ => None,
        })
        .collect();
    assert_eq!(pointers, [0x101, 1]);
}

#[test]
fn a_wish_for_another_size_takes_its_screens_along() {
    let wish = [&[251, 0, 4, 0, 3, 0, 1, 0][..], &[0; 16], &KEY].concat();
    assert_eq!(decode_all(&wish).unwrap().len(), 2);
}

#[test]
fn lengths_beyond_their_limit_are_refused_before_anything_is_kept() {
    let refused = |bytes: &[u8]| decode_all(bytes).unwrap_err();
    assert!(matches!(refused(&[2, 0, 0, 129]), Malformed::TooManyEncodings(129)));
    assert!(matches!(refused(&[6, 0, 0, 0, 0, 16, 0, 1]), Malformed::CutTextTooLong(1_048_577)));
    assert!(matches!(refused(&[6, 0, 0, 0, 0x80, 0, 0, 0]), Malformed::CutTextTooLong(_)));
    assert!(matches!(refused(&[248, 0, 0, 0, 0, 0, 0, 0, 65]), Malformed::FenceTooLong(65)));
    assert!(matches!(refused(&[1]), Malformed::UnknownKind(1)));
    assert!(matches!(refused(&[255, 1]), Malformed::UnknownKind(255)));
}

#[test]
fn a_clipboard_is_never_kept() {
    let (mut messages, mut buffer) = (ClientMessages::default(), BytesMut::new());
    buffer.extend_from_slice(&[6, 0, 0, 0, 0, 16, 0, 0]);
    assert_eq!(messages.decode(&mut buffer).unwrap(), Some(ClientMessage::CutText));
    for _ in 0..16 {
        buffer.extend_from_slice(&[0; 65_536]);
        assert_eq!(messages.decode(&mut buffer).unwrap(), None);
        assert!(buffer.is_empty());
    }
    buffer.extend_from_slice(&KEY);
    assert!(matches!(messages.decode(&mut buffer).unwrap(), Some(ClientMessage::Key { .. })));
}

#[test]
fn pixels_of_both_byte_orders_are_written_as_they_are_wanted() {
    let written = |message: &[u8]| {
        let found = decode_all(message).unwrap();
        let [ClientMessage::SetPixelFormat(format)] = found[..] else { panic!("{found:?}") };
        let mut bytes = Vec::new();
        format.write(&[1, 2, 3, 0], &mut bytes);
        bytes
    };
    assert_eq!(written(&NATIVE), [1, 2, 3, 0]);
    assert_eq!(written(&BIG_ENDIAN), [0, 3, 2, 1]);
}

#[test]
fn palettes_and_fewer_bits_are_refused() {
    for (place, value) in [(4, 16), (5, 8), (7, 0), (9, 31), (14, 7), (14, 200), (15, 16)] {
        for mut format in [NATIVE, BIG_ENDIAN] {
            format[place] = value;
            assert!(matches!(decode_all(&format), Err(Malformed::PixelFormat)), "byte {place}");
        }
    }
}

proptest! {
    #[test]
    fn pieces_of_any_size_mean_the_same(size in 1_usize..64) {
        let (bytes, meant) = script();
        prop_assert_eq!(decode_in_pieces(&bytes, size).unwrap(), meant);
    }

    #[test]
    fn whatever_the_bytes_nothing_is_kept_beyond_the_longest_message(
        bytes in proptest::collection::vec(any::<u8>(), 0..4_096),
        size in 1_usize..512,
    ) {
        let (mut messages, mut buffer) = (ClientMessages::default(), BytesMut::new());
        'pieces: for piece in bytes.chunks(size) {
            buffer.extend_from_slice(piece);
            loop {
                match messages.decode(&mut buffer) {
                    Ok(Some(_)) => {}
                    Ok(None) => break,
                    Err(_) => break 'pieces,
                }
            }
            // A wish for another size names up to 255 screens.
            prop_assert!(buffer.len() <= 8 + 16 * 255);
        }
    }

    #[test]
    fn the_same_bytes_mean_the_same_in_any_pieces(
        bytes in proptest::collection::vec(prop_oneof![Just(4_u8), Just(5), Just(6), Just(0), any::<u8>()], 0..512),
        size in 1_usize..64,
    ) {
        let whole = decode_all(&bytes).map_err(|error| error.to_string());
        let pieces = decode_in_pieces(&bytes, size).map_err(|error| error.to_string());
        prop_assert_eq!(whole, pieces);
    }
}
