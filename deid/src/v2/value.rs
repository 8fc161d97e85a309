//! What happens to one component.

use carewire_fhir_core::Decimal;

use super::form::{Form, is_unit};
use super::pieces::{NULL, Pieces, first};
use super::rule::{Codes, Leaf, Part};
use super::write::Writer;
use super::{dictionary, systems};
use crate::policy::{DateRule, Method};
use crate::transform::{OLDEST, age_at, perturb, v2_year, zip3};
use crate::{Treatment, terms};

/// What is known of a code.
enum Verdict {
    /// It stays; if it is of a table of HL7, by its number.
    Known(Option<String>),
    /// It is a surrogate of ours already.
    Own,
    /// It is text that a sender chose.
    Unknown,
    Absent,
}

impl Writer<'_> {
    /// Writes what may stay of a part, among its siblings.
    pub(super) fn part(&mut self, part: &Part, raw: &[u8], pieces: &Pieces<'_>, level: usize) {
        match part {
            Part::Drop if raw.is_empty() => {}
            Part::Drop => self.note(Treatment::Dropped),
            Part::Marker(identifier, mark) => {
                if !self.marker(*identifier, *mark, pieces, level) {
                    self.dropped(raw);
                }
            }
            Part::Sub(parts) if level == 0 && !raw.is_empty() => self.parts(raw, parts, 1),
            Part::Sub(_) => self.dropped(raw),
            Part::Code(base, codes) => self.code(*base, *codes, pieces),
            Part::Text(base, codes) => self.display(*base, *codes, raw, pieces),
            Part::System(base, codes) => self.coding_system(*base, *codes, raw, pieces),
            Part::Leaf(_) | Part::Id(_) if raw.is_empty() => {}
            Part::Id(identifier) => self.identifier(*identifier, raw, pieces, level),
            Part::Leaf(leaf) => {
                let value = first(raw, self.delimiters.part(level + 1).filter(|_| level == 0));
                self.leaf(leaf, value, pieces);
            }
        }
    }

    fn leaf(&mut self, leaf: &Leaf, value: &[u8], pieces: &Pieces<'_>) {
        if value == NULL {
            return self.keep(value);
        }
        match leaf {
            Leaf::Keep(form) => self.formed(*form, value),
            Leaf::Pseudonym => self.pseudonym(value),
            Leaf::Year => self.year(value),
            Leaf::Shift => self.shifted(value),
            Leaf::Age if Form::Number.holds(value) => self.age(value),
            Leaf::Zip(method, country) => self.zip(*method, country.map(|at| pieces.at(at)), value),
            Leaf::Substitute(text) if !value.is_empty() => {
                self.delimiters.write(text, self.out);
                self.note(Treatment::Substituted);
            }
            Leaf::Scrub => self.scrubbed(value),
            Leaf::Encrypt => self.encrypted(value),
            Leaf::Generalise(bins) => {
                let bin = number(value).and_then(|number| bins.of(&number));
                self.moved(value, bin.and_then(|bin| bin.low), Treatment::Generalised);
            }
            Leaf::Perturb(span, digits) => {
                let path = self.path();
                let mut place = vec![path.as_bytes()];
                place.extend(self.patient.iter().flat_map(|patient| patient.parts()));
                let moved =
                    number(value).and_then(|number| perturb(self.keys, &place, &number, span, *digits));
                self.moved(value, moved, Treatment::Perturbed);
            }
            Leaf::Age | Leaf::Substitute(_) => self.dropped(value),
        }
    }

    pub(super) fn keep(&mut self, value: &[u8]) {
        self.out.extend_from_slice(value);
        self.note(Treatment::Kept);
    }

    pub(super) fn dropped(&mut self, value: &[u8]) {
        if !value.is_empty() {
            self.note(Treatment::Dropped);
        }
    }

    fn formed(&mut self, form: Form, value: &[u8]) {
        match (form, self.rules.dates.method) {
            _ if !form.holds(value) => self.dropped(value),
            (Form::Date, DateRule::Year) => self.year(value),
            (Form::Date, DateRule::Shift) => self.shifted(value),
            (Form::Time, DateRule::Year) => self.dropped(value),
            (Form::Number, _) if self.age.is_some() => self.age(value),
            _ => self.keep(value),
        }
    }

    /// The year, unless who was born then is 90 or older.
    fn year(&mut self, value: &[u8]) {
        let year = str::from_utf8(value).ok().and_then(v2_year);
        let old = |year: &str| self.as_of.and_then(|at| age_at(year, at)).is_some_and(|age| age > OLDEST);
        match year.filter(|_| !str::from_utf8(value).is_ok_and(old)) {
            Some(year) => {
                self.out.extend_from_slice(year.as_bytes());
                self.note(Treatment::Generalised);
            }
            None => self.dropped(value),
        }
    }

    /// Without a patient there is no number of days: then the year.
    fn shifted(&mut self, value: &[u8]) {
        let Some(shift) = self.shift else { return self.year(value) };
        match str::from_utf8(value).ok().and_then(|text| shift.v2(text)) {
            Some(moved) => {
                self.out.extend_from_slice(moved.as_bytes());
                self.note(Treatment::Shifted);
            }
            None => self.dropped(value),
        }
    }

    /// An age in its unit, or in years; above the oldest the least that is above.
    fn age(&mut self, value: &[u8]) {
        let number = str::from_utf8(value).ok().and_then(|text| text.parse::<f64>().ok());
        let above = f64::from(OLDEST + 1) * self.age.unwrap_or(1.0);
        if number.is_some_and(|number| number < above) {
            return self.keep(value);
        }
        self.out.extend_from_slice(format!("{:.0}", above.ceil()).as_bytes());
        self.note(Treatment::Generalised);
    }

    fn zip(&mut self, method: Method, country: Option<&[u8]>, value: &[u8]) {
        let text = self.delimiters.text(value);
        // What was cut before stays as it is.
        let is_cut = value.len() == 3 && method != Method::Postcode;
        let text = if is_cut { format!("{text}00").into() } else { text };
        let country = country.map(|raw| self.delimiters.text(raw)).filter(|text| !text.is_empty());
        let told = match method {
            Method::Postcode => self.geography.postcode(&text, country.as_deref()),
            _ => zip3(&text, country.as_deref(), self.zips),
        };
        match (told, method) {
            (Some(area), _) if area.as_bytes() == value => self.keep(value),
            (Some(_), Method::Zip) => self.keep(value),
            (Some(area), _) => {
                self.out.extend_from_slice(area.as_bytes());
                self.note(Treatment::Generalised);
            }
            (None, _) => self.dropped(value),
        }
    }

    /// A number in the place of another.
    fn moved(&mut self, value: &[u8], number: Option<Decimal>, treatment: Treatment) {
        match number {
            Some(number) => {
                self.out.extend_from_slice(number.as_str().as_bytes());
                self.note(treatment);
            }
            None => self.dropped(value),
        }
    }

    /// What the scrubber leaves of a text; line ends are blanks then.
    fn scrubbed(&mut self, value: &[u8]) {
        let text = self.delimiters.text(value).replace("\\.br\\", "\n");
        match self.scrubber.and_then(|scrubber| scrubber.scrub(&text)).filter(|text| !text.is_empty()) {
            Some(text) => {
                self.delimiters.write(&text, self.out);
                self.note(Treatment::Scrubbed);
            }
            None => self.dropped(value),
        }
    }

    fn encrypted(&mut self, value: &[u8]) {
        let text = self.delimiters.text(value);
        let cipher = self.context.tools.cipher;
        let sealed = cipher.and_then(|(cipher, entropy)| cipher.once(&self.path(), &text, entropy).ok());
        self.sealed(value, sealed);
    }

    /// What encryption made of a value, or nothing.
    pub(super) fn sealed(&mut self, value: &[u8], sealed: Option<String>) {
        match sealed {
            Some(sealed) => {
                self.delimiters.write(&sealed, self.out);
                self.note(Treatment::Encrypted);
            }
            None => self.dropped(value),
        }
    }

    /// The path of the field at hand.
    fn path(&self) -> String {
        let (name, number) = self.place;
        format!("{}-{number}", String::from_utf8_lossy(&name))
    }

    /// The surrogate of a short text, as FHIR's.
    fn pseudonym(&mut self, value: &[u8]) {
        let text = self.delimiters.text(value);
        if text.is_empty() {
            return;
        }
        // A number may stand in a field of text, as that of social security does in PID-19.
        match self.rules.identifiers.method("", &text, Method::Pseudonym) {
            Method::Drop => return self.dropped(value),
            Method::Encrypt if !self.keys.is_own(&text) => {
                let sealed = self.seal_identifier("", &text);
                return self.sealed(value, sealed);
            }
            _ => {}
        }
        match self.keys.is_own(&text) {
            true => self.out.extend_from_slice(text.as_bytes()),
            false => self.surrogate("text", "", &text),
        }
        self.note(Treatment::Pseudonymised);
    }

    /// What is known of the code that begins at a component.
    fn verdict(&self, base: u8, codes: Codes, pieces: &Pieces<'_>) -> Verdict {
        let code = pieces.at(base);
        let Ok(text) = str::from_utf8(code) else { return Verdict::Unknown };
        if code.is_empty() {
            return Verdict::Absent;
        }
        if self.keys.is_own(text) {
            return Verdict::Own;
        }
        let name = self.delimiters.text(pieces.get(usize::from(base) + 2));
        let known = match (&*name, systems::table(&name), codes) {
            ("", _, Codes::Table(number, table)) => holds(table, code).then(|| Some(number.to_owned())),
            ("", _, Codes::Units) => is_unit(text).then_some(None),
            ("ISO+" | "ANS+", ..) => is_unit(text).then_some(None),
            (_, Some(number), _) => {
                dictionary::table(number).filter(|table| holds(table, code)).map(|_| Some(number.to_owned()))
            }
            (name, None, _) => systems::uri(name).filter(|uri| self.has_shape(uri, text)).map(|_| None),
        };
        known.map_or(Verdict::Unknown, Verdict::Known)
    }

    fn has_shape(&self, uri: &str, code: &str) -> bool {
        let shape = self.rules.systems.iter().find_map(|rule| rule.shape_of(uri));
        shape.is_some_and(|shape| shape.fits(uri, code))
    }

    fn code(&mut self, base: u8, codes: Codes, pieces: &Pieces<'_>) {
        let code = pieces.at(base);
        if code == NULL {
            return self.keep(NULL);
        }
        let verdict = self.verdict(base, codes, pieces);
        // Without a code, the text is a code that nobody gave a system.
        let stated = match verdict {
            Verdict::Known(_) | Verdict::Own => return self.keep(code),
            Verdict::Unknown => code,
            Verdict::Absent if self.is_only_text(base, pieces) => pieces.get(usize::from(base) + 1),
            Verdict::Absent => return,
        };
        let name = self.delimiters.text(pieces.get(usize::from(base) + 2));
        let system = systems::uri(&name).unwrap_or(&name);
        let text = self.delimiters.text(stated);
        self.surrogate("code", system, &text);
        self.note(Treatment::Pseudonymised);
    }

    /// The first code of a value is absent, but its text is there.
    fn is_only_text(&self, base: u8, pieces: &Pieces<'_>) -> bool {
        let text = pieces.get(usize::from(base) + 1);
        base == 0
            && pieces.get(0).is_empty()
            && !text.is_empty()
            && text != NULL
            && !text.trim_ascii().is_empty()
    }

    /// A text stays where it is the one that HL7 gave the code.
    fn display(&mut self, base: u8, codes: Codes, raw: &[u8], pieces: &Pieces<'_>) {
        if raw.is_empty() {
            return;
        }
        let stays = match self.verdict(base, codes, pieces) {
            Verdict::Known(Some(number)) => {
                let system = format!("http://terminology.hl7.org/CodeSystem/v2-{number}");
                let code = str::from_utf8(pieces.at(base)).unwrap_or_default();
                terms::display(&system, code).is_some_and(|display| display.as_bytes() == raw)
            }
            _ => false,
        };
        if stays { self.keep(raw) } else { self.dropped(raw) }
    }

    fn coding_system(&mut self, base: u8, codes: Codes, raw: &[u8], pieces: &Pieces<'_>) {
        match self.verdict(base, codes, pieces) {
            Verdict::Known(_) if !raw.is_empty() => self.keep(raw),
            Verdict::Own => self.delimiters.write(systems::SURROGATES, self.out),
            Verdict::Unknown if pieces.at(base) != NULL => {
                self.delimiters.write(systems::SURROGATES, self.out)
            }
            Verdict::Absent if self.is_only_text(base, pieces) => {
                self.delimiters.write(systems::SURROGATES, self.out);
            }
            _ => self.dropped(raw),
        }
    }
}

fn number(value: &[u8]) -> Option<Decimal> {
    let text = str::from_utf8(value).ok().filter(|_| Form::Number.holds(value))?;
    Decimal::parse(text.strip_prefix('+').unwrap_or(text)).ok()
}

fn holds(table: &[&'static str], code: &[u8]) -> bool {
    table.binary_search_by(|known| known.as_bytes().cmp(code)).is_ok()
}
