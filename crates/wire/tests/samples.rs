//! Pinned samples of every message. What was said once must be understood for ever: a sample that no longer
//! parses, or comes out differently, is a break of the contract. Add samples; never change one that landed.

use beckon_domain::{JoinCode, NamedProfile, SignedGrant, SignedStatement};
use beckon_wire::ApiError;
use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::address_book::BookAct;
use beckon_wire::call::{CallAct, CallView, PlaceCall};
use beckon_wire::changes::{Changes, Wake};
use beckon_wire::device::{Challenge, ChallengeBody, DeviceSignIn, DeviceToken};
use beckon_wire::directory::Directory;
use beckon_wire::introduction::{IntroductionPhase, IntroductionView};
use beckon_wire::invitation::{CreateInvitation, InvitationAct, InvitationView};
use beckon_wire::join::{HostAct, Join, JoinedView};
use beckon_wire::lookup::{Block, ChooseAlias, Found, Home, Lookup, OwnDevice, SetBlock};
use beckon_wire::request::{AgentAct, CreateRequest, HistoryEntry, MailProblem, RequestLink, RequestView};
use beckon_wire::service::ServiceInfo;
use beckon_wire::session::HostReport;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const SIGNATURE: &str =
    "5VZDAMNgrHKQhuzMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw";
const ID: &str = "0190b7a0-1111-7000-8000-0000000003df";
const AT: &str = "2026-11-21T09:30:00Z";

/// Reads it, and says it again in the same words.
fn pinned<T: Serialize + DeserializeOwned>(sample: &str) {
    let sample = sample
        .replace("KEY", KEY)
        .replace("SIGNATURE", SIGNATURE)
        .replace("\"ID\"", &format!("\"{ID}\""))
        .replace("\"AT\"", &format!("\"{AT}\""))
        .replace("STATEMENT", &statement());
    let said: Value = serde_json::from_str(&sample).unwrap_or_else(|error| panic!("{error}: {sample}"));
    let read: T = serde_json::from_value(said.clone()).unwrap_or_else(|error| panic!("{error}: {sample}"));
    assert_eq!(serde_json::to_value(&read).ok(), Some(said));
}

fn statement() -> String {
    format!(
        r#"{{"statement":{{"session":"{ID}","purpose":{{"request":{{"request":"{ID}","link":2}}}},"side":"viewer","endpoint":"{KEY}"}},"device":"{KEY}","signature":"{SIGNATURE}"}}"#
    )
}

const PERSON: &str = r#"{"id":"ID","name":"Ana"}"#;

#[test]
fn the_service_and_devices() {
    pinned::<ServiceInfo>(
        r#"{"organisation":"Acme","key":"KEY","relay":"https://relay.acme.example","version":"0.1.0","now":"AT"}"#,
    );
    pinned::<ServiceInfo>(
        r#"{"organisation":"Acme","key":"KEY","relay":"https://relay.acme.example","address_discovery":{"port":7401,"certificate":"MIIB"},"version":"0.1.0","now":"AT"}"#,
    );
    pinned::<ChallengeBody>(r#"{"key":"KEY"}"#);
    pinned::<Challenge>(r#"{"challenge":"abc"}"#);
    pinned::<DeviceSignIn>(
        r#"{"key":"KEY","challenge":"abc","signature":"SIGNATURE","name":"Desk 4","version":"0.1.0"}"#,
    );
    pinned::<DeviceToken>(
        r#"{"device":"482119070","token":"t","expires_at":"AT","account":{"id":"ID","name":"Ana","email":"ana@acme.example","role":"support_agent"},"now":"AT"}"#,
    );
}

#[test]
fn accounts_and_errors() {
    pinned::<SignIn>(r#"{"password":{"email":"ana@acme.example","password":"correct horse battery"}}"#);
    pinned::<SignIn>(r#"{"code":"ABCDEFGH"}"#);
    for role in ["owner", "admin", "support_agent", "viewer"] {
        pinned::<AccountView>(&format!(r#"{{"id":"ID","name":"Ana","email":"a@b","role":"{role}"}}"#));
    }
    pinned::<ApiError>(r#"{"code":"taken_by","params":{"name":"Ben"},"trace":"01"}"#);
    let sparse: ApiError = serde_json::from_str(r#"{"code":"internal"}"#).unwrap();
    assert!(sparse.params.is_empty() && sparse.trace.is_empty());
}

#[test]
fn requests_as_agents_see_them() {
    pinned::<CreateRequest>(
        r#"{"id":"ID","recipient":"Dana Fox","comments":"","profile":"default","assign_to":"myself"}"#,
    );
    pinned::<RequestLink>(r#"{"url":"https://support.acme.example/s/x","code":"7Q4MX-2K9TD"}"#);
    pinned::<HistoryEntry>(&format!(
        r#"{{"at":"AT","act":"end_and_close","by":{PERSON},"device":"482119070","comment":"Solved."}}"#
    ));
    pinned::<RequestView>(&request());
}

#[test]
fn requests_whose_recipients_get_mail() {
    for contact in [
        r#"{"email":"dana@x.example","send_mail":true,"language":"de"}"#,
        r#"{"email":null,"send_mail":false,"language":"en"}"#,
    ] {
        pinned::<CreateRequest>(&format!(
            r#"{{"id":"ID","recipient":"Dana Fox","comments":"","profile":"default","assign_to":"unassigned","contact":{contact}}}"#
        ));
    }
    let sparse: CreateRequest = serde_json::from_str(&format!(
        r#"{{"id":"{ID}","recipient":"Dana Fox","assign_to":"myself","contact":{{"email":"dana@x.example"}}}}"#
    ))
    .unwrap();
    assert!(!sparse.contact.unwrap().send_mail);
    for mail in [
        r#"{"state":"queued","at":"AT","problem":"unreachable"}"#,
        r#"{"state":"sent","at":"AT","problem":null}"#,
        r#"{"state":"failed","at":"AT","problem":"refused"}"#,
    ] {
        let contact = r#"{"email":"dana@x.example","send_mail":true,"language":"en"}"#;
        let request = request();
        let request = request.strip_suffix('}').unwrap();
        pinned::<RequestView>(&format!(r#"{request},"contact":{contact},"mail":{mail}}}"#));
    }
    for act in ["mail_sent", "mail_failed", "send_again"] {
        pinned::<HistoryEntry>(&format!(
            r#"{{"at":"AT","act":"{act}","by":null,"device":null,"comment":null}}"#
        ));
    }
    for problem in
        ["unreachable", "timed_out", "not_secure", "not_signed_in", "put_off", "refused", "not_set", "broken"]
    {
        let read: MailProblem = serde_json::from_str(&format!("\"{problem}\"")).unwrap();
        assert_eq!(read.as_str(), problem);
    }
}

#[test]
fn requests_for_a_time() {
    pinned::<CreateRequest>(
        r#"{"id":"ID","recipient":"Dana Fox","comments":"","profile":"default","assign_to":{"queue":"ID"},"schedule":{"at":"AT","zone":"Asia/Kathmandu"},"expiry":{"after_seconds":3600}}"#,
    );
    let request = request();
    let request = request.strip_suffix('}').unwrap();
    pinned::<RequestView>(&format!(
        r#"{request},"schedule":{{"at":"AT","zone":"America/New_York"}},"expiry":{{"at":"AT"}}}}"#
    ));
    for fact in [
        r#""act":"assign","assigned_to":{"agent":null,"queue":{"id":"ID","name":"Tier 1"},"device":"482119070"}"#,
        r#""act":"reschedule","schedule":{"at":"AT","zone":"UTC"}"#,
    ] {
        pinned::<HistoryEntry>(&format!(r#"{{"at":"AT","by":null,"device":null,"comment":null,{fact}}}"#));
    }
    let nowhere = r#"{"assign_to":"myself","schedule":{"at":"AT","zone":"Mars/Base"}}"#;
    assert!(serde_json::from_str::<CreateRequest>(nowhere).is_err());
}

#[test]
fn requests_that_propose_an_own_profile() {
    let own = r#""own_profile":{"name":"Only type","permissions":["input"]}"#;
    pinned::<CreateRequest>(&format!(
        r#"{{"id":"ID","recipient":"Dana Fox","comments":"","profile":"screen_sharing",{own},"assign_to":"myself"}}"#
    ));
    pinned::<AgentAct>(&format!(r#"{{"edit":{{"profile":"screen_sharing",{own}}}}}"#));
    pinned::<RequestView>(&format!("{},{own}}}", request().strip_suffix('}').unwrap()));
    pinned::<JoinedView>(&format!(r#"{},"profile_name":"Only type"}}"#, joined().strip_suffix('}').unwrap()));
    let overlong = format!(r#"{{"name":"{}","permissions":[]}}"#, "x".repeat(65));
    assert!(serde_json::from_str::<NamedProfile>(&overlong).is_err());
}

#[test]
fn requests_that_are_closed() {
    let request = request();
    let request = request.strip_suffix('}').unwrap();
    pinned::<RequestView>(&format!(r#"{request},"closed_at":"AT"}}"#));
}

#[test]
fn to_whom_a_request_can_be_given() {
    pinned::<Directory>(&format!(
        r#"{{"agents":[{PERSON}],"queues":[{{"id":"ID","name":"Tier 1","mine":true}}],"devices":[{{"id":"482119070","name":"Desk 4","alias":"desk4@acme"}},{{"id":"1234567890","name":null,"alias":null}}]}}"#
    ));
}

fn request() -> String {
    format!(
        r#"{{"id":"ID","link":2,"revision":3,"status":"connected","recipient":"Dana Fox","comments":"a\nb","profile":"screen_sharing",
        "agent":{PERSON},"queue":{{"id":"ID","name":"Tier 1"}},"device":null,"created_by":{PERSON},"created_at":"AT","expires_at":"AT",
        "changed_at":"AT","closing":null,"declined_at":null,"host":{{"device":"1234567890","name":null,"present":true}},
        "ask":{{"session":"ID","agent":{PERSON},"mine":false,"until":"AT"}},
        "session":{{"id":"ID","agent":{PERSON},"mine":true,"phase":"running","since":"AT"}},"connect":"mine","may_act":true}}"#
    )
}

#[test]
fn every_act_of_an_agent() {
    for act in [
        r#"{"comment":"called twice"}"#,
        r#""claim""#,
        r#""release""#,
        r#""start_now""#,
        r#"{"ask":STATEMENT}"#,
        r#""cancel_ask""#,
        r#"{"connect":STATEMENT}"#,
        r#""disconnect""#,
        r#"{"end_and_close":{"comment":"Solved."}}"#,
        r#""new_link""#,
        r#""close""#,
        r#""reopen""#,
        r#""send_again""#,
        r#"{"edit":{}}"#,
        r#"{"edit":{"recipient":"Dana F.","contact":{"email":null,"send_mail":false,"language":"de"},"profile":"full_access","expiry":{"after_seconds":900}}}"#,
        r#"{"assign":"unassigned"}"#,
        r#"{"assign":{"agent":"ID"}}"#,
        r#"{"assign":{"queue":"ID"}}"#,
        r#"{"assign":{"device":"482119070"}}"#,
        r#"{"reschedule":{"schedule":{"at":"AT","zone":"Europe/Berlin"}}}"#,
        r#"{"reschedule":{"schedule":{"at":"AT","zone":"UTC"},"expiry":{"at":"AT"}}}"#,
        r#"{"reopen_for":{"after_seconds":604800}}"#,
    ] {
        pinned::<AgentAct>(act);
    }
}

#[test]
fn requests_as_the_joined_device_sees_them() {
    pinned::<Join>(r#"{"code":"7Q4MX-2K9TD"}"#);
    pinned::<Join>(r#"{"link":"AAAAAAAAAAAAAAAAAAAAAA"}"#);
    assert!(serde_json::from_str::<JoinCode>(r#""1234567890""#).is_err(), "an ID is no code");
    for act in [r#"{"allow":{"revision":3}}"#, r#""deny""#, r#""end""#, r#""leave""#, r#""consent_over""#] {
        pinned::<HostAct>(act);
    }
    pinned::<JoinedView>(&joined());
}

fn joined() -> String {
    r#"{"request":"ID","link":1,"revision":2,"status":"ready","organisation":"Acme","agent":"Ana","queue":null,"device":null,
        "cover":{"agent":"ID"},"profile":"default","permissions":["input","clipboard"],"expires_at":"AT","declined_at":null,
        "ask":{"agent":"Ana","until":"AT"},
        "session":{"id":"ID","agent":"Ana","viewer":{"device":"482119070","signed":STATEMENT},"phase":"reserved","since":null}}"#
        .to_owned()
}

#[test]
fn a_place_in_line_and_who_asks() {
    let joined = joined();
    let joined = joined.strip_suffix('}').unwrap();
    pinned::<JoinedView>(&format!(r#"{joined},"place":3}}"#));
    let asker = r#""ask":{"agent":"Ana","until":"AT","viewer":{"device":"482119070","signed":STATEMENT}}"#;
    pinned::<JoinedView>(&format!("{joined}}}").replace(r#""ask":{"agent":"Ana","until":"AT"}"#, asker));
    pinned::<Changes>(
        r#"{"epoch":"e","cursor":0,"more":false,"account":null,"changes":[],"directory":"e-812"}"#,
    );
}

#[test]
fn changes_and_pushes() {
    let (request, joined) = (request(), joined());
    pinned::<Changes>(&format!(
        r#"{{"epoch":"e","cursor":812,"more":false,"account":null,"changes":[
            {{"number":809,"thing":{{"request":{request}}}}},{{"number":810,"thing":{{"request_gone":"ID"}}}},
            {{"number":811,"thing":{{"joined":{joined}}}}},{{"number":812,"thing":{{"joined_gone":"ID"}}}}]}}"#
    ));
    pinned::<Changes>(r#"{"epoch":"e","cursor":0,"more":false,"account":null,"changes":[],"mail":true}"#);
    pinned::<Wake>(r#"{"cursor":812}"#);
}

#[test]
fn sessions() {
    pinned::<SignedStatement>("STATEMENT");
    pinned::<SignedGrant>(r#"{"grant":"AAEC","signature":"SIGNATURE"}"#);
    for report in [r#""connected""#, r#""beat""#, r#""lost""#, r#""viewer_left""#] {
        pinned::<HostReport>(report);
    }
}

/// The same statement for another purpose.
fn statement_for(purpose: &str) -> String {
    let request = format!(r#"{{"request":{{"request":"{ID}","link":2}}}}"#);
    statement().replace(&request, &purpose.replace("ID", ID))
}

#[test]
fn statements_for_invitations_and_calls() {
    let of_invitation = statement_for(r#"{"invitation":{"invitation":"ID","revision":2}}"#);
    let of_call = statement_for(r#"{"call":{"call":"ID"}}"#);
    assert_ne!(of_invitation, of_call);
    pinned::<SignedStatement>(&of_invitation);
    pinned::<SignedStatement>(&of_call);
    pinned::<InvitationAct>(&format!(r#"{{"accept":{{"revision":2,"statement":{of_invitation}}}}}"#));
    for target in [r#"{"id":"482119070"}"#, r#"{"alias":"Ana.Lopez@Acme"}"#] {
        pinned::<PlaceCall>(&format!(r#"{{"id":"ID","target":{target},"statement":{of_call}}}"#));
    }
    pinned::<HostReport>(r#""host_ended""#);
}

#[test]
fn invitations() {
    pinned::<CreateInvitation>(
        r#"{"id":"ID","target":{"id":"482119070"},"profile":"Default","permissions":["input","clipboard"]}"#,
    );
    for act in
        [r#"{"edit":{"profile":"Only look","permissions":["user_pointer"]}}"#, r#""cancel""#, r#""reject""#]
    {
        pinned::<InvitationAct>(act);
    }
    for state in ["pending", "accepted", "rejected", "cancelled", "expired"] {
        pinned::<InvitationView>(&invitation(state));
    }
    pinned::<InvitationView>(
        r#"{"id":"ID","way":"outgoing","target":{"alias":"ana@acme"},"peer":null,"revision":2,"profile":"Default",
            "permissions":[],"sent_at":"AT","expires_at":"AT","state":"expired","decided_at":"AT","session":null}"#,
    );
}

const PEER: &str = r#"{"device":"1234567890","key":"KEY","alias":"ana@acme","name":"Desk 4"}"#;
const SESSION: &str = r#"{"id":"ID","side":"viewer","phase":"granted","connect_until":"AT","since":null,"ended_at":null,"ending":null}"#;

fn invitation(state: &str) -> String {
    format!(
        r#"{{"id":"ID","way":"incoming","target":null,"peer":{PEER},"revision":2,"profile":"Default","permissions":["input"],
            "sent_at":"AT","expires_at":"AT","state":"{state}","decided_at":"AT","session":{SESSION}}}"#
    )
}

fn call(state: &str) -> String {
    format!(
        r#"{{"id":"ID","way":"outgoing","target":{{"id":"482119070"}},"peer":{PEER},"placed_at":"AT","rings_until":"AT",
            "state":"{state}","decided_at":null,"session":{SESSION}}}"#
    )
}

#[test]
fn calls_and_what_comes_of_them() {
    for act in [r#""accept""#, r#""reject""#, r#""cancel""#] {
        pinned::<CallAct>(act);
    }
    for state in ["ringing", "accepted", "rejected", "cancelled", "missed"] {
        pinned::<CallView>(&call(state));
    }
    for phase in ["reserved", "granted", "running", "lost", "ended"] {
        pinned::<IntroductionPhase>(&format!("\"{phase}\""));
    }
    for ending in ["by_host", "by_viewer", "lost", "could_not_connect"] {
        pinned::<IntroductionView>(&format!(
            r#"{{"id":"ID","side":"host","phase":"ended","connect_until":"AT","since":"AT","ended_at":"AT","ending":"{ending}"}}"#
        ));
    }
}

#[test]
fn invitations_and_calls_as_changes() {
    let (invitation, call) = (invitation("pending"), call("ringing"));
    pinned::<Changes>(&format!(
        r#"{{"epoch":"e","cursor":4,"more":false,"account":null,"changes":[
            {{"number":1,"thing":{{"invitation":{invitation}}}}},{{"number":2,"thing":{{"invitation_gone":"ID"}}}},
            {{"number":3,"thing":{{"call":{call}}}}},{{"number":4,"thing":{{"call_gone":"ID"}}}}]}}"#
    ));
}

#[test]
fn one_s_own_device_and_what_it_may_know_of_others() {
    pinned::<Home>(r#"{"home":true}"#);
    pinned::<ChooseAlias>(r#"{"name":"ana.lopez"}"#);
    pinned::<ChooseAlias>(r#"{"name":null}"#);
    pinned::<OwnDevice>(r#"{"device":"482119070","home":true,"alias":"ana@acme","namespace":"acme"}"#);
    pinned::<Lookup>(r#"{"targets":[{"id":"482119070"},{"alias":"ana@acme"}]}"#);
    pinned::<Vec<Found>>(
        r#"[{"device":"482119070","alias":"ana@acme","name":"Desk 4","online":true},
            {"device":null,"alias":null,"name":null,"online":null}]"#,
    );
    pinned::<SetBlock>(r#"{"device":"482119070","blocked":true}"#);
    pinned::<Vec<Block>>(r#"[{"device":"482119070","since":"AT"}]"#);
}

#[test]
fn an_address_book() {
    let entry =
        r#"{"id":"ID","target":{"id":"482119070"},"name":"Front desk","tags":["Till"],"note":"by the door"}"#;
    pinned::<BookAct>(&format!(r#"{{"put":{entry}}}"#));
    pinned::<BookAct>(r#"{"put":{"id":"ID","target":{"alias":"ana@acme"},"name":null,"tags":[],"note":""}}"#);
    pinned::<BookAct>(r#"{"remove":"ID"}"#);
    pinned::<Changes>(&format!(
        r#"{{"epoch":"e","cursor":2,"more":false,"account":null,"changes":[
            {{"number":1,"thing":{{"book_entry":{entry}}}}},{{"number":2,"thing":{{"book_entry_gone":"ID"}}}}]}}"#
    ));
}
