-- Drops the partition of one day of run_event or log_line. What it holds of the runs in "kept" (the engine names all runs of that day that are
-- still there) moves into the default partition, where it is found under the same key: so one run that waits for a year does not keep a whole
-- day of everybody's history. False: it holds more than "most" rows of theirs, and stays.
-- Dropping a partition locks its parent against everybody, so it must be short or not be at all: rows are counted before the lock is asked
-- for, and behind somebody's long query it gives up (lock_not_available) rather than let everybody else queue up behind it.
CREATE FUNCTION towline_drop_day(parent text, day date, kept uuid[], most integer) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
  child text := parent || '_' || to_char(day, 'YYYYMMDD');
  staying integer := 0;
BEGIN
  IF parent NOT IN ('run_event', 'log_line') OR day IS NULL OR kept IS NULL THEN
    RAISE EXCEPTION 'no such history';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('towline_ensure_partitions'));
  IF to_regclass('public.' || child) IS NULL THEN
    RETURN true;
  END IF;
  IF cardinality(kept) > 0 THEN
    EXECUTE format('SELECT count(*) FROM (SELECT FROM public.%I WHERE run_day = $1 AND run_id = ANY ($2) LIMIT $3 + 1) AS rows_of_theirs', parent)
      INTO staying USING day, kept, most;
    IF staying > most THEN
      RETURN false;
    END IF;
  END IF;
  EXECUTE format('LOCK TABLE ONLY public.%I IN ACCESS EXCLUSIVE MODE', parent);
  EXECUTE format('ALTER TABLE public.%I DETACH PARTITION public.%I', parent, child);
  IF staying > 0 THEN
    -- Nobody may read a partition but through its parent, not even its owner.
    EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY', child);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM public.%I WHERE run_day = $1 AND run_id = ANY ($2)', parent, child) USING day, kept;
  END IF;
  EXECUTE format('DROP TABLE public.%I', child);
  RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION towline_drop_day FROM PUBLIC;
GRANT EXECUTE ON FUNCTION towline_drop_day TO towline_engine;
