-- What a claim takes, and what it sees on its way.
--
-- The planner knows nothing of tables that are empty one moment and large the next, and a plan outlives both: so the functions
-- that a service calls leave it no choice but the indexes. Those that they call inherit that.

-- Gives jobs back whose leases have ended, up to p_most.
CREATE FUNCTION carewire.job_expire(p_queue text, p_now bigint, p_most integer) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_ids bigint[];
BEGIN
    SELECT array_agg(id) INTO v_ids FROM (
        SELECT id FROM job_active WHERE queue = p_queue AND part = 0 AND lease_until <= p_now
        ORDER BY lease_until LIMIT p_most FOR UPDATE SKIP LOCKED
    ) AS ended;
    IF v_ids IS NOT NULL THEN
        PERFORM job_end(v_ids, array_fill(1::smallint, ARRAY[cardinality(v_ids)]),
            array_fill('lease-expired'::text, ARRAY[cardinality(v_ids)]), array_fill(p_now, ARRAY[cardinality(v_ids)]),
            array_fill(NULL::text, ARRAY[cardinality(v_ids)]), p_now);
    END IF;
END $$;

-- Makes jobs ready whose time has come, and removes stones whose time is over, up to p_most of each.
CREATE FUNCTION carewire.job_promote(p_queue text, p_now bigint, p_most integer) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_places tid[];
    v_ids    bigint[];
    v_okeys  uuid[];
BEGIN
    SELECT array_agg(ctid) INTO v_places FROM (
        SELECT ctid FROM job_waiting WHERE queue = p_queue AND state IN (1, 4) AND run_at <= p_now
        ORDER BY queue, run_at LIMIT p_most FOR UPDATE SKIP LOCKED
    ) AS due;
    IF v_places IS NOT NULL THEN
        WITH ready AS (
            UPDATE job_waiting SET state = 0 WHERE ctid = ANY (v_places) RETURNING org, queue
        )
        INSERT INTO job_change (org, queue, later) SELECT org, queue, -count(*) FROM ready GROUP BY org, queue;
    END IF;
    SELECT array_agg(ctid) INTO v_places FROM (
        SELECT ctid FROM job_waiting WHERE queue = '' AND state IN (1, 4) AND run_at <= p_now
        ORDER BY queue, run_at LIMIT p_most FOR UPDATE SKIP LOCKED
    ) AS over;
    IF v_places IS NOT NULL THEN
        WITH gone AS (
            DELETE FROM job_waiting WHERE ctid = ANY (v_places) AND state = 4 RETURNING id, okey
        )
        SELECT array_agg(id), array_agg(okey) INTO v_ids, v_okeys FROM gone;
        PERFORM job_wake(v_ids, v_okeys, p_now);
    END IF;
END $$;

-- Takes jobs that wait behind others of their keys out of the sight of claims. Nobody would wake one whose last job in the way
-- leaves at the same time; so it stays ready unless that one can be locked until this transaction ends.
-- An active job with a higher id (it began before this one was committed) does not count: its end would not wake this one.
CREATE FUNCTION carewire.job_block(p_ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_behind bigint[];
    v_queued bigint[];
    v_places tid[];
BEGIN
    SELECT array_agg(b.id), array_agg(running.place) INTO v_behind, v_places
    FROM (SELECT w.id, w.okey FROM job_waiting w WHERE w.id = ANY (p_ids) AND w.okey IS NOT NULL) AS b
    CROSS JOIN LATERAL (
        SELECT a.ctid AS place FROM job_active a WHERE a.okey = b.okey AND a.id < b.id
        LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    ) AS running;
    UPDATE job_active SET awaited = true WHERE ctid = ANY (v_places) AND NOT awaited;

    SELECT array_agg(b.id), array_agg(earlier.place) INTO v_queued, v_places
    FROM (SELECT w.id, w.okey FROM job_waiting w WHERE w.id = ANY (p_ids) AND w.okey IS NOT NULL) AS b
    CROSS JOIN LATERAL (
        SELECT w.ctid AS place FROM job_waiting w WHERE w.okey = b.okey AND w.id < b.id
        ORDER BY w.okey DESC, w.id DESC LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    ) AS earlier
    WHERE coalesce(b.id <> ALL (v_behind), true);
    UPDATE job_waiting SET awaited = true WHERE ctid = ANY (v_places) AND NOT awaited;
    UPDATE job_waiting SET state = 2 WHERE id = ANY (v_behind || v_queued) AND part = 0 AND state = 0;
END $$;

-- Parks jobs under the pauses that cover them. Lifting one waits for this transaction, and then sees whom it parked.
CREATE FUNCTION carewire.job_park(p_ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_covered bigint[];
BEGIN
    SELECT array_agg(w.id) INTO v_covered FROM job_waiting w
    CROSS JOIN LATERAL (
        SELECT 1 FROM job_pause p
        WHERE NOT p.lifting AND p.org IN ('', w.org) AND p.queue IN ('', w.queue) AND p.remote IN ('', w.remote)
            AND p.kind IN ('', w.kind) AND p.resource_type IN ('', coalesce(w.resource_type, ''))
        LIMIT 1 FOR SHARE SKIP LOCKED
    ) AS pause
    WHERE w.id = ANY (p_ids) AND w.part = 0;
    UPDATE job_waiting SET state = 3 WHERE id = ANY (v_covered) AND part = 0 AND state = 0;
END $$;

-- The lanes of a queue that have ready jobs, in the order of the ring of orgs after p_after, up to p_most. A step of the walk
-- is one descent of the index, however many jobs a lane has.
CREATE FUNCTION carewire.job_lanes(p_queue text, p_after text, p_most integer)
RETURNS TABLE (o_org text, o_remote text, o_priority smallint)
LANGUAGE plpgsql STABLE SET search_path = carewire, pg_catalog
AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE behind AS (
        (SELECT org, remote, priority, 1 AS n FROM job_waiting
         WHERE state = 0 AND queue = p_queue AND org > p_after
         ORDER BY queue, org, remote, priority LIMIT 1)
        UNION ALL
        SELECT l.org, l.remote, l.priority, b.n + 1 FROM behind b CROSS JOIN LATERAL (
            SELECT org, remote, priority FROM job_waiting
            WHERE state = 0 AND queue = p_queue AND (org, remote, priority) > (b.org, b.remote, b.priority)
            ORDER BY queue, org, remote, priority LIMIT 1) AS l
        WHERE b.n < p_most
    ), before AS (
        (SELECT org, remote, priority, 1 AS n FROM job_waiting
         WHERE state = 0 AND queue = p_queue AND org <= p_after
         ORDER BY queue, org, remote, priority LIMIT 1)
        UNION ALL
        SELECT l.org, l.remote, l.priority, b.n + 1 FROM before b CROSS JOIN LATERAL (
            SELECT org, remote, priority FROM job_waiting
            WHERE state = 0 AND queue = p_queue AND (org, remote, priority) > (b.org, b.remote, b.priority)
                AND org <= p_after
            ORDER BY queue, org, remote, priority LIMIT 1) AS l
        WHERE b.n < p_most
    )
    SELECT org, remote, priority FROM (
        SELECT org, remote, priority, 0 AS half, n FROM behind
        UNION ALL SELECT org, remote, priority, 1, n FROM before
    ) AS ring ORDER BY half, n LIMIT p_most;
END $$;

-- Which of these lanes are open, and how many tokens each has at hand (null: no limit covers it).
CREATE FUNCTION carewire.job_open(p_queue text, p_orgs text[], p_remotes text[], p_now bigint)
RETURNS TABLE (o_n bigint, o_tokens bigint)
LANGUAGE sql STABLE SET search_path = carewire, pg_catalog
AS $$
    SELECT lane.n, min(limits.burst - ceil(greatest(limits.full_at - p_now, 0)::numeric * 1000000
            / (limits.per * 1000000 / limits.tokens)))::bigint
    FROM unnest(p_orgs, p_remotes) WITH ORDINALITY AS lane (org, remote, n)
    LEFT JOIN job_limit limits ON limits.org IN ('', lane.org) AND limits.queue IN ('', p_queue)
        AND limits.remote IN ('', lane.remote)
    GROUP BY lane.n
    HAVING coalesce(bool_and(coalesce(limits.closed_until <= p_now, true)), true)
        AND coalesce(min(limits.burst - ceil(greatest(limits.full_at - p_now, 0)::numeric * 1000000
            / (limits.per * 1000000 / limits.tokens))) >= 1, true)
$$;

-- Takes the costs of jobs from every limit that covers them.
CREATE FUNCTION carewire.job_charge(p_queue text, p_orgs text[], p_remotes text[], p_costs integer[], p_now bigint)
RETURNS void
LANGUAGE sql SET search_path = carewire, pg_catalog
AS $$
    UPDATE job_limit l SET full_at = greatest(l.full_at, p_now) + spent.micros
    FROM (SELECT c.org, c.queue, c.remote,
              sum(ceil((c.per * 1000000 / c.tokens)::numeric * job.cost / 1000000))::bigint AS micros
          FROM job_limit c JOIN unnest(p_orgs, p_remotes, p_costs) AS job (org, remote, cost)
              ON c.org IN ('', job.org) AND c.queue IN ('', p_queue) AND c.remote IN ('', job.remote)
          WHERE c.tokens IS NOT NULL
          GROUP BY c.org, c.queue, c.remote) AS spent
    WHERE l.org = spent.org AND l.queue = spent.queue AND l.remote = spent.remote
$$;

-- Whether a waiting job is the first of each of its keys, and none of them is at work.
CREATE FUNCTION carewire.job_is_next(p_id bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = carewire, pg_catalog
AS $$
    SELECT bool_and(w.okey IS NULL OR (NOT EXISTS (SELECT FROM job_active a WHERE a.okey = w.okey)
        AND NOT EXISTS (SELECT FROM job_waiting b WHERE b.okey = w.okey AND b.id < w.id)))
    FROM job_waiting w WHERE w.id = p_id
$$;

-- Activates a job of several keys, which is the first in each of them: all of its parts, or none.
CREATE FUNCTION carewire.job_merge(p_id bigint, p_epoch bigint, p_until bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_parts integer;
    v_free  boolean;
BEGIN
    SELECT count(*) INTO v_parts FROM job_waiting w WHERE w.id = p_id;
    WITH taken AS (
        INSERT INTO job_active (id, run_at, enqueued_at, lease_until, epoch, okey, park, done, total, attempts,
            max_attempts, cost, part, parts, priority, org, queue, remote, kind, resource_type, correlation, refs,
            unique_key, reason, checkpoint, awaited)
        SELECT id, run_at, enqueued_at, p_until, p_epoch, okey, park, done, total, attempts, max_attempts, cost, part,
            parts, priority, org, queue, remote, kind, resource_type, correlation, refs, unique_key, reason, checkpoint,
            -- Its further parts are not locked: somebody may be about to wait for one.
            true
        FROM job_waiting WHERE id = p_id ORDER BY okey
        ON CONFLICT (okey) WHERE okey IS NOT NULL DO NOTHING RETURNING 1
    )
    SELECT count(*) = v_parts INTO v_free FROM taken;
    -- Another claim was faster with one of the keys.
    IF NOT v_free THEN
        DELETE FROM job_active WHERE id = p_id AND epoch = p_epoch;
        RETURN false;
    END IF;
    DELETE FROM job_waiting WHERE id = p_id;
    RETURN true;
END $$;

-- Leases up to p_limit jobs of a queue, of all orgs, fairly: deficit round robin in the ring of orgs after p_after, where
-- p_debts is what each of p_debtors took beyond its share before. A job's turn is what its org has taken before it; jobs
-- go by (turn, place in the ring). All that a claim does is bounded by p_limit and the 64 lanes that it looks at.
--
-- Indexes keep entries of rows that are gone, at the very place where a claim begins to read, until they are vacuumed: after a
-- million jobs, or while an old snapshot is held, reading past them costs more than all the rest. So a caller who has claimed
-- a moment ago says where it stopped: which lanes it knows (p_orgs and the four others, in the order of the ring), from
-- which (run_at, id) on they have jobs, and the instant p_since of its last look at leases and delays. What comes in
-- before that (it is rare: a job that was blocked, or committed late) is found by the next claim that says nothing.
CREATE FUNCTION carewire.job_claim(
    p_queue text, p_limit integer, p_now bigint, p_until bigint, p_after text, p_debtors text[], p_debts bigint[],
    p_orgs text[], p_remotes text[], p_levels smallint[], p_floors bigint[], p_floor_ids bigint[], p_since bigint
) RETURNS TABLE (
    o_id bigint, o_epoch bigint, o_org text, o_kind text, o_refs text, o_remote text, o_type text, o_attempts integer,
    o_max_attempts integer, o_checkpoint text, o_correlation text, o_enqueued_at bigint, o_run_at bigint,
    o_priority smallint, o_cost integer, o_lanes integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_orgs     text[];
    v_remotes  text[];
    v_levels   smallint[];
    v_rings    bigint[];
    v_debts    bigint[];
    v_floors   bigint[];
    v_ids      bigint[];
    -- The places in these lists of the lanes that may have more.
    v_lanes    bigint[];
    v_known    integer;
    v_epoch    bigint;
    v_left     integer := p_limit;
    v_share    integer;
    v_cap      bigint;
    v_limited  boolean;
    v_paused   boolean;
    -- What a pass took, and what all passes did: ids and orgs, and of a pass remotes and costs.
    v_taken    bigint[];
    v_owners   text[];
    v_speak    text[];
    v_costs    integer[];
    v_all      bigint[] := '{}';
    v_all_orgs text[] := '{}';
    v_blocked  bigint[];
    v_merges   bigint[];
    v_covered  bigint[];
    v_merge    bigint;
    -- What this claim has seen and cannot have.
    v_stuck    bigint[] := '{}';
BEGIN
    IF EXISTS (SELECT FROM job_active WHERE queue = p_queue AND part = 0 AND lease_until <= p_now AND lease_until > p_since) THEN
        PERFORM job_expire(p_queue, p_now, greatest(p_limit, 100));
    END IF;
    IF EXISTS (SELECT FROM job_waiting
            WHERE queue = p_queue AND state IN (1, 4) AND run_at <= p_now AND run_at > p_since)
        OR EXISTS (SELECT FROM job_waiting
            WHERE queue = '' AND state IN (1, 4) AND run_at <= p_now AND run_at > p_since) THEN
        PERFORM job_promote(p_queue, p_now, greatest(2 * p_limit, 100));
    END IF;

    SELECT array_agg(l.org ORDER BY l.n), array_agg(l.remote ORDER BY l.n), array_agg(l.level ORDER BY l.n),
        array_agg(l.ring ORDER BY l.n), array_agg(coalesce(d.debt, 0) ORDER BY l.n), array_agg(l.floor ORDER BY l.n),
        array_agg(l.floor_id ORDER BY l.n)
    INTO v_orgs, v_remotes, v_levels, v_rings, v_debts, v_floors, v_ids
    FROM (SELECT *, min(n) OVER (PARTITION BY org) AS ring FROM (
            SELECT org, remote, level, floor, floor_id, n
            FROM unnest(p_orgs, p_remotes, p_levels, p_floors, p_floor_ids) WITH ORDINALITY
                AS known (org, remote, level, floor, floor_id, n)
            WHERE p_orgs IS NOT NULL
            UNION ALL
            -- No job is below the lowest number.
            SELECT org, remote, level, -9223372036854775808, 0, n
            FROM (SELECT p_queue AS queue WHERE p_orgs IS NULL) AS all_lanes
            CROSS JOIN LATERAL job_lanes(all_lanes.queue, p_after, 64) WITH ORDINALITY AS found (org, remote, level, n)
          ) AS lanes) AS l
    LEFT JOIN unnest(p_debtors, p_debts) AS d (org, debt) ON d.org = l.org
    WHERE NOT EXISTS (
        SELECT FROM job_pause p
        WHERE NOT p.lifting AND p.org IN ('', l.org) AND p.queue IN ('', p_queue) AND p.remote IN ('', l.remote)
            AND p.kind = '' AND p.resource_type = '');
    IF v_orgs IS NULL THEN
        RETURN;
    END IF;
    v_known := cardinality(v_orgs);
    v_paused := EXISTS (SELECT FROM job_pause p WHERE NOT p.lifting AND (p.kind <> '' OR p.resource_type <> ''));
    v_limited := EXISTS (SELECT FROM job_limit l WHERE l.queue IN ('', p_queue));
    IF v_limited THEN
        PERFORM FROM job_limit l
        WHERE l.queue IN ('', p_queue) AND (l.org = '' OR l.org = ANY (v_orgs))
            AND (l.remote = '' OR l.remote = ANY (v_remotes))
        ORDER BY l.org, l.queue, l.remote FOR UPDATE;
    END IF;
    v_epoch := nextval('job_epoch');

    FOR v_pass IN 1..20 LOOP
        IF v_limited THEN
            SELECT array_agg(v_orgs[o_n] ORDER BY o_n), array_agg(v_remotes[o_n] ORDER BY o_n),
                array_agg(v_levels[o_n] ORDER BY o_n), array_agg(v_rings[o_n] ORDER BY o_n),
                array_agg(v_debts[o_n] ORDER BY o_n), array_agg(v_floors[o_n] ORDER BY o_n),
                array_agg(v_ids[o_n] ORDER BY o_n), min(o_tokens)
            INTO v_orgs, v_remotes, v_levels, v_rings, v_debts, v_floors, v_ids, v_cap
            FROM job_open(p_queue, v_orgs, v_remotes, p_now);
        END IF;
        EXIT WHEN v_orgs IS NULL;
        -- In a large claim some will turn out to be blocked: it looks at a few more.
        v_share := ceil((v_left + v_left / 8)::float8 / cardinality(v_orgs));

        WITH seen AS MATERIALIZED (
            SELECT w.place, w.id, w.cost, w.parts, w.rank, l.org, l.ring, l.debt, l.n, w.covered,
                NOT w.covered AND CASE WHEN w.okey IS NULL THEN true WHEN w.parts > 1 THEN job_is_next(w.id)
                    ELSE (SELECT a.id FROM job_active a WHERE a.okey = w.okey LIMIT 1) IS NULL
                        AND (SELECT b.id FROM job_waiting b WHERE b.okey = w.okey AND b.id < w.id LIMIT 1) IS NULL
                    END AS free
            FROM unnest(v_orgs, v_remotes, v_levels, v_rings, v_debts, v_floors, v_ids) WITH ORDINALITY
                AS l (org, remote, level, ring, debt, floor, floor_id, n)
            CROSS JOIN LATERAL (
                SELECT w.ctid AS place, w.id, w.okey, w.cost, w.parts,
                    w.run_at + (w.priority - 1) * 60000000 AS rank,
                    v_paused AND EXISTS (
                        SELECT FROM job_pause p
                        WHERE NOT p.lifting AND p.org IN ('', w.org) AND p.queue IN ('', w.queue)
                            AND p.remote IN ('', w.remote) AND p.kind IN ('', w.kind)
                            AND p.resource_type IN ('', coalesce(w.resource_type, ''))) AS covered
                FROM job_waiting w
                WHERE w.state = 0 AND w.queue = p_queue AND w.org = l.org AND w.remote = l.remote
                    AND w.priority = l.level AND w.run_at <= p_now AND (w.run_at, w.id) >= (l.floor, l.floor_id)
                    AND w.id <> ALL (v_stuck)
                ORDER BY w.run_at, w.id LIMIT v_share FOR UPDATE SKIP LOCKED
            ) AS w
        ), walked AS MATERIALIZED (
            SELECT *, debt + sum(CASE WHEN free THEN cost ELSE 0 END) OVER (PARTITION BY org ORDER BY rank, id) AS upto
            FROM seen
        ), edge AS MATERIALIZED (
            -- Where the look at each lane ended, if it did not end the lane: from there on are jobs that might be next.
            SELECT n, org, count(*) >= v_share AS is_full, bool_or(free) AS is_served, max(upto) AS upto, max(rank) AS rank,
                max(upto - cost) FILTER (WHERE free) AS turn
            FROM walked GROUP BY n, org
        ), bound AS (
            SELECT min(upto) FILTER (WHERE is_served) AS turn, coalesce(bool_or(NOT is_served), false) AS is_hidden
            FROM edge WHERE is_full
        ), chosen AS (
            SELECT place, id, parts FROM (
                SELECT place, parts, upto - cost AS turn, ring, rank, id,
                    sum(cost) OVER (ORDER BY upto - cost, ring, rank, id) - cost AS before
                FROM walked w
                WHERE free AND upto - cost < coalesce((SELECT turn FROM bound), 9223372036854775807)
                    -- Of an org's other lanes those only that come before what stands behind the blocked.
                    AND ((SELECT NOT is_hidden FROM bound) OR NOT EXISTS (
                        SELECT FROM edge e WHERE e.org = w.org AND e.is_full AND NOT e.is_served AND e.rank <= w.rank))
            ) AS ordered
            WHERE before < coalesce(v_cap, before + 1)
            ORDER BY turn, ring, rank, id LIMIT v_left
        ), gone AS (
            DELETE FROM job_waiting WHERE ctid = ANY (ARRAY(SELECT place FROM chosen WHERE parts = 1)) RETURNING *
        ), taken AS (
            INSERT INTO job_active (id, run_at, enqueued_at, lease_until, epoch, okey, park, done, total, attempts,
                max_attempts, cost, part, parts, priority, org, queue, remote, kind, resource_type, correlation, refs,
                unique_key, reason, checkpoint, awaited)
            SELECT id, run_at, enqueued_at, p_until, v_epoch, okey, park, done, total, attempts, max_attempts, cost, part,
                parts, priority, org, queue, remote, kind, resource_type, correlation, refs, unique_key, reason, checkpoint,
                awaited
            FROM gone
            RETURNING id, org, remote, cost
        ), lanes AS (
            SELECT n FROM edge
            WHERE is_full OR v_cap IS NOT NULL OR turn >= (SELECT turn FROM bound) OR (SELECT is_hidden FROM bound)
        )
        SELECT array_agg(id), array_agg(org), array_agg(remote), array_agg(cost),
            (SELECT array_agg(id) FROM seen WHERE NOT free AND NOT covered),
            (SELECT array_agg(id) FROM chosen WHERE parts > 1),
            (SELECT array_agg(id) FROM seen WHERE covered),
            (SELECT array_agg(n) FROM lanes)
        INTO v_taken, v_owners, v_speak, v_costs, v_blocked, v_merges, v_covered, v_lanes
        FROM taken;

        FOREACH v_merge IN ARRAY coalesce(v_merges, '{}') LOOP
            IF job_merge(v_merge, v_epoch, p_until) THEN
                SELECT v_taken || id, v_owners || org, v_speak || remote, v_costs || cost
                INTO v_taken, v_owners, v_speak, v_costs
                FROM job_active WHERE id = v_merge AND part = 0;
            ELSE
                v_blocked := v_blocked || v_merge;
            END IF;
        END LOOP;
        IF v_blocked IS NOT NULL THEN
            PERFORM job_block(v_blocked);
        END IF;
        IF v_covered IS NOT NULL THEN
            PERFORM job_park(v_covered);
        END IF;
        -- Some may have stayed ready. This claim has seen them.
        v_stuck := v_stuck || v_blocked || v_covered;
        IF v_taken IS NOT NULL THEN
            v_all := v_all || v_taken;
            v_all_orgs := v_all_orgs || v_owners;
            v_left := p_limit - cardinality(v_all);
            IF v_limited THEN
                PERFORM job_charge(p_queue, v_owners, v_speak, v_costs, p_now);
            END IF;
        END IF;
        EXIT WHEN v_left <= 0 OR v_lanes IS NULL OR (v_taken IS NULL AND v_blocked IS NULL AND v_covered IS NULL)
            OR p_limit >= 64 AND v_left * 16 <= p_limit;
        SELECT array_agg(l.org ORDER BY l.n), array_agg(l.remote ORDER BY l.n), array_agg(l.level ORDER BY l.n),
            array_agg(l.ring ORDER BY l.n), array_agg(l.debt + coalesce(t.cost, 0) ORDER BY l.n),
            array_agg(l.floor ORDER BY l.n), array_agg(l.floor_id ORDER BY l.n)
        INTO v_orgs, v_remotes, v_levels, v_rings, v_debts, v_floors, v_ids
        FROM unnest(v_orgs, v_remotes, v_levels, v_rings, v_debts, v_floors, v_ids) WITH ORDINALITY
            AS l (org, remote, level, ring, debt, floor, floor_id, n)
        LEFT JOIN (SELECT org, sum(cost) AS cost FROM unnest(v_owners, v_costs) AS t (org, cost) GROUP BY org) AS t ON t.org = l.org
        WHERE l.n = ANY (v_lanes);
    END LOOP;

    IF cardinality(v_all) = 0 THEN
        RETURN;
    END IF;
    INSERT INTO job_change (org, queue, waiting, active)
    SELECT a.org, p_queue, -count(*), count(*) FROM unnest(v_all_orgs) AS a (org) GROUP BY a.org;
    RETURN QUERY
    SELECT a.id, a.epoch, a.org, a.kind, a.refs, a.remote, a.resource_type, a.attempts, a.max_attempts, a.checkpoint,
        a.correlation, a.enqueued_at, a.run_at, a.priority, a.cost, v_known
    FROM job_active a WHERE a.id = ANY (v_all) AND a.part = 0
    ORDER BY a.run_at + (a.priority - 1) * 60000000, a.id;
END $$;
