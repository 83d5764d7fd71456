package import KubernetesAPI

// Counterpart: managerImpl.Admit in pkg/kubelet/eviction/eviction_manager.go (v1.36). Deliberate differences: none known.

/// Which pods a kubelet refuses while its machine is under pressure.
package enum PressureAdmission {
    /// The taint whose toleration lets a best-effort pod onto a machine that is short of memory.
    private static let memoryTaint = Taint(key: "node.kubernetes.io/memory-pressure", effect: .noSchedule)

    /// Why a pod is refused: what stands in its status.
    package struct Refusal: Hashable, Sendable {
        package var reason: String
        package var message: String
    }

    /// Returns why a pod is refused, or nil when it may run.
    package static func refusal(
        of pod: Pod, qosClass: PodStatus.QOSClass, under conditions: [PressureCondition]
    ) -> Refusal? {
        if conditions.isEmpty { return nil }
        if pod.priority >= PodLoad.criticalPriority || pod.metadata.annotations[PodLoad.mirrorAnnotation] != nil {
            return nil
        }
        if conditions == [.memory] {
            if qosClass != .bestEffort { return nil }
            if pod.spec.tolerations.contains(where: { $0.tolerates(memoryTaint) }) { return nil }
        }
        let names = conditions.map(\.rawValue).joined(separator: " ")
        return Refusal(reason: "Evicted", message: "The node had condition: [\(names)]. ")
    }
}

extension MachineFleet {
    /// Notes the conditions that a machine's kubelet sees now.
    package mutating func setPressure(_ conditions: [PressureCondition], on node: NodeSlot) {
        nodes[Int(node.index)].pressure = conditions
    }

    /// Returns why a machine's kubelet refuses a pod because of pressure, or nil; for its admission.
    package func pressureRefusal(of pod: Pod, on node: NodeSlot) -> PressureAdmission.Refusal? {
        let conditions = nodes[Int(node.index)].pressure
        if conditions.isEmpty { return nil }
        return PressureAdmission.refusal(of: pod, qosClass: pod.status.qosClass ?? .burstable, under: conditions)
    }
}
