//! `carewire hl7 parse`.

use std::borrow::Cow;

use carewire_hl7_v2::structure::Tree;
use carewire_hl7_v2::{Diagnostic, Message, Presence, Segment};
use serde_json::{Value, json};

use super::args::{Parse, ParseFormat};
use super::definitions::Dictionaries;
use super::place::{at, bytes};
use crate::failure::{Done, Failure};
use crate::messages::Received;
use crate::out;

pub(crate) fn run(options: &Parse) -> Result<Done, Failure> {
    let mut dictionaries = Dictionaries::new(&options.definitions)?;
    let tree_options = dictionaries.tree_options();
    options.inputs.each_message(|received, message, _| {
        let dictionary = dictionaries.of(message)?;
        let tree = Tree::with_options(message, dictionary, &tree_options)
            .map_err(|error| Failure::usage(error.to_string()))?;
        match options.format {
            ParseFormat::Json => out::line(json_of(received, message, &tree)),
            ParseFormat::Tree => {
                out::line(format_args!("{}: {}", received.name(), tree.to_string().trim_end()))
            }
        }
    })
}

fn json_of(received: &Received<'_>, message: &Message<'_>, tree: &Tree<'_>) -> Value {
    let text = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    let delimiters = message.delimiters();
    json!({
        "input": received.input,
        "message": received.number,
        "code": text(message.message_code()),
        "event": text(message.trigger_event()),
        "structure": tree.structure(),
        "version": text(message.version()),
        "charset": message.charset().label(),
        "delimiters": format!("{}{}", delimiters.field(), delimiters.encoding_characters()),
        "segments": message.segments().map(|segment| segment_json(segment, tree)).collect::<Vec<_>>(),
        "diagnostics": message.diagnostics().iter().map(diagnostic).collect::<Vec<_>>(),
    })
}

/// A segment with the text of each subcomponent that is not empty; the explicit null `""` is null.
fn segment_json(segment: Segment<'_>, tree: &Tree<'_>) -> Value {
    let Some(location) = segment.location() else {
        return json!({"id": null, "bytes": bytes(&segment.span()), "raw": segment.raw()});
    };
    let group = tree.group_of(segment.index()).filter(|group| !group.is_root()).map(|group| group.path());
    json!({
        "id": segment.name(),
        "at": location.to_string(),
        "group": group,
        "expected": tree.is_expected(segment.index()),
        "bytes": bytes(&segment.span()),
        "values": values(segment),
    })
}

fn values(segment: Segment<'_>) -> Vec<Value> {
    let mut values = vec![];
    for (f, field) in segment.fields() {
        let place = segment.location().map(|segment| segment.at_field(f));
        for (r, repetition) in (1..).zip(field.repetitions()) {
            for (c, component) in (1..).zip(repetition.components()) {
                for (s, part) in (1..).zip(component.subcomponents()) {
                    let text = match part.presence() {
                        Presence::Absent => continue,
                        Presence::Null => Value::Null,
                        Presence::Value => part.text().into(),
                    };
                    let place = place.map(|field| field.at_repetition(r).at_component(c).at_subcomponent(s));
                    values.push(json!({"at": at(place.as_ref()), "value": text}));
                }
            }
        }
    }
    values
}

fn diagnostic(found: &Diagnostic) -> Value {
    json!({"kind": found.kind().to_string(), "at": at(found.location()), "bytes": bytes(&found.span())})
}
