-- A transaction that names an org works for that org alone; one that names none may enqueue for all.
CREATE FUNCTION carewire.job_of_named(p_orgs text[]) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_named text := nullif(current_setting('carewire.org', true), '');
BEGIN
    IF v_named IS NOT NULL AND (v_named = ALL (p_orgs)) IS NOT TRUE THEN
        RAISE EXCEPTION 'jobs of another org' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- Takes jobs in, in the caller's transaction and at the right of the owner. No lock is taken that another producer would
-- wait for, but on a job of the same unique key. All arrays but the last two have an element for each job.
CREATE FUNCTION carewire.job_enqueue(
    p_orgs text[], p_queues text[], p_kinds text[], p_refs text[], p_correlations text[], p_remotes text[],
    p_types text[], p_okeys uuid[], p_enqueued bigint[], p_run bigint[], p_priorities smallint[],
    p_attempts integer[], p_costs integer[], p_parks bigint[],
    -- How many ordering keys a job has, and all but the first of each, with the position of their job from 1.
    p_parts smallint[], p_further_of integer[], p_further uuid[]
) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_ids bigint[];
BEGIN
    PERFORM job_of_named(p_orgs);
    SELECT array_agg(nextval('job_id')) INTO v_ids FROM generate_series(1, cardinality(p_orgs));
    INSERT INTO job_waiting (id, run_at, enqueued_at, okey, park, attempts, max_attempts, cost, part, parts, state,
        priority, fresh, org, queue, remote, kind, resource_type, correlation, refs)
    SELECT j.id, j.run, j.enqueued, j.okey, j.park, 0, j.attempts, j.cost, 0, j.parts,
        CASE WHEN j.run > j.enqueued THEN 1 ELSE 0 END, j.priority, true, j.org, j.queue, j.remote, j.kind, j.type,
        j.correlation, j.refs
    -- In the list of results functions run side by side; in FROM each would fill a store of its own first.
    FROM (SELECT unnest(v_ids) AS id, unnest(p_orgs) AS org, unnest(p_queues) AS queue, unnest(p_kinds) AS kind,
            unnest(p_refs) AS refs, unnest(p_correlations) AS correlation, unnest(p_remotes) AS remote,
            unnest(p_types) AS type, unnest(p_okeys) AS okey, unnest(p_enqueued) AS enqueued, unnest(p_run) AS run,
            unnest(p_priorities) AS priority, unnest(p_attempts) AS attempts, unnest(p_costs) AS cost,
            unnest(p_parks) AS park, unnest(p_parts) AS parts) AS j;
    IF cardinality(p_further) > 0 THEN
        PERFORM job_further(v_ids, p_further_of, p_further);
    END IF;
    INSERT INTO job_change (org, queue, waiting, later)
    SELECT j.org, j.queue, count(*), count(*) FILTER (WHERE j.run > j.enqueued)
    FROM unnest(p_orgs, p_queues, p_enqueued, p_run) AS j (org, queue, enqueued, run)
    GROUP BY j.org, j.queue;
    RETURN QUERY SELECT unnest(v_ids);
END $$;

-- The further parts of jobs that have been inserted with their first key: the n-th of a job is its part n.
CREATE FUNCTION carewire.job_further(p_ids bigint[], p_of integer[], p_okeys uuid[]) RETURNS void
LANGUAGE sql SET search_path = carewire, pg_catalog
AS $$
    INSERT INTO job_waiting (id, run_at, enqueued_at, okey, park, attempts, max_attempts, cost, part, parts, state,
        priority, fresh, org, queue, remote, kind, resource_type, correlation, refs)
    SELECT w.id, w.run_at, w.enqueued_at, f.okey, w.park, w.attempts, w.max_attempts, w.cost, f.part, w.parts, 5,
        w.priority, w.fresh, w.org, w.queue, w.remote, w.kind, w.resource_type, w.correlation, ''
    FROM (SELECT p_ids[k.of] AS id, k.okey, row_number() OVER (PARTITION BY k.of ORDER BY k.okey) AS part
          FROM unnest(p_of, p_okeys) AS k (of, okey)) AS f
    JOIN job_waiting w ON w.id = f.id AND w.part = 0
$$;

-- What becomes of a job that has a unique key: 0 it is new, 1 it replaced one, 2 one stands for it.
-- Modes: 0 skip, 1 replace, 2 replace after run, 3 debounce (p_most after the first was enqueued at the latest).
CREATE FUNCTION carewire.job_enqueue_unique(
    p_org text, p_queue text, p_kind text, p_refs text, p_correlation text, p_remote text, p_type text,
    p_okeys uuid[], p_enqueued bigint, p_run bigint, p_priority smallint, p_attempts integer,
    p_cost integer, p_park bigint, p_unique text, p_mode smallint, p_most bigint,
    OUT o_id bigint, OUT o_how smallint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
DECLARE
    v_there  record;
    v_run    bigint;
    v_placed integer;
BEGIN
    PERFORM job_of_named(ARRAY[p_org]);
    -- Each turn ends it, or somebody else has changed what was found: then it begins again with a newer snapshot.
    LOOP
        -- A claim may have the row: this waits for it, and then does not find it.
        SELECT w.id, w.enqueued_at, w.state, w.org, w.queue INTO v_there FROM job_waiting w
        WHERE w.org = p_org AND w.queue = p_queue AND w.unique_key = p_unique AND w.part = 0 AND w.unique_key IS NOT NULL
        ORDER BY w.id DESC LIMIT 1 FOR UPDATE;
        IF FOUND THEN
            o_id := v_there.id;
            IF p_mode = 0 THEN
                o_how := 2;
                RETURN;
            END IF;
            PERFORM job_same_keys(ARRAY(SELECT w.okey FROM job_waiting w WHERE w.id = v_there.id AND w.okey IS NOT NULL),
                p_okeys);
            v_run := least(p_run, v_there.enqueued_at + p_most);
            UPDATE job_waiting w SET run_at = v_run, park = p_park, max_attempts = p_attempts, cost = p_cost,
                priority = p_priority, remote = p_remote, kind = p_kind, resource_type = p_type,
                correlation = p_correlation, refs = CASE WHEN w.part = 0 THEN p_refs ELSE '' END,
                state = CASE WHEN w.part > 0 THEN w.state WHEN v_run > p_enqueued THEN 1
                             -- The pause that it was seen under may not cover what it is about now.
                             WHEN w.state IN (1, 3) THEN 0 ELSE w.state END
            WHERE w.id = v_there.id;
            IF (v_there.state = 1) <> (v_run > p_enqueued) THEN
                INSERT INTO job_change (org, queue, later)
                VALUES (p_org, p_queue, CASE WHEN v_there.state = 1 THEN -1 ELSE 1 END);
            END IF;
            o_how := 1;
            RETURN;
        END IF;

        SELECT a.id INTO o_id FROM job_active a
        WHERE a.org = p_org AND a.queue = p_queue AND a.unique_key = p_unique AND a.part = 0 LIMIT 1;
        IF FOUND AND p_mode < 2 THEN
            o_how := 2;
            RETURN;
        END IF;
        IF FOUND THEN
            -- The key belongs to the newest, also when this one comes back to wait.
            UPDATE job_active SET unique_key = NULL WHERE id = o_id;
            CONTINUE WHEN NOT FOUND;
        ELSE
            SELECT s.id, s.enqueued_at, s.okeys INTO v_there FROM job_aside s
            WHERE s.org = p_org AND s.queue = p_queue AND s.unique_key = p_unique AND s.state = 'held'
            ORDER BY s.id DESC LIMIT 1 FOR UPDATE;
            IF FOUND THEN
                o_id := v_there.id;
                IF p_mode = 0 THEN
                    o_how := 2;
                    RETURN;
                END IF;
                PERFORM job_same_keys(v_there.okeys, p_okeys);
                UPDATE job_aside SET run_at = least(p_run, v_there.enqueued_at + p_most), park = p_park,
                    max_attempts = p_attempts, cost = p_cost, priority = p_priority, remote = p_remote, kind = p_kind,
                    resource_type = p_type, correlation = p_correlation, refs = p_refs
                WHERE org = p_org AND id = v_there.id;
                o_how := 1;
                RETURN;
            END IF;
        END IF;

        INSERT INTO job_waiting (id, run_at, enqueued_at, okey, park, attempts, max_attempts, cost, part, parts, state,
            priority, fresh, org, queue, remote, kind, resource_type, correlation, refs, unique_key)
        VALUES (nextval('job_id'), p_run, p_enqueued, p_okeys[1], p_park, 0, p_attempts, p_cost, 0,
            greatest(cardinality(p_okeys), 1), CASE WHEN p_run > p_enqueued THEN 1 ELSE 0 END, p_priority, true, p_org,
            p_queue, p_remote, p_kind, p_type, p_correlation, p_refs, p_unique)
        ON CONFLICT (org, queue, unique_key) WHERE unique_key IS NOT NULL AND part = 0 AND fresh DO NOTHING
        RETURNING id INTO o_id;
        GET DIAGNOSTICS v_placed = ROW_COUNT;
        IF v_placed > 0 THEN
            IF cardinality(p_okeys) > 1 THEN
                PERFORM job_further(ARRAY[o_id], array_fill(1, ARRAY[cardinality(p_okeys) - 1]), p_okeys[2:]);
            END IF;
            INSERT INTO job_change (org, queue, waiting, later)
            VALUES (p_org, p_queue, 1, CASE WHEN p_run > p_enqueued THEN 1 ELSE 0 END);
            o_how := 0;
            RETURN;
        END IF;
    END LOOP;
END $$;

-- A replacement takes the place of a job in its keys: they must be the same.
CREATE FUNCTION carewire.job_same_keys(p_there uuid[], p_new uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog
AS $$
BEGIN
    IF NOT (coalesce(p_there, '{}') <@ p_new AND p_new <@ coalesce(p_there, '{}')) THEN
        RAISE EXCEPTION 'ordering keys of a replacement' USING ERRCODE = 'CW001';
    END IF;
END $$;
