-- Instants are microseconds since 1970-01-01T00:00:00Z, here and in every later table.

-- The identity map: which local resource is which remote resource, and what was last sent.
CREATE TABLE carewire.identity (
    org             text COLLATE "C" NOT NULL,
    remote          text COLLATE "C" NOT NULL,
    resource_type   text COLLATE "C" NOT NULL,
    system          text COLLATE "C" NOT NULL,
    value           text COLLATE "C" NOT NULL,
    remote_id       text             NOT NULL,
    remote_version  text,
    hash            bytea            NOT NULL,
    -- The resource as last sent, sealed.
    base            bytea            NOT NULL,
    source_sequence bigint           NOT NULL,
    patient         text COLLATE "C",
    -- Codes, as a JSON array.
    classes         text             NOT NULL,
    synced_at       bigint           NOT NULL,
    PRIMARY KEY (org, remote, resource_type, system, value)
);

ALTER TABLE carewire.identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.identity FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.identity USING (org = current_setting('carewire.org', true));
