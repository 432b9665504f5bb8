//! What holds for every link, and for everything that is none.

use proptest::prelude::*;

use super::*;

fn targets() -> impl Strategy<Value = Target> {
    prop_oneof![
        (DeviceId::LEAST..=DeviceId::MOST).prop_map(|id| Target::Id(DeviceId::try_from(id).unwrap())),
        "[A-Za-z0-9._][A-Za-z0-9._-]{2,24}@[A-Za-z0-9._-]{1,25}"
            .prop_map(|alias| Target::Alias(alias.parse().unwrap())),
    ]
}

fn prefixes() -> impl Strategy<Value = Prefix> {
    "[A-Za-z0-9]{1,16}".prop_map(|prefix| prefix.parse().unwrap())
}

fn services() -> impl Strategy<Value = ServiceOrigin> {
    let names = "https://[a-z][a-z0-9]{0,12}(\\.[a-z][a-z0-9-]{0,12}[a-z]){0,4}(:[1-9][0-9]{0,3})?";
    let local = "http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[1-9][0-9]{0,3})?";
    prop_oneof![names, local].prop_map(|origin| origin.parse().unwrap())
}

fn codes() -> impl Strategy<Value = JoinCode> {
    "[A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{9}".prop_map(|code| code.parse().unwrap())
}

fn links() -> impl Strategy<Value = Link> {
    prop_oneof![
        targets().prop_map(|target| Link::Call { target }),
        (prefixes(), targets()).prop_map(|(prefix, target)| Link::OtherClient { prefix, target }),
        (services(), codes()).prop_map(|(service, code)| Link::Join { service, code }),
        (services(), any::<u128>())
            .prop_map(|(service, id)| Link::Request { service, id: RequestId(Uuid::from_u128(id)) }),
    ]
}

/// What a hostile page may do to a link: put something in, anywhere.
fn foreign() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "\0",
        "\n",
        "\r",
        "\t",
        "\u{7f}",
        "\"",
        "'",
        "`",
        "\\",
        "é",
        "\u{202e}",
        "\u{2066}",
        "%00",
        "%0A",
        "%22",
        "%5C",
        "%7F",
        "%E2%80%AE",
        "%25",
        "?",
        "#",
        "|",
        "<",
        ">",
        "{",
        "}",
        "^",
        "~",
        "!",
        "$",
        "*",
        "(",
        ")",
        ",",
        ";",
        "+",
        "&&",
        "==",
        "::",
    ])
}

proptest! {
    #[test]
    fn what_is_printed_reads_the_same(link in links()) {
        prop_assert_eq!(read(&link.to_string()), link);
    }

    #[test]
    fn every_way_to_name_a_custom_client_means_the_same(prefix in prefixes(), target in targets()) {
        let name = prefix.to_string();
        let expected = Link::OtherClient { prefix, target: target.clone() };
        for form in [
            format!("AnyDesk-{name}://{target}/"),
            format!("anydesk:AnyDesk-{name}_msi:{target}"),
            format!("anydesk:AnyDesk-ad_{name}:{target}"),
            format!("anydesk:AnyDesk-ad_{name}_msi:{target}"),
        ] {
            if !form.contains("AnyDesk-ad_msi:") {
                prop_assert_eq!(read(&form), expected.clone(), "{}", form);
                prop_assert_eq!(inert(form.as_bytes()), form);
            }
        }
    }

    #[test]
    fn a_foreign_character_anywhere_is_refused(link in links(), at in any::<prop::sample::Index>(), foreign in foreign()) {
        let mut raw = link.to_string();
        let at = at.index(raw.len() + 1);
        raw.insert_str(at, foreign);
        prop_assert!(refused(&raw).is_some(), "{:?}", raw);
    }

    #[test]
    fn a_cut_link_never_asks_for_another_service_or_request(link in links(), cut in any::<prop::sample::Index>()) {
        let raw = link.to_string();
        let raw = &raw[..cut.index(raw.len())];
        match (read(raw), &link) {
            (Link::Refused { .. } | Link::Call { .. } | Link::OtherClient { .. }, _) => {}
            (asked, _) => prop_assert_eq!(asked, link),
        }
    }

    #[test]
    fn a_longer_link_is_refused(link in links(), more in "[a-z]{257,300}") {
        prop_assert_eq!(refused(&format!("{link}{more}")), Some(LinkRefusal::TooLong));
    }

    #[test]
    fn parameters_in_another_number_or_order_are_refused(service in services(), code in codes(), id in any::<u128>()) {
        let id = Uuid::from_u128(id);
        for raw in [
            format!("beckon:join?code={code}&service={service}"),
            format!("beckon:join?service={service}&service={service}&code={code}"),
            format!("beckon:join?service={service}&code={code}&id={id}"),
            format!("beckon:join?service={service}&id={id}"),
            format!("beckon:request?service={service}&code={code}"),
            format!("beckon:request?id={id}&service={service}"),
        ] {
            prop_assert_eq!(refused(&raw), Some(LinkRefusal::BadParameters), "{}", raw);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Link::parse(&bytes, Some(&own()));
        let shown = inert(&bytes);
        prop_assert!(shown.chars().all(|c| c == '…' || c.is_ascii_graphic() || c == ' '));
    }

    #[test]
    fn anything_behind_a_scheme_is_answered(body in "(anydesk|anydesk-abc12345|beckon):(//)?(AnyDesk-|join\\?service=|request\\?service=)?.{0,60}") {
        let _ = Link::parse(body.as_bytes(), Some(&own()));
    }
}
