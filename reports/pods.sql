-- title: Pods
-- question: Which pods were there, where did they run, and how did they end?
-- column created: time
-- column ended: time
-- column lifetime: duration
-- column request_cores: cores
-- column request_memory: bytes
SELECT
    namespace, name AS pod, controller, node, phase, reason, restarts, created,
    iif(alive, NULL, ended) AS ended, lifetime_s AS lifetime, request_cores, request_memory_bytes AS request_memory
FROM pod_view
ORDER BY id
