-- The audit trail: append-only, hash-chained by batch within an org.
CREATE TABLE carewire.audit (
    org         text COLLATE "C" NOT NULL,
    sequence    bigint           NOT NULL,
    at          bigint           NOT NULL,
    action      text COLLATE "C" NOT NULL,
    outcome     text             NOT NULL,
    correlation text COLLATE "C" NOT NULL,
    patient     text COLLATE "C",
    -- Codes, ids and counts, as a JSON object.
    details     text             NOT NULL,
    batch_hash  text             NOT NULL,
    PRIMARY KEY (org, sequence)
);

CREATE INDEX audit_action ON carewire.audit (org, action, sequence);
CREATE INDEX audit_correlation ON carewire.audit (org, correlation, sequence);

-- A service has no right to change or remove a record; this holds whoever has it.
CREATE FUNCTION carewire.audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'the audit trail is append-only';
END $$;

CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON carewire.audit
    FOR EACH STATEMENT EXECUTE FUNCTION carewire.audit_is_append_only();

ALTER TABLE carewire.audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.audit FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.audit USING (org = current_setting('carewire.org', true));

-- One row for the trail of each org, locked by whoever appends to it: the next batch is chained to a committed one.
CREATE TABLE carewire.audit_trail (
    org text COLLATE "C" PRIMARY KEY
);

ALTER TABLE carewire.audit_trail ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.audit_trail FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.audit_trail USING (org = current_setting('carewire.org', true));
