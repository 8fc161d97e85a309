-- Instants are microseconds since 1970-01-01T00:00:00Z. Every row belongs to an org.

-- Received messages. `sequence` is the order of commit and is never reused.
CREATE TABLE message (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    org          TEXT    NOT NULL,
    id           TEXT    NOT NULL UNIQUE,
    correlation  TEXT    NOT NULL,
    format       TEXT    NOT NULL,
    message_type TEXT,
    control_key  BLOB,
    content_hash BLOB    NOT NULL,
    received_at  INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    sealed_ack   BLOB    NOT NULL,
    sealed       BLOB    NOT NULL
) STRICT;

-- A resend is found by (org, control key, content); a reused control id by (org, control key).
CREATE INDEX message_resend ON message (org, control_key, content_hash, received_at)
    WHERE control_key IS NOT NULL;

CREATE TABLE message_count (
    org      TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    messages INTEGER NOT NULL,
    PRIMARY KEY (org, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER message_counted AFTER INSERT ON message BEGIN
    INSERT INTO message_count VALUES (new.org, new.state, 1)
        ON CONFLICT DO UPDATE SET messages = messages + 1;
END;

CREATE TRIGGER message_moved AFTER UPDATE OF state ON message WHEN old.state <> new.state BEGIN
    UPDATE message_count SET messages = messages - 1 WHERE org = old.org AND state = old.state;
    INSERT INTO message_count VALUES (new.org, new.state, 1)
        ON CONFLICT DO UPDATE SET messages = messages + 1;
END;

CREATE TRIGGER message_removed AFTER DELETE ON message BEGIN
    UPDATE message_count SET messages = messages - 1 WHERE org = old.org AND state = old.state;
END;

-- Jobs. `head` = 1 while it is this job's turn in its ordering key: the active job, else the waiting one with the
-- lowest id; always 1 for a waiting or active job without a key. Ids are never reused: they are part of the fence.
CREATE TABLE job (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    org          TEXT    NOT NULL,
    queue        TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    okey         BLOB,
    state        TEXT    NOT NULL,
    head         INTEGER NOT NULL,
    run_at       INTEGER NOT NULL,
    lease_until  INTEGER,
    epoch        INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    hold_key     TEXT,
    reason       TEXT,
    refs         TEXT    NOT NULL,
    correlation  TEXT    NOT NULL,
    enqueued_at  INTEGER NOT NULL,
    settled_at   INTEGER
) STRICT;

-- At most one job of a key has its turn, so at most one can be claimed or active.
CREATE UNIQUE INDEX job_head ON job (org, okey) WHERE head = 1 AND okey IS NOT NULL;
-- What a claim walks: per lane (queue and org) the jobs that have their turn, by due time.
CREATE INDEX job_waiting ON job (queue, org, head, run_at, id) WHERE state = 'waiting';
-- Whose turn comes next in a key.
CREATE INDEX job_behind ON job (org, okey, id) WHERE state = 'waiting' AND head = 0 AND okey IS NOT NULL;
CREATE INDEX job_leased ON job (queue, lease_until) WHERE state = 'active';
CREATE INDEX job_held ON job (org, hold_key, id) WHERE state = 'held';
CREATE INDEX job_state ON job (org, state, id);
CREATE INDEX job_settled ON job (org, state, settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE job_count (
    queue TEXT    NOT NULL,
    state TEXT    NOT NULL,
    org   TEXT    NOT NULL,
    jobs  INTEGER NOT NULL,
    PRIMARY KEY (queue, state, org)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_count_org ON job_count (org);

CREATE TRIGGER job_counted AFTER INSERT ON job BEGIN
    INSERT INTO job_count VALUES (new.queue, new.state, new.org, 1)
        ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER job_moved AFTER UPDATE OF state ON job WHEN old.state <> new.state BEGIN
    UPDATE job_count SET jobs = jobs - 1 WHERE queue = old.queue AND state = old.state AND org = old.org;
    INSERT INTO job_count VALUES (new.queue, new.state, new.org, 1)
        ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;

CREATE TRIGGER job_removed AFTER DELETE ON job BEGIN
    UPDATE job_count SET jobs = jobs - 1 WHERE queue = old.queue AND state = old.state AND org = old.org;
END;

CREATE TABLE paused (
    org   TEXT NOT NULL,
    queue TEXT NOT NULL,
    PRIMARY KEY (org, queue)
) STRICT, WITHOUT ROWID;

-- The identity map.
CREATE TABLE identity (
    org             TEXT    NOT NULL,
    remote          TEXT    NOT NULL,
    resource_type   TEXT    NOT NULL,
    system          TEXT    NOT NULL,
    value           TEXT    NOT NULL,
    remote_id       TEXT    NOT NULL,
    remote_version  TEXT,
    hash            BLOB    NOT NULL,
    source_sequence INTEGER NOT NULL,
    patient         TEXT,
    classes         TEXT    NOT NULL,
    synced_at       INTEGER NOT NULL,
    base            BLOB    NOT NULL,
    PRIMARY KEY (org, remote, resource_type, system, value)
) STRICT;

-- The audit trail: append-only by trigger, hash-chained by batch.
CREATE TABLE audit (
    org         TEXT    NOT NULL,
    sequence    INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    action      TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    correlation TEXT    NOT NULL,
    patient     TEXT,
    details     TEXT    NOT NULL,
    batch_hash  TEXT    NOT NULL,
    PRIMARY KEY (org, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_action ON audit (org, action, sequence);
CREATE INDEX audit_correlation ON audit (org, correlation, sequence);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- Consents, and per patient the epoch that moves with every change to them.
CREATE TABLE consent (
    org     TEXT NOT NULL,
    id      TEXT NOT NULL,
    patient TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT;

CREATE INDEX consent_patient ON consent (org, patient, id);

CREATE TABLE consent_epoch (
    org     TEXT    NOT NULL,
    patient TEXT    NOT NULL,
    epoch   INTEGER NOT NULL,
    PRIMARY KEY (org, patient)
) STRICT, WITHOUT ROWID;

-- The vault: which patient has which token, and the sealed original.
CREATE TABLE token (
    org         TEXT NOT NULL,
    patient_key BLOB NOT NULL,
    token       TEXT NOT NULL,
    PRIMARY KEY (org, patient_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE original (
    org      TEXT    NOT NULL,
    token    TEXT    NOT NULL,
    sequence INTEGER NOT NULL,
    sealed   BLOB    NOT NULL,
    PRIMARY KEY (org, token)
) STRICT;
