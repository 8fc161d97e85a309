-- What ends an attempt, and what follows from that for the jobs behind.

-- Wakes the next job behind each (id, okey) that has left: of the jobs of the key with a higher id the lowest. It must be a
-- statement of its own, after the one that removed them, so that its snapshot sees whoever was blocked by them:
-- job_block locks the job in the way until its transaction has ended, and removing that one waits for it.
-- Others may have been blocked by the one that left: they await the next one from now on.
CREATE FUNCTION carewire.job_wake(p_ids bigint[], p_okeys uuid[], p_now bigint) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_next  bigint[];
    v_parts smallint[];
BEGIN
    SELECT array_agg(n.id), array_agg(n.part) INTO v_next, v_parts
    FROM unnest(p_ids, p_okeys) AS e (id, okey)
    CROSS JOIN LATERAL (
        SELECT w.id, w.part FROM job_waiting w WHERE w.okey = e.okey AND w.id > e.id ORDER BY w.okey, w.id LIMIT 1
    ) AS n;
    IF v_next IS NULL THEN
        RETURN;
    END IF;
    UPDATE job_waiting w SET awaited = true
    WHERE w.id = ANY (v_next) AND NOT w.awaited
        AND ((w.id, w.part) IN (SELECT n.id, n.part FROM unnest(v_next, v_parts) AS n (id, part))) IS TRUE;
    WITH blocked AS (
        SELECT w.id FROM job_waiting w WHERE w.id = ANY (v_next) AND w.part = 0 AND w.state = 2
        ORDER BY w.id FOR NO KEY UPDATE
    ), woken AS (
        UPDATE job_waiting w SET state = CASE WHEN w.run_at > p_now THEN 1 ELSE 0 END
        WHERE w.id = ANY (ARRAY(SELECT id FROM blocked)) AND w.part = 0 AND w.state = 2
        RETURNING w.org, w.queue, w.state
    )
    INSERT INTO job_change (org, queue, later)
    SELECT org, queue, count(*) FROM woken WHERE state = 1 GROUP BY org, queue;
END $$;

-- Puts jobs back into the queue with fresh indexes: (job, its keys) as they are set aside.
CREATE FUNCTION carewire.job_revive(p_jobs job_aside[], p_now bigint) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
BEGIN
    INSERT INTO job_waiting (id, run_at, enqueued_at, okey, park, done, total, attempts, max_attempts, cost, part, parts,
        state, priority, fresh, awaited, org, queue, remote, kind, resource_type, correlation, refs, unique_key, reason,
        checkpoint)
    SELECT j.id, j.run_at, j.enqueued_at, k.okey, j.park, j.done, j.total, j.attempts, j.max_attempts, j.cost,
        coalesce(k.part - 1, 0), greatest(cardinality(j.okeys), 1),
        CASE WHEN k.part > 1 THEN 5 WHEN j.run_at > p_now THEN 1 ELSE 0 END,
        j.priority, false, true, j.org, j.queue, j.remote, j.kind, j.resource_type, j.correlation,
        CASE WHEN k.part > 1 THEN '' ELSE j.refs END, j.unique_key, j.reason, j.checkpoint
    FROM unnest(p_jobs) AS j LEFT JOIN LATERAL unnest(j.okeys) WITH ORDINALITY AS k (okey, part) ON true;
END $$;

-- Ends attempts otherwise than by completing them. The rows are locked by the caller. Outcomes: 1 try again at p_at, which
-- counts; 2 the same, which does not count; 3 dead; 4 held under p_hold. Answers the new state of each job.
CREATE FUNCTION carewire.job_end(
    p_ids bigint[], p_outcomes smallint[], p_codes text[], p_at bigint[], p_holds text[], p_now bigint
) RETURNS TABLE (o_id bigint, o_state text)
LANGUAGE plpgsql SET search_path = carewire, pg_catalog SET enable_hashjoin = on
AS $$
DECLARE
    v_jobs   job_aside[];
    v_gone   job_aside[];
    v_leave  bigint[];
    v_okeys  uuid[];
BEGIN
    WITH ended AS (
        DELETE FROM job_active a WHERE a.id = ANY (p_ids) RETURNING a.*
    ), keyed AS (
        SELECT id, array_agg(okey ORDER BY part) AS okeys FROM ended WHERE okey IS NOT NULL GROUP BY id
    ), judged AS (
        SELECT e.*, k.okeys, o.at, o.code, o.hold,
            CASE WHEN o.outcome = 4 THEN 'held' WHEN o.outcome = 3 THEN 'failed'
                 WHEN o.outcome = 1 AND e.attempts + 1 >= e.max_attempts THEN 'failed' ELSE 'waiting' END AS next,
            e.attempts + CASE WHEN o.outcome IN (1, 3) THEN 1 ELSE 0 END AS counted
        FROM ended e
        JOIN unnest(p_ids, p_outcomes, p_codes, p_at, p_holds) AS o (id, outcome, code, at, hold) ON o.id = e.id
        LEFT JOIN keyed k ON k.id = e.id
        WHERE e.part = 0
    )
    SELECT array_agg(ROW(j.id, j.next, CASE WHEN j.next = 'waiting' THEN j.at ELSE j.run_at END, j.enqueued_at, p_now,
            CASE WHEN j.next = 'failed' AND j.okeys IS NOT NULL THEN p_now + j.park END, j.okeys, j.park, j.done, j.total,
            j.counted, j.max_attempts, j.cost, j.priority, j.org, j.queue, j.remote, j.kind, j.resource_type,
            j.correlation, j.refs, CASE WHEN j.next <> 'failed' THEN j.unique_key END,
            CASE WHEN j.next = 'held' THEN j.hold END, j.code, j.checkpoint)::job_aside)
    INTO v_jobs FROM judged j;

    v_gone := ARRAY(SELECT j FROM unnest(v_jobs) AS j WHERE j.state = 'waiting');
    PERFORM job_revive(v_gone, p_now);
    INSERT INTO job_aside SELECT (j).* FROM unnest(v_jobs) AS j WHERE j.state <> 'waiting';
    PERFORM job_stones(v_jobs);
    INSERT INTO job_change (org, queue, active, waiting, later, failed, held)
    SELECT j.org, j.queue, -count(*), count(*) FILTER (WHERE j.state = 'waiting'),
        count(*) FILTER (WHERE j.state = 'waiting' AND j.run_at > p_now),
        count(*) FILTER (WHERE j.state = 'failed'), count(*) FILTER (WHERE j.state = 'held')
    FROM unnest(v_jobs) AS j GROUP BY j.org, j.queue;

    SELECT array_agg(j.id), array_agg(k) INTO v_leave, v_okeys
    FROM unnest(v_jobs) AS j CROSS JOIN LATERAL unnest(j.okeys) AS k
    WHERE j.state <> 'waiting' AND j.parked_until IS NULL;
    PERFORM job_wake(v_leave, v_okeys, p_now);
    RETURN QUERY SELECT j.id, j.state FROM unnest(v_jobs) AS j;
END $$;

-- A stone in the line of each key of the jobs that park theirs: it lies where the job was.
CREATE FUNCTION carewire.job_stones(p_jobs job_aside[]) RETURNS void
LANGUAGE sql SET search_path = carewire, pg_catalog
AS $$
    INSERT INTO job_waiting (id, run_at, enqueued_at, okey, attempts, max_attempts, cost, part, parts, state, priority,
        fresh, org, queue, remote, kind, correlation, refs)
    SELECT j.id, j.parked_until, j.enqueued_at, k.okey, 0, 0, 1, k.part - 1, cardinality(j.okeys), 4, 3, false, j.org, '',
        '', '', '', ''
    FROM unnest(p_jobs) AS j CROSS JOIN LATERAL unnest(j.okeys) WITH ORDINALITY AS k (okey, part)
    WHERE j.parked_until IS NOT NULL
$$;

-- Ends attempts: outcome 0 completes, the others are those of job_end. Whoever is not the holder of the newest lease of
-- an active job changes nothing, and is answered null. Other outcomes are made nothing of. A lease is named once.
CREATE FUNCTION carewire.job_settle(
    p_orgs text[], p_ids bigint[], p_epochs bigint[], p_outcomes smallint[], p_codes text[], p_at bigint[],
    p_holds text[], p_now bigint
) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_done   bigint[];
    v_epochs bigint[];
    v_gone   bigint[];
    v_okeys  uuid[];
    v_others bigint[];
    v_states jsonb := '{}';
BEGIN
    -- IS TRUE keeps the planner from making a join of it, which it would do by looking at every pair.
    WITH ended AS (
        DELETE FROM job_active a
        WHERE a.id = ANY (p_ids) AND ((a.id, a.epoch, a.org) IN (
            SELECT l.id, l.epoch, l.org FROM unnest(p_ids, p_epochs, p_orgs, p_outcomes) AS l (id, epoch, org, outcome)
            WHERE l.outcome = 0)) IS TRUE
        RETURNING a.*
    ), kept AS (
        INSERT INTO job_history (id, run_at, enqueued_at, settled_at, done, total, attempts, max_attempts, priority, org,
            queue, remote, kind, resource_type, correlation, refs, reason, checkpoint)
        SELECT id, run_at, enqueued_at, p_now, done, total, attempts, max_attempts, priority, org, queue, remote, kind,
            resource_type, correlation, refs, reason, checkpoint
        FROM ended WHERE part = 0
    ), counted AS (
        INSERT INTO job_change (org, queue, active, completed)
        SELECT org, queue, -count(*), count(*) FROM ended WHERE part = 0 GROUP BY org, queue
    )
    SELECT array_agg(id) FILTER (WHERE part = 0), array_agg(epoch) FILTER (WHERE part = 0),
        array_agg(id) FILTER (WHERE awaited), array_agg(okey) FILTER (WHERE awaited)
    INTO v_done, v_epochs, v_gone, v_okeys FROM ended;
    IF v_okeys IS NOT NULL THEN
        PERFORM job_wake(v_gone, v_okeys, p_now);
    END IF;
    IF cardinality(v_done) = cardinality(p_ids) THEN
        RETURN QUERY SELECT 'completed' FROM generate_series(1, cardinality(p_ids));
        RETURN;
    END IF;

    -- Positions in the call.
    SELECT array_agg(n) INTO v_others FROM (
        SELECT l.n FROM job_active a
        JOIN unnest(p_orgs, p_ids, p_epochs, p_outcomes) WITH ORDINALITY AS l (org, id, epoch, outcome, n)
            ON a.id = l.id AND a.org = l.org AND a.epoch = l.epoch
        WHERE a.id = ANY (p_ids) AND a.part = 0 AND l.outcome > 0 ORDER BY a.id FOR UPDATE OF a
    ) AS locked;
    IF v_others IS NOT NULL THEN
        SELECT jsonb_object_agg(e.o_id, e.o_state) INTO v_states
        FROM (SELECT array_agg(p_ids[n]) AS ids, array_agg(p_outcomes[n]) AS outcomes, array_agg(p_codes[n]) AS codes,
                array_agg(p_at[n]) AS ats, array_agg(p_holds[n]) AS holds
              FROM unnest(v_others) AS n) AS o
        CROSS JOIN LATERAL job_end(o.ids, o.outcomes, o.codes, o.ats, o.holds, p_now) AS e;
    END IF;
    RETURN QUERY
    SELECT CASE WHEN l.outcome = 0 AND ((l.id, l.epoch) IN (SELECT d.id, d.epoch FROM unnest(v_done, v_epochs) AS d (id, epoch)))
                THEN 'completed'
                WHEN l.n = ANY (v_others) THEN v_states ->> l.id::text END
    FROM unnest(p_ids, p_epochs, p_outcomes) WITH ORDINALITY AS l (id, epoch, outcome, n) ORDER BY l.n;
END $$;

-- Renews leases, and keeps what is reported; answers for each whether it is still held.
CREATE FUNCTION carewire.job_heartbeat(
    p_orgs text[], p_ids bigint[], p_epochs bigint[], p_reports boolean[], p_done bigint[], p_total bigint[],
    p_checkpoints text[], p_until bigint
) RETURNS SETOF boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
    v_mine bigint[];
BEGIN
    -- In the order of their ids: two calls that renew the same leases do not wait for each other in a ring.
    SELECT array_agg(id) INTO v_mine FROM (
        SELECT a.id FROM job_active a JOIN unnest(p_orgs, p_ids, p_epochs) AS l (org, id, epoch)
            ON a.id = l.id AND a.org = l.org AND a.epoch = l.epoch
        WHERE a.id = ANY (p_ids) AND a.part = 0 ORDER BY a.id FOR UPDATE OF a
    ) AS mine;
    UPDATE job_active a SET lease_until = p_until,
        done = CASE WHEN b.report THEN b.done ELSE a.done END,
        total = CASE WHEN b.report THEN b.total ELSE a.total END,
        checkpoint = CASE WHEN b.report THEN b.checkpoint ELSE a.checkpoint END
    FROM unnest(p_ids, p_epochs, p_reports, p_done, p_total, p_checkpoints)
        AS b (id, epoch, report, done, total, checkpoint)
    WHERE a.id = ANY (v_mine) AND a.id = b.id AND a.part = 0 AND a.epoch = b.epoch;
    RETURN QUERY SELECT coalesce(l.id = ANY (v_mine), false)
        AND EXISTS (SELECT FROM job_active a WHERE a.id = l.id AND a.part = 0 AND a.epoch = l.epoch AND a.org = l.org)
    FROM unnest(p_orgs, p_ids, p_epochs) WITH ORDINALITY AS l (org, id, epoch, n) ORDER BY l.n;
END $$;
