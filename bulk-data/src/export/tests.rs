use super::*;
use crate::Level;

const BASE: &str = "https://a.example/fhir";
const STATUS: &str = "https://a.example/status/1";
const EMPTY: &[u8] = br#"{"transactionTime":"t","output":[]}"#;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

fn answer<'a>(status: u16, headers: &'a [(&'a str, &'a str)], body: &'a [u8]) -> Response<'a> {
    Response { status, headers, body }
}

fn ordered() -> Export {
    Export::start(KickOff::new(BASE, Level::System), Polling::default(), now())
}

fn polling() -> Export {
    Export::resume(BASE, STATUS, Polling::default(), now())
}

fn requested(action: &Action) -> &Request {
    match action {
        Action::Request(request) => request,
        other => panic!("{other:?}"),
    }
}

fn wait(action: &Action) -> i64 {
    match action {
        Action::Wait(until) => (*until - now()).num_seconds(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_export_goes_from_order_to_clean_up() {
    let mut export = ordered();
    assert_eq!(requested(&export.next(now())).url, format!("{BASE}/$export"));
    let next = export.handle_response(now(), &answer(202, &[("Content-Location", STATUS)], b""));
    assert_eq!((wait(&next), export.status_url()), (2, Some(STATUS)));
    let then = now() + chrono::Duration::seconds(2);
    assert_eq!(requested(&export.next(then)).url, STATUS);
    let next =
        export.handle_response(then, &answer(202, &[("X-Progress", "50%"), ("Retry-After", "30")], b""));
    assert_eq!((wait(&next), export.progress()), (32, Some("50%")));
    let body = br#"{"transactionTime":"t","requiresAccessToken":true,"output":[{"type":"Patient","url":"https://a/1"}]}"#;
    let Action::Download(manifest) = export.handle_response(then, &answer(200, &[], body)) else { panic!() };
    assert_eq!(manifest.output.len(), 1);
    let clean_up = export.downloaded(then);
    assert_eq!((requested(&clean_up).method, requested(&clean_up).url.as_str()), (Method::Delete, STATUS));
    assert_eq!(export.handle_response(then, &answer(404, &[], b"")), Action::Done);
}

#[test]
fn all_pages_of_the_manifest_are_read() {
    let mut export = polling();
    let page =
        br#"{"transactionTime":"first","output":[{"url":"u1"}],"link":[{"relation":"next","url":"/m2"}]}"#;
    let next = export.handle_response(now(), &answer(200, &[], page));
    assert_eq!(requested(&next).url, "https://a.example/m2");
    let last = br#"{"transactionTime":"second","output":[{"url":"u2"}]}"#;
    let Action::Download(manifest) = export.handle_response(now(), &answer(200, &[], last)) else { panic!() };
    assert_eq!((manifest.transaction_time.as_deref(), manifest.output.len()), (Some("first"), 2));
}

#[test]
fn a_page_that_leads_to_itself_ends() {
    let mut export = polling();
    let page = br#"{"output":[],"link":[{"relation":"next","url":"https://a.example/m"}]}"#;
    let _ = export.handle_response(now(), &answer(200, &[], page));
    assert!(matches!(export.handle_response(now(), &answer(200, &[], page)), Action::Download(_)));
}

#[test]
fn waits_are_clamped_and_grow() {
    let mut export = polling();
    for (header, expected) in
        [("0", 2), ("1700000005000", 5), ("1700000007", 7), ("99999999999", 3600), ("x", 32)]
    {
        let next = export.handle_response(now(), &answer(202, &[("retry-after", header)], b""));
        assert_eq!(wait(&next), expected, "{header}");
    }
}

#[test]
fn failures_that_pass_are_borne_within_a_budget() {
    let mut export = polling();
    let transient =
        br#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"transient"}]}"#;
    for body in [transient.as_slice(), b"", b"<html>"].into_iter().cycle().take(8) {
        assert!(matches!(export.handle_response(now(), &answer(503, &[], body)), Action::Wait(_)));
    }
    assert_eq!(export.handle_failure(now()), Action::Failed(Error::Unavailable));

    let mut export = polling();
    for _ in 0..100 {
        assert!(matches!(export.handle_failure(now()), Action::Wait(_)));
        assert!(matches!(export.handle_response(now(), &answer(202, &[], b"")), Action::Wait(_)));
    }
}

#[test]
fn a_failure_of_the_export_itself_is_final() {
    let mut export = polling();
    let failed = br#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing"}]}"#;
    let Action::Failed(Error::Refused { status: 500, issues }) =
        export.handle_response(now(), &answer(500, &[], failed))
    else {
        panic!()
    };
    assert_eq!(issues[0].code, "processing");
}

#[test]
fn a_refused_token_is_replaced_once() {
    let mut export = polling();
    let again = export.handle_response(now(), &answer(401, &[], b""));
    assert!(requested(&again).fresh_token);
    assert_eq!(export.handle_response(now(), &answer(401, &[], b"")), Action::Failed(Error::Unauthorized));

    let mut export = polling();
    let _ = export.handle_response(now(), &answer(401, &[], b""));
    let _ = export.handle_response(now(), &answer(202, &[], b""));
    let later = now() + chrono::Duration::hours(2);
    assert!(!requested(&export.next(later)).fresh_token);
    assert!(requested(&export.handle_response(later, &answer(401, &[], b""))).fresh_token);
}

#[test]
fn the_token_goes_only_to_the_server_that_was_asked() {
    let mut export = ordered();
    assert!(requested(&export.next(now())).with_token);
    let elsewhere = [("Content-Location", "https://evil.example/status")];
    let _ = export.handle_response(now(), &answer(202, &elsewhere, b""));
    assert!(!requested(&export.next(now() + chrono::Duration::hours(2))).with_token);
}

#[test]
fn what_cannot_go_on_says_why() {
    let ends =
        |mut export: Export, status, body: &[u8]| export.handle_response(now(), &answer(status, &[], body));
    assert_eq!(ends(ordered(), 202, b""), Action::Failed(Error::NoStatusUrl));
    assert!(matches!(ends(ordered(), 400, b""), Action::Failed(Error::Refused { status: 400, .. })));
    assert_eq!(ends(polling(), 404, b""), Action::Failed(Error::Gone));
    assert!(matches!(ends(polling(), 200, b"{"), Action::Failed(Error::Document { .. })));
    let mut late = polling();
    let far = now() + chrono::Duration::days(31);
    assert_eq!(late.handle_response(far, &answer(202, &[], b"")), Action::Failed(Error::TimedOut));
}

#[test]
fn expired_links_are_asked_for_again_and_a_cancelled_export_is_deleted() {
    let mut export = polling();
    let _ = export.handle_response(now(), &answer(200, &[], EMPTY));
    assert_eq!(requested(&export.refetch(now())).method, Method::Get);
    assert_eq!(requested(&export.cancel(now())).method, Method::Delete);
    for _ in 0..9 {
        let _ = export.handle_failure(now());
    }
    assert_eq!(export.next(now()), Action::Done);
    assert_eq!(ordered().cancel(now()), Action::Done);
}
