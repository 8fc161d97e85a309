-- Messages to send. `sequence` is the order of commit and is never reused.
CREATE TABLE outbound (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    org          TEXT    NOT NULL,
    id           TEXT    NOT NULL UNIQUE,
    correlation  TEXT    NOT NULL,
    destination  TEXT    NOT NULL,
    control_key  BLOB    NOT NULL,
    content_hash BLOB    NOT NULL,
    enqueued_at  INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    sealed       BLOB    NOT NULL,
    answer       BLOB
) STRICT;

-- What is posted again is found by (org, control key, content); a reused control id by (org, control key).
CREATE INDEX outbound_known ON outbound (org, control_key, content_hash, enqueued_at);
-- What a removal walks.
CREATE INDEX outbound_age ON outbound (org, state, enqueued_at, sequence);

CREATE TABLE outbound_count (
    org         TEXT    NOT NULL,
    destination TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    messages    INTEGER NOT NULL,
    PRIMARY KEY (org, destination, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER outbound_counted AFTER INSERT ON outbound BEGIN
    INSERT INTO outbound_count VALUES (new.org, new.destination, new.state, 1)
        ON CONFLICT DO UPDATE SET messages = messages + 1;
END;

CREATE TRIGGER outbound_moved AFTER UPDATE OF state ON outbound WHEN old.state <> new.state BEGIN
    UPDATE outbound_count SET messages = messages - 1
        WHERE org = old.org AND destination = old.destination AND state = old.state;
    INSERT INTO outbound_count VALUES (new.org, new.destination, new.state, 1)
        ON CONFLICT DO UPDATE SET messages = messages + 1;
END;

CREATE TRIGGER outbound_removed AFTER DELETE ON outbound BEGIN
    UPDATE outbound_count SET messages = messages - 1
        WHERE org = old.org AND destination = old.destination AND state = old.state;
END;
