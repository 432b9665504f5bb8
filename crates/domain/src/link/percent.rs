use super::LinkRefusal;

/// Decodes `%XX` once. What is not UTF-8 afterwards, and a `%` without two digits, is refused.
pub fn decoded_once(text: &str) -> Result<String, LinkRefusal> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = bytes.next().and_then(hex_digit).ok_or(LinkRefusal::BadEncoding)?;
            let low = bytes.next().and_then(hex_digit).ok_or(LinkRefusal::BadEncoding)?;
            decoded.push(high << 4 | low);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).map_err(|_| LinkRefusal::ForbiddenCharacter)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
