-- Jobs that are alike in all that pauses, limits and counts ask about form a lane. Lanes are never removed.
CREATE TABLE job_lane (
    id            INTEGER PRIMARY KEY,
    queue         TEXT    NOT NULL,
    org           TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    remote        TEXT,
    resource_type TEXT,
    waiting       INTEGER NOT NULL DEFAULT 0,
    active        INTEGER NOT NULL DEFAULT 0,
    completed     INTEGER NOT NULL DEFAULT 0,
    failed        INTEGER NOT NULL DEFAULT 0,
    held          INTEGER NOT NULL DEFAULT 0,
    cancelled     INTEGER NOT NULL DEFAULT 0,
    -- The newest instant at which a job began to wait that was due by then.
    latest        INTEGER NOT NULL DEFAULT 0
) STRICT;

-- No text equals the empty blob, which stands for an absent one.
CREATE UNIQUE INDEX job_lane_named ON job_lane (org, queue, kind, ifnull(remote, x''), ifnull(resource_type, x''));
-- What a claim begins with.
CREATE INDEX job_lane_busy ON job_lane (queue, org) WHERE waiting > 0;

-- Jobs, in place of the table of that name. Ids are never reused: they are part of the fence. Of a waiting job
--   blockers  is the number of its ordering keys in which it is another job's turn,
--   later     the instant from which it may run, when that had not come when this was written,
--   rank      its place among those that may be claimed, when nothing else stands in its way.
CREATE TABLE job_new (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    lane         INTEGER NOT NULL,
    org          TEXT    NOT NULL,
    queue        TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    blockers     INTEGER NOT NULL DEFAULT 0,
    rank         INTEGER,
    later        INTEGER,
    lease_until  INTEGER,
    epoch        INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    priority     INTEGER NOT NULL DEFAULT 3,
    cost         INTEGER NOT NULL DEFAULT 1,
    run_at       INTEGER NOT NULL,
    enqueued_at  INTEGER NOT NULL,
    settled_at   INTEGER,
    park         INTEGER,
    parked_until INTEGER,
    okeys        BLOB,
    unique_key   TEXT,
    hold_key     TEXT,
    reason       TEXT,
    progress     TEXT
) STRICT;

-- What no state change moves: beside the job, whose rows stay short.
CREATE TABLE job_content (
    id          INTEGER PRIMARY KEY,
    correlation TEXT NOT NULL,
    refs        TEXT NOT NULL
) STRICT;

-- The line of an ordering key: failed jobs that park it (place 0, until an instant), the job whose turn it is (1), those
-- behind it (2). It is the turn of the active job, else of the waiting one with the lowest id.
CREATE TABLE job_key (
    org   TEXT    NOT NULL,
    okey  BLOB    NOT NULL,
    place INTEGER NOT NULL,
    id    INTEGER NOT NULL,
    until INTEGER,
    PRIMARY KEY (org, okey, place, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_pause (
    org           TEXT,
    queue         TEXT,
    kind          TEXT,
    remote        TEXT,
    resource_type TEXT
) STRICT;

CREATE UNIQUE INDEX job_pause_scope ON job_pause
    (ifnull(org, x''), ifnull(queue, x''), ifnull(kind, x''), ifnull(remote, x''), ifnull(resource_type, x''));

-- `bucket` is the limit, as JSON; `full_at` the instant at which its bucket is full.
CREATE TABLE rate_limit (
    org          TEXT,
    queue        TEXT,
    remote       TEXT,
    bucket       TEXT,
    full_at      INTEGER NOT NULL,
    closed_until INTEGER
) STRICT;

CREATE UNIQUE INDEX rate_limit_scope ON rate_limit (ifnull(org, x''), ifnull(queue, x''), ifnull(remote, x''));

-- Whose turn it is: the org of a queue that was served last, and what orgs have taken beyond their share.
CREATE TABLE job_served (
    queue TEXT PRIMARY KEY,
    org   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE job_debt (
    queue  TEXT    NOT NULL,
    org    TEXT    NOT NULL,
    credit INTEGER NOT NULL,
    PRIMARY KEY (queue, org)
) STRICT, WITHOUT ROWID;

INSERT INTO job_lane (queue, org, kind, waiting, active, completed, failed, held)
SELECT queue, org, kind, sum(state = 'waiting'), sum(state = 'active'), sum(state = 'completed'),
       sum(state = 'failed'), sum(state = 'held')
FROM job GROUP BY queue, org, kind;

-- What waits counts as due later: the next claim looks at the clock.
INSERT INTO job_new (id, lane, org, queue, state, blockers, later, lease_until, epoch, attempts, max_attempts, run_at,
                     enqueued_at, settled_at, okeys, hold_key, reason)
SELECT job.id, job_lane.id, job.org, job.queue, state, state = 'waiting' AND head = 0,
       CASE state WHEN 'waiting' THEN run_at END, lease_until, epoch, attempts, max_attempts, run_at,
       enqueued_at, settled_at, okey, hold_key, reason
FROM job JOIN job_lane USING (queue, org, kind);

INSERT INTO job_content (id, correlation, refs) SELECT id, correlation, refs FROM job;

INSERT INTO job_key (org, okey, place, id)
SELECT org, okey, 2 - head, id FROM job WHERE okey IS NOT NULL AND state IN ('waiting', 'active');

INSERT INTO job_pause (org, queue) SELECT org, queue FROM paused;

DELETE FROM sqlite_sequence WHERE name = 'job_new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'job_new', seq FROM sqlite_sequence WHERE name = 'job';
DROP TABLE job;
DROP TABLE job_count;
DROP TABLE paused;
ALTER TABLE job_new RENAME TO job;

-- What a claim walks.
CREATE INDEX job_ready ON job (lane, rank, id, cost, run_at) WHERE rank IS NOT NULL;
CREATE INDEX job_later ON job (lane, blockers, later, run_at) WHERE later IS NOT NULL;
CREATE INDEX job_leased ON job (queue, lease_until) WHERE lease_until IS NOT NULL;
-- Only the newest unsettled job of a unique key has it.
CREATE UNIQUE INDEX job_unique ON job (org, queue, unique_key) WHERE unique_key IS NOT NULL;
CREATE INDEX job_held ON job (org, hold_key, id) WHERE hold_key IS NOT NULL;
-- What lists walk: waiting and active jobs, then the others by state. A removal walks the latter.
CREATE INDEX job_open ON job (org, id) WHERE settled_at IS NULL;
CREATE INDEX job_done ON job (org, state, id, settled_at) WHERE settled_at IS NOT NULL;
