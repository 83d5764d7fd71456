import Chronology
import KubernetesAPI

/// Finds the newest time that an export tells of itself: about when it was taken.
struct ExportClock {
    /// What says when something happened; expiries and deadlines lie ahead and are none of them.
    private static let stamps: Set<String> = [
        "creationTimestamp", "lastTransitionTime", "lastUpdateTime", "lastHeartbeatTime", "lastProbeTime", "startedAt",
        "finishedAt", "startTime", "completionTime", "lastScheduleTime", "lastSuccessfulTime", "renewTime",
        "acquireTime", "firstTimestamp", "lastTimestamp", "eventTime", "lastObservedTime", "timeAdded", "time",
        "lastPhaseTransitionTime", "lastScaleTime",
    ]
    /// Parts in which any key may stand for anything.
    private static let free: Set<String> = ["annotations", "labels", "data", "stringData", "template", "jobTemplate"]

    private(set) var newest: UnixTime?
    /// Whether there are machines among the objects: without them it is no export of a cluster.
    private(set) var hasNodes = false

    /// Looks through the documents of a file.
    mutating func look(through trees: [ManifestTree]) {
        for tree in trees {
            if let items = tree["items"]?.elements {
                look(through: items)
            } else if case .sequence(let elements) = tree.value {
                look(through: elements)
            } else {
                if tree["kind"]?.string == "Node", tree["apiVersion"]?.string == "v1" { hasNodes = true }
                scan(tree)
            }
        }
    }

    private mutating func scan(_ tree: ManifestTree) {
        switch tree.value {
        case .mapping(let entries):
            for entry in entries where !Self.free.contains(entry.key) {
                if case .scalar(.string(let text)) = entry.value.value {
                    if Self.stamps.contains(entry.key) { note(text) }
                } else {
                    scan(entry.value)
                }
            }
        case .sequence(let elements): for element in elements { scan(element) }
        case .scalar, .null: break
        }
    }

    private mutating func note(_ text: String) {
        // What is no time is reported when the field is read.
        guard let time = try? UnixTime(parsing: text) else { return }
        if newest.map({ $0 < time }) ?? true { newest = time }
    }
}

extension ExportClock {
    /// The first whole second that is not before any of the times; nil without machines or times.
    var start: StartDate? {
        guard hasNodes, let newest else { return nil }
        return StartDate(unixSeconds: newest.nanoseconds > 0 ? newest.seconds + 1 : newest.seconds)
    }
}
