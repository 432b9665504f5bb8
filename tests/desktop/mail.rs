//! *Invite via email…*: in the system's mail program, and without one by a text that is copied.

use std::fs;

use beckon_tests::stage::until;
use beckon_tests::step;
use url::Url;

use crate::computer::{Computer, Desktop, Start};
use crate::screen::{self, Letter};
use crate::service::ServiceProgram;

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_by_email_opens_in_the_mail_program_and_without_one_is_copied() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::without_other_programs().await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ana = computer.opens_beckon(start).await;
    ana.page.sees_in("aside", "Online").await;
    let id = ana.page.reads("[data-part='own-id']").await.replace('\u{a0}', " ");
    let page = format!("{}/c/{}", service.origin, id.replace(' ', ""));
    let message = format!(
        "Hello,\n\nplease connect to my computer with Beckon:\n\n{page}\n\nOr enter this in Beckon: {id}\n\n\
         I see your request and decide what you may do.\n"
    );

    step("There is no mail program: Ana is told that the text is copied, and pastes it elsewhere");
    invites_by_email(&ana).await;
    ana.page.sees("There is no mail program. The text of the message is copied").await;
    ana.page.is_pictured("mail-1-copied").await;
    let letter = Letter::is_begun(computer.folder()).await;
    letter.takes_from_the_clipboard(&message).await;

    step("There is one, and it gets the message as it was meant");
    let given = computer.has_another_program_for("mailto");
    invites_by_email(&ana).await;
    ana.page.sees("The message is in your mail program.").await;
    let given = until("the mail program", async || fs::read_to_string(&given).ok()).await;
    let [count, link] = given.lines().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(count, "1", "one argument");
    let link = Url::parse(link).unwrap();
    assert_eq!((link.scheme(), link.path()), ("mailto", ""), "to nobody yet");
    assert!(!link.as_str().contains('+'), "a plus is a plus in mail links, and no blank");
    let fields: Vec<_> =
        link.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    let expected =
        [("subject", "Connect to me with Beckon"), ("body", &message.trim_end().replace('\n', "\r\n"))];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

async fn invites_by_email(ana: &Desktop) {
    let window = screen::shows("^Beckon$").await;
    screen::goes_to(&window).await;
    let on_the_id = "const id = document.querySelector('[data-part=own-id]').getBoundingClientRect();
        return [id.x + id.width / 2, id.y + id.height / 2].map((at) => String(Math.round(at)))";
    let at = ana.page.evaluates(on_the_id).await.unwrap();
    let [x, y]: [String; 2] = serde_json::from_value(at).unwrap();
    screen::xdotool(&["mousemove", "--window", &window, &x, &y, "click", "3"]);
    ana.page.chooses("Invite via email…").await;
}
