-- title: Versions of images
-- question: Which workloads ran several digests under one reference, and when?
-- column began: time
-- column ended: time
WITH life AS (
    -- A version ends when the container's next one begins, or with the pod.
    SELECT r.pod, r.container, v.image, v.digest, r.from_ns,
        coalesce(
            lead(r.from_ns) OVER (PARTITION BY r.pod, r.container, v.image ORDER BY r.id), e.ended_ns,
            (SELECT reached_ns FROM run)) AS to_ns
    FROM container_image r
        JOIN image_version v ON v.id = r.version
        LEFT JOIN pod_end e ON e.pod = r.pod
), versions AS (
    SELECT p.controller, l.container, l.image, l.digest, count(DISTINCT l.pod) AS pods, min(l.from_ns) AS from_ns,
        max(l.to_ns) AS to_ns,
        count(*) OVER (PARTITION BY p.controller, l.container, l.image) AS digests
    FROM life l
        JOIN pod p ON p.id = l.pod
    GROUP BY p.controller, l.container, l.image, l.digest
)
SELECT
    c.title AS workload,
    t.value AS container,
    i.value AS image,
    v.digest,
    v.pods,
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', v.from_ns / 1e9)) AS began,
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', v.to_ns / 1e9)) AS ended
FROM versions v
    JOIN controller_view c ON c.id = v.controller
    JOIN text t ON t.id = v.container
    JOIN text i ON i.id = v.image
WHERE v.digests > 1
ORDER BY workload, container, image, v.from_ns, v.digest
