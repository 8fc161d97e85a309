-- What operators do with the jobs of an org, in steps of p_most: each is one transaction. What only reads runs at the right of
-- the caller; what writes asks whether the transaction has named the org.
CREATE FUNCTION carewire.job_own(p_org text) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
BEGIN
    IF p_org IS DISTINCT FROM current_setting('carewire.org', true) THEN
        RAISE EXCEPTION 'jobs of another org' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- The jobs of an org in the order of their ids.
CREATE FUNCTION carewire.job_list(
    p_org text, p_queue text, p_kind text, p_remote text, p_type text, p_state text, p_reason text,
    p_correlation text, p_id bigint, p_after bigint, p_most bigint
) RETURNS TABLE (
    o_id bigint, o_queue text, o_kind text, o_state text, o_refs text, o_priority smallint, o_remote text, o_type text,
    o_attempts integer, o_max_attempts integer, o_reason text, o_done bigint, o_total bigint, o_checkpoint text,
    o_correlation text, o_enqueued_at bigint, o_run_at bigint, o_settled_at bigint,
    o_parked_until bigint
) LANGUAGE sql STABLE SET search_path = carewire, pg_catalog
AS $$
    SELECT * FROM (
        (SELECT id, queue, kind, 'waiting', refs, priority, remote, resource_type, attempts, max_attempts, reason, done,
            total, checkpoint, correlation, enqueued_at, run_at, NULL::bigint, NULL::bigint
         FROM job_waiting
         WHERE org = p_org AND part = 0 AND state <> 4 AND coalesce(p_state = 'waiting', true)
            AND coalesce(queue = p_queue, true) AND coalesce(kind = p_kind, true) AND coalesce(remote = p_remote, true)
            AND (p_type IS NULL OR resource_type = p_type) AND (p_reason IS NULL OR reason = p_reason)
            AND coalesce(correlation = p_correlation, true)
            AND id >= coalesce(p_id, p_after + 1, 0) AND id <= coalesce(p_id, 9223372036854775807)
            AND id > coalesce(p_after, -1)
         ORDER BY id LIMIT p_most)
        UNION ALL
        (SELECT id, queue, kind, 'active', refs, priority, remote, resource_type, attempts, max_attempts, reason, done,
            total, checkpoint, correlation, enqueued_at, run_at, NULL, NULL
         FROM job_active
         WHERE org = p_org AND part = 0 AND coalesce(p_state = 'active', true)
            AND coalesce(queue = p_queue, true) AND coalesce(kind = p_kind, true) AND coalesce(remote = p_remote, true)
            AND (p_type IS NULL OR resource_type = p_type) AND (p_reason IS NULL OR reason = p_reason)
            AND coalesce(correlation = p_correlation, true)
            AND id >= coalesce(p_id, p_after + 1, 0) AND id <= coalesce(p_id, 9223372036854775807)
            AND id > coalesce(p_after, -1)
         ORDER BY id LIMIT p_most)
        UNION ALL
        (SELECT id, queue, kind, state, refs, priority, remote, resource_type, attempts, max_attempts, reason, done,
            total, checkpoint, correlation, enqueued_at, run_at, settled_at, parked_until
         FROM job_aside
         WHERE org = p_org AND coalesce(state = p_state, true)
            AND coalesce(queue = p_queue, true) AND coalesce(kind = p_kind, true) AND coalesce(remote = p_remote, true)
            AND (p_type IS NULL OR resource_type = p_type) AND (p_reason IS NULL OR reason = p_reason)
            AND coalesce(correlation = p_correlation, true)
            AND id >= coalesce(p_id, p_after + 1, 0) AND id <= coalesce(p_id, 9223372036854775807)
            AND id > coalesce(p_after, -1)
         ORDER BY id LIMIT p_most)
        UNION ALL
        (SELECT id, queue, kind, 'completed', refs, priority, remote, resource_type, attempts, max_attempts, reason, done,
            total, checkpoint, correlation, enqueued_at, run_at, settled_at, NULL
         FROM job_history
         WHERE org = p_org AND coalesce(p_state = 'completed', true)
            AND coalesce(queue = p_queue, true) AND coalesce(kind = p_kind, true) AND coalesce(remote = p_remote, true)
            AND (p_type IS NULL OR resource_type = p_type) AND (p_reason IS NULL OR reason = p_reason)
            AND coalesce(correlation = p_correlation, true)
            AND id >= coalesce(p_id, p_after + 1, 0) AND id <= coalesce(p_id, 9223372036854775807)
            AND id > coalesce(p_after, -1)
         ORDER BY id LIMIT p_most)
    ) AS jobs ORDER BY id LIMIT p_most
$$;

-- Takes the stones of jobs away, and wakes who waited behind them.
CREATE FUNCTION carewire.job_unpark(p_ids bigint[], p_now bigint) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_ids   bigint[];
    v_okeys uuid[];
BEGIN
    WITH gone AS (
        DELETE FROM job_waiting WHERE id = ANY (p_ids) AND state = 4 RETURNING id, okey
    )
    SELECT array_agg(id), array_agg(okey) INTO v_ids, v_okeys FROM gone;
    PERFORM job_wake(v_ids, v_okeys, p_now);
END $$;

-- Failed jobs (cancelled ones if p_state says so) wait again, due at p_now at the latest, with fresh attempts.
CREATE FUNCTION carewire.job_redrive(
    p_org text, p_queue text, p_kind text, p_remote text, p_type text, p_state text, p_reason text,
    p_correlation text, p_id bigint, p_after bigint, p_now bigint, p_most bigint
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_jobs job_aside[];
BEGIN
    PERFORM job_own(p_org);
    WITH picked AS (
        SELECT id FROM job_aside
        WHERE org = p_org AND state = coalesce(p_state, 'failed') AND state <> 'held'
            AND coalesce(queue = p_queue, true) AND coalesce(kind = p_kind, true) AND coalesce(remote = p_remote, true)
            AND (p_type IS NULL OR resource_type = p_type) AND (p_reason IS NULL OR reason = p_reason)
            AND coalesce(correlation = p_correlation, true) AND coalesce(id = p_id, true) AND coalesce(id > p_after, true)
        ORDER BY id LIMIT p_most FOR UPDATE
    ), gone AS (
        DELETE FROM job_aside a WHERE a.org = p_org AND a.id IN (SELECT id FROM picked) RETURNING a.*
    )
    SELECT array_agg(g::job_aside) INTO v_jobs FROM gone g;
    IF v_jobs IS NULL THEN
        RETURN 0;
    END IF;
    DELETE FROM job_waiting WHERE id = ANY (ARRAY(SELECT j.id FROM unnest(v_jobs) AS j)) AND state = 4;
    PERFORM job_again(v_jobs, true, p_now);
    RETURN cardinality(v_jobs);
END $$;

-- Held jobs wait again, due at p_now at the latest.
CREATE FUNCTION carewire.job_release(p_org text, p_hold text, p_now bigint, p_most bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_jobs job_aside[];
BEGIN
    PERFORM job_own(p_org);
    WITH picked AS (
        SELECT id FROM job_aside WHERE org = p_org AND state = 'held' AND hold_key = p_hold
        ORDER BY id LIMIT p_most FOR UPDATE
    ), gone AS (
        DELETE FROM job_aside a WHERE a.org = p_org AND a.id IN (SELECT id FROM picked) RETURNING a.*
    )
    SELECT array_agg(g::job_aside) INTO v_jobs FROM gone g;
    IF v_jobs IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM job_again(v_jobs, false, p_now);
    RETURN cardinality(v_jobs);
END $$;

-- Puts jobs that were set aside back, and counts them where they are now.
CREATE FUNCTION carewire.job_again(p_jobs job_aside[], p_fresh_attempts boolean, p_now bigint) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_jobs job_aside[] := '{}';
    v_job  job_aside;
BEGIN
    INSERT INTO job_change (org, queue, waiting, failed, held, cancelled)
    SELECT j.org, j.queue, count(*), -count(*) FILTER (WHERE j.state = 'failed'),
        -count(*) FILTER (WHERE j.state = 'held'), -count(*) FILTER (WHERE j.state = 'cancelled')
    FROM unnest(p_jobs) AS j GROUP BY j.org, j.queue;
    FOREACH v_job IN ARRAY p_jobs LOOP
        -- What was due earlier stays so: the jobs keep their old order among the others.
        v_job.run_at := least(v_job.run_at, p_now);
        IF p_fresh_attempts THEN
            v_job.attempts := 0;
        END IF;
        v_jobs := v_jobs || v_job;
    END LOOP;
    PERFORM job_revive(v_jobs, p_now);
END $$;

-- Cancels jobs; answers how many. The waiting before the active before the held: a job that moves on meanwhile is met there.
CREATE FUNCTION carewire.job_cancel(
    p_org text, p_queue text, p_kind text, p_remote text, p_type text, p_state text, p_reason text,
    p_correlation text, p_id bigint, p_after bigint, p_now bigint, p_most bigint
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_ids   bigint[];
    v_gone  bigint[];
    v_okeys uuid[];
    v_count bigint := 0;
    v_moved bigint;
BEGIN
    PERFORM job_own(p_org);
    IF coalesce(p_state = 'waiting', true) THEN
        SELECT array_agg(id) INTO v_ids FROM (
            SELECT id FROM job_waiting
            WHERE org = p_org AND part = 0 AND state <> 4
                AND coalesce(queue = p_queue, true) AND coalesce(kind = p_kind, true) AND coalesce(remote = p_remote, true)
                AND (p_type IS NULL OR resource_type = p_type) AND (p_reason IS NULL OR reason = p_reason)
                AND coalesce(correlation = p_correlation, true) AND coalesce(id = p_id, true)
                AND coalesce(id > p_after, true)
            ORDER BY id LIMIT p_most FOR UPDATE
        ) AS picked;
        WITH gone AS (
            DELETE FROM job_waiting WHERE id = ANY (v_ids) AND state <> 4 RETURNING *
        ), kept AS (
            INSERT INTO job_aside (id, state, run_at, enqueued_at, settled_at, okeys, park, done, total, attempts,
                max_attempts, cost, priority, org, queue, remote, kind, resource_type, correlation, refs, reason, checkpoint)
            SELECT id, 'cancelled', run_at, enqueued_at, p_now,
                (SELECT array_agg(k.okey ORDER BY k.part) FROM gone k WHERE k.id = gone.id AND k.okey IS NOT NULL), park, done,
                total, attempts, max_attempts, cost, priority, org, queue, remote, kind, resource_type, correlation, refs,
                'cancelled', checkpoint
            FROM gone WHERE part = 0
        ), counted AS (
            INSERT INTO job_change (org, queue, waiting, later, cancelled)
            SELECT org, queue, -count(*), -count(*) FILTER (WHERE state = 1), count(*) FROM gone WHERE part = 0
            GROUP BY org, queue
        )
        SELECT count(*) FILTER (WHERE part = 0), array_agg(id), array_agg(okey) INTO v_moved, v_gone, v_okeys FROM gone;
        v_count := v_count + v_moved;
        PERFORM job_wake(v_gone, v_okeys, p_now);
    END IF;
    IF coalesce(p_state = 'active', true) THEN
        SELECT array_agg(id) INTO v_ids FROM (
            SELECT id FROM job_active
            WHERE org = p_org AND part = 0
                AND coalesce(queue = p_queue, true) AND coalesce(kind = p_kind, true) AND coalesce(remote = p_remote, true)
                AND (p_type IS NULL OR resource_type = p_type) AND (p_reason IS NULL OR reason = p_reason)
                AND coalesce(correlation = p_correlation, true) AND coalesce(id = p_id, true)
                AND coalesce(id > p_after, true)
            ORDER BY id LIMIT p_most FOR UPDATE
        ) AS picked;
        WITH gone AS (
            DELETE FROM job_active WHERE id = ANY (v_ids) RETURNING *
        ), kept AS (
            INSERT INTO job_aside (id, state, run_at, enqueued_at, settled_at, okeys, park, done, total, attempts,
                max_attempts, cost, priority, org, queue, remote, kind, resource_type, correlation, refs, reason, checkpoint)
            SELECT id, 'cancelled', run_at, enqueued_at, p_now,
                (SELECT array_agg(k.okey ORDER BY k.part) FROM gone k WHERE k.id = gone.id AND k.okey IS NOT NULL), park, done,
                total, attempts, max_attempts, cost, priority, org, queue, remote, kind, resource_type, correlation, refs,
                'cancelled', checkpoint
            FROM gone WHERE part = 0
        ), counted AS (
            INSERT INTO job_change (org, queue, active, cancelled)
            SELECT org, queue, -count(*), count(*) FROM gone WHERE part = 0 GROUP BY org, queue
        )
        SELECT count(*) FILTER (WHERE part = 0), array_agg(id), array_agg(okey) INTO v_moved, v_gone, v_okeys FROM gone;
        v_count := v_count + v_moved;
        PERFORM job_wake(v_gone, v_okeys, p_now);
    END IF;
    WITH picked AS (
        SELECT id, queue, state FROM job_aside
        WHERE org = p_org AND (state = 'held' AND coalesce(p_state = 'held', true)
                OR state = 'failed' AND (p_state = 'failed' OR p_state IS NULL AND p_id IS NOT NULL))
            AND coalesce(queue = p_queue, true) AND coalesce(kind = p_kind, true) AND coalesce(remote = p_remote, true)
            AND (p_type IS NULL OR resource_type = p_type) AND (p_reason IS NULL OR reason = p_reason)
            AND coalesce(correlation = p_correlation, true) AND coalesce(id = p_id, true) AND coalesce(id > p_after, true)
        ORDER BY id LIMIT p_most FOR UPDATE
    ), changed AS (
        UPDATE job_aside a SET state = 'cancelled', reason = 'cancelled', settled_at = p_now, parked_until = NULL,
            hold_key = NULL, unique_key = NULL
        WHERE a.org = p_org AND a.id IN (SELECT id FROM picked)
    ), counted AS (
        INSERT INTO job_change (org, queue, held, failed, cancelled)
        SELECT p_org, queue, -count(*) FILTER (WHERE state = 'held'), -count(*) FILTER (WHERE state = 'failed'), count(*)
        FROM picked GROUP BY queue
    )
    SELECT count(*), array_agg(id) FILTER (WHERE state = 'failed') INTO v_moved, v_ids FROM picked;
    IF v_ids IS NOT NULL THEN
        PERFORM job_unpark(v_ids, p_now);
    END IF;
    RETURN v_count + v_moved;
END $$;

-- Removes what was settled before: completed, and failed or cancelled. Answers how many.
CREATE FUNCTION carewire.job_clean(p_org text, p_completed bigint, p_failed bigint, p_most bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_count bigint;
    v_moved bigint;
    v_ids   bigint[];
BEGIN
    PERFORM job_own(p_org);
    WITH gone AS (
        DELETE FROM job_history WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM job_history WHERE org = p_org AND settled_at < p_completed LIMIT p_most FOR UPDATE SKIP LOCKED))
        RETURNING queue
    ), counted AS (
        INSERT INTO job_change (org, queue, completed) SELECT p_org, queue, -count(*) FROM gone GROUP BY queue
    )
    SELECT count(*) INTO v_count FROM gone;
    WITH gone AS (
        DELETE FROM job_aside WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM job_aside WHERE org = p_org AND state <> 'held' AND settled_at < p_failed
            LIMIT p_most FOR UPDATE SKIP LOCKED))
        RETURNING id, queue, state, parked_until
    ), counted AS (
        INSERT INTO job_change (org, queue, failed, cancelled)
        SELECT p_org, queue, -count(*) FILTER (WHERE state = 'failed'), -count(*) FILTER (WHERE state = 'cancelled')
        FROM gone GROUP BY queue
    )
    SELECT count(*), array_agg(id) FILTER (WHERE parked_until IS NOT NULL) INTO v_moved, v_ids FROM gone;
    IF v_ids IS NOT NULL THEN
        PERFORM job_unpark(v_ids, p_failed);
    END IF;
    RETURN v_count + v_moved;
END $$;

-- Holds a scope back, or begins to lift it. A pause of all orgs is for the operator of the installation to set.
CREATE FUNCTION carewire.job_pause(p_org text, p_queue text, p_kind text, p_remote text, p_type text, p_paused boolean)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
BEGIN
    IF p_org <> '' THEN
        PERFORM job_own(p_org);
    END IF;
    IF p_paused THEN
        INSERT INTO job_pause (org, queue, kind, remote, resource_type) VALUES (p_org, p_queue, p_kind, p_remote, p_type)
        ON CONFLICT (org, queue, kind, remote, resource_type) DO UPDATE SET lifting = false;
    ELSE
        UPDATE job_pause SET lifting = true
        WHERE org = p_org AND queue = p_queue AND kind = p_kind AND remote = p_remote AND resource_type = p_type;
    END IF;
END $$;

-- Wakes jobs that were parked under pauses that are being lifted, up to p_most; answers how many. Where there are none left,
-- the pauses are gone. A claim that has just parked one holds the pause: this waits for it.
CREATE FUNCTION carewire.job_lift(p_most bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_count  bigint;
    v_lifted tid[];
BEGIN
    SELECT array_agg(ctid) INTO v_lifted FROM (SELECT ctid FROM job_pause WHERE lifting FOR UPDATE SKIP LOCKED) AS l;
    IF v_lifted IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE job_waiting SET state = 0 WHERE (id, part) IN (
        SELECT w.id, w.part FROM job_waiting w
        WHERE w.state = 3
            AND EXISTS (
                SELECT FROM job_pause p
                WHERE p.lifting AND p.org IN ('', w.org) AND p.queue IN ('', w.queue) AND p.remote IN ('', w.remote)
                    AND p.kind IN ('', w.kind) AND p.resource_type IN ('', coalesce(w.resource_type, '')))
            AND NOT EXISTS (
                SELECT FROM job_pause p
                WHERE NOT p.lifting AND p.org IN ('', w.org) AND p.queue IN ('', w.queue) AND p.remote IN ('', w.remote)
                    AND p.kind IN ('', w.kind) AND p.resource_type IN ('', coalesce(w.resource_type, '')))
        ORDER BY w.id LIMIT p_most FOR NO KEY UPDATE);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count = 0 THEN
        DELETE FROM job_pause WHERE ctid = ANY (v_lifted) AND lifting;
    END IF;
    RETURN v_count;
END $$;

-- How many jobs of an org and a queue are not in state 1 although they are not due: the clock of who asks is behind that of
-- who enqueued, or claimed. A step of the walk over the lanes is one descent of the index.
CREATE FUNCTION carewire.job_early(p_org text, p_queue text, p_now bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = carewire, pg_catalog SET enable_seqscan = off SET jit = off
AS $$
    WITH RECURSIVE lane AS (
        (SELECT remote, priority FROM job_waiting WHERE state = 0 AND queue = p_queue AND org = p_org
         ORDER BY queue, org, remote, priority LIMIT 1)
        UNION ALL
        SELECT l.remote, l.priority FROM lane b CROSS JOIN LATERAL (
            SELECT remote, priority FROM job_waiting
            WHERE state = 0 AND queue = p_queue AND org = p_org AND (remote, priority) > (b.remote, b.priority)
            ORDER BY queue, org, remote, priority LIMIT 1) AS l
    )
    SELECT (SELECT count(*) FROM job_waiting
            WHERE state IN (2, 3) AND org = p_org AND queue = p_queue AND run_at > p_now AND part = 0)
        + coalesce((SELECT sum(n.early) FROM lane CROSS JOIN LATERAL (
            SELECT count(*) AS early FROM job_waiting w
            WHERE w.state = 0 AND w.queue = p_queue AND w.org = p_org AND w.remote = lane.remote
                AND w.priority = lane.priority AND w.run_at > p_now) AS n), 0)::bigint
$$;

-- The counters of an org, of one queue or of all.
CREATE FUNCTION carewire.job_stats(p_org text, p_queue text, p_now bigint)
RETURNS TABLE (
    o_waiting bigint, o_active bigint, o_completed bigint, o_failed bigint, o_delayed bigint, o_paused bigint,
    o_held bigint, o_cancelled bigint
) LANGUAGE sql STABLE SET search_path = carewire, pg_catalog
AS $$
    WITH counted AS (
        SELECT queue, sum(waiting) AS waiting, sum(later) AS later, sum(active) AS active, sum(completed) AS completed,
            sum(failed) AS failed, sum(held) AS held, sum(cancelled) AS cancelled
        FROM (SELECT queue, waiting, later, active, completed, failed, held, cancelled FROM job_count
              WHERE org = p_org AND coalesce(queue = p_queue, true)
              UNION ALL
              SELECT queue, waiting, later, active, completed, failed, held, cancelled FROM job_change
              WHERE org = p_org AND coalesce(queue = p_queue, true)) AS rows
        GROUP BY queue
    ), judged AS (
        SELECT c.*,
            -- Nobody has claimed since the time of some came; of others it seems not to have come yet.
            CASE WHEN c.later > 0 THEN (SELECT count(*) FROM job_waiting w
                WHERE w.queue = c.queue AND w.state IN (1, 4) AND w.state = 1 AND w.run_at <= p_now AND w.org = p_org)
                ELSE 0 END - CASE WHEN c.waiting > 0 THEN job_early(p_org, c.queue, p_now) ELSE 0 END AS due,
            EXISTS (SELECT FROM job_pause p
                WHERE NOT p.lifting AND p.org IN ('', p_org) AND p.queue IN ('', c.queue) AND p.kind = '' AND p.remote = ''
                    AND p.resource_type = '') AS whole
        FROM counted c
    ), parted AS (
        -- Pauses of a part of the queue are the only thing that is counted by walking.
        SELECT j.queue, count(*) AS paused, count(*) FILTER (WHERE w.run_at > p_now) AS later
        FROM judged j JOIN job_waiting w ON w.org = p_org AND w.queue = j.queue AND w.part = 0 AND w.state <> 4
        WHERE NOT j.whole
            AND EXISTS (SELECT FROM job_pause p WHERE NOT p.lifting AND p.org IN ('', p_org) AND p.queue IN ('', j.queue))
            AND EXISTS (SELECT FROM job_pause p
                WHERE NOT p.lifting AND p.org IN ('', w.org) AND p.queue IN ('', w.queue) AND p.remote IN ('', w.remote)
                    AND p.kind IN ('', w.kind) AND p.resource_type IN ('', coalesce(w.resource_type, '')))
        GROUP BY j.queue
    ), split AS (
        SELECT j.*, CASE WHEN j.whole THEN j.waiting ELSE coalesce(p.paused, 0) END AS paused,
            CASE WHEN j.whole THEN 0 ELSE j.later - j.due - coalesce(p.later, 0) END AS delayed
        FROM judged j LEFT JOIN parted p ON p.queue = j.queue
    )
    SELECT coalesce(sum(waiting - paused - delayed), 0)::bigint, coalesce(sum(active), 0)::bigint,
        coalesce(sum(completed), 0)::bigint, coalesce(sum(failed), 0)::bigint, coalesce(sum(delayed), 0)::bigint,
        coalesce(sum(paused), 0)::bigint, coalesce(sum(held), 0)::bigint, coalesce(sum(cancelled), 0)::bigint
    FROM split
$$;

-- Adds up to p_most appended changes to the counters. One process at a time; the others go on.
CREATE FUNCTION carewire.job_add_up(p_most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_count bigint;
BEGIN
    -- ("CWrc")
    IF NOT pg_try_advisory_xact_lock(1129804387) THEN
        RETURN 0;
    END IF;
    WITH gone AS (
        DELETE FROM job_change WHERE ctid = ANY (ARRAY(SELECT ctid FROM job_change LIMIT p_most)) RETURNING *
    ), added AS (
        INSERT INTO job_count AS c (org, queue, waiting, later, active, completed, failed, held, cancelled)
        SELECT org, queue, sum(waiting), sum(later), sum(active), sum(completed), sum(failed), sum(held), sum(cancelled)
        FROM gone GROUP BY org, queue
        ON CONFLICT (org, queue) DO UPDATE SET waiting = c.waiting + excluded.waiting, later = c.later + excluded.later,
            active = c.active + excluded.active, completed = c.completed + excluded.completed,
            failed = c.failed + excluded.failed, held = c.held + excluded.held,
            cancelled = c.cancelled + excluded.cancelled
    )
    SELECT count(*) INTO v_count FROM gone;
    RETURN v_count;
END $$;
