//! Who is it: the device by its token, the person signed in on it, the address it comes from.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use beckon_domain::session_request::Agent;
use beckon_domain::{DeviceId, QueueId, SessionRequest};
use beckon_wire::Code;
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::app::Shared;
use crate::error::{Answer, Failure};
use crate::seal::Hashed;
use crate::store::accounts::Account;
use crate::store::changes::{Class, Kind, audience};
use crate::store::devices::{self, Device};
use crate::store::readers;

/// A device that showed its token, and is about to act. What it may see is decided in each act's own transaction.
pub struct Caller(pub DeviceId);

impl FromRequestParts<Shared> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        let hash = token_hash(parts, app)?;
        let mut db = app.core.store.ask().await?;
        let device = devices::by_token(&mut db, &hash, app.core.now()).await?;
        Ok(Self(device.ok_or(Code::Unauthenticated)?))
    }
}

/// What a device that showed its token may see, all of one moment. For whoever only reads.
pub struct Snapshot {
    pub db: Transaction<'static, Sqlite>,
    pub reader: Reader,
}

impl FromRequestParts<Shared> for Snapshot {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        let hash = token_hash(parts, app)?;
        let mut db = app.core.store.read().await?;
        let reader = readers::by_token(&mut db, &hash, app.core.now()).await?;
        Ok(Self { db, reader: reader.ok_or(Code::Unauthenticated)? })
    }
}

fn token_hash(parts: &Parts, app: &Shared) -> Answer<Vec<u8>> {
    let token = bearer(&parts.headers).ok_or(Code::Unauthenticated)?;
    Ok(app.core.keys.hash(Hashed::DeviceToken, token.as_bytes()))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Who reads: the device, who is signed in on it, and for which queues they act.
pub struct Reader {
    pub device: Device,
    pub account: Option<Account>,
    pub queues: Vec<QueueId>,
}

impl Reader {
    pub async fn load(db: &mut SqliteConnection, device: DeviceId) -> Answer<Self> {
        readers::by_device(db, device).await?.ok_or(Code::Unauthenticated.into())
    }

    pub fn account(&self) -> Answer<&Account> {
        self.account.as_ref().ok_or(Code::Forbidden.into())
    }

    /// As somebody who may act on requests, and not only look.
    pub fn agent(&self) -> Answer<Agent> {
        let account = self.account()?;
        if !account.role.may_act_on_requests() {
            return Err(Code::Forbidden.into());
        }
        Ok(Agent { account: account.id, device: self.device.id })
    }

    /// The classes by which requests come into this reader's sight.
    pub fn request_classes(&self) -> BTreeSet<Class> {
        let Some(account) = &self.account else { return BTreeSet::new() };
        let own = [Class::Everyone, Class::Account(account.id), Class::Device(self.device.id)];
        let admin = account.role.sees_all_requests().then_some(Class::Admins);
        own.into_iter().chain(admin).chain(self.queues.iter().copied().map(Class::Queue)).collect()
    }

    pub fn sees(&self, request: &SessionRequest) -> bool {
        let mine = self.request_classes();
        audience(request).iter().any(|(class, kind)| *kind == Kind::Request && mine.contains(class))
    }

    pub fn is_host_of(&self, request: &SessionRequest) -> bool {
        request.host().is_some_and(|host| host.device == self.device.id)
    }
}

/// Where a request comes from, as budgets count it: an IPv6 network counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address(pub IpAddr);

impl FromRequestParts<Shared> for Address {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip());
        let told = if app.config.trust_proxy { forwarded_for(&parts.headers) } else { None };
        Ok(Self(network(told.unwrap_or(peer))))
    }
}

/// The last entry: the one that the proxy itself wrote. Those before it are the client's own words.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_domain::session_request::{Assignment, Draft, Expiry};
    use beckon_domain::{AccountId, RequestId, Role, SecretKey};
    use chrono::DateTime;
    use uuid::Uuid;

    fn reader(role: Role, queues: &[QueueId]) -> Reader {
        let account = Account {
            id: AccountId(Uuid::from_u128(1)),
            name: "Ana".parse().unwrap(),
            email: "ana@acme.example".to_owned(),
            role,
            password: String::new(),
            disabled: false,
            audience: 0,
        };
        let device = Device {
            id: 123_456_789.try_into().unwrap(),
            key: SecretKey::generate().public(),
            name: None,
            alias: None,
            version: String::new(),
            last_seen: DateTime::UNIX_EPOCH,
            adopted: false,
            home: false,
            audience: 0,
        };
        Reader { device, account: Some(account), queues: queues.to_vec() }
    }

    fn request(assignment: Assignment, by: u128) -> SessionRequest {
        let draft = Draft {
            id: RequestId(Uuid::from_u128(9)),
            recipient: "Dana".parse().unwrap(),
            comments: Default::default(),
            profile: Default::default(),
            assignment,
            schedule: None,
            expiry: Expiry::default(),
            contact: Default::default(),
        };
        SessionRequest::create(draft, AccountId(Uuid::from_u128(by)), DateTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn agents_see_their_own_their_devices_their_queues_and_what_is_nobodys() {
        let none = Assignment::default();
        let tier1 = QueueId(Uuid::from_u128(7));
        let (me, other) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let here = Some(123_456_789.try_into().unwrap());
        let elsewhere = Some(987_654_321.try_into().unwrap());
        let (agent, member) = (reader(Role::SupportAgent, &[]), reader(Role::Viewer, &[tier1]));
        for (assignment, by, agent_sees, member_sees) in [
            (none, 2, true, true),
            (Assignment { agent: Some(me), ..none }, 2, true, true),
            (Assignment { agent: Some(other), ..none }, 1, true, true),
            (Assignment { agent: Some(other), ..none }, 2, false, false),
            (Assignment { queue: Some(tier1), ..none }, 2, false, true),
            (Assignment { queue: Some(tier1), agent: Some(other), ..none }, 2, false, true),
            (Assignment { device: here, ..none }, 2, true, true),
            (Assignment { device: elsewhere, ..none }, 2, false, false),
        ] {
            let request = request(assignment, by);
            assert_eq!(agent.sees(&request), agent_sees, "{assignment:?} by {by}");
            assert_eq!(member.sees(&request), member_sees, "{assignment:?} by {by}");
            assert!(reader(Role::Owner, &[]).sees(&request) && reader(Role::Admin, &[]).sees(&request));
            assert!(!Reader { account: None, ..reader(Role::Owner, &[]) }.sees(&request));
        }
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let (one, other): (IpAddr, IpAddr) =
            ("2001:db8::1".parse().unwrap(), "2001:db8::ffff:2".parse().unwrap());
        assert_eq!(network(one), network(other));
        assert_ne!(network(one), network("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1".parse::<IpAddr>().unwrap());
    }

    #[test]
    fn only_what_the_proxy_wrote_is_believed() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "198.51.100.1, 203.0.113.9".parse().unwrap());
        assert_eq!(forwarded_for(&headers), Some("203.0.113.9".parse().unwrap()));
    }
}
