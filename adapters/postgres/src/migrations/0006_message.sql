-- Received messages. `sequence` grows with the order of intake and is never given twice.
CREATE TABLE carewire.message (
    sequence     bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org          text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL UNIQUE,
    correlation  text COLLATE "C" NOT NULL,
    format       text COLLATE "C" NOT NULL,
    message_type text COLLATE "C",
    control_key  bytea,
    content_hash bytea            NOT NULL,
    received_at  bigint           NOT NULL,
    state        text COLLATE "C" NOT NULL,
    sealed_ack   bytea            NOT NULL,
    sealed       bytea            NOT NULL
);

-- A resend is found by (org, control key, content); a reused control id by (org, control key).
CREATE INDEX message_resend ON carewire.message (org, control_key, content_hash, received_at, sequence)
    WHERE control_key IS NOT NULL;

ALTER TABLE carewire.message ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.message FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.message USING (org = current_setting('carewire.org', true));

-- How many messages stand in each state: the sum over the slots. Every server process counts in a slot, so that those
-- who store messages of one org at the same time seldom wait for each other. A slot by itself may be negative.
CREATE TABLE carewire.message_count (
    org      text COLLATE "C" NOT NULL,
    state    text COLLATE "C" NOT NULL,
    slot     integer          NOT NULL,
    messages bigint           NOT NULL,
    PRIMARY KEY (org, state, slot)
);

ALTER TABLE carewire.message_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.message_count FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.message_count USING (org = current_setting('carewire.org', true));

-- Rows of the counters are taken in one order, so that two statements never wait for each other in a ring.
CREATE FUNCTION carewire.count_messages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    my_slot constant integer := pg_backend_pid() % 32;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO carewire.message_count AS counted
        SELECT org, state, my_slot, count(*) FROM new_rows GROUP BY org, state ORDER BY org, state
        ON CONFLICT (org, state, slot) DO UPDATE SET messages = counted.messages + excluded.messages;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO carewire.message_count AS counted
        SELECT org, state, my_slot, -count(*) FROM old_rows GROUP BY org, state ORDER BY org, state
        ON CONFLICT (org, state, slot) DO UPDATE SET messages = counted.messages + excluded.messages;
    ELSE
        INSERT INTO carewire.message_count AS counted
        SELECT org, state, my_slot, sum(change)
        FROM (SELECT org, state, 1 AS change FROM new_rows
              UNION ALL SELECT org, state, -1 FROM old_rows) AS moved
        GROUP BY org, state HAVING sum(change) <> 0 ORDER BY org, state
        ON CONFLICT (org, state, slot) DO UPDATE SET messages = counted.messages + excluded.messages;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER message_counted AFTER INSERT ON carewire.message
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION carewire.count_messages();
CREATE TRIGGER message_moved AFTER UPDATE ON carewire.message
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION carewire.count_messages();
CREATE TRIGGER message_removed AFTER DELETE ON carewire.message
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION carewire.count_messages();
