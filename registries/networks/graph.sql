-- Assets stay as delivered; the graph that a trace walks on is derived from them. Two ends, or an end or node and the
-- middle of a link, are one joint when they lie within 1 cm of each other. Crossings are never joints.
-- :networks  the networks to derive anew
WITH points AS (
    SELECT network_id, NULL::uuid AS node_id, ST_StartPoint(ST_Force2D(geom)) AS geom
    FROM public.networks_link WHERE network_id = ANY(%(networks)s)
    UNION ALL
    SELECT network_id, NULL::uuid, ST_EndPoint(ST_Force2D(geom)) FROM public.networks_link WHERE network_id = ANY(%(networks)s)
    UNION ALL
    SELECT network_id, id, ST_Force2D(geom) FROM public.networks_node WHERE network_id = ANY(%(networks)s)
), numbered AS (
    SELECT *, ST_ClusterDBSCAN(geom, %(tolerance_m)s, 1) OVER (PARTITION BY network_id) AS joint FROM points
), joints AS MATERIALIZED (
    SELECT network_id, joint, min(node_id::text)::uuid AS node_id, ST_Centroid(ST_Collect(geom)) AS geom
    FROM numbered GROUP BY network_id, joint
), stops AS (
    SELECT l.network_id, l.id AS link_id, l.length_m, j.joint, j.node_id,
           ST_LineLocatePoint(ST_Force2D(l.geom), j.geom) AS fraction
    FROM joints j JOIN public.networks_link l
      ON l.network_id = j.network_id AND ST_DWithin(l.geom, j.geom, %(tolerance_m)s)
), stretches AS (
    SELECT *, lead(joint) OVER along AS end_joint, lead(node_id) OVER along AS end_node, lead(fraction) OVER along AS end_fraction
    FROM stops WINDOW along AS (PARTITION BY link_id ORDER BY fraction, joint)
)
INSERT INTO networks_networkedge
    (network_id, link_id, start_joint, end_joint, start_node_id, end_node_id, start_fraction, end_fraction, length_m)
SELECT network_id, link_id, joint, end_joint, node_id, end_node, fraction, end_fraction, (end_fraction - fraction) * length_m
FROM stretches WHERE end_joint IS NOT NULL
