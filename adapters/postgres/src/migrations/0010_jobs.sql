-- Jobs. A row is where its job stands: waiting, active, set aside (failed, held, cancelled), or in the history.
--
-- A row moves by DELETE and INSERT, not by UPDATE: what is waiting has the indexes that a claim needs, what is active those
-- that a lease needs, and no index is written for a state that it does not serve.
--
-- Instants and durations are microseconds, instants since 1970.
--
-- A job of several ordering keys stands in several rows, one for each key: part 0 is the job, the further parts only stand
-- for their key. A job without a key has part 0 alone.
CREATE SEQUENCE carewire.job_id;

-- One value for each claim that found something: higher than every epoch before, of whatever job, also after a crash.
CREATE SEQUENCE carewire.job_epoch;

CREATE TABLE carewire.job_waiting (
    id            bigint           NOT NULL,
    run_at        bigint           NOT NULL,
    enqueued_at   bigint           NOT NULL,
    -- 128 bits of a hash of org and ordering key.
    okey          uuid,
    -- How long the later jobs of its keys wait for it once it is in the dead letter.
    park          bigint,
    done          bigint,
    total         bigint,
    attempts      integer          NOT NULL,
    max_attempts  integer          NOT NULL,
    cost          integer          NOT NULL,
    part          smallint         NOT NULL,
    parts         smallint         NOT NULL,
    -- 0 ready: nothing known is in its way.
    -- 1 later: waits for run_at.
    -- 2 blocked: an earlier job of one of its keys is unsettled; that one wakes it.
    -- 3 paused: seen by a claim while a pause covered it; lifting the pause wakes it.
    -- 4 stone: the job is in the dead letter, and its key waits for it until run_at. Its queue is ''.
    -- 5 a further part.
    state         smallint         NOT NULL,
    priority      smallint         NOT NULL,
    -- Not taken back from a worker: of those there is one for each unique key.
    fresh         boolean          NOT NULL,
    -- Somebody may be blocked by it: when it leaves, it wakes whoever is next in the line of its key.
    awaited       boolean          NOT NULL DEFAULT false,
    org           text COLLATE "C" NOT NULL,
    queue         text COLLATE "C" NOT NULL,
    -- '' for none.
    remote        text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C",
    correlation   text COLLATE "C" NOT NULL,
    -- JSON, as the caller wrote it.
    refs          text             NOT NULL,
    unique_key    text COLLATE "C",
    reason        text COLLATE "C",
    checkpoint    text,
    PRIMARY KEY (id, part)
);

-- What a claim walks. A lane is (queue, org, remote, priority); rank is monotonic in run_at within it.
CREATE INDEX job_ready ON carewire.job_waiting (queue, org, remote, priority, run_at, id) WHERE state = 0;
CREATE INDEX job_later ON carewire.job_waiting (queue, run_at) WHERE state IN (1, 4);
CREATE INDEX job_stopped ON carewire.job_waiting (org, queue, run_at) WHERE state IN (2, 3);
CREATE INDEX job_order ON carewire.job_waiting (okey, id) WHERE okey IS NOT NULL;
CREATE UNIQUE INDEX job_unique ON carewire.job_waiting (org, queue, unique_key)
    WHERE unique_key IS NOT NULL AND part = 0 AND fresh;
CREATE INDEX job_alike ON carewire.job_waiting (org, queue, unique_key) WHERE unique_key IS NOT NULL AND part = 0;

CREATE TABLE carewire.job_active (
    id            bigint           NOT NULL,
    run_at        bigint           NOT NULL,
    enqueued_at   bigint           NOT NULL,
    lease_until   bigint           NOT NULL,
    epoch         bigint           NOT NULL,
    okey          uuid,
    park          bigint,
    done          bigint,
    total         bigint,
    attempts      integer          NOT NULL,
    max_attempts  integer          NOT NULL,
    cost          integer          NOT NULL,
    part          smallint         NOT NULL,
    parts         smallint         NOT NULL,
    priority      smallint         NOT NULL,
    awaited       boolean          NOT NULL,
    org           text COLLATE "C" NOT NULL,
    queue         text COLLATE "C" NOT NULL,
    remote        text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C",
    correlation   text COLLATE "C" NOT NULL,
    refs          text             NOT NULL,
    unique_key    text COLLATE "C",
    reason        text COLLATE "C",
    checkpoint    text,
    PRIMARY KEY (id, part)
);

-- At most one active job of a key, whatever two claims see of each other.
CREATE UNIQUE INDEX job_turn ON carewire.job_active (okey) WHERE okey IS NOT NULL;
CREATE INDEX job_lease ON carewire.job_active (lease_until, queue) WHERE part = 0;
CREATE INDEX job_running_alike ON carewire.job_active (org, queue, unique_key)
    WHERE unique_key IS NOT NULL AND part = 0;

-- What may come back: the dead letter (failed), the cancelled, and what waits for a hold to be released.
CREATE TABLE carewire.job_aside (
    id            bigint           NOT NULL,
    state         text COLLATE "C" NOT NULL,
    run_at        bigint           NOT NULL,
    enqueued_at   bigint           NOT NULL,
    settled_at    bigint           NOT NULL,
    parked_until  bigint,
    okeys         uuid[],
    park          bigint,
    done          bigint,
    total         bigint,
    attempts      integer          NOT NULL,
    max_attempts  integer          NOT NULL,
    cost          integer          NOT NULL,
    priority      smallint         NOT NULL,
    org           text COLLATE "C" NOT NULL,
    queue         text COLLATE "C" NOT NULL,
    remote        text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C",
    correlation   text COLLATE "C" NOT NULL,
    refs          text             NOT NULL,
    unique_key    text COLLATE "C",
    hold_key      text COLLATE "C",
    reason        text COLLATE "C",
    checkpoint    text,
    PRIMARY KEY (org, id)
);

CREATE INDEX job_held ON carewire.job_aside (org, hold_key, id) WHERE state = 'held';
CREATE INDEX job_held_alike ON carewire.job_aside (org, queue, unique_key, id)
    WHERE state = 'held' AND unique_key IS NOT NULL;
CREATE INDEX job_dead ON carewire.job_aside (org, settled_at) WHERE state <> 'held';

-- What is completed. Nothing but the id is indexed: settled_at grows with the place of a row in the table.
CREATE TABLE carewire.job_history (
    id            bigint           NOT NULL,
    run_at        bigint           NOT NULL,
    enqueued_at   bigint           NOT NULL,
    settled_at    bigint           NOT NULL,
    done          bigint,
    total         bigint,
    attempts      integer          NOT NULL,
    max_attempts  integer          NOT NULL,
    priority      smallint         NOT NULL,
    org           text COLLATE "C" NOT NULL,
    queue         text COLLATE "C" NOT NULL,
    remote        text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C",
    correlation   text COLLATE "C" NOT NULL,
    refs          text             NOT NULL,
    reason        text COLLATE "C",
    checkpoint    text,
    PRIMARY KEY (org, id)
);

CREATE INDEX job_settled ON carewire.job_history USING brin (settled_at) WITH (pages_per_range = 16, autosummarize = on);

-- Counters. A call appends what it changed, so that no two calls wait for each other; claims add up old rows.
CREATE TABLE carewire.job_change (
    org       text COLLATE "C" NOT NULL,
    queue     text COLLATE "C" NOT NULL,
    waiting   bigint           NOT NULL DEFAULT 0,
    -- How many of those that wait are in state 1.
    later     bigint           NOT NULL DEFAULT 0,
    active    bigint           NOT NULL DEFAULT 0,
    completed bigint           NOT NULL DEFAULT 0,
    failed    bigint           NOT NULL DEFAULT 0,
    held      bigint           NOT NULL DEFAULT 0,
    cancelled bigint           NOT NULL DEFAULT 0
);

CREATE TABLE carewire.job_count (
    org       text COLLATE "C" NOT NULL,
    queue     text COLLATE "C" NOT NULL,
    waiting   bigint           NOT NULL,
    later     bigint           NOT NULL,
    active    bigint           NOT NULL,
    completed bigint           NOT NULL,
    failed    bigint           NOT NULL,
    held      bigint           NOT NULL,
    cancelled bigint           NOT NULL,
    PRIMARY KEY (org, queue)
);

-- Pauses; '' is any. One that is being lifted does not hold any more, and is there until all that it parked is awake.
CREATE TABLE carewire.job_pause (
    org           text COLLATE "C" NOT NULL,
    queue         text COLLATE "C" NOT NULL,
    kind          text COLLATE "C" NOT NULL,
    remote        text COLLATE "C" NOT NULL,
    resource_type text COLLATE "C" NOT NULL,
    lifting       boolean          NOT NULL DEFAULT false,
    PRIMARY KEY (org, queue, kind, remote, resource_type)
);

-- Limits; '' is any. tokens come in each per; full_at is the level of the bucket (generic cell rate algorithm).
CREATE TABLE carewire.job_limit (
    org          text COLLATE "C" NOT NULL,
    queue        text COLLATE "C" NOT NULL,
    remote       text COLLATE "C" NOT NULL,
    tokens       bigint,
    per          bigint,
    burst        bigint,
    full_at      bigint,
    closed_until bigint,
    PRIMARY KEY (org, queue, remote)
);

-- Rows come and go: what is dead is to be removed early, and at full speed.
ALTER TABLE carewire.job_waiting SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE carewire.job_active SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE carewire.job_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0);
ALTER TABLE carewire.job_count SET (fillfactor = 50);
ALTER TABLE carewire.job_limit SET (fillfactor = 50);

-- A service sees rows of the org that its transaction has named, and writes none: the functions do that. They work as the
-- owner, over all orgs, hence the second policy.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['job_waiting', 'job_active', 'job_aside', 'job_history', 'job_change', 'job_count',
                                   'job_pause', 'job_limit'] LOOP
        EXECUTE format('ALTER TABLE carewire.%I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE carewire.%I FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY of_org ON carewire.%I USING (org = current_setting(''carewire.org'', true))', v_table);
        EXECUTE format('CREATE POLICY of_functions ON carewire.%I TO CURRENT_USER USING (true)', v_table);
    END LOOP;
END $$;

-- A pause of all orgs holds for each.
CREATE POLICY of_all ON carewire.job_pause FOR SELECT USING (org = '');
