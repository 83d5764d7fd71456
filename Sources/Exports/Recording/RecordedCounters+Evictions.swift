import Chronology
import RunDatabase

extension RecordedCounters {
    /// Counts the pods that kubelets evicted, by node and by what ran short.
    ///
    /// A counter begins at 0 and not at its first eviction, so that rules over its rate see that one too.
    func recordEvictions() throws(RunDatabaseError) {
        let end = plan.look(plan.count).nanoseconds
        var open: SeriesStretch?
        var stretches: [SeriesStretch] = []
        try reader.forEachRow(
            """
            SELECT n.name, s.value, k.at_ns FROM pressure_kill k JOIN node n ON n.id = k.node
                JOIN text r ON r.id = k.reason JOIN text s ON s.id = k.signal
            WHERE r.value = 'Evicted' ORDER BY n.name, s.value, k.at_ns
            """
        ) { row in
            let (node, signal, at) = (row[0].string, row[1].string, row[2].whole)
            let labels = LabelText.of([("eviction_signal", signal)] + MetricTarget.kubelet(node: node).labels)
            if var last = open, last.labels == labels {
                last.to = at
                stretches.append(last)
                open = SeriesStretch(labels: labels, from: at, to: end, value: last.value + 1)
            } else {
                if let open { stretches.append(open) }
                stretches.append(SeriesStretch(labels: labels, from: 0, to: at, value: 0))
                open = SeriesStretch(labels: labels, from: at, to: end, value: 1)
            }
        }
        if let open { stretches.append(open) }
        for stretch in stretches where stretch.to > stretch.from {
            try spool.add(stretch, to: DerivedFamily.evictions.place)
        }
    }
}

extension SQLValue {
    /// As a text; empty for what is none.
    fileprivate var string: String {
        if case .text(let text) = self { text } else { "" }
    }
}
