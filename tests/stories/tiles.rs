//! Favorites, recent sessions, the address book and who is nearby.

use std::time::Duration;

use beckon_client::address_book::ContactFields;
use beckon_client::tiles::{Tile, Tiles};
use beckon_client::view::{Reach, SessionSide};
use beckon_domain::link::Target;
use beckon_domain::{BookEntryId, DeviceId};
use beckon_service::{admin, open_core};
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery";

fn id(number: u64) -> Target {
    Target::Id(number.try_into().unwrap())
}

fn device_of(person: &Person) -> DeviceId {
    person.client.state().home.unwrap().device.unwrap()
}

fn contact(target: &str, name: &str, tags: &[&str]) -> ContactFields {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    ContactFields { target: target.into(), name: name.into(), tags, note: String::new() }
}

fn new_id() -> BookEntryId {
    BookEntryId(Uuid::now_v7())
}

async fn sees_tiles<T>(person: &Person, what: &str, look: impl Fn(Tiles) -> Option<T>) -> T {
    person.sees(what, |client| look(client.tiles())).await
}

/// The service knows that this device can be found there.
async fn is_at_home(person: &Person) {
    sees_tiles(person, "that it is at home", |tiles| tiles.own.filter(|own| own.home)).await;
}

async fn looks_at(person: &Person, target: &Target) -> Option<Tile> {
    person.client.look_at_tiles(vec![target.clone()]).await;
    let Tiles { favorites, recents, .. } = person.client.tiles();
    favorites.into_iter().chain(recents).find(|tile| tile.target == *target)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_book_follows_its_person_and_is_read_without_the_service() {
    let mut acme = Organisation::opens().await;
    let (ana, second) = (acme.agent("Ana").await, acme.guest("Ana at home").await);
    second.client.sign_in("ana@acme.example".into(), PASSWORD.into()).await.unwrap();

    step("Ana adds the front desk; her other computer shows it");
    let desk = new_id();
    let fields = contact("1 234 567 890", "Front desk", &["Berlin", "Till"]);
    ana.client.add_contact(desk, fields).await.unwrap();
    let tile = sees_tiles(&second, "the front desk", |tiles| tiles.address_book.into_iter().next()).await;
    assert_eq!((tile.target, tile.entry), (id(1_234_567_890), Some(desk)));
    assert_eq!(tile.name.unwrap().as_str(), "Front desk");
    assert_eq!(tile.tags.len(), 2);

    step("The other computer renames it, and makes it a favorite of its own");
    second.client.rename_tile(id(1_234_567_890), Some("Till 4".into())).await.unwrap();
    second.client.add_favorite(id(1_234_567_890)).unwrap();
    sees_tiles(&ana, "the new name", |tiles| {
        let tile = tiles.address_book.into_iter().next()?;
        (tile.name?.as_str() == "Till 4").then_some(())
    })
    .await;
    assert!(ana.client.tiles().favorites.is_empty());

    step("The service is gone: the book is read, and not changed");
    acme.stops().await;
    ana.sees("that the service is gone", |client| {
        client.state().home.filter(|home| home.reach == Reach::Offline)
    })
    .await;
    let ana = ana.restarts().await;
    assert_eq!(ana.client.tiles().address_book.len(), 1);
    let refused = ana.client.remove_contact(desk).await.unwrap_err();
    assert_eq!(refused.code, Code::Unreachable);

    step("It is back, and Ana removes the entry and signs out");
    acme.starts_again().await;
    acme.clock_runs_until(ana.is_online()).await;
    ana.client.remove_contact(desk).await.unwrap();
    assert!(ana.client.tiles().address_book.is_empty());
    acme.clock_runs_until(second.is_online()).await;
    sees_tiles(&second, "that it is gone", |tiles| tiles.address_book.is_empty().then_some(())).await;
    let favorites = second.client.tiles().favorites;
    assert_eq!(favorites.len(), 1, "a favorite is the computer's own");
    acme.closes([ana, second]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_book_is_seen_by_who_is_signed_in_alone() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    ana.client.add_contact(new_id(), contact("987654321", "Front desk", &[])).await.unwrap();
    ana.client.sign_out().await.unwrap();
    assert!(ana.client.tiles().address_book.is_empty());
    let refused = ana.client.add_contact(new_id(), contact("987654321", "", &[])).await;
    assert_eq!(refused.unwrap_err().code, Code::Forbidden);
    ana.client.sign_in("ana@acme.example".into(), PASSWORD.into()).await.unwrap();
    assert_eq!(ana.client.tiles().address_book.len(), 1);
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_tile_is_refused_by_name() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let own = device_of(&ana);
    let added = ana.client.add_contact(new_id(), contact(&own.to_string(), "", &[])).await;
    assert_eq!(added.unwrap_err().code, Code::OwnId);
    assert_eq!(ana.client.add_favorite(Target::Id(own)).unwrap_err().code, Code::OwnId);
    ana.client.add_contact(new_id(), contact("Front.Desk@acme", "", &[])).await.unwrap();
    let again = ana.client.add_contact(new_id(), contact("front.desk@ACME", "", &[])).await;
    assert_eq!(again.unwrap_err().code, Code::InBookAlready);
    let long = ana.client.rename_tile(id(987_654_321), Some("x".repeat(10_000))).await;
    assert_eq!(long.unwrap_err().code, Code::TextTooLong);
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_in_a_session_is_a_recent_tile_on_both_sides_with_a_mark() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    is_at_home(&ana).await;
    is_at_home(&dana).await;
    let (hers, host) = (device_of(&ana), device_of(&dana));

    step("Before they met, Dana's computer is one that nothing is known of");
    ana.client.add_favorite(Target::Id(host)).unwrap();
    let unknown = looks_at(&ana, &Target::Id(host)).await.unwrap();
    assert_eq!((unknown.online, unknown.name, unknown.last), (None, None, None));

    step("They meet, and part");
    let (_, session) = acme.session(&ana, &dana).await;
    assert!(ana.client.tiles().recents.is_empty(), "not before it ended");
    ana.client.end_session(session).await.unwrap();
    let last = sees_tiles(&ana, "the session", |tiles| tiles.recents.into_iter().next()).await;
    assert_eq!((last.target.clone(), last.last.unwrap().side), (Target::Id(host), SessionSide::Viewer));
    assert!(last.favorite && last.name.is_some());
    let other = sees_tiles(&dana, "the session", |tiles| tiles.recents.into_iter().next()).await;
    assert_eq!((other.target, other.last.unwrap().side), (Target::Id(hers), SessionSide::Host));

    step("Ana sees that Dana's computer is there, until it is not");
    acme.clock.advance(Duration::from_secs(30));
    acme.clock_creeps_until(ana.is_online()).await;
    assert_eq!(looks_at(&ana, &last.target).await.unwrap().online, Some(true));
    let ana = ana.restarts().await;
    ana.is_online().await;
    assert_eq!(ana.client.tiles().recents.len(), 1, "kept");
    assert_eq!(ana.client.tiles().recents[0].online, None, "but not the mark");
    let there = looks_at(&ana, &last.target).await.unwrap();
    assert_eq!(there.online, Some(true));

    step("Dana blocks her: from then on Ana is told what she would be told if Dana's computer were off");
    dana.client.set_block(hers, true).await.unwrap();
    assert!(dana.client.tiles().recents[0].blocked);
    acme.clock.advance(Duration::from_secs(26));
    let blocked = looks_at(&ana, &last.target).await.unwrap();
    assert_eq!(blocked, Tile { online: Some(false), ..there });

    step("Ana forgets that session, for good");
    ana.client.forget_session(device_of(&dana)).unwrap();
    assert!(ana.client.tiles().recents.is_empty());
    let ana = ana.restarts().await;
    assert!(ana.client.tiles().recents.is_empty());
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tile_is_asked_about_at_most_every_25_seconds_and_only_while_it_is_looked_at() {
    let acme = Organisation::opens().await;
    let (ana, ben) = (acme.agent("Ana").await, acme.agent("Ben").await);
    is_at_home(&ana).await;
    is_at_home(&ben).await;
    let bens = Target::Id(device_of(&ben));
    ana.client.add_favorite(bens.clone()).unwrap();
    assert_eq!(looks_at(&ana, &bens).await.unwrap().online, Some(true), "both are of the organisation");
    ben.client.shut_down().await;
    assert_eq!(looks_at(&ana, &bens).await.unwrap().online, Some(true), "just asked");
    while looks_at(&ana, &bens).await.unwrap().online != Some(false) {
        acme.clock.advance(Duration::from_secs(26));
        ana.is_online().await;
    }
    acme.closes([ana, ben]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_is_chosen_by_who_is_signed_in_and_found_in_the_directory() {
    let acme = Organisation::opens().await;
    let (ana, ben) = (acme.agent("Ana").await, acme.agent("Ben").await);
    is_at_home(&ana).await;
    assert_eq!(ana.client.set_alias("ana".into()).await.unwrap_err().code, Code::NoNamespace);

    step("The owner sets the namespace; Ana chooses a name");
    let office = open_core(acme.data(), acme.clock.shared()).await.unwrap();
    admin::set_namespace(&office, "acme").await.unwrap();
    ana.client.set_alias("Ana.Lopez".into()).await.unwrap();
    let own = ana.client.tiles().own.unwrap();
    assert_eq!(own.alias.unwrap().to_string(), "Ana.Lopez@acme");
    assert_eq!(ben.client.set_alias("ana.LOPEZ".into()).await.unwrap_err().code, Code::AliasTaken);
    assert_eq!(ben.client.set_alias("b".into()).await.unwrap_err().code, Code::NotAnAlias);

    step("Ben's tile of her computer shows it, and her alias is a tile too");
    let hers = Target::Id(device_of(&ana));
    ben.client.add_favorite(hers).unwrap();
    sees_tiles(&ben, "her alias", |tiles| tiles.favorites.into_iter().next()?.alias).await;
    let by_alias = Target::Alias("ANA.lopez@acme".parse().unwrap());
    ben.client.add_favorite(by_alias.clone()).unwrap();
    assert_eq!(looks_at(&ben, &by_alias).await.unwrap().device, Some(device_of(&ana)));

    ana.client.clear_alias().await.unwrap();
    assert_eq!(ana.client.tiles().own.unwrap().alias, None);
    acme.closes([ana, ben]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_of_one_service_find_each_other_on_the_local_network_once_both_want_it() {
    let acme = Organisation::opens().await;
    let (ana, ben) = (acme.agent("Ana").await, acme.agent("Ben").await);
    assert!(!ana.client.tiles().discovery.on, "a portable copy is quiet until it is switched on");

    step("Ana and Ben switch it on");
    ana.client.set_discovery(true).unwrap();
    ben.client.set_discovery(true).unwrap();
    let (hers, his) = (device_of(&ana), device_of(&ben));
    let nearby = |tiles: Tiles| tiles.discovery.tiles.into_iter().next();
    let seen = sees_tiles(&ana, "Ben's computer nearby", nearby).await;
    assert!(seen.target == Target::Id(his) && seen.nearby);
    assert_eq!(sees_tiles(&ben, "Ana's computer nearby", nearby).await.target, Target::Id(hers));

    step("Ben switches it off, and is gone");
    ben.client.set_discovery(false).unwrap();
    sees_tiles(&ana, "that he is gone", |tiles| tiles.discovery.tiles.is_empty().then_some(())).await;
    assert!(ben.client.tiles().discovery.tiles.is_empty());
    acme.closes([ana, ben]).await;
}
