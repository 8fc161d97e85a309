#!/usr/bin/env python3
"""Writes elements.txt, value-sets.txt, codes.txt and terms.txt from HL7's definitions of FHIR R4 (4.0.1, CC0).

    generate.py DIR     DIR holds profiles-resources.json, profiles-types.json, valuesets.json, v2-tables.json and
                        v3-codesystems.json as published at hl7.org/fhir/R4/definitions.json.zip
"""
import json, os, sys

RESOURCES = """Account AllergyIntolerance Appointment CareTeam Condition Coverage Device DiagnosticReport
DocumentReference Encounter EpisodeOfCare HealthcareService Immunization Location Medication MedicationAdministration
MedicationDispense MedicationRequest MedicationStatement MessageHeader Observation Organization Patient Practitioner
PractitionerRole Procedure Provenance RelatedPerson ServiceRequest Specimen""".split()
# Elements that every resource or element has; the walk treats them by rules of its own.
COMMON = {"id", "extension", "modifierExtension"}
RESOURCE = {"text", "contained", "meta", "implicitRules", "language"}
# What some copies of the definitions add to R4.
ADDED = {"Meta." + name for name in ("project", "author", "onBehalfOf", "account", "accounts", "compartment")}
# Systems of more codes are carried only if they are v2 tables or stand in `LARGE`.
MOST = 300
# Bound to sets too large to carry: checked by shape instead.
SHAPES = {"mimetypes": "%mime", "languages": "%language", "currencies": "%currency", "resource-types": "%type",
          "all-types": "%type", "ucum-units": "%ucum"}
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


def elements(definitions):
    queue, seen, sets, out = list(RESOURCES), set(), set(), []
    datatypes = []
    for name in queue:
        if name in seen:
            continue
        seen.add(name)
        definition = definitions[name]
        lines = [("resource " if name in RESOURCES else "datatype ") + name]
        for element in definition["snapshot"]["element"][1:]:
            path = element["path"].split(".")[1:]
            common = path[-1] in COMMON or (name in RESOURCES and len(path) == 1 and path[-1] in RESOURCE)
            if common or element["path"] in ADDED:
                continue
            lines.append("  " * len(path) + spelled(path[-1], element, queue, sets, definitions))
        (out if name in RESOURCES else datatypes).append(lines)
        if name == "Patient":
            queue.append("Meta")
    return sorted(out) + sorted(datatypes), sets


def spelled(name, element, queue, sets, definitions):
    codes = list(dict.fromkeys(kind["code"].split("/")[-1] for kind in element.get("type", [])))
    codes = ["string" if code == "System.String" else code for code in codes]
    if "contentReference" in element:
        kind = "@" + element["contentReference"].lstrip("#")
    elif codes in (["BackboneElement"], ["Element"]):
        kind = "."
    else:
        kind = "|".join(codes)
        queue.extend(c for c in codes if c[0].isupper() and c not in ("Resource", "Extension", "Narrative"))
    words = [name, kind]
    binding = element.get("binding", {})
    if codes == ["code"] and binding.get("strength") == "required":
        bound = binding["valueSet"].split("|")[0].split("/")[-1]
        words.append("=" + SHAPES.get(bound, bound))
        if bound not in SHAPES:
            sets.add(binding["valueSet"].split("|")[0])
    words += ["*"] if element["max"] == "*" else []
    words += ["!"] if element["min"] > 0 else []
    return " ".join(words)


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
    definitions = {d["name"]: d for name in ("profiles-resources.json", "profiles-types.json") for d in load(name)
                   if d["resourceType"] == "StructureDefinition"}
    valued = load("valuesets.json") + load("v2-tables.json") + load("v3-codesystems.json")
    systems = {r["url"]: r for r in valued if r["resourceType"] == "CodeSystem"}
    value_sets = {r["url"]: r for r in valued if r["resourceType"] == "ValueSet"}
    here = os.path.dirname(os.path.abspath(__file__))
    blocks, sets = elements(definitions)
    note = "# From HL7 FHIR R4 (4.0.1), CC0. Written by generate.py; not edited.\n"
    with open(os.path.join(here, "elements.txt"), "w", encoding="utf-8") as file:
        file.write(note + "\n".join("\n".join(lines) for lines in blocks) + "\n")
    with open(os.path.join(here, "value-sets.txt"), "w", encoding="utf-8") as file:
        file.write(note)
        for url in sorted(sets):
            codes = []
            for include in value_sets[url]["compose"]["include"]:
                assert not include.get("filter") and not include.get("valueSet"), url
                listed = include.get("concept") or flat(systems[include["system"]]["concept"])
                codes += [concept["code"] for concept in listed]
            file.write(url.split("/")[-1] + " " + " ".join(codes) + "\n")
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
