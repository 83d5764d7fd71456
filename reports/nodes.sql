-- title: Nodes over time
-- question: When did each node boot, become ready, fail and leave?
-- chart: timeline node state began ended
-- column began: time
-- column ended: time
-- column duration: duration
SELECT n.name AS node, n.machine_type, n.pool, n.zone, v.state, v.began, v.ended, v.duration_s AS duration
FROM node n
    JOIN node_interval i ON i.node = n.id
    JOIN node_interval_view v ON v.id = i.id
ORDER BY n.id, i.from_ns, i.id
