-- The bench data: one statement set for one transaction with the door open. Everything follows from the row number by hashing, so that two
-- runs give the same content. 20 km by 20 km around Targovishte in the registry's CRS; the parcels cover it without gaps.

CREATE FUNCTION pg_temp.part(n integer, salt integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashint4extended(n, salt) & 4294967295) / 4294967296.0::double precision $$;
CREATE FUNCTION pg_temp.name(kind text, n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT md5(kind || n)::uuid $$;
-- A corner of the parcels' grid (80 m by 100 m cells), moved a little, the same for all four parcels that meet there.
CREATE FUNCTION pg_temp.corner(i integer, j integer) RETURNS geometry LANGUAGE sql IMMUTABLE AS
    $$ SELECT ST_MakePoint(%(east)s + 80 * i + 30 * pg_temp.part(i * 1000 + j, 1), %(north)s + 100 * j + 30 * pg_temp.part(i * 1000 + j, 2)) $$;
CREATE TEMP TABLE kind (n integer, theme text, link text, node text) ON COMMIT DROP;
INSERT INTO kind VALUES
    (0, 'water', 'water_pipe', 'water_valve'), (1, 'sewer', 'sewer_pipe', 'sewer_manhole'),
    (2, 'storm', 'storm_pipe', 'storm_inlet'), (3, 'gas', 'gas_pipe', 'gas_valve'),
    (4, 'electricity', 'lv_cable', 'lv_pole'), (5, 'telecom', 'telecom_cable', 'telecom_chamber'),
    (6, 'thermal', 'heat_pipe', 'heat_chamber'), (7, 'lighting', 'lighting_cable', 'lighting_pole');

INSERT INTO networks_assettype (key, theme, geometry_kind, title_bg, title_en, symbol, inspire_class, inspire_code, cad_code, audience, position)
SELECT key, theme, geometry_kind, key, key, '', '', '', '', 0, n
FROM (SELECT link AS key, theme, 'link' AS geometry_kind, n FROM kind UNION ALL SELECT node, theme, 'node', n FROM kind) types
ON CONFLICT DO NOTHING;

INSERT INTO land_zone (id, version, begin_lifespan_version, code, name, name_en, kind, municipality, ekatte, permitted_activities,
    infrastructure, owner, operator, disclaimer, disclaimer_en, contact_name, contact_phone, contact_email, geom)
SELECT pg_temp.name('zone', 0), 1, now(), 'bench', 'Синтетична зона', 'Synthetic zone', 'general', '', '73626', '', '', '', '', '', '', '', '', '',
    ST_Multi(ST_MakeEnvelope(%(east)s, %(north)s, %(east)s + 20000, %(north)s + 20000, %(srid)s));

INSERT INTO networks_network (id, version, begin_lifespan_version, zone_id, theme, subtype, name, name_en, operator, owner, visibility,
    disclaimer, disclaimer_en)
SELECT pg_temp.name('network', n), 1, now(), pg_temp.name('zone', 0), theme, '', 'bench ' || theme, '', '', '', 0, '', '' FROM kind;

INSERT INTO land_parcel (id, version, begin_lifespan_version, zone_id, national_cadastral_reference, label, land_use, territory, ownership,
    address, geom)
SELECT pg_temp.name('parcel', n), 1, now(), pg_temp.name('zone', 0), '73626.' || n / 1000 || '.' || n, (n %% 1000)::text, '', '',
    (ARRAY['private', 'municipalPrivate', 'statePrivate', 'unknown'])[1 + n %% 4], '',
    ST_Multi(ST_SetSRID(ST_MakePolygon(ST_MakeLine(ARRAY[pg_temp.corner(i, j), pg_temp.corner(i + 1, j), pg_temp.corner(i + 1, j + 1),
        pg_temp.corner(i, j + 1), pg_temp.corner(i, j)])), %(srid)s))
FROM (SELECT n, n %% 250 AS i, n / 250 AS j FROM generate_series(0, %(parcels)s - 1) n) cells;

-- Twenty vertices, 4 to 8 m apart, swinging around a straight course; the nodes stand where the lines begin.
CREATE TEMP TABLE course ON COMMIT DROP AS
SELECT n, %(east)s + 20000 * pg_temp.part(n, 3) AS x, %(north)s + 20000 * pg_temp.part(n, 4) AS y,
    2 * pi() * pg_temp.part(n, 5) AS heading, 4 + 4 * pg_temp.part(n, 6) AS step
FROM generate_series(0, greatest(%(links)s, %(nodes)s) - 1) n;

INSERT INTO networks_link (id, version, begin_lifespan_version, network_id, asset_type_id, label, status, vertical_position, capacity_unit,
    location_quality, survey_method, height_datum, attributes, role, direction, material, diameter_mm, geom)
SELECT pg_temp.name('link', c.n), 1, now(), pg_temp.name('network', kind.n), kind.link, 'K-' || c.n, 'functional', 'underground', '', 'A', '',
    '', '{}', 'main', 'bothDirections', 'PE', 50 + 10 * (c.n %% 40), line.geom
FROM course c JOIN kind ON kind.n = c.n %% 8 CROSS JOIN LATERAL (
    SELECT ST_SetSRID(ST_MakeLine(ST_MakePoint(
        x + k * step * cos(heading) - 3 * sin(k) * sin(heading), y + k * step * sin(heading) + 3 * sin(k) * cos(heading)
    ) ORDER BY k), %(srid)s) AS geom FROM generate_series(0, 19) k) line
WHERE c.n < %(links)s;

INSERT INTO networks_node (id, version, begin_lifespan_version, network_id, asset_type_id, label, status, vertical_position, capacity_unit,
    location_quality, survey_method, height_datum, attributes, role, is_open, geom)
SELECT pg_temp.name('node', c.n), 1, now(), pg_temp.name('network', kind.n), kind.node, 'B-' || c.n, 'functional', 'underground', '', 'A', '',
    '', '{}', 'pass', true, ST_SetSRID(ST_MakePoint(x, y), %(srid)s)
FROM course c JOIN kind ON kind.n = c.n %% 8 WHERE c.n < %(nodes)s;

INSERT INTO core_revision (topic, number)
SELECT topic, nextval('core_revision_number')
FROM (SELECT unnest(ARRAY['land.zone', 'land.parcel', 'networks.network', 'networks.assettype']) AS topic
    UNION ALL SELECT 'networks.link:' || link FROM kind UNION ALL SELECT 'networks.node:' || node FROM kind) topics
ON CONFLICT (topic) DO UPDATE SET number = excluded.number;
