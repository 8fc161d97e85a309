-- What triggers on the tables of others call, as the owner, in the transaction of the change. Nobody is granted it: whoever
-- writes such a table needs no right here, and cannot enqueue anything else.
--
-- All arrays have an element for each row that changed. p_keys are its key columns as text; the ordering key is a hash of
-- table and key, as RowChange::ordering_key has it.
CREATE FUNCTION carewire.capture_enqueue(
    p_table text, p_queue text, p_kind text, p_priority integer, p_attempts integer, p_remote text, p_type text,
    p_coalesce boolean, p_origin text, p_orgs text[], p_operations text[], p_keys jsonb[], p_changed jsonb[]
) RETURNS void
LANGUAGE plpgsql SET search_path = carewire, pg_catalog, pg_temp
AS $$
DECLARE
    v_now         bigint := extract(epoch FROM clock_timestamp()) * 1000000;
    v_correlation text := 'capture-' || pg_current_xact_id()::text;
    v_rows        integer := cardinality(p_orgs);
    v_refs        text[];
    v_okeys       uuid[];
BEGIN
    -- No row changed.
    IF p_orgs IS NULL THEN
        RETURN;
    END IF;
    -- Nobody could ever claim a job of what is not an org.
    IF EXISTS (SELECT FROM unnest(p_orgs) AS o (org) WHERE (o.org COLLATE "C" ~ '^[A-Za-z0-9_-]{1,64}$') IS NOT TRUE) THEN
        RAISE EXCEPTION USING ERRCODE = 'CW002', MESSAGE = 'carewire: a row of ' || p_table || ' is of no org';
    END IF;
    SELECT array_agg(jsonb_strip_nulls(jsonb_build_object('table', p_table, 'operation', r.operation, 'key', r.key::text,
            'changed', r.changed::text, 'origin', nullif(p_origin, '')))::text ORDER BY r.n),
        array_agg(encode(substr(sha256(sha256(convert_to(jsonb_build_array(p_table, r.key)::text, 'UTF8'))
            || convert_to(r.org, 'UTF8')), 1, 16), 'hex')::uuid ORDER BY r.n)
    INTO v_refs, v_okeys
    FROM unnest(p_orgs, p_operations, p_keys, p_changed) WITH ORDINALITY AS r (org, operation, key, changed, n);
    IF NOT p_coalesce THEN
        PERFORM job_enqueue(p_orgs, array_fill(p_queue, ARRAY[v_rows]), array_fill(p_kind, ARRAY[v_rows]), v_refs,
            array_fill(v_correlation, ARRAY[v_rows]), array_fill(p_remote, ARRAY[v_rows]),
            array_fill(p_type, ARRAY[v_rows]), v_okeys, array_fill(v_now, ARRAY[v_rows]), array_fill(v_now, ARRAY[v_rows]),
            array_fill(p_priority::smallint, ARRAY[v_rows]), array_fill(p_attempts, ARRAY[v_rows]),
            array_fill(1, ARRAY[v_rows]), array_fill(NULL::bigint, ARRAY[v_rows]), array_fill(1::smallint, ARRAY[v_rows]),
            '{}', '{}');
        RETURN;
    END IF;
    FOR v_row IN 1..v_rows LOOP
        PERFORM job_enqueue_unique(p_orgs[v_row], p_queue, p_kind, v_refs[v_row], v_correlation, p_remote, p_type,
            ARRAY[v_okeys[v_row]], v_now, v_now, p_priority::smallint, p_attempts, 1, NULL, v_okeys[v_row]::text,
            2::smallint, NULL);
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION carewire.capture_enqueue FROM PUBLIC;
