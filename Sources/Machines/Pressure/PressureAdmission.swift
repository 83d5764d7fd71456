import KubernetesAPI

// Counterpart: managerImpl.Admit in pkg/kubelet/eviction/eviction_manager.go (v1.36). Deliberate differences: none known.

/// Which pods a kubelet refuses while its machine is under pressure.
enum PressureAdmission {
    /// The taint whose toleration lets a best-effort pod onto a machine that is short of memory.
    private static let memoryTaint = Taint(key: "node.kubernetes.io/memory-pressure", effect: .noSchedule)

    /// Returns why a pod is refused, or nil when it may run.
    static func refusal(
        of needs: PodNeeds, qosClass: PodStatus.QOSClass, under conditions: [PressureCondition]
    ) -> NodeAdmission.Refusal? {
        if conditions.isEmpty || needs.isCritical { return nil }
        if conditions == [.memory] {
            if qosClass != .bestEffort { return nil }
            if needs.tolerations.contains(where: { $0.tolerates(memoryTaint) }) { return nil }
        }
        let names = conditions.map(\.rawValue).joined(separator: " ")
        return NodeAdmission.Refusal(reason: "Evicted", message: "The node had condition: [\(names)]. ")
    }
}

extension MachineFleet {
    /// Notes the conditions that a machine's kubelet sees now.
    package mutating func setPressure(_ conditions: [PressureCondition], on node: NodeSlot) {
        nodes[Int(node.index)].pressure = conditions
    }

    /// Returns why a pod's kubelet refuses it because of pressure, or nil.
    mutating func pressureRefusal(of pod: Int) -> NodeAdmission.Refusal? {
        let conditions = nodes[Int(pods[pod].node)].pressure
        if conditions.isEmpty { return nil }
        return PressureAdmission.refusal(
            of: pods[pod].needs, qosClass: pods[pod].status.qosClass ?? .bestEffort, under: conditions)
    }
}
