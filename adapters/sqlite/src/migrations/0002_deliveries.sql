-- Deliveries: one row for each message that a caller reserved, with its answer when it is finished. A fence is never
-- given twice: a row that is reserved anew is replaced.
CREATE TABLE delivery (
    fence        INTEGER PRIMARY KEY AUTOINCREMENT,
    org          TEXT    NOT NULL,
    control_key  BLOB    NOT NULL,
    content_hash BLOB    NOT NULL,
    received_at  INTEGER NOT NULL,
    lease_until  INTEGER NOT NULL,
    answer       BLOB,
    UNIQUE (org, control_key, content_hash)
) STRICT;

-- What a purge walks.
CREATE INDEX delivery_age ON delivery (org, received_at, fence);
