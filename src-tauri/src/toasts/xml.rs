//! A toast as Windows reads it. Everything that is filled in is escaped.

use super::{Pressed, Toast};

const BODY: &str = "body";
const BUTTON: &str = "button:";

pub fn written(toast: &Toast) -> String {
    let (title, body) = (escaped(&toast.title), escaped(&toast.body));
    let button = |button: &super::Button| {
        let (id, label) = (escaped(button.id), escaped(&button.label));
        format!(r#"<action content="{label}" arguments="{BUTTON}{id}" activationType="foreground"/>"#)
    };
    let actions: String = toast.buttons.iter().take(2).map(button).collect();
    let scenario = if toast.stays { r#" scenario="reminder""# } else { "" };
    format!(
        r#"<toast launch="{BODY}" activationType="foreground"{scenario}><visual><binding template="ToastGeneric"><text>{title}</text><text>{body}</text></binding></visual><actions>{actions}</actions></toast>"#
    )
}

/// What was pressed, by the argument that comes back.
pub fn pressed(argument: &str) -> Pressed {
    argument.strip_prefix(BUTTON).map_or(Pressed::Body, |id| Pressed::Button(id.to_owned()))
}

/// Also leaves out what XML cannot hold at all.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toasts::{Button, ToastId};

    #[test]
    fn what_others_wrote_stays_text() {
        let toast = Toast {
            id: ToastId("t".into()),
            title: r#"</text><action arguments="x"/>'&"#.into(),
            body: "one\u{0}\u{ffff}\ntwo".into(),
            buttons: vec![Button { id: "connect", label: r#"Con"nect"#.into() }],
            stays: true,
        };
        let written = written(&toast);
        let title = "&lt;/text&gt;&lt;action arguments=&quot;x&quot;/&gt;&apos;&amp;";
        assert!(written.contains(&format!("<text>{title}</text>")), "{written}");
        assert!(written.contains("<text>one  two</text>"), "{written}");
        assert!(written.contains(r#"<action content="Con&quot;nect" arguments="button:connect" "#));
        assert_eq!(written.matches("<action ").count(), 1);
        assert!(written.contains(r#" scenario="reminder">"#), "{written}");
    }

    #[test]
    fn what_comes_back_says_what_was_pressed() {
        assert_eq!(pressed("button:connect"), Pressed::Button("connect".into()));
        assert_eq!(pressed("body"), Pressed::Body);
        assert_eq!(pressed(""), Pressed::Body);
    }
}
