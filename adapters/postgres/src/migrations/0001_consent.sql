-- Consents, and per patient the epoch that moves with every change to them.
CREATE TABLE carewire.consent (
    org     text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    patient text COLLATE "C" NOT NULL,
    -- The document as it was written, and what kind it is of: simple, fhir-r4, fhir-r5, abdm.
    body    text             NOT NULL,
    kind    text             NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE INDEX consent_patient ON carewire.consent (org, patient, id);

CREATE TABLE carewire.consent_epoch (
    org     text COLLATE "C" NOT NULL,
    patient text COLLATE "C" NOT NULL,
    epoch   bigint           NOT NULL,
    PRIMARY KEY (org, patient)
);

-- Rows are of the org that the transaction has named, for the owner of the tables too. Without one there are none.
ALTER TABLE carewire.consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.consent FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.consent USING (org = current_setting('carewire.org', true));

ALTER TABLE carewire.consent_epoch ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.consent_epoch FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.consent_epoch USING (org = current_setting('carewire.org', true));
