//! From hl7-parser to Carewire.

use std::borrow::Cow;

use carewire_hl7_v2::{Charset, Message, ParseOptions};
use hl7_parser::message as theirs;

use crate::{Error, compare};

/// The message with all that hl7-parser holds.
///
/// Where it holds what it parsed, that text is read anew, without a copy; what hl7-parser had misread in it (the
/// truncation character of 2.7, a second header) is read right. Where its segments were changed since, they are written
/// out as they are and read.
///
/// Text that is not ASCII is UTF-8 in the result, whatever MSH-18 says.
///
/// # Errors
/// When segments were changed to what no message can hold: a value with a delimiter or a line end in it, a segment
/// name that is none, delimiters that differ from MSH-1 and MSH-2; with the place.
pub fn from_hl7_parser<'m>(theirs: &hl7_parser::Message<'m>) -> Result<Message<'m>, Error> {
    let source = theirs.raw_value();
    let read = Message::parse(source.as_bytes(), &options(source))?;
    if compare::difference(&read, theirs).is_none() || is_as_parsed(theirs) {
        return Ok(read);
    }
    let text = written(theirs);
    let message = Message::parse(text.as_bytes(), &options(&text))?;
    match compare::difference(&message, theirs) {
        Some(difference) => Err(difference),
        None => Ok(message.into_owned()),
    }
}

/// The text is decoded already, so MSH-18 does not apply to it; to the escape sequences in plain ASCII it does.
fn options(text: &str) -> ParseOptions {
    let options = ParseOptions::default();
    if text.is_ascii() { options } else { options.with_charset(Charset::Utf8) }
}

/// Whether nothing was changed since hl7-parser read it.
fn is_as_parsed(theirs: &hl7_parser::Message<'_>) -> bool {
    let lenient = theirs.separators.lenient_newlines;
    hl7_parser::Message::parse_with_lenient_newlines(theirs.raw_value(), lenient).as_ref() == Ok(theirs)
}

/// All segments, each ended by CR.
fn written(message: &hl7_parser::Message<'_>) -> String {
    let mut text = String::with_capacity(message.raw_value().len() + 16);
    for (at, segment) in message.segments.iter().enumerate() {
        text.push_str(segment.name);
        // MSH-1 is the first separator itself.
        let fields = segment.fields.get(usize::from(at == 0)..).unwrap_or_default();
        for field in fields {
            text.push(message.separators.field);
            push_field(field, &message.separators, &mut text);
        }
        text.push('\r');
    }
    text
}

fn push_field(field: &theirs::Field<'_>, separators: &theirs::Separators, text: &mut String) {
    for (at, repeat) in field.repeats.iter().enumerate() {
        text.extend((at > 0).then_some(separators.repetition));
        for (at, component) in repeat.components.iter().enumerate() {
            text.extend((at > 0).then_some(separators.component));
            let values = component.subcomponents.iter().map(|part| Cow::Borrowed(part.value));
            let joined =
                values.reduce(|all, next| Cow::Owned(format!("{all}{}{next}", separators.subcomponent)));
            text.push_str(&joined.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> hl7_parser::Message<'_> {
        hl7_parser::Message::parse(text).unwrap()
    }

    #[test]
    fn what_was_parsed_is_read_without_a_copy() {
        let text = "MSH|^~\\&|A\rPID|1||5^^^GEN&1.2~6";
        let ours = from_hl7_parser(&parsed(text)).unwrap();
        assert_eq!(ours.to_bytes().as_ptr(), text.as_ptr());
    }

    #[test]
    fn what_was_misread_is_read_right() {
        let ours = from_hl7_parser(&parsed("MSH|^~\\&#|A|B\rPID|1")).unwrap();
        assert_eq!(ours.sending_application().as_deref(), Some("A"));
        assert_eq!(ours.delimiters().truncation(), Some('#'));
    }

    #[test]
    fn changed_segments_are_written_as_they_are() {
        let mut theirs = parsed("MSH|^~\\&|A\rPID|1||5^^^GEN&1.2~6\rPV1|1");
        theirs.segments.remove(2);
        theirs.segments[1].fields[2].repeats[0].components[3].subcomponents[0].value = "SUR\\T\\X";
        let ours = from_hl7_parser(&theirs).unwrap();
        assert_eq!(ours.to_bytes(), b"MSH|^~\\&|A\rPID|1||5^^^SUR\\T\\X&1.2~6\r");
    }

    #[test]
    fn changes_that_no_message_can_hold_are_refused() {
        let refusal = |change: fn(&mut hl7_parser::Message<'_>)| {
            let mut theirs = parsed("MSH|^~\\&|A\rPID|1||5^^^GEN&1.2~6\rPV1|1");
            change(&mut theirs);
            from_hl7_parser(&theirs).err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert_eq!(refusal(|theirs| theirs.segments.clear()), "the input is empty");
        assert!(refusal(|theirs| theirs.segments[1].name = "PIDX").ends_with("segment 2"));
        assert!(refusal(|theirs| theirs.separators.component = '%').contains("delimiters"));
        assert!(refusal(|theirs| theirs.separators.field = 'é').contains("MSH"));
        assert!(refusal(|theirs| *authority(theirs) = "a|b").ends_with("PID[1]-3[1].4.1"));
        assert!(refusal(|theirs| *authority(theirs) = "a\rb").ends_with("PID[1]-3[1].4.1"));
        assert!(refusal(|theirs| *authority(theirs) = "a\nb").ends_with("PID[1]-3[1].4.1"));
    }

    fn authority<'t, 'm>(theirs: &'t mut hl7_parser::Message<'m>) -> &'t mut &'m str {
        &mut theirs.segments[1].fields[2].repeats[0].components[3].subcomponents[0].value
    }
}
