-- Cron schedules, as JSON and by what is asked of them, and the lease of the one who fires them.
CREATE TABLE carewire.schedule (
    org     text COLLATE "C" NOT NULL,
    name    text COLLATE "C" NOT NULL,
    body    text             NOT NULL,
    enabled boolean          NOT NULL,
    next_at bigint,
    last_at bigint,
    PRIMARY KEY (org, name)
);

CREATE INDEX schedule_next ON carewire.schedule (next_at) WHERE enabled;

-- One row. The holder is '' where somebody resigned.
CREATE TABLE carewire.schedule_leader (
    one    boolean PRIMARY KEY CHECK (one),
    epoch  bigint           NOT NULL,
    holder text COLLATE "C" NOT NULL,
    until  bigint           NOT NULL
);

ALTER TABLE carewire.schedule ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.schedule FORCE ROW LEVEL SECURITY;
CREATE POLICY of_org ON carewire.schedule USING (org = current_setting('carewire.org', true));
CREATE POLICY of_functions ON carewire.schedule TO CURRENT_USER USING (true);
ALTER TABLE carewire.schedule_leader ENABLE ROW LEVEL SECURITY;
ALTER TABLE carewire.schedule_leader FORCE ROW LEVEL SECURITY;
CREATE POLICY of_functions ON carewire.schedule_leader TO CURRENT_USER USING (true);

CREATE FUNCTION carewire.schedule_lead(p_holder text, p_until bigint, p_now bigint, OUT o_epoch bigint, OUT o_until bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
    INSERT INTO schedule_leader AS l (one, epoch, holder, until) VALUES (true, 1, p_holder, p_until)
    ON CONFLICT (one) DO UPDATE SET
        epoch = CASE WHEN l.until > p_now THEN l.epoch ELSE l.epoch + 1 END,
        until = CASE WHEN l.until > p_now THEN greatest(l.until, p_until) ELSE p_until END,
        holder = p_holder
    WHERE l.until <= p_now OR l.holder = p_holder
    RETURNING epoch, until
$$;

CREATE FUNCTION carewire.schedule_resign(p_epoch bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
    UPDATE schedule_leader SET holder = '', until = -9223372036854775808 WHERE epoch = p_epoch
$$;

-- Whether that leadership is the newest. Until the transaction ends nobody takes it over.
CREATE FUNCTION carewire.schedule_leads(p_epoch bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
    SELECT EXISTS (SELECT FROM (SELECT FROM schedule_leader WHERE epoch = p_epoch AND holder <> '' FOR SHARE) AS l)
$$;

CREATE FUNCTION carewire.schedule_due(p_now bigint, p_most bigint)
RETURNS TABLE (o_body text, o_next_at bigint, o_last_at bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
    SELECT body, next_at, last_at FROM schedule WHERE enabled AND next_at <= p_now ORDER BY next_at, org, name LIMIT p_most
$$;

CREATE FUNCTION carewire.schedule_next() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = carewire, pg_catalog
AS $$
    SELECT min(next_at) FROM schedule WHERE enabled
$$;

REVOKE ALL ON FUNCTION carewire.schedule_lead, carewire.schedule_resign, carewire.schedule_leads, carewire.schedule_due,
    carewire.schedule_next FROM PUBLIC;
