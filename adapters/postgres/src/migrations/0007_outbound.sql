-- Messages to send. `sequence` grows with the order of posting and is never given twice.
CREATE TABLE carewire.outbound (
    sequence     bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org          text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL UNIQUE,
    correlation  text COLLATE "C" NOT NULL,
    destination  text COLLATE "C" NOT NULL,
    control_key  bytea            NOT NULL,
    content_hash bytea            NOT NULL,
    enqueued_at  bigint           NOT NULL,
    state        text COLLATE "C" NOT NULL,
    sealed       bytea            NOT NULL,
    answer       bytea
);

-- What is posted again is found by (org, control key, content); a reused control id by (org, control key).
CREATE INDEX outbound_known ON carewire.outbound (org, control_key, content_hash, enqueued_at);
-- What a removal walks.
CREATE INDEX outbound_age ON carewire.outbound (org, state, enqueued_at, sequence);

ALTER TABLE carewire.outbound ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.outbound FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.outbound USING (org = current_setting('carewire.org', true));

-- As message_count, for each destination.
CREATE TABLE carewire.outbound_count (
    org         text COLLATE "C" NOT NULL,
    destination text COLLATE "C" NOT NULL,
    state       text COLLATE "C" NOT NULL,
    slot        integer          NOT NULL,
    messages    bigint           NOT NULL,
    PRIMARY KEY (org, destination, state, slot)
);

ALTER TABLE carewire.outbound_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.outbound_count FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.outbound_count USING (org = current_setting('carewire.org', true));

CREATE FUNCTION carewire.count_outbound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    my_slot constant integer := pg_backend_pid() % 32;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO carewire.outbound_count AS counted
        SELECT org, destination, state, my_slot, count(*) FROM new_rows
        GROUP BY org, destination, state ORDER BY org, destination, state
        ON CONFLICT (org, destination, state, slot) DO UPDATE SET messages = counted.messages + excluded.messages;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO carewire.outbound_count AS counted
        SELECT org, destination, state, my_slot, -count(*) FROM old_rows
        GROUP BY org, destination, state ORDER BY org, destination, state
        ON CONFLICT (org, destination, state, slot) DO UPDATE SET messages = counted.messages + excluded.messages;
    ELSE
        INSERT INTO carewire.outbound_count AS counted
        SELECT org, destination, state, my_slot, sum(change)
        FROM (SELECT org, destination, state, 1 AS change FROM new_rows
              UNION ALL SELECT org, destination, state, -1 FROM old_rows) AS moved
        GROUP BY org, destination, state HAVING sum(change) <> 0 ORDER BY org, destination, state
        ON CONFLICT (org, destination, state, slot) DO UPDATE SET messages = counted.messages + excluded.messages;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER outbound_counted AFTER INSERT ON carewire.outbound
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION carewire.count_outbound();
CREATE TRIGGER outbound_moved AFTER UPDATE ON carewire.outbound
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION carewire.count_outbound();
CREATE TRIGGER outbound_removed AFTER DELETE ON carewire.outbound
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION carewire.count_outbound();
