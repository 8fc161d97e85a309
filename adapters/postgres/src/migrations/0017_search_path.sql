-- PostgreSQL looks for tables and types among the temporary ones first, unless the path says otherwise. A role that may make
-- those could put one of its own in the place of ours, and a trigger of that would run as the owner of the functions. So the
-- path of every function that sets one names the temporary ones, last.
DO $$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'carewire'::regnamespace AND (prosecdef OR array_to_string(proconfig, ' ') LIKE '%search_path=%')
    LOOP
        EXECUTE format('ALTER ROUTINE %s SET search_path = carewire, pg_catalog, pg_temp', v_function);
    END LOOP;
END $$;
