"""Audit entries are only added; of a history row nothing changes but the end of its period, once.

The guards are for statements, not rows, where that suffices. TRUNCATE is left to whoever owns the tables: test suites flush by it.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION public.core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are kept as they were written.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Add a new row instead.';
END $$;

CREATE TRIGGER core_auditentry_append_only BEFORE UPDATE OR DELETE ON public.core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_append_only();
CREATE TRIGGER core_history_append_only
    BEFORE DELETE OR UPDATE OF id, registry, object_id, version, change_set_id, published_by_id, "row", geom
    ON public.core_history FOR EACH STATEMENT EXECUTE FUNCTION public.core_append_only();
CREATE TRIGGER core_history_period_closes_once BEFORE UPDATE OF period ON public.core_history
    FOR EACH ROW WHEN (NOT upper_inf(OLD.period) OR upper_inf(NEW.period) OR isempty(NEW.period)
                       OR lower(NEW.period) IS DISTINCT FROM lower(OLD.period))
    EXECUTE FUNCTION public.core_append_only();
"""
DROP = """
DROP TRIGGER core_history_period_closes_once ON public.core_history;
DROP TRIGGER core_history_append_only ON public.core_history;
DROP TRIGGER core_auditentry_append_only ON public.core_auditentry;
DROP FUNCTION public.core_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_tile_indexes")]
    operations = [migrations.RunSQL(CREATE, reverse_sql=DROP)]
