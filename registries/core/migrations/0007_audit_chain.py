"""Each audit entry gets its link of the chain when its transaction commits: a digest over the link before and all its columns.

The order of links is that of commits. The lock is taken at commit alone, so that a long transaction holds nobody up; a
transaction that was turned back leaves no link. Links are numbered without gaps, whatever the sequence gave out. In the
digest goes the entry as JSON with the moment in seconds (numbers, texts and JSON only), which no setting of a session
words otherwise.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION public.core_audit_digest(before bytea, e public.core_auditentry) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN sha256(before || convert_to(
    jsonb_build_array((e).id, extract(epoch FROM (e).at), (e).actor_id, (e).action, (e).subject, (e).details)::text,
    'UTF8'));

CREATE FUNCTION public.core_audit_link() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    number bigint;
    before bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(7802);
    -- A statement of its own, so that it sees what was committed while this one waited.
    SELECT l.id, l.digest INTO number, before FROM public.core_auditlink l ORDER BY l.id DESC LIMIT 1;
    INSERT INTO public.core_auditlink (id, entry_id, digest) VALUES
        (coalesce(number, 0) + 1, NEW.id, public.core_audit_digest(coalesce(before, ''), NEW));
    RETURN NULL;
END $$;

DO $$
DECLARE
    number bigint := 0;
    before bytea := '';
    e public.core_auditentry;
BEGIN
    FOR e IN SELECT * FROM public.core_auditentry ORDER BY id LOOP
        number := number + 1;
        before := public.core_audit_digest(before, e);
        INSERT INTO public.core_auditlink (id, entry_id, digest) VALUES (number, e.id, before);
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
END $$;

CREATE CONSTRAINT TRIGGER core_auditentry_link AFTER INSERT ON public.core_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.core_audit_link();
CREATE TRIGGER core_auditlink_append_only BEFORE UPDATE OR DELETE ON public.core_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_append_only();
CREATE TRIGGER core_auditlink_kept BEFORE TRUNCATE ON public.core_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_append_only();
CREATE TRIGGER core_auditentry_kept BEFORE TRUNCATE ON public.core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_append_only();
"""
DROP = """
DROP TRIGGER core_auditentry_kept ON public.core_auditentry;
DROP TRIGGER core_auditlink_kept ON public.core_auditlink;
DROP TRIGGER core_auditlink_append_only ON public.core_auditlink;
DROP TRIGGER core_auditentry_link ON public.core_auditentry;
DROP FUNCTION public.core_audit_link();
DROP FUNCTION public.core_audit_digest(bytea, public.core_auditentry);
DELETE FROM public.core_auditlink;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_desk")]
    operations = [migrations.RunSQL(CREATE, reverse_sql=DROP)]
