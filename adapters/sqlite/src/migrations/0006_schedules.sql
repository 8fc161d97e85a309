-- Cron schedules, as JSON and by what is asked of them.
CREATE TABLE schedule (
    org     TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    body    TEXT    NOT NULL,
    enabled INTEGER NOT NULL,
    next_at INTEGER,
    last_at INTEGER,
    PRIMARY KEY (org, name)
) STRICT;

CREATE INDEX schedule_next ON schedule (next_at) WHERE enabled AND next_at IS NOT NULL;

-- The lease of the one who fires them: one row. The holder is '' where somebody resigned.
CREATE TABLE schedule_leader (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    epoch  INTEGER NOT NULL,
    holder TEXT    NOT NULL,
    until  INTEGER NOT NULL
) STRICT;
