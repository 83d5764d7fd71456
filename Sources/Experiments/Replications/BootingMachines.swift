import Observations

/// Machines that boot: they count once they have come up, as the cloud may never give them.
struct BootingMachines {
    /// By the number of the node's row; only looked up.
    private var rows: [Int32: NodeIntervalRow] = [:]

    /// Returns the stretches that count by what is told now: nothing of a machine that boots, is gone or never came; of
    /// one that is up this stretch, and before it that of its boot.
    mutating func stretches(by row: NodeIntervalRow) -> [NodeIntervalRow] {
        switch row.state {
        case .gone: return []
        case .failed:
            rows[row.node] = nil
            return []
        case .booting:
            rows[row.node] = row
            return []
        case .ready, .notReady, .cordoned:
            return (rows.removeValue(forKey: row.node).map { [$0] } ?? []) + [row]
        }
    }
}
