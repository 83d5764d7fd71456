import Chronology
import KubernetesAPI

/// What an export tells of itself before any of its objects is read: that it is one of a cluster, the newest of its
/// times, which is about when it was taken, and the versions of the kubelets.
struct ExportSurvey {
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
    /// How many machines run each version of the kubelet, in the order in which they were met.
    private(set) var kubelets: [(version: String, count: Int)] = []

    /// Looks through the documents of a file.
    mutating func look(through trees: [ManifestTree]) {
        for tree in trees {
            if let items = tree["items"]?.elements {
                look(through: items)
            } else if case .sequence(let elements) = tree.value {
                look(through: elements)
            } else {
                if tree["kind"]?.string == "Node", tree["apiVersion"]?.string == "v1" { noteNode(tree) }
                scan(tree)
            }
        }
    }

    private mutating func noteNode(_ tree: ManifestTree) {
        hasNodes = true
        guard let version = tree["status"]?["nodeInfo"]?["kubeletVersion"]?.string else { return }
        if let index = kubelets.firstIndex(where: { $0.version == version }) {
            kubelets[index].count += 1
        } else {
            kubelets.append((version, 1))
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

extension ExportSurvey {
    /// The first whole second that is not before any of the times; nil without machines or times.
    var start: StartDate? {
        guard hasNodes, let newest else { return nil }
        return StartDate(unixSeconds: newest.nanoseconds > 0 ? newest.seconds + 1 : newest.seconds)
    }
}
