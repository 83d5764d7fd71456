import Chronology
import KubernetesAPI
import Observations

/// What an export wants to know of a repeated run beside its objects, and whether it is still the recorded one.
final class RunWatch: SelectiveObserver {
    var context = ExportContext()
    /// The run's numbers of living pods.
    private(set) var rows: [UID: Int32] = [:]
    /// The number of events after which the run was first not as recorded.
    private(set) var difference: Int64?
    private var uids: [Int32: UID] = [:]
    private let recorded: [CheckpointRow]
    private var next = 0
    /// The number of events up to which the run is as recorded.
    private(set) var compared: Int64 = 0

    init(recorded: [CheckpointRow]) { self.recorded = recorded }

    /// Whether everything that was recorded has been compared.
    var isExhausted: Bool { next == recorded.count }

    func node(_ row: NodeRow) { context.machines[row.name] = row }

    func pod(_ row: PodRow) {
        let uid = UID(high: row.uidHigh, low: row.uidLow)
        rows[uid] = row.pod
        uids[row.pod] = uid
    }

    func podEnd(_ row: PodEndRow) {
        if let uid = uids.removeValue(forKey: row.pod) { rows[uid] = nil }
    }

    func checkpoint(_ row: CheckpointRow) {
        guard difference == nil, !isExhausted else { return }
        let other = recorded[next]
        next += 1
        if other.events == row.events, other.digest == row.digest {
            compared = row.events
        } else {
            differs(after: min(other.events, row.events))
        }
    }

    /// Notes that the run is another one.
    func differs(after events: Int64) { difference = difference ?? events }
}
