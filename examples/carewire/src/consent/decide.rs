//! `carewire consent decide`.

use carewire_consent::Explanation;
use serde_json::json;

use super::args::Decide;
use super::question::Asked;
use crate::failure::{Done, Failure};
use crate::out;

pub(super) fn run(options: &Decide) -> Result<Done, Failure> {
    let asked = Asked::read(&options.question)?;
    let explained = Explanation::of(&asked.request, &asked.consents, &asked.policy, asked.at);
    out::line(json!(explained.response))?;
    if options.explain {
        out::note(explained.to_string().trim_end());
    }
    Ok(Done::All)
}
