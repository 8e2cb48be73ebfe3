-- History for the bench data: each object in its present version since 2026-01-01, every fourth in another one before, from 2025 on.
-- Run once for each registry; {columns} are the plain columns of its table `t`.

INSERT INTO core_history (registry, object_id, version, period, change_set_id, published_by_id, row, geom)
SELECT {registry}, t.id, v.version, v.period, 0, {publisher}, to_jsonb((SELECT r FROM (SELECT {columns}) r)), {geom}
FROM {table} t CROSS JOIN LATERAL (
    SELECT 1, tstzrange('2025-01-01Z', '2026-01-01Z') WHERE hashtext(t.id::text) % 4 = 0
    UNION ALL SELECT CASE hashtext(t.id::text) % 4 WHEN 0 THEN 2 ELSE 1 END, tstzrange(CASE hashtext(t.id::text) % 4 WHEN 0
        THEN '2026-01-01Z'::timestamptz ELSE '2025-01-01Z' END, NULL)
) v (version, period);
