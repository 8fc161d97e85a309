-- What kind of document `body` is: simple, fhir-r4, fhir-r5, abdm.
ALTER TABLE consent ADD COLUMN kind TEXT NOT NULL DEFAULT 'simple';
