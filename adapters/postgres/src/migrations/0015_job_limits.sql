-- Rate limits, for all orgs together: who sets them runs the installation. The arithmetic is that of the engine's Bucket: a
-- token comes in (per * 1000000 / tokens) millionths of a microsecond, and instants are rounded up to the microsecond.
CREATE FUNCTION carewire.limit_set(
    p_org text, p_queue text, p_remote text, p_tokens bigint, p_per bigint, p_burst bigint, p_now bigint
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
BEGIN
    INSERT INTO job_limit AS l (org, queue, remote, tokens, per, burst, full_at)
    VALUES (p_org, p_queue, p_remote, p_tokens, p_per, p_burst, CASE WHEN p_tokens IS NOT NULL THEN p_now END)
    ON CONFLICT (org, queue, remote) DO UPDATE SET tokens = p_tokens, per = p_per, burst = p_burst,
        full_at = CASE WHEN p_tokens IS NOT NULL THEN coalesce(l.full_at, p_now) END;
    PERFORM limit_forget(p_org, p_queue, p_remote, p_now);
END $$;

CREATE FUNCTION carewire.limit_close(p_org text, p_queue text, p_remote text, p_until bigint, p_now bigint)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
BEGIN
    INSERT INTO job_limit AS l (org, queue, remote, closed_until) VALUES (p_org, p_queue, p_remote, p_until)
    ON CONFLICT (org, queue, remote) DO UPDATE SET closed_until = CASE WHEN p_until > p_now
        THEN greatest(l.closed_until, p_until) END;
    PERFORM limit_forget(p_org, p_queue, p_remote, p_now);
END $$;

CREATE FUNCTION carewire.limit_forget(p_org text, p_queue text, p_remote text, p_now bigint) RETURNS void
LANGUAGE sql SET search_path = carewire, pg_catalog
AS $$
    DELETE FROM job_limit
    WHERE org = p_org AND queue = p_queue AND remote = p_remote AND tokens IS NULL
        AND coalesce(closed_until <= p_now, true)
$$;

CREATE FUNCTION carewire.limit_observe(p_org text, p_queue text, p_remote text, p_tokens bigint, p_now bigint)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
    UPDATE job_limit SET full_at = greatest(full_at, p_now
        + ceil((per * 1000000 / tokens)::numeric * greatest(burst - p_tokens, 0) / 1000000)::bigint)
    WHERE org = p_org AND queue = p_queue AND remote = p_remote AND tokens IS NOT NULL
$$;

-- Takes the cost from every limit that covers the lane, and answers null; or takes nothing, and answers when they are open.
CREATE FUNCTION carewire.limit_take(p_org text, p_queue text, p_remote text, p_cost integer, p_now bigint)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_opens bigint;
BEGIN
    PERFORM FROM job_limit
    WHERE org IN ('', p_org) AND queue IN ('', p_queue) AND remote IN ('', p_remote)
    ORDER BY org, queue, remote FOR UPDATE;
    v_opens := limit_opens(p_org, p_queue, p_remote);
    IF v_opens > p_now THEN
        RETURN v_opens;
    END IF;
    PERFORM job_charge(p_queue, ARRAY[p_org], ARRAY[p_remote], ARRAY[p_cost], p_now);
    RETURN NULL;
END $$;

-- When every limit that covers a lane is open and has a token; null where none covers it.
CREATE FUNCTION carewire.limit_opens(p_org text, p_queue text, p_remote text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = carewire, pg_catalog
AS $$
    SELECT max(greatest(closed_until,
        full_at - ceil((per * 1000000 / tokens)::numeric * (burst - 1) / 1000000)::bigint))
    FROM job_limit WHERE org IN ('', p_org) AND queue IN ('', p_queue) AND remote IN ('', p_remote)
$$;

CREATE FUNCTION carewire.limit_list(p_now bigint)
RETURNS TABLE (
    o_org text, o_queue text, o_remote text, o_tokens bigint, o_per bigint, o_burst bigint, o_full_at bigint,
    o_closed_until bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
    SELECT org, queue, remote, tokens, per, burst, full_at, CASE WHEN closed_until > p_now THEN closed_until END
    FROM job_limit WHERE tokens IS NOT NULL OR closed_until > p_now ORDER BY org, queue, remote
$$;

CREATE FUNCTION carewire.job_is_paused(p_org text, p_queue text, p_remote text, p_kind text, p_type text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = carewire, pg_catalog
AS $$
    SELECT EXISTS (SELECT FROM job_pause p
        WHERE NOT p.lifting AND p.org IN ('', p_org) AND p.queue IN ('', p_queue) AND p.remote IN ('', p_remote)
            AND p.kind IN ('', p_kind) AND p.resource_type IN ('', coalesce(p_type, '')))
$$;

-- When a claim of the queue may find something. Jobs that nothing blocks are looked for among the first 20 of each lane.
CREATE FUNCTION carewire.job_next_due(p_queue text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = carewire, pg_catalog
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
    SELECT least(
        (SELECT min(greatest(w.run_at, limit_opens(l.o_org, p_queue, l.o_remote)))
         FROM job_lanes(p_queue, '', 256) AS l
         CROSS JOIN LATERAL (
            SELECT c.run_at FROM (
                SELECT * FROM job_waiting r
                WHERE r.state = 0 AND r.queue = p_queue AND r.org = l.o_org AND r.remote = l.o_remote
                    AND r.priority = l.o_priority
                ORDER BY r.run_at, r.id LIMIT 20) AS c
            WHERE job_is_next(c.id) AND NOT job_is_paused(c.org, c.queue, c.remote, c.kind, c.resource_type)
            ORDER BY c.run_at, c.id LIMIT 1) AS w),
        (SELECT min(greatest(c.run_at, limit_opens(c.org, p_queue, c.remote))) FROM (
            SELECT * FROM job_waiting WHERE queue = p_queue AND state IN (1, 4) ORDER BY queue, run_at LIMIT 20) AS c
         WHERE job_is_next(c.id) AND NOT job_is_paused(c.org, c.queue, c.remote, c.kind, c.resource_type)),
        -- Behind those 20 there may be one that nothing blocks.
        (SELECT run_at FROM job_waiting WHERE queue = p_queue AND state IN (1, 4) ORDER BY queue, run_at OFFSET 20 LIMIT 1),
        (SELECT lease_until FROM job_active WHERE queue = p_queue AND part = 0 ORDER BY lease_until LIMIT 1),
        (SELECT min(greatest(s.run_at, n.run_at)) FROM (
            SELECT * FROM job_waiting WHERE queue = '' AND state IN (1, 4) ORDER BY queue, run_at LIMIT 100) AS s
         CROSS JOIN LATERAL (
            SELECT w.queue, w.run_at FROM job_waiting w WHERE w.okey = s.okey AND w.id > s.id ORDER BY w.okey, w.id LIMIT 1
         ) AS n WHERE n.queue = p_queue))
$$;

-- A service calls what it needs, and nothing else: what works over all orgs checks leases and orgs itself.
DO $$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'carewire'::regnamespace AND (proname LIKE 'job\_%' OR proname LIKE 'limit\_%')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
    END LOOP;
END $$;
