//! Which packages fit the computer that asks, as far as its browser says.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

use crate::downloads::Kind;

/// For a session link, in the order in which they are offered: the first that is there. None for what Beckon
/// does not run on, and for what cannot be told.
pub fn fitting(headers: &HeaderMap) -> &'static [&'static [Kind]] {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let says = |word| agent.contains(word);
    if says("Windows NT") {
        &[&[Kind::Assist], &[Kind::Windows]]
    } else if says("Macintosh") {
        // Browsers call every Mac one with an Intel chip.
        &[&[Kind::MacApple, Kind::MacIntel]]
    } else if says("Android") || !says("Linux") {
        &[]
    } else if says("x86_64") {
        &[&[Kind::LinuxAmd64]]
    } else if says("aarch64") {
        &[&[Kind::LinuxArm64]]
    } else {
        &[]
    }
}

/// Whoever looks sits at no computer that could be helped.
pub fn is_telephone(headers: &HeaderMap) -> bool {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    ["Android", "iPhone", "iPad", "Mobile"].iter().any(|word| agent.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(agent: &str) -> Option<&'static [Kind]> {
        let headers = HeaderMap::from_iter([(USER_AGENT, agent.parse().unwrap())]);
        fitting(&headers).first().copied()
    }

    #[test]
    fn a_browser_says_enough_of_its_system() {
        for (agent, kinds) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0",
                Some(&[Kind::Assist][..]),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
                Some(&[Kind::MacApple, Kind::MacIntel][..]),
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", Some(&[Kind::LinuxAmd64][..])),
            ("Mozilla/5.0 (X11; Linux aarch64; rv:140.0) Firefox/140.0", Some(&[Kind::LinuxArm64][..])),
            ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile", None),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15", None),
            ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0", None),
            ("curl/8.5.0", None),
            ("", None),
        ] {
            assert_eq!(first(agent), kinds, "{agent}");
            let headers = HeaderMap::from_iter([(USER_AGENT, agent.parse().unwrap())]);
            let telephone = agent.contains("Android") || agent.contains("iPhone");
            assert_eq!(is_telephone(&headers), telephone, "{agent}");
        }
        assert!(fitting(&HeaderMap::new()).is_empty());
    }
}
