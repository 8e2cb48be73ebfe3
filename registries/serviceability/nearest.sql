-- The nearest line of each network to each plot, for every audience that sees something nearer than those below it.
-- Service and private lines are laid for one customer: they count for a plot only when they end at its very border.
-- :plots, :networks  pairs of which to derive, one array for each side; :reach_m  no farther; :border_m  at the border
WITH pair AS (
    SELECT plot_id, network_id FROM unnest(%(plots)s::uuid[], %(networks)s::uuid[]) AS pair (plot_id, network_id)
), shown AS (
    SELECT DISTINCT theme, audience, array_agg(key) OVER (PARTITION BY theme ORDER BY audience)::varchar[] AS keys
    FROM public.networks_assettype WHERE geometry_kind = 'link'
), found AS (
    SELECT pair.plot_id, pair.network_id, shown.audience, line.*
    FROM pair JOIN public.land_plot p ON p.id = pair.plot_id
        JOIN public.networks_network n ON n.id = pair.network_id
        JOIN shown ON shown.theme = n.theme
        CROSS JOIN LATERAL (
            SELECT * FROM (
                (SELECT l.asset_type_id, l.id, ST_Distance(l.geom, p.geom) AS distance_m
                FROM public.networks_link l
                WHERE l.network_id = pair.network_id AND l.status = 'functional' AND l.role IN ('main', 'transport')
                    AND l.asset_type_id = ANY(shown.keys) AND ST_DWithin(l.geom, p.geom, %(reach_m)s)
                ORDER BY l.geom <-> p.geom LIMIT 1)
                UNION ALL
                (SELECT l.asset_type_id, l.id, ST_Distance(l.geom, p.geom)
                FROM public.networks_link l
                WHERE l.network_id = pair.network_id AND l.status = 'functional' AND l.role IN ('service', 'private')
                    AND l.asset_type_id = ANY(shown.keys) AND ST_DWithin(l.geom, p.geom, %(border_m)s)
                LIMIT 1)
            ) nearby ORDER BY distance_m LIMIT 1
        ) line
), nearer AS (
    SELECT *, min(distance_m) OVER (
        PARTITION BY plot_id, network_id ORDER BY audience ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS known_m FROM found
)
INSERT INTO public.serviceability_nearest (plot_id, network_id, audience, asset_type_id, link_id, distance_m)
SELECT plot_id, network_id, audience, asset_type_id, id, distance_m FROM nearer
WHERE known_m IS NULL OR distance_m < known_m
