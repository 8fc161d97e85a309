//! R1 to R13: which consents take part, and what a provision is about.

use carewire_consent::{Kind, Policy, Unlabelled, Why};
use serde_json::{Value, json};

use crate::{
    at, decide, decide_by, gives, keeps, kind, labelled, observation, permits, r4, read, request, simple,
    with,
};

fn permit(members: Value) -> Value {
    r4(with(json!({"type": "permit"}), members))
}

fn deny(members: Value) -> Value {
    with(r4(with(json!({"type": "deny"}), members)), json!({"id": "no"}))
}

#[test]
fn r1_only_consents_of_the_org_and_patient_take_part() {
    let all = permit(json!({}));
    assert!(permits(&[all.clone()], json!({})));
    assert!(!permits(&[with(all.clone(), json!({"patient": {"reference": "Patient/pt_2"}}))], json!({})));
    assert!(!permits(&[all], json!({"org": "other"})));
    let person = with(permit(json!({})), json!({"patient": {"reference": "Patient/ex-1"}}));
    assert!(
        permits(&[person.clone()], json!({"patient": "Patient/ex-1"})),
        "an id that is no token names a patient, too"
    );
    assert!(!permits(&[person], json!({"patient": "Patient/ex-2"})));
    let url = "https://a.example/fhir/Patient/ex-1";
    let elsewhere = with(permit(json!({})), json!({"patient": {"reference": url}}));
    assert!(permits(&[elsewhere.clone()], json!({"patient": url})));
    assert!(!permits(&[elsewhere], json!({"patient": "Patient/ex-1"})));
    let known = json!({"identifier": {"system": "urn:mrn", "value": "7"}});
    assert!(permits(&[with(permit(json!({})), json!({"patient": known}))], json!({"patient": "urn:mrn|7"})));
}

#[test]
fn r2_only_an_active_consent_applies() {
    let with_status = |status: &str| with(permit(json!({})), json!({"status": status}));
    for status in ["draft", "proposed", "inactive", "rejected", "entered-in-error", "not-done"] {
        assert_eq!(kind(&[with_status(status)], json!({})), Kind::NotApplicable, "{status}");
    }
    assert!(!permits(&[with_status("unheard-of")], json!({})));
    let odd_denial = with(deny(json!({})), json!({"status": "unheard-of"}));
    assert!(!permits(&[permit(json!({})), odd_denial.clone()], json!({})), "it may be active");
    assert!(gives(&decide(&[odd_denial], json!({})), Why::UnknownCode, "Consent.status"));
}

#[test]
fn r3_consents_to_treatment_or_directives_say_nothing_about_data() {
    let scoped = |code: &str| {
        let scope = json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": code}]});
        with(permit(json!({})), json!({"scope": scope}))
    };
    assert!(permits(&[scoped("patient-privacy")], json!({})));
    for code in ["treatment", "adr"] {
        assert!(gives(&decide(&[scoped(code)], json!({})), Why::OtherScope, "Consent.scope"), "{code}");
    }
}

#[test]
fn r3_consents_to_research_are_about_research() {
    let scope = json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "research"}]});
    let research = |root: Value| with(r4(root), json!({"scope": scope, "id": "research"}));
    let given = research(json!({"type": "permit"}));
    assert!(permits(&[given.clone()], json!({"purpose": "BIORCH"})));
    assert!(!permits(&[given], json!({})), "treatment is not research");
    let refused = [permit(json!({})), research(json!({"type": "deny"}))];
    assert!(!permits(&refused, json!({"purpose": "HRESCH"})) && permits(&refused, json!({})));
    let both = research(json!({"type": "permit", "purpose": [{"code": "HRESCH"}, {"code": "TREAT"}]}));
    assert!(permits(&[both], json!({})), "a stated purpose counts");
}

#[test]
fn r4_periods_are_half_open_and_dates_last_through_their_day_month_or_year() {
    let policy = Policy::default();
    let permits_at = |period: Value, now: &str| {
        let consents = read(&[permit(json!({"period": period}))]);
        carewire_consent::evaluate(&request(json!({})), &consents, &policy, at(now)).kind == Kind::Permit
    };
    for (end, last, over) in [
        ("2022-12-31", "2022-12-31T23:59:59.999Z", "2023-01-01T00:00:00Z"),
        ("2022-12", "2022-12-31T23:59:59Z", "2023-01-01T00:00:00Z"),
        ("2022", "2022-12-31T23:59:59Z", "2023-01-01T00:00:00Z"),
        ("2022-05-01T12:00:00+02:00", "2022-05-01T09:59:59Z", "2022-05-01T10:00:00Z"),
    ] {
        assert!(permits_at(json!({"end": end}), last) && !permits_at(json!({"end": end}), over), "{end}");
    }
    let start = json!({"start": "2022-03"});
    assert!(permits_at(start.clone(), "2022-03-01T00:00:00Z") && !permits_at(start, "2022-02-28T23:59:59Z"));
    let contradictory = json!({"start": "2027", "end": "2026"});
    assert_eq!(kind(&[permit(json!({"period": contradictory}))], json!({})), Kind::Indeterminate);
    assert_eq!(
        kind(&[permit(json!({})), deny(json!({"period": contradictory}))], json!({})),
        Kind::Indeterminate
    );
    assert_eq!(kind(&[permit(json!({"period": {"end": "soon"}}))], json!({})), Kind::Indeterminate);
}

#[test]
fn r5_all_elements_must_match_and_of_a_list_one_item() {
    let both = permit(json!({"purpose": [{"code": "HPAYMT"}, {"code": "TREAT"}],
        "actor": [{"reference": {"reference": "Practitioner/7"}}]}));
    assert!(permits(&[both.clone()], json!({})));
    assert!(!permits(&[both.clone()], json!({"purpose": "HRESCH"})));
    assert!(!permits(&[both], json!({"actor": {"reference": "Practitioner/8"}})));
    let action = permit(json!({"action": [{"coding": [{"code": "collect"}]}]}));
    assert!(
        permits(&[action.clone()], json!({"action": "collect"}))
            && !permits(&[action], json!({"action": "use"}))
    );
}

#[test]
fn r6_actors_match_by_reference_alias_org_or_role() {
    let of = |actor: Value| permit(json!({"actor": [actor]}));
    let recipient = json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}]});
    let group = of(json!({"role": recipient, "reference": {"reference": "Group/privileged"}}));
    assert!(!permits(&[group.clone()], json!({})));
    assert!(permits(
        &[group],
        json!({"actor": {"reference": "Practitioner/7", "aliases": ["Group/privileged"]}})
    ));
    let org = of(json!({"reference": {"reference": "Organization/o"}}));
    assert!(permits(&[org], json!({})));
    let identified = of(json!({"reference": {"identifier": {"system": "urn:npi", "value": "1"}}}));
    assert!(permits(&[identified], json!({"actor": {"aliases": ["urn:npi|1"]}})));
    let role = of(json!({"role": {"coding": [{"code": "CLINICIAN"}]}}));
    let asks = |role: &str| json!({"actor": {"role": role}, "active_encounter": true, "deidentified": true});
    for name in ["CLINICIAN", "clinician", "PROVIDER"] {
        assert!(permits(&[role.clone()], asks(name)), "{name}");
    }
    assert!(!permits(&[role], asks("RESEARCHER")));
    let author = json!({"coding": [{"code": "AUT"}]});
    let written = of(json!({"role": author, "reference": {"reference": "Practitioner/1"}}));
    let by = |name: &str| observation(json!({"performer": [{"reference": name}]}));
    assert!(keeps(&[written.clone()], &by("Practitioner/1")) && !keeps(&[written], &by("Practitioner/2")));
}

#[test]
fn r6_a_role_is_known_by_its_system() {
    let named = |system: &str, code: &str| {
        let role = json!({"coding": [{"system": system, "code": code}]});
        permit(json!({"actor": [{"role": role, "reference": {"reference": "Practitioner/7"}}]}))
    };
    let asks = json!({"actor": {"reference": "Practitioner/7"}});
    let participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    for code in ["IRCP", "NOT", "PRCP", "REFB", "REFT", "TRC"] {
        assert!(permits(&[named(participation, code)], asks.clone()), "{code}");
        assert!(!permits(&[named("urn:local", code)], asks.clone()), "{code} of a site is its own");
    }
    assert!(!permits(&[named(participation, "WIT")], asks), "a witness gets nothing");
}

#[test]
fn r6_an_actor_that_may_be_meant_is_denied_and_not_permitted() {
    let url =
        json!({"actor": [{"reference": {"reference": "https://elsewhere.example/fhir/Practitioner/7"}}]});
    assert!(!permits(&[permit(url.clone())], json!({})));
    assert!(!permits(&[permit(json!({})), deny(url)], json!({})));
}

#[test]
fn r6_who_asks_who_holds_and_who_wrote_must_each_match() {
    let actor = |code: &str, name: &str| json!({"role": {"coding": [{"code": code}]}, "reference": {"reference": name}});
    let given = permit(json!({"actor": [actor("CST", "Organization/o"), actor("PRCP", "Practitioner/7")]}));
    assert!(permits(&[given.clone()], json!({})));
    assert!(
        !permits(&[given.clone()], json!({"actor": {"reference": "Practitioner/8"}})),
        "another one asks"
    );
    assert!(!permits(&[given], json!({"org": "other"})), "another org holds");
    let by_number = json!({"role": {"coding": [{"code": "CST"}]}, "reference": {"identifier": {"system": "urn:npi", "value": "2"}}});
    let numbered = permit(json!({"actor": [by_number]}));
    assert!(!permits(&[numbered.clone()], json!({})));
    assert!(permits(&[numbered], json!({"org_aliases": ["urn:npi|2"]})), "an org has other names");
    let held = permit(json!({"actor": [actor("CST", "Organization/o")]}));
    let foreign = json!({"actor": {"reference": "Practitioner/7", "org": "other"}});
    assert!(!permits(&[held], foreign), "who holds the data is not who asks");
    let by = |name: &str| observation(json!({"performer": [{"reference": name}]}));
    let both = permit(json!({"actor": [actor("AUT", "Practitioner/1"), actor("IRCP", "Practitioner/7")]}));
    assert!(keeps(&[both.clone()], &by("Practitioner/1")) && !keeps(&[both], &by("Practitioner/2")));
}

#[test]
fn r6_an_actor_is_known_by_reference_and_identifier_and_by_a_role_that_says_what_it_is() {
    let named = |actor: Value| permit(json!({"actor": [actor]}));
    let both = named(
        json!({"reference": {"reference": "Practitioner/1", "identifier": {"system": "urn:npi", "value": "1"}}}),
    );
    assert!(permits(&[both.clone()], json!({"actor": {"reference": "Practitioner/1"}})));
    assert!(permits(&[both], json!({"actor": {"aliases": ["urn:npi|1"]}})));
    for code in ["PROV", "GRANTEE", "NOK", "AUCG"] {
        let role =
            json!({"role": {"coding": [{"code": code}]}, "reference": {"reference": "Practitioner/7"}});
        assert!(permits(&[named(role)], json!({})), "{code}");
    }
    let witness =
        json!({"role": {"coding": [{"code": "EVTWIT"}]}, "reference": {"reference": "Practitioner/7"}});
    assert!(!permits(&[named(witness)], json!({})));
    let place = json!({"actor": [{"reference": {"reference": "Location/1"}}]});
    assert!(!permits(&[permit(json!({})), deny(place)], json!({})), "it may mean anybody there");
}

#[test]
fn r6_an_extension_of_r4_names_the_grantees_of_r5() {
    let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Consent.grantee";
    let grantee = json!([{"url": url, "valueReference": {"reference": "Practitioner/7"}}]);
    let granted = with(permit(json!({})), json!({"extension": grantee}));
    let other = json!({"actor": {"reference": "Practitioner/8"}});
    assert!(permits(&[granted.clone()], json!({})) && !permits(&[granted], other.clone()));
    let named = json!({"actor": [{"reference": {"reference": "Practitioner/8"}}]});
    let both = with(permit(named), json!({"extension": grantee}));
    assert!(permits(&[both.clone()], other.clone()) && !permits(&[both], json!({})));
    let refused = [permit(json!({})), with(deny(json!({})), json!({"extension": grantee}))];
    assert!(!permits(&refused, other), "a denial is for everybody");
    let nobody = with(permit(json!({})), json!({"extension": [{"url": url}]}));
    assert!(!permits(&[nobody], json!({})));
}

#[test]
fn r7_an_actor_of_another_org_must_be_named() {
    let foreign = json!({"actor": {"reference": "Practitioner/7", "org": "other"}});
    assert!(!permits(&[permit(json!({}))], foreign.clone()));
    let named = json!([{"actor": [{"reference": {"reference": "Organization/other"}}], "type": "permit"}]);
    assert!(permits(&[permit(json!({"provision": named}))], foreign.clone()));
    assert!(
        !permits(&[permit(json!({"provision": named})), deny(json!({}))], foreign),
        "a denial is for everybody"
    );
}

#[test]
fn r8_purposes_include_those_below_them() {
    let treat = permit(
        json!({"purpose": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"}]}),
    );
    assert!(
        permits(&[treat.clone()], json!({"purpose": "ERTREAT"}))
            && !permits(&[treat], json!({"purpose": "HPAYMT"}))
    );
    let emergency = permit(json!({"purpose": [{"code": "ETREAT"}]}));
    assert!(!permits(&[emergency], json!({})), "not the other way round");
}

#[test]
fn r9_an_unknown_code_denies_and_does_not_permit() {
    for element in ["purpose", "securityLabel", "class"] {
        let odd = json!({element: [{"code": "UNHEARD-OF"}]});
        assert!(!permits(&[permit(odd.clone())], json!({"data_classes": ["VITALS"]})), "{element}");
        let denied = decide(&[permit(json!({})), deny(odd)], json!({"data_classes": ["VITALS"]}));
        assert_eq!(denied.kind, Kind::Deny, "{element}");
    }
    let local = json!({"purpose": [{"system": "urn:local", "code": "STUDY-1"}]});
    assert!(
        permits(&[permit(local.clone())], json!({"purpose": "urn:local|STUDY-1"})),
        "it is understood as itself"
    );
    assert!(!permits(&[permit(local.clone())], json!({"purpose": "urn:other|STUDY-1"})));
    assert!(!permits(&[permit(local.clone())], json!({})));
    assert!(permits(&[permit(json!({})), deny(local)], json!({})), "and as nothing else");
}

#[test]
fn r9_systems_are_known_by_all_their_names_and_a_value_set_is_none() {
    let coded =
        |element: &str, system: &str, code: &str| json!({element: [{"system": system, "code": code}]});
    for system in [
        "http://terminology.hl7.org/CodeSystem/v3-ActReason",
        "https://terminology.hl7.org/CodeSystem/v3-ActReason/",
        "http://hl7.org/fhir/v3/ActReason",
        "urn:oid:2.16.840.1.113883.5.8",
        "http://terminology.hl7.org/ValueSet/v3-PurposeOfUse",
    ] {
        let marketing = coded("purpose", system, "HMARKT");
        assert!(permits(&[permit(marketing.clone())], json!({"purpose": "HMARKT"})), "{system}");
        let not = [permit(json!({})), deny(marketing)];
        assert!(!permits(&not, json!({"purpose": "HMARKT"})) && permits(&not, json!({})), "{system}");
    }
    for system in [
        "http://terminology.hl7.org/ValueSet/v3-InformationSensitivityPolicy",
        "http://hl7.org/fhir/v3/ActCode",
    ] {
        let not = permit(
            json!({"provision": [with(coded("securityLabel", system, "HIV"), json!({"type": "deny"}))]}),
        );
        assert!(
            !keeps(&[not.clone()], &labelled(&["N", "HIV"])) && keeps(&[not], &labelled(&["N"])),
            "{system}"
        );
    }
    let code = |system: &str| json!({"coding": [{"system": system, "code": "42828-4"}]});
    let found = observation(json!({"code": code("http://loinc.org")}));
    for system in ["http://loinc.org/", "urn:oid:2.16.840.1.113883.6.1"] {
        let not = permit(json!({"provision": [{"type": "deny", "code": code(system)}]}));
        assert!(!keeps(&[not], &found), "{system}");
        assert!(keeps(&[permit(json!({"code": [code(system)]}))], &found), "{system}");
    }
}

#[test]
fn r10_labels_are_ordered_and_include_the_narrower() {
    let normal = permit(json!({"securityLabel": [{"code": "N"}]}));
    assert!(keeps(&[normal.clone()], &labelled(&["N"])) && keeps(&[normal.clone()], &labelled(&["L"])));
    assert!(!keeps(&[normal.clone()], &labelled(&["N", "R"])), "the highest counts");
    let but = permit(json!({"provision": [{"type": "deny", "securityLabel": [{"code": "R"}]}]}));
    assert!(keeps(&[but.clone()], &labelled(&["N"])) && !keeps(&[but.clone()], &labelled(&["V"])));
    let abuse = permit(json!({"provision": [{"type": "deny", "securityLabel": [{"code": "ETH"}]}]}));
    assert!(
        !keeps(&[abuse.clone()], &labelled(&["N", "ETHUD"])) && keeps(&[abuse], &labelled(&["N", "PSY"]))
    );

    let permitted = permit(json!({"securityLabel": [{"code": "ETH"}]}));
    assert!(!keeps(&[permitted], &labelled(&["N", "ETHUD"])), "a permit says what it says");

    assert!(!keeps(&[normal.clone()], &observation(json!({}))), "nobody labelled it");
    let psychiatry = permit(json!({"provision": [{"type": "deny", "securityLabel": [{"code": "PSY"}]}]}));
    assert!(!keeps(&[psychiatry], &labelled(&["ETHUD"])), "nor this, as a whole");
    assert!(!keeps(&[but], &observation(json!({}))));
    let labelled_elsewhere = Policy::default().with_unlabelled(Unlabelled::Normal);
    let response = decide_by(&labelled_elsewhere, &[normal], json!({"resource": observation(json!({}))}));
    assert!(response.obligations.is_empty() && response.kind == Kind::Permit);
}

#[test]
fn r11_data_are_of_a_period_when_all_of_them_are() {
    let year = permit(json!({"dataPeriod": {"start": "2022-01-01", "end": "2022-12-31"}}));
    let of = |date: &str| observation(json!({"effectiveDateTime": date}));
    assert!(keeps(&[year.clone()], &of("2022-12-31T23:00:00Z")) && keeps(&[year.clone()], &of("2022")));
    assert!(!keeps(&[year.clone()], &of("2023-01-01")) && !keeps(&[year.clone()], &of("2021")));
    assert!(!keeps(&[year], &observation(json!({}))), "of no stated time");
    let not = permit(json!({"provision": [{"dataPeriod": {"start": "2022-06"}}]}));
    assert!(keeps(&[not.clone()], &of("2022-05-31")) && !keeps(&[not.clone()], &of("2022-06-01")));
    assert!(!keeps(&[not], &of("2022")), "some of it may be");
}

#[test]
fn r12_references_name_instances_what_relates_to_them_and_authors() {
    let named = |meaning: &str, reference: &str| {
        permit(json!({"data": [{"meaning": meaning, "reference": {"reference": reference}}]}))
    };
    let seen = observation(
        json!({"encounter": {"reference": "Encounter/1"}, "performer": [{"reference": "Practitioner/1"}]}),
    );
    for (meaning, reference) in [
        ("instance", "Observation/a"),
        ("related", "Encounter/1"),
        ("dependents", "Encounter/1"),
        ("authoredby", "Practitioner/1"),
    ] {
        assert!(keeps(&[named(meaning, reference)], &seen), "{meaning}");
        assert!(!keeps(&[named(meaning, "Encounter/9")], &seen), "{meaning}");
    }
    assert!(!keeps(&[named("instance", "Encounter/1")], &seen));
}

#[test]
fn r13_every_class_must_be_permitted_and_what_has_none_never_is() {
    let laboratory = simple("lab", "permit", &["LAB_RESULTS"]);
    assert!(!permits(&[laboratory.clone()], json!({"data_classes": ["LAB_RESULTS", "VITALS"]})));
    let both = [laboratory, simple("vitals", "permit", &["VITALS"])];
    assert!(permits(&both, json!({"data_classes": ["LAB_RESULTS", "VITALS"]})));
    let all = permit(json!({}));
    assert_eq!(kind(&[all.clone()], json!({"data_classes": ["UNCLASSIFIED"]})), Kind::Indeterminate);
    assert!(!keeps(&[all], &json!({"resourceType": "Basic"})));
    let types =
        permit(json!({"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Observation"}]}));
    assert!(keeps(&[types.clone()], &observation(json!({}))));
    assert!(!keeps(&[types], &json!({"resourceType": "Condition"})));
}
