//! Processor time of this thread, which other programs on the machine do not disturb much.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// What a pass over some messages cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pass {
    pub(crate) messages: usize,
    /// Bytes of JSON.
    pub(crate) written: usize,
    pub(crate) worked: Duration,
}

impl Pass {
    /// Messages for each second of the processor.
    pub(crate) fn rate(&self) -> f64 {
        self.messages as f64 / self.worked.as_secs_f64()
    }

    /// Bytes of JSON for each message.
    pub(crate) fn size(&self) -> f64 {
        self.written as f64 / self.messages as f64
    }

    /// The faster of two.
    pub(crate) fn better(self, other: Self) -> Self {
        if self.messages == 0 || other.rate() > self.rate() { other } else { self }
    }
}

/// Goes over the messages, again and again for a while. What is done with each gives the bytes written.
pub(crate) fn passes<'m>(
    messages: &[&'m [u8]],
    length: Duration,
    mut each: impl FnMut(&'m [u8]) -> usize,
) -> Pass {
    let (start, mut pass) = (worked(), Pass::default());
    while pass.worked < length && !messages.is_empty() {
        pass.written += messages.iter().map(|message| each(message)).sum::<usize>();
        pass.messages += messages.len();
        pass.worked = worked() - start;
    }
    pass
}

/// The time that this thread has worked.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or(0))
}
