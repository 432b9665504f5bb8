//! Somebody is invited where the system shows it: where no window of Beckon's own can be placed, or by choice.

use beckon_domain::ProfileId;
use beckon_domain::invitation::InvitationStateName;
use beckon_tests::stage::until;
use beckon_tests::step;

use crate::computer::{Computer, Desktop};
use crate::dunst::Dunst;
use crate::notifier::{Manners, Notifier, Shown};
use crate::popup::{POPUP, Scene, ends_as, looks_only, stands_as};
use crate::screen;

/// In the main window.
const CONNECT: &str = "[data-part='connect-invited'][data-settled='true']";
const ASKS: &str = "asks you to connect to their computer";
const SWITCH: &str = "[...document.querySelectorAll('label')]
    .find((label) => label.textContent.startsWith('Show invitations as notifications')).click()";

async fn prefers_toasts(dana: &Desktop) {
    dana.page.presses_at("[data-part='settings']").await;
    dana.page.sees("Show invitations as notifications of the system").await;
    dana.page.evaluates(SWITCH).await.unwrap();
    dana.page.is_there(".switch[data-state='checked'][aria-describedby]").await;
    dana.page.presses("Done").await;
    dana.page.no_longer_sees("Show invitations as notifications of the system").await;
}

/// The toast that asks, and none that stood there before.
async fn asks(notifier: &Notifier, before: Option<&Shown>) -> Shown {
    until("the toast that asks", async || {
        let standing = notifier.standing().into_iter();
        standing
            .filter(|shown| before.is_none_or(|before| before.number != shown.number))
            .find(|shown| shown.title.ends_with(ASKS))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toast_answers_for_what_it_shows_and_for_nothing_newer() {
    let computer = Computer::is_switched_on().await;
    let notifier = Notifier::serves(computer.bus(), Manners::Good).await;
    let scene = Scene::begins(&computer).await;
    let Scene { dana, ben, .. } = &scene;
    prefers_toasts(dana).await;

    step("Ben invites Dana, and the system says so");
    let invitation = scene.ben_invites(looks_only()).await;
    let first = asks(&notifier, None).await;
    let buttons: Vec<&str> = first.buttons.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(buttons, ["default", "connect", "reject"]);
    assert!(first.title.contains("(“Ben”)"), "{first:?}");
    assert!(first.body.starts_with("You see its screen."), "{first:?}");
    assert_eq!(screen::visible(POPUP), Vec::<String>::new());

    step("Ben allows more; what Dana pressed was about less");
    let everything = ProfileId::FullAccess.permissions();
    ben.client.edit_invitation(invitation, "Full access".into(), everything).await.unwrap();
    let second = asks(&notifier, Some(&first)).await;
    assert!(second.body.starts_with("You see and control its screen."), "{second:?}");
    notifier.is_pressed(&first, "connect").await;
    stands_as(ben, invitation, InvitationStateName::Pending);

    step("What is pressed at once is asked again, and answered then");
    notifier.is_pressed(&second, "connect").await;
    let again = asks(&notifier, None).await;
    stands_as(ben, invitation, InvitationStateName::Pending);
    until("the answer", async || {
        for shown in notifier.standing() {
            notifier.is_pressed(&shown, "connect").await;
        }
        (!ben.client.state().sessions.is_empty()).then_some(())
    })
    .await;
    assert_ne!(again.number, second.number);
    dana.looks_at("session").await;
    ben.talks().await;
    ends_as(ben, invitation, InvitationStateName::Accepted).await;
    notifier.shows_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reject_in_a_toast_counts_at_once_and_what_connect_in_one_cannot_do_is_told() {
    let computer = Computer::is_switched_on().await;
    let notifier = Notifier::serves(computer.bus(), Manners::Good).await;
    let scene = Scene::begins(&computer).await;
    let Scene { dana, ben, .. } = &scene;
    prefers_toasts(dana).await;

    step("Dana rejects as soon as she is asked");
    let first = scene.ben_invites(looks_only()).await;
    let shown = asks(&notifier, None).await;
    assert!(shown.body.contains(" Until "), "{shown:?}");
    notifier.is_pressed(&shown, "reject").await;
    ends_as(ben, first, InvitationStateName::Rejected).await;
    notifier.shows_nothing().await;

    step("What she rejects next was edited just before");
    let second = scene.ben_invites(looks_only()).await;
    let older = asks(&notifier, Some(&shown)).await;
    let everything = ProfileId::FullAccess.permissions();
    ben.client.edit_invitation(second, "Full access".into(), everything).await.unwrap();
    let newer = asks(&notifier, Some(&older)).await;
    notifier.is_pressed(&newer, "reject").await;
    ends_as(ben, second, InvitationStateName::Rejected).await;
    notifier.shows_nothing().await;

    step("While Ben sees this screen, Connect is refused, and the window says why");
    let third = scene.ben_invites(looks_only()).await;
    asks(&notifier, Some(&newer)).await;
    scene.ben_sees_danas_screen().await;
    dana.looks_at("main").await;
    assert!(!dana.page.text().await.contains("This device is in a session."));
    until("why nobody connects", async || {
        for shown in notifier.standing().iter().filter(|shown| shown.title.ends_with(ASKS)) {
            notifier.is_pressed(shown, "connect").await;
        }
        dana.page.text().await.contains("This device is in a session.").then_some(())
    })
    .await;
    stands_as(ben, third, InvitationStateName::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toast_goes_when_the_invitation_does_and_the_window_has_it_in_any_case() {
    for manners in [Some(Manners::WithoutButtons), Some(Manners::Hangs), None] {
        step(&format!("The notification service: {manners:?}"));
        let computer = Computer::is_switched_on().await;
        let notifier = match manners {
            Some(manners) => Some(Notifier::serves(computer.bus(), manners).await),
            None => None,
        };
        let scene = Scene::begins(&computer).await;
        let Scene { dana, ben, .. } = &scene;
        prefers_toasts(dana).await;
        let invitation = scene.ben_invites(looks_only()).await;
        dana.page.sees("asks you to connect to their computer: see its screen.").await;
        if let Some(notifier) = notifier.as_ref().filter(|_| manners == Some(Manners::WithoutButtons)) {
            let shown = asks(notifier, None).await;
            assert_eq!(shown.buttons, []);
            assert!(shown.body.ends_with("You can also answer in Beckon's window."), "{shown:?}");
            ben.client.cancel_invitation(invitation).await.unwrap();
            notifier.shows_nothing().await;
            scene.ben_invites(looks_only()).await;
            asks(notifier, Some(&shown)).await;
        }
        dana.page.presses_at(CONNECT).await;
        dana.looks_at("session").await;
        ben.talks().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_of_a_real_notification_service_answers() {
    let computer = Computer::is_switched_on().await;
    let folder = tempfile::tempdir().unwrap();
    let dunst = Dunst::serves(computer.bus(), "Connect", folder.path()).await;
    let scene = Scene::begins(&computer).await;
    prefers_toasts(&scene.dana).await;
    scene.ben_invites(looks_only()).await;
    dunst.shows(1).await;
    until("the session by the toast's button", async || {
        dunst.is_pressed();
        (!scene.ben.client.state().sessions.is_empty()).then_some(())
    })
    .await;
    scene.dana.looks_at("session").await;
    scene.ben.talks().await;
    dunst.shows(0).await;
}
