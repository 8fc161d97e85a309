//! The program.

use std::process::Output;

use crate::{broken, desk};

async fn run(arguments: &[&str]) -> (i32, String, String) {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_mllp-quirks"));
    let Output { status, stdout, stderr } = command.args(arguments).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_server_is_0_and_a_bad_one_is_1() {
    let good = desk::desk(None).await.to_string();
    let bad = broken::server(broken::up_to_the_last_end).await.to_string();
    let only = ["--only", "plain,two-in-one", "--timeout", "0.5", "--quiet", "0.1"];
    let (status, table, _) = run(&[&["server", &good][..], &only].concat()).await;
    assert_eq!(status, 0);
    assert!(table.contains("2: 2 ok, 0 tolerable, 0 FAIL, 0 n/a; no required quirk failed"), "{table}");
    let (status, markdown, _) = run(&[&["server", &bad, "--format", "markdown"][..], &only].concat()).await;
    assert_eq!(status, 1);
    assert!(
        markdown.contains("| two-in-one | required |") && markdown.contains("| **FAIL** |"),
        "{markdown}"
    );
    let (status, json, _) = run(&[&["server", &bad, "--format", "json"][..], &only].concat()).await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((status, &json["passed"]), (1, &serde_json::Value::Bool(false)));
    assert_eq!(json["rows"][1]["verdict"], "FAIL");
}

#[tokio::test]
async fn wrong_usage_is_2_and_nobody_there_is_3() {
    let nobody = carewire_testing::port::free_address().unwrap().to_string();
    let cases: [(&[&str], i32); 6] = [
        (&["server", &nobody], 3),
        (&["server", &nobody, "--only", "no-such"], 2),
        (&["server", &nobody, "--message", "/no/such/file"], 2),
        (&["server", &nobody, "--tls-ca", "ca.pem"], 2),
        (&["client", "--listen", "203.0.113.1:1"], 3),
        (&["client", "--listen", "127.0.0.1:0", "--", "/no/such/program"], 2),
    ];
    for (arguments, expected) in cases {
        let (status, table, complaint) = run(arguments).await;
        assert_eq!((status, table.as_str()), (expected, ""), "{arguments:?}: {complaint}");
        assert!(!complaint.is_empty());
    }
}

#[tokio::test]
async fn a_command_is_run_for_each_scenario() {
    let sends_nothing =
        ["client", "--listen", "127.0.0.1:0", "--only", "plain,ae", "--", "test", "{port}", "-gt", "0"];
    let (status, table, _) = run(&sends_nothing).await;
    assert_eq!(status, 1);
    assert!(table.contains("no message"), "{table}");
}
