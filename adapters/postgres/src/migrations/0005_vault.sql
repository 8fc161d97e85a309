-- The vault: which patient has which token, and the sealed original.
CREATE TABLE carewire.token (
    org         text COLLATE "C" NOT NULL,
    patient_key bytea            NOT NULL,
    token       text COLLATE "C" NOT NULL,
    PRIMARY KEY (org, patient_key)
);

ALTER TABLE carewire.token ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.token FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.token USING (org = current_setting('carewire.org', true));

CREATE TABLE carewire.original (
    org      text COLLATE "C" NOT NULL,
    token    text COLLATE "C" NOT NULL,
    sequence bigint           NOT NULL,
    sealed   bytea            NOT NULL,
    PRIMARY KEY (org, token)
);

ALTER TABLE carewire.original ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.original FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.original USING (org = current_setting('carewire.org', true));
