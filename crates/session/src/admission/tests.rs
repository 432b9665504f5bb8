use beckon_domain::consent::AFTER_ALLOW;
use beckon_domain::grant::{GRANT_LIFETIME, Party};
use beckon_domain::session_request::LinkNumber;
use beckon_domain::{AccountId, Cover, Permission, QueueId, RequestId, SecretKey, Statement};
use chrono::TimeDelta;
use uuid::Uuid;

use super::*;

const NOW: Duration = Duration::from_secs(500);

/// A host and a viewer whom the service introduced and the host's person allowed.
struct Cast {
    service: SecretKey,
    host_device: SecretKey,
    host_endpoint: SecretKey,
    viewer_device: SecretKey,
    viewer_endpoint: SecretKey,
    remote: PublicKey,
    pinned: PublicKey,
    grant: Grant,
    service_now: DateTime<Utc>,
    consent: Option<Consent>,
    already_admitted: bool,
    now: Duration,
}

fn purpose(link: u32) -> SessionPurpose {
    SessionPurpose::Request { request: RequestId(Uuid::from_u128(2)), link: LinkNumber(link) }
}

fn statement(side: Side, endpoint: &SecretKey) -> Statement {
    Statement {
        session: SessionId(Uuid::from_u128(1)),
        purpose: purpose(1),
        side,
        endpoint: endpoint.public(),
    }
}

fn agent() -> AccountId {
    AccountId(Uuid::from_u128(3))
}

fn switches() -> PermissionSet {
    [Permission::Input, Permission::Clipboard].into_iter().collect()
}

impl Cast {
    fn new() -> Self {
        let [service, host_device, host_endpoint, viewer_device, viewer_endpoint] =
            std::array::from_fn(|_| SecretKey::generate());
        let service_now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let party = |side, device: u64, endpoint, key| Party {
            device: device.try_into().unwrap(),
            signed: statement(side, endpoint).sign(key),
        };
        let grant = Grant {
            host: party(Side::Host, 123_456_789, &host_endpoint, &host_device),
            viewer: party(Side::Viewer, 987_654_321, &viewer_endpoint, &viewer_device),
            account: Some(agent()),
            account_name: Some("Ana".parse().unwrap()),
            organisation: "Acme".parse().unwrap(),
            queue: None,
            permissions: PermissionSet::NONE,
            not_after: service_now + GRANT_LIFETIME,
        };
        Self {
            remote: viewer_endpoint.public(),
            pinned: service.public(),
            consent: Some(Consent::given(purpose(1), Cover::Agent(agent()), switches(), NOW)),
            already_admitted: false,
            now: NOW,
            service,
            host_device,
            host_endpoint,
            viewer_device,
            viewer_endpoint,
            grant,
            service_now,
        }
    }

    fn consent(mut self, consent: Consent) -> Self {
        self.consent = Some(consent);
        self
    }

    fn admit(&self) -> Result<Admitted, AdmissionRefusal> {
        let knock = Knock {
            remote: self.remote,
            grant: &self.grant.sign(&self.service).unwrap(),
            service_key: &self.pinned,
            service_now: self.service_now,
            device: self.host_device.public(),
            endpoint: self.host_endpoint.public(),
            already_admitted: self.already_admitted,
            available: [Permission::Input, Permission::Audio].into_iter().collect(),
            now: self.now,
        };
        admit(&knock, |purpose| self.consent.clone().filter(|consent| consent.purpose == *purpose))
    }
}

#[test]
fn who_is_granted_and_allowed_is_let_in_with_what_the_host_left_on_and_can_do() {
    let admitted = Cast::new().admit().unwrap();
    assert_eq!(admitted.session, SessionId(Uuid::from_u128(1)));
    assert_eq!(admitted.purpose, purpose(1));
    assert_eq!(admitted.permissions, PermissionSet::NONE.with(Permission::Input));
}

#[test]
fn a_grant_that_proposes_more_gives_nothing() {
    let mut cast = Cast::new();
    cast.grant.permissions = Permission::ALL.into_iter().collect();
    assert_eq!(cast.admit().unwrap().permissions, PermissionSet::NONE.with(Permission::Input));
}

/// Each changes one thing about what would be let in, and names the answer.
type Change = (&'static str, fn(Cast) -> Cast, AdmissionRefusal);

#[test]
fn whatever_is_wrong_is_refused_by_name() {
    let changes: [Change; 21] = [
        (
            "a grant of another service",
            |cast| Cast { service: SecretKey::generate(), ..cast },
            AdmissionRefusal::Grant(GrantRefusal::WrongService),
        ),
        (
            "a grant that ran out",
            |cast| Cast {
                service_now: cast.service_now + GRANT_LIFETIME + TimeDelta::milliseconds(1),
                ..cast
            },
            AdmissionRefusal::Grant(GrantRefusal::Expired),
        ),
        (
            "another endpoint than the viewer named",
            |cast| Cast { remote: SecretKey::generate().public(), ..cast },
            AdmissionRefusal::WrongViewer,
        ),
        (
            "the host's own endpoint",
            |cast| Cast { remote: cast.host_endpoint.public(), ..cast },
            AdmissionRefusal::WrongViewer,
        ),
        (
            "the viewer's device key in place of its endpoint key",
            |cast| Cast { remote: cast.viewer_device.public(), ..cast },
            AdmissionRefusal::WrongViewer,
        ),
        (
            "the service swaps the viewer's endpoint",
            |mut cast| {
                cast.viewer_endpoint = SecretKey::generate();
                cast.grant.viewer.signed.statement.endpoint = cast.viewer_endpoint.public();
                Cast { remote: cast.viewer_endpoint.public(), ..cast }
            },
            AdmissionRefusal::Grant(GrantRefusal::WrongStatement),
        ),
        (
            "the service swaps the host's endpoint",
            |mut cast| {
                cast.grant.host.signed.statement.endpoint = SecretKey::generate().public();
                cast
            },
            AdmissionRefusal::Grant(GrantRefusal::WrongStatement),
        ),
        (
            "the service signs the host's statement with a device key of its own",
            |mut cast| {
                let endpoint = cast.host_endpoint.clone();
                cast.grant.host.signed = statement(Side::Host, &endpoint).sign(&SecretKey::generate());
                cast
            },
            AdmissionRefusal::NotThisDevice,
        ),
        (
            "another endpoint that this device named earlier",
            |mut cast| {
                let earlier = SecretKey::generate();
                cast.grant.host.signed = statement(Side::Host, &earlier).sign(&cast.host_device);
                cast
            },
            AdmissionRefusal::NotThisDevice,
        ),
        (
            "the two sides change places",
            |mut cast| {
                std::mem::swap(&mut cast.grant.host, &mut cast.grant.viewer);
                cast
            },
            AdmissionRefusal::Grant(GrantRefusal::Mismatched),
        ),
        (
            "a statement for another session",
            |mut cast| {
                let other =
                    Statement { session: SessionId(Uuid::from_u128(9)), ..cast.grant.host.signed.statement };
                cast.grant.host.signed = other.sign(&cast.host_device);
                cast
            },
            AdmissionRefusal::Grant(GrantRefusal::Mismatched),
        ),
        (
            "a statement for another link",
            |mut cast| {
                let other = Statement { purpose: purpose(2), ..cast.grant.viewer.signed.statement };
                cast.grant.viewer.signed = other.sign(&cast.viewer_device);
                cast
            },
            AdmissionRefusal::Grant(GrantRefusal::Mismatched),
        ),
        (
            "a grant that was used",
            |cast| Cast { already_admitted: true, ..cast },
            AdmissionRefusal::AlreadyAdmitted,
        ),
        ("no consent", |cast| Cast { consent: None, ..cast }, AdmissionRefusal::NoConsent),
        (
            "consent for an older link",
            |cast| cast.consent(Consent::given(purpose(0), Cover::AnyAgent, switches(), NOW)),
            AdmissionRefusal::NoConsent,
        ),
        (
            "consent for another agent",
            |cast| {
                let other = Cover::Agent(AccountId(Uuid::from_u128(4)));
                cast.consent(Consent::given(purpose(1), other, switches(), NOW))
            },
            AdmissionRefusal::Consent(ConsentRefusal::NotCovered),
        ),
        (
            "consent for a queue that the viewer does not act for",
            |cast| {
                let queue = Cover::Queue(QueueId(Uuid::from_u128(5)));
                cast.consent(Consent::given(purpose(1), queue, switches(), NOW))
            },
            AdmissionRefusal::Consent(ConsentRefusal::NotCovered),
        ),
        (
            "consent for another device",
            |cast| {
                let device = Cover::Device(123_456_789.try_into().unwrap());
                cast.consent(Consent::given(purpose(1), device, switches(), NOW))
            },
            AdmissionRefusal::Consent(ConsentRefusal::NotCovered),
        ),
        (
            "a grant without an account",
            |mut cast| {
                cast.grant.account = None;
                cast.consent(Consent::given(purpose(1), Cover::AnyAgent, switches(), NOW))
            },
            AdmissionRefusal::Consent(ConsentRefusal::NotCovered),
        ),
        (
            "consent that ran out",
            |cast| Cast { now: NOW + AFTER_ALLOW, ..cast },
            AdmissionRefusal::Consent(ConsentRefusal::Lapsed),
        ),
        (
            "consent that ran out without the service",
            |cast| {
                let mut consent = cast.consent.clone().unwrap();
                consent.service_lost(NOW);
                Cast { now: NOW + Duration::from_secs(60), ..cast.consent(consent) }
            },
            AdmissionRefusal::Consent(ConsentRefusal::Lapsed),
        ),
    ];
    for (what, change, refusal) in changes {
        assert_eq!(change(Cast::new()).admit(), Err(refusal), "{what}");
    }
}

#[test]
fn who_comes_back_needs_the_same_key_the_secret_and_a_consent_that_was_not_withdrawn() {
    let viewer = SecretKey::generate().public();
    let consent = Consent::given(purpose(1), Cover::AnyAgent, switches(), NOW);
    let available = PermissionSet::NONE.with(Permission::Clipboard);
    let back = |remote, proved| Return { remote, viewer, proved, available };
    let stranger = SecretKey::generate().public();
    assert_eq!(readmit(&back(viewer, true), Some(&consent)), Ok(available));
    assert_eq!(readmit(&back(viewer, true), None), Err(AdmissionRefusal::NoConsent));
    assert_eq!(readmit(&back(viewer, false), Some(&consent)), Err(AdmissionRefusal::WrongProof));
    assert_eq!(readmit(&back(stranger, true), Some(&consent)), Err(AdmissionRefusal::WrongViewer));
}
