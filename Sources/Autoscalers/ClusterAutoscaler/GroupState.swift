import Chronology
import KubernetesAPI

// Kubernetes counterpart: ScaleUpRequest and Readiness of clusterstate/clusterstate.go.

/// What a group was asked to grow by and has not done yet.
struct GrowthRequest: Sendable {
    var count: Int
    /// When it counts no longer.
    var end: Instant
}

/// How far the machines of a group are.
struct GroupState: Sendable {
    var ready = 0
    /// Registered, but not ready: those that are new, and those that are no longer.
    var starting = 0
    var unready = 0
    /// Not registered: those that may still come, those that take too long, and those that the cloud does not give.
    var coming = 0
    var overdue = 0
    var failed = 0

    /// Whether anything may still become ready.
    var isGrowing: Bool { starting + coming + failed > 0 }

    /// How many nodes there are.
    private var registered: Int { ready + starting + unready }

    /// Whether enough nodes of the group are ready for it to grow (`IsNodeGroupHealthy`).
    func isHealthy(
        _ targetSize: Int, _ request: GrowthRequest?, _ parameters: ClusterAutoscaler.Parameters
    ) -> Bool {
        let wanted = targetSize - overdue - (request?.count ?? 0)
        if registered + coming + overdue == 0 { return targetSize == 0 || wanted == 0 }
        let missing = wanted - ready
        return missing <= parameters.okTotalUnreadyCount
            || Int64(missing) * 100 <= parameters.maxTotalUnreadyPercentage * Int64(registered)
    }
}

extension ClusterScan {
    /// Counts the machines of each group; only looked up.
    func groupStates() -> [String: GroupState] {
        var states: [String: GroupState] = [:]
        for machine in machines where !isReleased(machine) {
            switch machine.state {
            case .failed: states[machine.group, default: GroupState()].failed += 1
            case .launching where isOverdue(machine): states[machine.group, default: GroupState()].overdue += 1
            case .launching: states[machine.group, default: GroupState()].coming += 1
            case .registered: break
            }
        }
        for node in nodes {
            guard let group = machine(node.metadata.name)?.group else { continue }
            if isReady(node) {
                states[group, default: GroupState()].ready += 1
            } else if isStarting(node) {
                states[group, default: GroupState()].starting += 1
            } else {
                states[group, default: GroupState()].unready += 1
            }
        }
        return states
    }
}
