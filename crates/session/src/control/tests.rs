use std::time::Duration;

use beckon_domain::Permission;
use uuid::Uuid;

use super::*;
use crate::consents::A_WHILE;

fn samples() -> Vec<(Frame, Vec<u8>)> {
    let session = SessionId(Uuid::from_u128(7));
    let proof = Proof::from_bytes([0xaa; 32]);
    let permissions: PermissionSet = [Permission::Input, Permission::Audio].into_iter().collect();
    let off_at = [(Permission::Input, A_WHILE)].into_iter().collect();
    let left = TimeLeft::of(&off_at, Duration::ZERO);
    let id = [&[16][..], &[0; 15], &[7]].concat();
    vec![
        (Frame::Hello(Hello { version: 1, session, resume: None }), [&[0, 1][..], &id, &[0]].concat()),
        (
            Frame::Hello(Hello {
                version: 1,
                session,
                resume: Some(Resume { proof: proof.clone(), chat_seen: ChatId(300) }),
            }),
            [&[0, 1][..], &id, &[1], &[0xaa; 32], &[0xac, 0x02]].concat(),
        ),
        (
            Frame::Welcome(Welcome {
                permissions,
                answer: Answer::First(ResumeSecret::from_bytes([0xbb; 32])),
            }),
            [&[1, 2, 0, 3, 0][..], &[0xbb; 32]].concat(),
        ),
        (
            Frame::Welcome(Welcome {
                permissions: PermissionSet::NONE,
                answer: Answer::Resumed(Resume { proof, chat_seen: ChatId(2) }),
            }),
            [&[1, 0, 1][..], &[0xaa; 32], &[2]].concat(),
        ),
        (
            Frame::Chat(Chat { id: ChatId(1), text: "héllo".parse().unwrap() }),
            [&[2, 1, 6][..], "héllo".as_bytes()].concat(),
        ),
        (Frame::Permissions(permissions), vec![3, 2, 0, 3]),
        (Frame::Bye, vec![4]),
        (Frame::LetGo, vec![6]),
        (Frame::Ask(Permission::Sysinfo), vec![7, 7]),
        (
            Frame::Asks(Asks { possible: permissions, open: PermissionSet::NONE.with(Permission::Audio) }),
            vec![8, 2, 0, 3, 1, 3],
        ),
        (Frame::ForAWhile(left), vec![9, 1, 0, 0xa0, 0xf7, 0x36]),
    ]
}

fn with_length(bytes: &[u8]) -> BytesMut {
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    BytesMut::from([&length, bytes].concat().as_slice())
}

#[test]
fn every_frame_has_these_bytes() {
    for (frame, bytes) in samples() {
        let mut buffer = BytesMut::new();
        FrameCodec.encode(frame.clone(), &mut buffer).unwrap();
        assert_eq!(buffer, with_length(&bytes), "{frame:?}");
        assert_eq!(FrameCodec.decode(&mut buffer).unwrap(), Some(frame));
        assert!(buffer.is_empty());
    }
}

#[test]
fn a_frame_that_comes_byte_by_byte_is_read_once_it_is_whole() {
    let mut buffer = BytesMut::new();
    let mut read = Vec::new();
    for (_, bytes) in samples() {
        for byte in with_length(&bytes) {
            buffer.put_u8(byte);
            read.extend(FrameCodec.decode(&mut buffer).unwrap());
        }
    }
    assert_eq!(read, samples().into_iter().map(|(frame, _)| frame).collect::<Vec<_>>());
}

#[test]
fn a_frame_that_is_cut_off_is_refused_at_the_end_of_the_stream() {
    for (_, bytes) in samples() {
        let whole = with_length(&bytes);
        for length in 1..whole.len() {
            let mut cut = BytesMut::from(&whole[..length]);
            assert!(matches!(FrameCodec.decode(&mut cut), Ok(None)));
            assert!(FrameCodec.decode_eof(&mut cut).is_err());
        }
    }
}

#[test]
fn a_frame_that_says_less_than_its_length_is_refused() {
    for (_, bytes) in samples() {
        for length in 0..bytes.len() {
            let decoded = FrameCodec.decode(&mut with_length(&bytes[..length]));
            assert!(matches!(decoded, Err(FrameError::Unreadable)), "{length} of {bytes:?}");
        }
    }
}

#[test]
fn bytes_after_a_frame_are_refused() {
    for (_, bytes) in samples() {
        let longer = [&bytes[..], &[0]].concat();
        assert!(matches!(FrameCodec.decode(&mut with_length(&longer)), Err(FrameError::Unreadable)));
    }
}

#[test]
fn a_length_beyond_the_limit_is_refused_before_anything_is_allocated() {
    for length in [u32::try_from(FRAME_MAX).unwrap() + 1, u32::MAX] {
        let mut buffer = BytesMut::from(&length.to_be_bytes()[..]);
        let capacity = buffer.capacity();
        assert!(matches!(FrameCodec.decode(&mut buffer), Err(FrameError::TooLong(_))));
        assert_eq!(buffer.capacity(), capacity);
    }
}

#[test]
fn garbage_is_refused() {
    let unknown_permission = [3, 1, 13];
    let asks_for_an_unknown_permission = [7, 13];
    let unknown_frame = [10];
    let control_character = [2, 1, 1, 7];
    let not_utf8 = [2, 1, 1, 0xff];
    let empty_text = [2, 1, 0];
    let text_longer_than_the_frame = [2, 1, 0xff, 0xff, 0xff, 0xff, 0x0f];
    let garbage: [&[u8]; 8] = [
        &unknown_permission,
        &asks_for_an_unknown_permission,
        &unknown_frame,
        &control_character,
        &not_utf8,
        &empty_text,
        &text_longer_than_the_frame,
        &[0xff; 100],
    ];
    for bytes in garbage {
        assert!(
            matches!(FrameCodec.decode(&mut with_length(bytes)), Err(FrameError::Unreadable)),
            "{bytes:?}"
        );
    }
}

#[test]
fn the_longest_chat_fits() {
    let text = "\u{1F600}".repeat(4_000).parse().unwrap();
    let mut buffer = BytesMut::new();
    FrameCodec.encode(Frame::Chat(Chat { id: ChatId(u64::MAX), text }), &mut buffer).unwrap();
    assert!(FrameCodec.decode(&mut buffer).unwrap().is_some());
}
