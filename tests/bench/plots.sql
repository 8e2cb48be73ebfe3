-- A market over the bench data: every tenth parcel becomes a plot, half of them on offer, with streets and a siding along them. One statement
-- set for one transaction with the door open; all follows from the row number by hashing.
CREATE OR REPLACE FUNCTION pg_temp.part(n integer, salt integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS
    $$ SELECT (hashint4extended(n, salt) & 4294967295) / 4294967296.0::double precision $$;
CREATE OR REPLACE FUNCTION pg_temp.name(kind text, n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(kind || n)::uuid $$;
CREATE OR REPLACE FUNCTION pg_temp.one(choices text[], n integer, salt integer) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT choices[1 + floor(pg_temp.part(n, salt) * cardinality(choices))::integer] $$;

UPDATE land_zone SET density_max_pct = 70, floor_area_ratio_max = 2.0, greening_min_pct = 20, height_max_m = 15;

CREATE TEMP TABLE chosen ON COMMIT DROP AS
SELECT p.id AS parcel_id, p.zone_id, p.geom, row_number() OVER (ORDER BY p.id)::integer AS n
FROM (SELECT * FROM land_parcel ORDER BY id LIMIT %(plots)s) p;

INSERT INTO land_plot (id, version, begin_lifespan_version, zone_id, code, regulated_plot, status, permitted_use, building_line, description,
    description_en, density_max_pct, floor_area_ratio_max, greening_min_pct, height_max_m, geom)
SELECT pg_temp.name('plot', n), 1, now(), zone_id, n / 20 || '-' || n %% 20, 'УПИ ' || n || ', кв. ' || n / 20,
    pg_temp.one(ARRAY['available', 'reserved', 'occupied', 'planned', 'inProcedure', 'contracted'], n, 11),
    pg_temp.one(ARRAY['production', 'logistics', 'storage', 'highTech', 'services'], n, 12), '', '', '',
    CASE WHEN n %% 3 = 0 THEN 50 END, CASE WHEN n %% 3 = 0 THEN 1.5 END, CASE WHEN n %% 4 = 0 THEN 30 END, CASE WHEN n %% 5 = 0 THEN 25 END, geom
FROM chosen;

INSERT INTO land_plotparcel (id, version, begin_lifespan_version, plot_id, parcel_id)
SELECT pg_temp.name('member', n), 1, now(), pg_temp.name('plot', n), parcel_id FROM chosen;

INSERT INTO land_offer (id, version, begin_lifespan_version, plot_id, "right", procedure, price, currency, basis, vat_included, open_period,
    decision_document, state, awarded_party, conditions, conditions_en)
SELECT pg_temp.name('offer', n), 1, now(), pg_temp.name('plot', n), pg_temp.one(ARRAY['sale', 'lease', 'rightToBuild', 'use'], n, 13), 'tender',
    round((5 + 40 * pg_temp.part(n, 14))::numeric, 2), 'EUR', pg_temp.one(ARRAY['perM2', 'perM2', 'perM2Year', 'total'], n, 15), false,
    daterange(current_date - 30, current_date + 300), 'Решение', 'published', '', '', ''
FROM chosen WHERE n %% 2 = 0;

INSERT INTO networks_network (id, version, begin_lifespan_version, zone_id, theme, subtype, name, name_en, operator, owner, visibility, disclaimer,
    disclaimer_en)
SELECT pg_temp.name(theme, 0), 1, now(), (SELECT id FROM land_zone LIMIT 1), theme, '', 'bench ' || theme, '', '', '', 0, '', ''
FROM unnest(ARRAY['road', 'rail']) theme;

-- A street along the southern side of each plot, a siding at every twentieth.
INSERT INTO networks_link (id, version, begin_lifespan_version, network_id, asset_type_id, label, status, vertical_position, capacity_unit,
    location_quality, survey_method, height_datum, attributes, role, direction, material, geom)
SELECT pg_temp.name(kind.theme || 'line', n), 1, now(), pg_temp.name(kind.theme, 0), kind.type, 'ул. ' || n %% 300, 'functional', 'onGroundSurface', '',
    'A', '', '', jsonb_build_object(kind.attribute, kind.value), 'main', 'bothDirections', '',
    ST_SetSRID(ST_MakeLine(ST_MakePoint(ST_XMin(geom), ST_YMin(geom) - kind.beside), ST_MakePoint(ST_XMax(geom), ST_YMin(geom) - kind.beside)), %(srid)s)
FROM chosen CROSS JOIN LATERAL (VALUES
    ('road', 'road_centreline', 'road_class', pg_temp.one(ARRAY['mainStreet', 'localStreet', 'plantRoad'], n, 16), 8),
    ('rail', 'rail_track', 'rail_use', 'siding', 15)) kind (theme, type, attribute, value, beside)
WHERE kind.theme = 'road' OR n %% 20 = 0;

INSERT INTO core_revision (topic, number)
SELECT topic, nextval('core_revision_number') FROM unnest(ARRAY['land.plot', 'land.offer', 'land.plotparcel', 'networks.network',
    'networks.link:road_centreline', 'networks.link:rail_track']) topic
ON CONFLICT (topic) DO UPDATE SET number = excluded.number;
