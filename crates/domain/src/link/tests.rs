mod mutations;
mod properties;

use super::*;

fn own() -> Prefix {
    "abc12345".parse().unwrap()
}

/// As the standard client reads it.
fn read(raw: &str) -> Link {
    Link::parse(raw.as_bytes(), None)
}

fn refused(raw: &str) -> Option<LinkRefusal> {
    match read(raw) {
        Link::Refused { reason } => Some(reason),
        _ => None,
    }
}

fn to_json(link: &Link) -> serde_json::Value {
    serde_json::to_value(link).unwrap()
}

#[test]
fn every_form_of_the_table_is_understood() {
    let call = serde_json::json!({ "outcome": "call", "target": { "id": "123456789" } });
    let other = serde_json::json!({
        "outcome": "other_client", "prefix": "abc12345", "target": { "id": "123456789" }
    });
    assert_eq!(to_json(&read("anydesk:123456789")), call);
    for form in [
        "anydesk-abc12345:123456789",
        "anydesk:AnyDesk-abc12345_msi:123456789",
        "anydesk:AnyDesk-ad_abc12345:123456789",
        "anydesk:AnyDesk-ad_abc12345_msi:123456789",
    ] {
        assert_eq!(to_json(&read(form)), other, "{form}");
        assert_eq!(to_json(&Link::parse(form.as_bytes(), Some(&own()))), call, "{form}");
        let alias = form.replace("123456789", "user@namespace");
        assert_eq!(to_json(&read(&alias))["target"], serde_json::json!({ "alias": "user@namespace" }));
    }
    assert_eq!(
        to_json(&read("anydesk:user@namespace")),
        serde_json::json!({ "outcome": "call", "target": { "alias": "user@namespace" } })
    );
    assert_eq!(
        to_json(&read("beckon:join?service=https://support.example.com&code=7Q4MX-2K9TD")),
        serde_json::json!({
            "outcome": "join", "service": "https://support.example.com", "code": "7Q4MX-2K9TD"
        })
    );
    assert_eq!(
        to_json(&read(
            "beckon:request?service=https://support.example.com&id=0191d2a4-5b6c-7d8e-9f01-23456789abcd"
        )),
        serde_json::json!({
            "outcome": "request", "service": "https://support.example.com",
            "id": "0191d2a4-5b6c-7d8e-9f01-23456789abcd"
        })
    );
    assert_eq!(
        to_json(&read("anydesk:--help")),
        serde_json::json!({ "outcome": "refused", "reason": "leading_dash" })
    );
}

#[test]
fn a_custom_client_takes_links_without_prefix_too_and_no_others() {
    let target = Target::Id("123456789".parse().unwrap());
    assert_eq!(Link::parse(b"anydesk:123456789", Some(&own())), Link::Call { target: target.clone() });
    let prefix: Prefix = "xyz".parse().unwrap();
    assert_eq!(
        Link::parse(b"anydesk-XYZ:123456789", Some(&own())),
        Link::OtherClient { prefix: prefix.clone(), target }
    );
    assert!(matches!(Link::parse(b"anydesk-XYZ:123456789", Some(&prefix)), Link::Call { .. }));
}

#[test]
fn what_means_the_same_reads_the_same() {
    for (form, same) in [
        ("anydesk:123456789", "ANYDESK:123456789"),
        ("anydesk:123456789", "anydesk://123456789"),
        ("anydesk:123456789", "anydesk:123456789/"),
        ("anydesk:123456789", "anydesk://123456789/"),
        ("anydesk:123456789", "anydesk:%31%323456789"),
        ("anydesk:123456789", "anydesk:123 456 789"),
        ("anydesk:1234567890", "anydesk:1 234 567 890"),
        ("anydesk:1234567890", "anydesk:1%20234%20567 890"),
        ("anydesk:user@namespace", "anydesk:user%40namespace"),
        ("anydesk:user@namespace", "AnyDesk://User@NameSpace/"),
        ("anydesk-abc12345:123456789", "ANYDESK-ABC12345://123456789/"),
        ("anydesk-abc12345:123456789", "anydesk://AnyDesk-ad_ABC12345_msi:123456789/"),
        ("anydesk-abc12345:123456789", "anydesk:AnyDesk-ad_abc12345%3A123456789"),
        (
            "beckon:join?service=https://support.acme.com:8443&code=7Q4MX-2K9TD",
            "BECKON:join?service=https%3A%2F%2FSupport.acme.com%3a8443&code=7q4mx2k9td",
        ),
        (
            "beckon:join?service=https://support.acme.com&code=01111-2K9TD",
            "beckon:join?service=https://support.acme.com&code=OilI1-2K9TD",
        ),
    ] {
        assert_eq!(read(same), read(form), "{same}");
        assert_eq!(refused(form), None, "{form}");
    }
}

#[test]
fn what_no_form_has_is_refused() {
    use LinkRefusal::*;
    let id = "0191d2a4-5b6c-7d8e-9f01-23456789abcd";
    for (raw, reason) in [
        ("", NotALink),
        ("anydesk", NotALink),
        ("123456789", NotALink),
        ("anydesk.123456789", NotALink),
        ("%61nydesk:123456789", UnknownScheme),
        ("anydeskx:123456789", UnknownScheme),
        ("any desk:123456789", UnknownScheme),
        (" anydesk:123456789", UnknownScheme),
        ("https://support.acme.com/s/x", UnknownScheme),
        ("file:///etc/passwd", UnknownScheme),
        ("javascript:alert(1)", UnknownScheme),
        ("anydesk-:123456789", BadPrefix),
        ("anydesk-abc_d:123456789", BadPrefix),
        ("anydesk-abcdefghijklmnopq:123456789", BadPrefix),
        ("anydesk:AnyDesk-ad_:123456789", BadPrefix),
        ("anydesk:AnyDesk-_msi:123456789", BadPrefix),
        ("anydesk:AnyDesk-ad__msi:123456789", BadPrefix),
        ("anydesk:AnyDesk-abc_msi_msi:123456789", BadPrefix),
        ("anydesk:AnyDesk-abc12345:123456789", UnknownForm),
        ("anydesk:AnyDesk-:123456789", UnknownForm),
        ("anydesk:AnyDesk-ad_msi:123456789", UnknownForm),
        ("anydesk:abc12345:123456789", UnknownForm),
        ("anydesk:anydesk:123456789", UnknownForm),
        ("anydesk:123456789:7070", UnknownForm),
        ("anydesk-abc12345:AnyDesk-abc12345_msi:123456789", BadTarget),
        ("anydesk:", BadTarget),
        ("anydesk://", BadTarget),
        ("anydesk:/123456789", BadTarget),
        ("anydesk:///123456789", BadTarget),
        ("anydesk:123456789//", BadTarget),
        ("anydesk:12345678", BadTarget),
        ("anydesk:012345678", BadTarget),
        ("anydesk:12345678901", BadTarget),
        ("anydesk:+123456789", BadTarget),
        ("anydesk:123456789 ", BadTarget),
        ("anydesk: 123456789", BadTarget),
        ("anydesk:12 3456 789", BadTarget),
        ("anydesk:1234 567 890", BadTarget),
        ("anydesk:123  456 789", BadTarget),
        ("anydesk:123+456+789", BadTarget),
        ("anydesk:user name@namespace", BadTarget),
        ("anydesk:user@name@space", BadTarget),
        ("anydesk:user:secret@namespace", UnknownForm),
        ("anydesk:123456789?plain=1", BadTarget),
        ("anydesk:123456789#frag", BadTarget),
        ("anydesk:123456789&x", BadTarget),
        ("anydesk://register-license?key=ABCDE", BadTarget),
        ("anydesk:register-license", BadTarget),
        ("anydesk:$(id)", BadTarget),
        ("anydesk:123456789;id", BadTarget),
        ("anydesk:file:///etc/passwd", UnknownForm),
        ("anydesk://attacker/share", BadTarget),
        ("anydesk:%2531%32345678", BadTarget),
        ("anydesk:%", BadEncoding),
        ("anydesk:%3", BadEncoding),
        ("anydesk:%zz123456789", BadEncoding),
        ("anydesk:%+1123456789", BadEncoding),
        ("-anydesk:123456789", LeadingDash),
        ("--help", LeadingDash),
        ("anydesk:-", LeadingDash),
        ("anydesk:--help", LeadingDash),
        ("anydesk:--profile=x", LeadingDash),
        ("anydesk:%2D-help", LeadingDash),
        ("anydesk://-user@namespace", LeadingDash),
        ("anydesk:AnyDesk-abc12345_msi:-user@namespace", LeadingDash),
        ("anydesk:\\\\attacker\\share", ForbiddenCharacter),
        ("anydesk:%5C%5Cattacker%5Cshare", ForbiddenCharacter),
        ("anydesk:123456789\"", ForbiddenCharacter),
        ("anydesk:123456789%22", ForbiddenCharacter),
        ("anydesk:'123456789'", ForbiddenCharacter),
        ("anydesk:`id`", ForbiddenCharacter),
        ("anydesk:123456789\0", ForbiddenCharacter),
        ("anydesk:123456789%00", ForbiddenCharacter),
        ("anydesk:123456789\n", ForbiddenCharacter),
        ("anydesk:123456789%0A", ForbiddenCharacter),
        ("anydesk:123\t456\t789", ForbiddenCharacter),
        ("anydesk:123456789\u{7f}", ForbiddenCharacter),
        ("anydesk:\u{202e}987654321", ForbiddenCharacter),
        ("anydesk:%E2%80%AE987654321", ForbiddenCharacter),
        ("anydesk:%ff123456789", ForbiddenCharacter),
        ("anydesk:üser@namespace", ForbiddenCharacter),
        ("anydesk:１２３４５６７８９", ForbiddenCharacter),
        ("beckon:", UnknownForm),
        ("beckon:join", UnknownForm),
        ("beckon:123456789", UnknownForm),
        ("beckon:JOIN?service=https://a.example&code=7Q4MX-2K9TD", UnknownForm),
        ("beckon://join?service=https://a.example&code=7Q4MX-2K9TD", UnknownForm),
        ("beckon:config?service=https://a.example", UnknownForm),
        ("beckon:password?set=x", UnknownForm),
        ("beckon:join?", BadParameters),
        ("beckon:join?service=https://a.example", BadParameters),
        ("beckon:join?code=7Q4MX-2K9TD&service=https://a.example", BadParameters),
        ("beckon:join?service=https://a.example&service=https://a.example", BadParameters),
        ("beckon:join?service=https://a.example&code=7Q4MX-2K9TD&code=7Q4MX-2K9TD", BadParameters),
        ("beckon:join?service=https://a.example&code=7Q4MX-2K9TD&", BadParameters),
        ("beckon:join?&service=https://a.example&code=7Q4MX-2K9TD", BadParameters),
        ("beckon:join?Service=https://a.example&code=7Q4MX-2K9TD", BadParameters),
        ("beckon:join?%73ervice=https://a.example&code=7Q4MX-2K9TD", BadParameters),
        ("beckon:join?service=https://a.example%26code=7Q4MX-2K9TD", BadParameters),
        ("beckon:join?service&code=7Q4MX-2K9TD", BadParameters),
        ("beckon:join?service=http://a.example&code=7Q4MX-2K9TD", BadService),
        ("beckon:join?service=https://a.example/&code=7Q4MX-2K9TD", BadService),
        ("beckon:join?service=https://ana@a.example&code=7Q4MX-2K9TD", BadService),
        ("beckon:join?service=https%253A%252F%252Fa.example&code=7Q4MX-2K9TD", BadService),
        ("beckon:join?service=&code=7Q4MX-2K9TD", BadService),
        ("beckon:join?service=%5C%5Cattacker%5Cshare&code=7Q4MX-2K9TD", BadService),
        ("beckon:join?service=https://a.example&code=", BadCode),
        ("beckon:join?service=https://a.example&code=7Q4MX", BadCode),
        ("beckon:join?service=https://a.example&code=7Q4MX-2K9TU", BadCode),
        ("beckon:join?service=https://a.example&code=7Q4MX-2K9TD/", BadCode),
        ("beckon:join?service=https://a.example&code=7Q4MX%202K9TD", BadCode),
        ("beckon:join?service=https://a.example&code=7Q4-MX2K9TD", BadCode),
        ("beckon:join?service=https://a.example&code=-7Q4MX2K9TD", BadCode),
        ("beckon:join?service=https://a.example&code=7Q4MX--2K9TD", BadCode),
        ("beckon:join?service=https://a.example&code=1234567890", BadCode),
        ("beckon:join?service=https://a.example&code=7Q4MX-2K9TD#x", BadCode),
        ("beckon:request?service=https://a.example&id=", BadRequestId),
        ("beckon:request?service=https://a.example&id=1", BadRequestId),
        ("beckon:request?service=https://a.example&id={0191d2a4-5b6c-7d8e-9f01-23456789abcd}", BadRequestId),
        ("beckon:request?service=https://a.example&id=0191d2a45b6c7d8e9f0123456789abcd", BadRequestId),
    ] {
        assert_eq!(refused(raw), Some(reason), "{raw:?}");
    }
    assert_eq!(refused(&format!("beckon:request?id={id}&service=https://a.example")), Some(BadParameters));
    assert_eq!(refused(&format!("beckon:request?service=https://a.example&code={id}")), Some(BadParameters));
    assert_eq!(refused(&format!("anydesk:{}", "1".repeat(249))), Some(TooLong));
    assert_eq!(Link::parse(b"anydesk:\xff123456789", None), Link::Refused { reason: ForbiddenCharacter });
}

#[test]
fn the_longest_link_is_printed_no_longer() {
    let name = format!("{}{}.example", "abcdefghijklmno.".repeat(12), "a".repeat(12));
    let raw = format!("beckon:join?service=https://{name}&code=7Q4MX2K9TD");
    assert_eq!(raw.len(), LONGEST);
    assert_eq!(read(&read(&raw).to_string()), read(&raw));
}

#[test]
fn a_refused_link_is_shown_as_text_that_does_nothing() {
    assert_eq!(inert(b"anydesk:\x1b[31m\"x\"\n"), r#"anydesk:\x1b[31m\"x\"\n"#);
    assert_eq!(inert("anydesk:\u{202e}1".as_bytes()), r"anydesk:\xe2\x80\xae1");
    assert_eq!(inert(&[b'a'; 1_000]).chars().count(), LONGEST + 1);
}
