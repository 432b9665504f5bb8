//! Every state of every page, looked at.

use beckon_domain::session_request::StatusName;
use beckon_tests::step;

use crate::downloads::PACKAGES;
use crate::looks::{At, LINUX, Looks, MAC, PHONE, WINDOWS};
use crate::scene::{QUARTER, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_link_can_be_read_by_everyone_in_every_state() {
    let scene = Scene::opens().await;
    let (fleeting, _) = scene.fleeting().await;
    let (planned, started) =
        (scene.planned_for("2027-01-18T11:00").await.1, scene.planned_for("2027-01-18T11:00").await);
    scene.ana.client.start_now(started.0).await.unwrap();
    let (request, joined) = scene.joined().await;
    let looks = Looks::open(&scene.acme.origin()).await;
    for (name, at, says) in [
        (
            "fresh",
            At::Link(scene.fresh().await.1),
            ["Ana from Acme would like to help you", "Ana von Acme möchte Ihnen helfen"],
        ),
        (
            "unassigned",
            At::Link(scene.unassigned().await),
            ["An agent of Acme would like to help you", "Jemand von Acme möchte Ihnen helfen"],
        ),
        ("scheduled", At::Link(planned), ["Be at the computer that needs help", "Seien Sie dann an dem"]),
        (
            "started",
            At::Link(started.1),
            ["Ana from Acme no longer waits for the time", "Ana von Acme wartet nicht mehr"],
        ),
        (
            "opened",
            At::Link(scene.opened().await.1),
            ["Choose “Allow access” or “Deny” there.", "„Zugriff erlauben“ oder „Ablehnen“."],
        ),
        (
            "joined",
            At::Link(joined.clone()),
            ["there you decide whether Ana from Acme may see it", "ob Ana von Acme ihn sehen darf"],
        ),
        (
            "closed",
            At::Link(scene.closed().await),
            ["If you still need help, ask Acme for a new link", "bitten Sie Acme um einen neuen Link"],
        ),
        (
            "replaced",
            At::Link(scene.replaced().await),
            ["Use the last link that Acme sent you", "Nehmen Sie den letzten Link, den Acme"],
        ),
        (
            "unknown",
            At::Link(scene.unknown()),
            ["Open it again from the message", "Öffnen Sie ihn noch einmal aus der Nachricht"],
        ),
    ] {
        looks.at(name, LINUX, at, says).await;
    }

    step("Dana allows, and Ana connects");
    scene.dana.allows().await.unwrap();
    scene.ana.sees_request(request, StatusName::Ready).await;
    let ready = ["Ana from Acme can connect now", "Ana von Acme kann sich jetzt verbinden"];
    looks.at("ready", LINUX, At::Link(joined.clone()), ready).await;
    scene.connects(request).await;
    let connected = ["You can end it there at any time", "Dort können Sie sie jederzeit beenden"];
    looks.at("connected", LINUX, At::Link(joined.clone()), connected).await;

    step("Time runs out for a link");
    scene.acme.clock.advance(QUARTER);
    let expired = ["It worked until", "Er funktionierte bis"];
    looks.at("expired", LINUX, At::Link(fleeting), expired).await;

    step("Somebody tries too much, and the database breaks");
    scene.links_are_guessed().await;
    let throttled = ["Try again in 60 seconds", "Versuchen Sie es in 60 Sekunden noch einmal"];
    looks.at("throttled", LINUX, At::Link(scene.unknown()), throttled).await;
    scene.breaks();
    let failed = ["It is our fault, and it was written down", "Es ist unser Fehler, und er wurde"];
    looks.at("failed", LINUX, At::Link(joined), failed).await;
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_page_can_be_read_by_everyone() {
    let scene = Scene::opens().await;
    let origin = scene.acme.origin();
    let page = |path: &str| At::Link(format!("{origin}{path}"));
    let (_, fleeting) = scene.fleeting().await;
    scene.acme.clock.advance(QUARTER);
    let looks = Looks::open(&origin).await;
    for (name, at, says) in [
        ("join", page("/join"), ["Whoever helps you tells you the code", "Wer Ihnen hilft, sagt Ihnen"]),
        (
            "join-no-code",
            At::Code("123 456 789".to_owned()),
            ["This is not a join code", "Das ist kein Beitrittscode"],
        ),
        (
            "join-wrong",
            At::Code("7Q4MX-2K9TD".to_owned()),
            ["Please look again, or ask Acme for it", "fragen Sie Acme danach"],
        ),
        (
            "call",
            At::Link(scene.calls("1234567890")),
            ["Anybody can write such a link", "Einen solchen Link kann jeder schreiben"],
        ),
        (
            "call-to-nobody",
            At::Link(scene.calls("12345678")),
            ["An ID has 9 or 10 digits", "Eine ID hat 9 oder 10 Ziffern"],
        ),
        ("home", page("/"), ["Were you told a join code?", "Wurde Ihnen ein Beitrittscode genannt?"]),
        (
            "nothing-to-download",
            page("/download"),
            ["This service has no packages of Beckon", "Dieser Dienst hat keine Pakete von Beckon"],
        ),
        (
            "nowhere",
            page("/s/"),
            ["Perhaps a part of the address is missing", "Vielleicht fehlt ein Teil der Adresse"],
        ),
        ("join-expired", At::Code(fleeting), ["It worked until", "Er funktionierte bis"]),
    ] {
        looks.at(name, LINUX, at, says).await;
    }
    scene.codes_are_guessed().await;
    let throttled = ["No code is taken for 10 min", "In den nächsten 10 min wird keiner angenommen"];
    looks.at("join-throttled", LINUX, At::Code("7Q4MX-2K9TD".to_owned()), throttled).await;
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_with_downloads_can_be_read_by_everyone() {
    let scene = Scene::opens().await;
    scene.hands_out(&PACKAGES);
    let all = At::Link(format!("{}/download", scene.acme.origin()));
    let (fresh, opened, joined) = (scene.fresh().await.1, scene.opened().await.1, scene.joined().await.1);
    let (opened, call) =
        (At::Link(opened), At::Link(scene.calls("a-rather.long_alias-@with-a-long-namespace.xyz")));
    let looks = Looks::open(&scene.acme.origin()).await;
    for (name, agent, at, says) in [
        (
            "opened-on-windows",
            WINDOWS,
            opened.clone(),
            ["its name carries your join code", "enthält Ihren Beitrittscode"],
        ),
        ("opened-on-a-mac", MAC, opened.clone(), ["For Macs with an M1 or later", "Für Macs ab dem M1"]),
        (
            "opened-on-linux",
            LINUX,
            opened.clone(),
            ["Then come back to this page", "Kommen Sie dann auf diese Seite"],
        ),
        (
            "opened-on-a-telephone",
            PHONE,
            opened.clone(),
            ["and type this code", "und geben Sie diesen Code ein"],
        ),
        (
            "fresh-on-a-telephone",
            PHONE,
            At::Link(fresh),
            ["Or get the code here", "Oder holen Sie hier den Code"],
        ),
        ("joined-on-windows", WINDOWS, At::Link(joined), ["Was the window closed?", "Wurde das Fenster"]),
        (
            "call-on-windows",
            WINDOWS,
            call.clone(),
            ["Then give it the address", "Geben Sie ihm dann die Adresse"],
        ),
        ("call-on-a-telephone", PHONE, call.clone(), ["You seem to be on a telephone", "an einem Telefon"]),
        ("downloads", WINDOWS, all, ["compare its SHA-256", "vergleichen Sie ihre SHA-256-Summe"]),
    ] {
        looks.at(name, agent, at, says).await;
    }
    scene.closes().await;
}
