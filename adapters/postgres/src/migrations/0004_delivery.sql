-- Deliveries: one row for each message that a caller reserved, with its answer when it is finished. A fence is never
-- given twice: a row that is reserved anew gets a new one.
CREATE TABLE carewire.delivery (
    fence        bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org          text COLLATE "C" NOT NULL,
    control_key  bytea            NOT NULL,
    content_hash bytea            NOT NULL,
    received_at  bigint           NOT NULL,
    lease_until  bigint           NOT NULL,
    answer       bytea,
    UNIQUE (org, control_key, content_hash)
);

-- What a purge walks.
CREATE INDEX delivery_age ON carewire.delivery (org, received_at, fence);

ALTER TABLE carewire.delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.delivery USING (org = current_setting('carewire.org', true));
