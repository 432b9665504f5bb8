//! Acts that come in the same moment. Each race is run often, since every order must come out right: there is
//! exactly one outcome, and both sides agree on it.

use std::time::Duration;

use beckon_domain::InvitationId;
use beckon_domain::invitation::InvitationStateName as State;
use beckon_domain::session_request::Revision;
use beckon_wire::Code;
use beckon_wire::changes::Thing;
use beckon_wire::invitation::{InvitationAct, InvitationView};
use futures_util::future::join_all;

use crate::cast::Player;
use crate::neighbours::Neighbours;
use crate::scenes::eventually;

/// In every run of the tests. `BECKON_ROUNDS` asks for more.
const ROUNDS: u32 = 1_000;
/// At so many services at once, which wait for the disk together.
const SERVICES: u32 = 4;
/// Tokens last for a quarter of an hour.
const SIGNED_IN_FOR: Duration = Duration::from_secs(14 * 60);

#[expect(clippy::disallowed_methods, reason = "for whoever looks for long, and for nobody else")]
fn rounds() -> u32 {
    std::env::var("BECKON_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap())
}

/// How often it went the one way, of all rounds.
async fn is_run(race: impl AsyncFn(Race, u32) -> u32) -> (u32, u32) {
    let rounds = rounds().div_ceil(SERVICES);
    let services = (0..SERVICES).map(async |_| race(Race::new().await, rounds).await);
    (join_all(services).await.into_iter().sum(), SERVICES * rounds)
}

struct Race {
    neighbours: Neighbours,
    since_sign_in: Duration,
    cursors: [(String, u64); 2],
}

impl Race {
    async fn new() -> Self {
        let neighbours = Neighbours::at_home().await;
        Self { neighbours, since_sign_in: Duration::ZERO, cursors: Default::default() }
    }

    fn ana(&self) -> &Player {
        &self.neighbours.ana
    }

    fn ben(&self) -> &Player {
        &self.neighbours.ben
    }

    /// The next invitation, so much later that no limit is reached.
    async fn invitation(&mut self, pause: Duration) -> InvitationView {
        let stage = &self.neighbours.stage;
        stage.clock.advance(pause);
        self.since_sign_in += pause;
        if self.since_sign_in >= SIGNED_IN_FOR {
            self.since_sign_in = Duration::ZERO;
            self.neighbours.ana = self.neighbours.ana.back(stage).await;
            self.neighbours.ben = self.neighbours.ben.back(stage).await;
        }
        // A clock that runs ahead of the sockets makes them look dead.
        self.neighbours.anas_push = self.neighbours.ana.opens_push().await;
        self.ana().invites(self.ben()).await.unwrap()
    }

    /// What both see in the end.
    async fn outcome(&mut self, id: InvitationId) -> (State, Revision) {
        let [mut anas, mut bens] = std::mem::take(&mut self.cursors);
        let one = decided(self.ana(), &mut anas, id).await;
        let other = decided(self.ben(), &mut bens, id).await;
        self.cursors = [anas, bens];
        assert_eq!(one, other);
        one
    }
}

async fn decided(player: &Player, cursor: &mut (String, u64), id: InvitationId) -> (State, Revision) {
    eventually(async || {
        let news = player.changes(&cursor.0, cursor.1).await;
        *cursor = (news.epoch, news.cursor);
        news.changes.into_iter().rev().find_map(|change| match change.thing {
            Thing::Invitation(view) if view.id == id && view.state != State::Pending => {
                Some((view.state, view.revision))
            }
            _ => None,
        })
    })
    .await
}

const A_WHILE: Duration = Duration::from_secs(4);

#[tokio::test]
async fn of_cancel_and_accept_one_comes_first() {
    let (accepted, rounds) = is_run(cancel_and_accept).await;
    assert!(accepted > 0 && accepted < rounds, "both orders came up: {accepted}");
}

async fn cancel_and_accept(mut race: Race, rounds: u32) -> u32 {
    let mut accepted = 0;
    for round in 0..rounds {
        let sent = race.invitation(A_WHILE).await;
        let (cancel, accept) = (race.ana().does(sent.id, InvitationAct::Cancel), race.ben().accepts(&sent));
        let (cancelled, connected) = match round % 2 {
            0 => tokio::join!(cancel, accept),
            _ => {
                let (connected, cancelled) = tokio::join!(accept, cancel);
                (cancelled, connected)
            }
        };
        let (state, refused) = match (cancelled, connected) {
            (Ok(view), Err(refused)) | (Err(refused), Ok(view)) => (view.state, refused),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused.code, Code::InvitationOver);
        assert_eq!(race.outcome(sent.id).await, (state, Revision(1)));
        accepted += u32::from(state == State::Accepted);
    }
    accepted
}

#[tokio::test]
async fn of_edit_and_accept_one_comes_first() {
    let (accepted, rounds) = is_run(edit_and_accept).await;
    assert!(accepted > 0 && accepted < rounds, "both orders came up: {accepted}");
}

async fn edit_and_accept(mut race: Race, rounds: u32) -> u32 {
    let mut accepted = 0;
    for round in 0..rounds {
        let sent = race.invitation(A_WHILE).await;
        let (edit, accept) = (race.ana().edits(sent.id), race.ben().accepts(&sent));
        let (edited, connected) = match round % 2 {
            0 => tokio::join!(edit, accept),
            _ => {
                let (connected, edited) = tokio::join!(accept, edit);
                (edited, connected)
            }
        };
        match (edited, connected) {
            (Err(refused), Ok(_)) => {
                assert_eq!(refused.code, Code::InvitationOver);
                accepted += 1;
            }
            (Ok(edited), Err(refused)) => {
                assert_eq!(refused.code, Code::OlderRevision);
                race.ben().accepts(&edited).await.unwrap();
            }
            other => panic!("{other:?}"),
        }
        let (state, revision) = race.outcome(sent.id).await;
        assert!(state == State::Accepted && revision <= Revision(2));
    }
    accepted
}

#[tokio::test]
async fn of_expire_and_accept_one_comes_first() {
    let (accepted, rounds) = is_run(expire_and_accept).await;
    assert!(accepted < rounds, "some came too late: {accepted}");
}

const THE_REST: Duration = Duration::from_millis(1);

async fn expire_and_accept(mut race: Race, rounds: u32) -> u32 {
    let mut accepted = 0;
    for round in 0..rounds {
        let sent = race.invitation(Duration::from_secs(1)).await;
        let clock = race.neighbours.stage.clock.clone();
        clock.advance(Duration::from_secs(120) - THE_REST);
        race.since_sign_in += Duration::from_secs(120);
        let expire = async {
            for _ in 0..round % 40 {
                tokio::task::yield_now().await;
            }
            clock.advance(THE_REST);
        };
        let (connected, ()) = tokio::join!(race.ben().accepts(&sent), expire);
        let expected = match connected {
            Ok(view) => view.state,
            Err(refused) => {
                assert_eq!(refused.code, Code::InvitationOver);
                State::Expired
            }
        };
        assert_eq!(race.outcome(sent.id).await, (expected, Revision(1)));
        accepted += u32::from(expected == State::Accepted);
    }
    accepted
}
