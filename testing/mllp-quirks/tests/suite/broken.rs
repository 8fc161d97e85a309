//! Servers and a client that do it wrong, each in one known way.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What a server does with the bytes at hand: takes some, and answers.
pub(crate) type Framing = fn(&mut Vec<u8>) -> Option<Vec<u8>>;

/// A server that reads, frames in its own way, and answers AA.
pub(crate) async fn server(framing: Framing) -> SocketAddr {
    listen(move |stream| each_read(stream, framing)).await
}

/// One that takes one connection at a time.
pub(crate) async fn one_at_a_time() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            each_read(stream, one_frame).await;
        }
    });
    address
}

async fn listen<R>(serve: impl Fn(TcpStream) -> R + Send + 'static) -> SocketAddr
where
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// A server that sends back what it gets.
pub(crate) async fn echo() -> SocketAddr {
    listen(|mut stream| async move {
        let (mut reader, mut writer) = stream.split();
        // The end of the connection is the end of the echo.
        let _ = tokio::io::copy(&mut reader, &mut writer).await;
    })
    .await
}

/// A server that puts what it read into every field of its answer.
pub(crate) async fn indiscreet() -> SocketAddr {
    listen(|mut stream| async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(1..) = stream.read(&mut buffer).await {
            let answer =
                b"CANARY\x0bMSH|^~\\&|CANARY||||||CANARY|CANARY|P|CANARY\rMSA|CANARY|CANARY|CANARY\r\
                ERR|CANARY||CANARY|E|CANARY\r\x1c\rCANARY";
            if stream.write_all(answer).await.is_err() {
                return;
            }
        }
    })
    .await
}

async fn each_read(mut stream: TcpStream, framing: Framing) {
    let (mut held, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    while let Ok(len @ 1..) = stream.read(&mut buffer).await {
        held.extend_from_slice(&buffer[..len]);
        while let Some(payload) = framing(&mut held) {
            if stream.write_all(&accept(&payload)).await.is_err() {
                return;
            }
        }
    }
}

/// A server of release 2: a commit block before each answer.
pub(crate) async fn committing() -> SocketAddr {
    listen(|mut stream| async move {
        let (mut held, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
        while let Ok(len @ 1..) = stream.read(&mut buffer).await {
            held.extend_from_slice(&buffer[..len]);
            while let Some(payload) = one_frame(&mut held) {
                let answer = [b"\x0b\x06\x1c\r", &accept(&payload)[..]].concat();
                if stream.write_all(&answer).await.is_err() {
                    return;
                }
            }
        }
    })
    .await
}

/// A server whose framing is sound, with answers of its own making for a message with this MSH-10.
pub(crate) async fn answering(answer: fn(&[u8]) -> Vec<u8>) -> SocketAddr {
    listen(move |mut stream| async move {
        let (mut held, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
        while let Ok(len @ 1..) = stream.read(&mut buffer).await {
            held.extend_from_slice(&buffer[..len]);
            while let Some(payload) = one_frame(&mut held) {
                if stream.write_all(&answer(&control_id(&payload))).await.is_err() {
                    return;
                }
            }
        }
    })
    .await
}

/// A sound answer with this MSA-2: what the others deviate from.
pub(crate) fn sound(id: &[u8]) -> Vec<u8> {
    [b"\x0bMSH|^~\\&|||||2024||ACK|1|P|2.5.1\rMSA|AA|", id, b"\r\x1c\r"].concat()
}

/// A sound framing: what the broken ones deviate from.
pub(crate) fn one_frame(held: &mut Vec<u8>) -> Option<Vec<u8>> {
    let end = held.windows(2).position(|pair| pair == b"\x1c\r")?;
    Some(held.drain(..end + 2).collect())
}

/// Like the default of hl7-mllp-codec: the end is looked for from the end.
pub(crate) fn up_to_the_last_end(held: &mut Vec<u8>) -> Option<Vec<u8>> {
    let end = held.windows(2).rposition(|pair| pair == b"\x1c\r")?;
    Some(held.drain(..end + 2).collect())
}

/// Like @medplum/hl7 4.5.2: the last two bytes of what was read together must be the end.
pub(crate) fn whole_reads(held: &mut Vec<u8>) -> Option<Vec<u8>> {
    let read = std::mem::take(held);
    read.ends_with(b"\x1c\r").then_some(read)
}

/// Answers when it has seen enough of the header, before the message has ended.
pub(crate) fn eager(held: &mut Vec<u8>) -> Option<Vec<u8>> {
    let header = held.windows(3).position(|three| three == b"MSH")?;
    let end = header + held[header..].iter().position(|byte| *byte == b'\r')?;
    Some(held.drain(..=end).collect())
}

/// Accepts everything that ends like a frame, whatever is in it; knows no control id where there is none.
fn accept(payload: &[u8]) -> Vec<u8> {
    sound(&control_id(payload))
}

fn control_id(payload: &[u8]) -> Vec<u8> {
    let header = payload.windows(3).position(|three| three == b"MSH").map_or(&b""[..], |at| &payload[at..]);
    let line = header.split(|byte| *byte == b'\r').next().unwrap();
    line.split(|byte| *byte == b'|').nth(9).unwrap_or(b"none").to_vec()
}

/// A client that writes a message, waits for one frame, and takes whatever comes for a yes.
pub(crate) async fn trusting_client(address: SocketAddr) -> bool {
    let mut stream: Option<TcpStream> = None;
    let mut buffer = vec![0; 64 * 1024];
    for n in 1..=3 {
        loop {
            let mut connection = match stream.take() {
                Some(open) => open,
                None => match TcpStream::connect(address).await {
                    Ok(open) => open,
                    Err(_) => return false,
                },
            };
            if connection.write_all(&message(n)).await.is_err() {
                continue;
            }
            let read = tokio::time::timeout(Duration::from_millis(500), connection.read(&mut buffer)).await;
            match read {
                // It goes on after a timeout, on the same connection.
                Err(_) | Ok(Ok(1..)) => {
                    stream = Some(connection);
                    break;
                }
                Ok(_) => {}
            }
        }
    }
    true
}

/// A client that sends again without a pause until it hears something.
pub(crate) async fn flooding_client(address: SocketAddr) -> bool {
    let mut buffer = vec![0; 64 * 1024];
    for n in 1..=3 {
        while let Ok(mut stream) = TcpStream::connect(address).await {
            if stream.write_all(&message(n)).await.is_err() {
                continue;
            }
            let read = tokio::time::timeout(Duration::from_millis(10), stream.read(&mut buffer)).await;
            if matches!(read, Ok(Ok(1..))) {
                break;
            }
        }
    }
    true
}

/// Sends a message until it is answered, over a connection of its own each time.
pub(crate) async fn until_answered(address: SocketAddr, n: usize) {
    let mut buffer = Vec::new();
    while !buffer.ends_with(b"\x1c\r") {
        tokio::time::sleep(Duration::from_millis(20)).await;
        buffer.clear();
        let Ok(mut stream) = TcpStream::connect(address).await else { continue };
        if stream.write_all(&message(n)).await.is_err() {
            continue;
        }
        while !buffer.ends_with(b"\x1c\r") && stream.read_buf(&mut buffer).await.is_ok_and(|len| len > 0) {}
    }
}

/// The message of this number, framed.
pub(crate) fn message(n: usize) -> Vec<u8> {
    [&b"\x0b"[..], &payload(n), b"\x1c\r"].concat()
}

/// The message of this number.
pub(crate) fn payload(n: usize) -> Vec<u8> {
    format!("MSH|^~\\&|C|D|E|F|20240102||ADT^A08|C{n}|T|2.5.1\rPID|1||1\r").into_bytes()
}
