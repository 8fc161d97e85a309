use super::*;

fn new(answers: &[&[u8]], accepted: bool) -> New {
    New { answers: answers.iter().map(|answer| answer.to_vec()).collect(), accepted }
}

fn endings(directory: &Path) -> Vec<String> {
    let names =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with('0')).collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let (number, ending) = (name.get(..8).unwrap(), name.split_once('.').unwrap().1);
            format!("{number}.{ending}")
        })
        .collect()
}

#[test]
fn a_message_is_a_file_and_its_resend_is_none() {
    let place = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(place.path()).unwrap();
    let first = inbox.keep(b"MSH|one", || new(&[b"CA", b"AA"], true)).unwrap();
    assert_eq!((first.resend, first.answers.len()), (false, 2));
    assert!(!format!("{first:?}").contains("67, 65"), "Debug shows no byte of an answer");
    assert_eq!(fs::read(place.path().join(format!("{}.hl7", first.name))).unwrap(), b"MSH|one");
    let again = inbox.keep(b"MSH|one", || panic!("it is there")).unwrap();
    assert_eq!(again, Kept { resend: true, ..first });
    let message = |time: &str| format!("MSH|^~\\&|A|B|C|D|{time}||ADT^A08|1|P|2.5\r").into_bytes();
    assert!(!inbox.keep(&message("2026"), || new(&[], true)).unwrap().resend);
    assert!(
        inbox.keep(&message("2027"), || panic!("it is there")).unwrap().resend,
        "sent again, at another time"
    );
    let refused = inbox.keep(b"two", || new(&[b"AE"], false)).unwrap();
    assert!(!refused.resend);
    assert_eq!(
        endings(place.path()),
        ["00000001.ack", "00000001.hl7", "00000002.ack", "00000002.hl7", "00000003.ack", "00000003.refused"]
    );
}

#[test]
fn what_was_kept_is_known_after_a_restart_and_a_half_written_file_is_not() {
    let place = tempfile::tempdir().unwrap();
    let name = {
        let inbox = Inbox::open(place.path()).unwrap();
        assert!(Inbox::open(place.path()).is_err(), "one process at a time");
        inbox.keep(b"one", || new(&[b"AA"], true)).unwrap().name
    };
    // Killed between the answer's file and the message's: nothing was acknowledged.
    fs::write(place.path().join("00000002-ffffffffffffffffffffffffffffffff.ack"), encode(b"AA")).unwrap();
    fs::write(place.path().join("00000002-ffffffffffffffffffffffffffffffff.part"), b"MS").unwrap();
    let inbox = Inbox::open(place.path()).unwrap();
    let again = inbox.keep(b"one", || panic!("it is there")).unwrap();
    assert_eq!((again.name, again.answers), (name, vec![b"AA".to_vec()]));
    let next = inbox.keep(b"two", || new(&[], true)).unwrap();
    assert!(next.name.starts_with("00000002-"), "{}", next.name);
    assert!(inbox.keep(b"two", || panic!("it is there")).unwrap().answers.is_empty());
}
