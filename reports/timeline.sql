-- title: Timeline
-- question: What followed from each fault, change and disruption, step by step, and what caused each step?
-- column at: time
-- column after: duration
-- Each chain begins with what nothing in the run caused. A step is indented by how many steps lie before it; because_of
-- is the id of the step that caused it, held_up_by the fault but for which it would have come sooner.
SELECT
    e.id, e.at, e.after_s AS after, printf('%.*c', 2 * e.depth + 1, ' ') || e.kind AS what,
    coalesce(e.namespace || '/' || e.pod, e.controller, e.node, '') AS subject,
    iif(e.pod IS NULL, '', coalesce(e.node, '')) AS node, e.actor AS done_by, e.detail, e.parent AS because_of,
    h.fault AS held_up_by
FROM cause_event_view e LEFT JOIN cause_event_view h ON h.id = e.delayed_by
ORDER BY e.root, e.id
