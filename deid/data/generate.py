#!/usr/bin/env python3
"""Writes codes.txt and terms.txt from HL7's definitions of FHIR R4 (4.0.1, CC0).

    generate.py DIR     DIR holds valuesets.json, v2-tables.json and v3-codesystems.json as published at hl7.org/fhir/R4/definitions.json.zip
"""
import json, os, sys

# Systems of more codes are carried only if they are v2 tables or stand in `LARGE`.
MOST = 300
T = "http://terminology.hl7.org/CodeSystem/"
LARGE = {T + name for name in """service-type v3-ActCode v3-ObservationMethod v3-RoleCode
v3-RouteOfAdministration""".split()}
# The systems whose displays are carried, and of which codes if not of all.
TERMS = [(T + name, None) for name in """admit-source allergyintolerance-clinical
allergyintolerance-verification appointment-cancellation-reason condition-category condition-clinical
condition-ver-status contactentity-type coverage-class data-absent-reason diagnosis-role discharge-disposition
encounter-special-arrangements immunization-origin location-physical-type medication-admin-category
medication-statement-category medicationrequest-category observation-category
organization-type participant-type practitioner-role provenance-participant-type reason-medication-given
referencerange-meaning subscriber-relationship v2-0001 v2-0002 v2-0004 v2-0007 v2-0063 v2-0074 v2-0078 v2-0085
v2-0092 v2-0116 v2-0119 v2-0123 v2-0127 v2-0128 v2-0131 v2-0162 v2-0163 v2-0189 v2-0203 v2-0276 v2-0278 v2-0322
v2-0369 v2-0443 v2-0487 v2-0488 v2-0490 v2-0493 v2-0916 v3-ActPriority v3-Confidentiality v3-DataOperation
v3-MaritalStatus v3-NullFlavor v3-ObservationInterpretation v3-ParticipationType""".split()] + [
    (T + "v3-ActCode", "AMB EMER FLD HH IMP ACUTE NONAC OBSENC PRENC SS VR".split()),
    (T + "v3-RoleCode", None),
]


def load(name):
    with open(os.path.join(sys.argv[1], name), encoding="utf-8") as file:
        return [entry["resource"] for entry in json.load(file)["entry"]]


def flat(concepts):
    for concept in concepts:
        yield concept
        yield from flat(concept.get("concept", []))


def published(systems):
    """The codes of HL7's own systems. The versions of a v2 table are one table."""
    out = {}
    for url, system in systems.items():
        codes = [concept["code"] for concept in flat(system.get("concept", []))]
        is_small = len(codes) < MOST or url.startswith(T + "v2-") or url in LARGE
        if codes and is_small and url.startswith((T, "http://hl7.org/fhir/")):
            out.setdefault(url.split("|")[0], {}).update(dict.fromkeys(codes))
    return out


def main():
    valued = load("valuesets.json") + load("v2-tables.json") + load("v3-codesystems.json")
    systems = {r["url"]: r for r in valued if r["resourceType"] == "CodeSystem"}
    here = os.path.dirname(os.path.abspath(__file__))
    note = "# From HL7 FHIR R4 (4.0.1), CC0. Written by generate.py; not edited.\n"
    with open(os.path.join(here, "codes.txt"), "w", encoding="utf-8") as file:
        file.write(note)
        for url, codes in sorted(published(systems).items()):
            file.write("\t".join([url, *codes]) + "\n")
    with open(os.path.join(here, "terms.txt"), "w", encoding="utf-8") as file:
        file.write(note)
        for url, only in TERMS:
            file.write(url + "\n")
            for concept in flat(systems[url].get("concept", [])):
                if (only is None or concept["code"] in only) and "display" in concept:
                    file.write("\t" + concept["code"] + "\t" + " ".join(concept["display"].split()) + "\n")


main()
