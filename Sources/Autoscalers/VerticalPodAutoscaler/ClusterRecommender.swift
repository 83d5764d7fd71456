// Kubernetes counterpart: vertical-pod-autoscaler/pkg/recommender (routines, input, model; v1.5).
// Deliberate differences: usage counts from the moment on that the autoscaler exists; a container that was never measured
// gets no recommendation, where upstream gives the least amounts; pods that a kubelet evicts for want of memory bump nothing;
// no checkpoints, as the process never ends; a change of a target is told by an event.

package import Chronology
package import ControlPlane
package import KubernetesAPI

/// The recommender over all VerticalPodAutoscalers of a cluster, with what it remembers of their pods.
package struct ClusterRecommender: Sendable {
    /// `--recommender-interval`.
    package static let interval = Duration.minutes(1)

    private let rules = VerticalRecommender()
    // By the uid of the autoscaler. Never iterated in a way that its order could be seen.
    private var memories: [UID: TargetHistory] = [:]

    /// Creates one that remembers nothing.
    package init() {}

    /// Looks at all autoscalers once: takes samples, and returns the statuses to be written.
    package mutating func step(in view: any ClusterView) -> ReconcileResult {
        var result = ReconcileResult()
        var present: Set<UID> = []
        for case .verticalPodAutoscaler(let autoscaler) in view.objects(of: .verticalPodAutoscaler, namespace: nil) {
            let uid = autoscaler.metadata.uid
            present.insert(uid)
            look(at: autoscaler, in: view, into: &result)
        }
        if memories.count > present.count { memories = memories.filter { present.contains($0.key) } }
        return result
    }

    private mutating func look(
        at autoscaler: VerticalPodAutoscaler, in view: any ClusterView, into result: inout ReconcileResult
    ) {
        let uid = autoscaler.metadata.uid
        let target = Self.target(of: autoscaler, in: view)
        var pods: [Pod] = []
        if let found = target.found {
            pods = found.pods(in: view).filter { $0.status.phase != .pending }
            if memories[uid]?.target != found.object.metadata.uid {
                memories[uid] = TargetHistory(of: found.object.metadata.uid)
            }
            memories[uid]?.observe(pods, in: view)
        } else {
            memories[uid] = nil
        }
        var changed = autoscaler
        let found = memories[uid].map { recommendation(from: $0, for: autoscaler) } ?? []
        changed.status.recommendation = found
        changed.status.conditions = Self.conditions(
            autoscaler.status.conditions, problem: target.problem, hasPods: !pods.isEmpty, isProvided: !found.isEmpty,
            at: view.now.wholeSecond)
        guard changed.status != autoscaler.status else { return }
        result.actions.append(.updateStatus(.verticalPodAutoscaler(changed)))
        let before = autoscaler.status.recommendation?.map(\.target) ?? []
        if !found.isEmpty, before != found.map(\.target) {
            let words = found.map { "\($0.containerName): \(VerticalWords.text($0.target))" }.joined(separator: "; ")
            result.events.append(EventRecord(autoscaler.key, reason: "RecommendationChanged", message: words))
        }
    }

    /// Returns the workload that is followed, or why none is.
    private static func target(
        of autoscaler: VerticalPodAutoscaler, in view: any ClusterView
    ) -> (found: VerticalTarget?, problem: String) {
        let title = "\(autoscaler.targetKind) \(autoscaler.metadata.namespace)/\(autoscaler.targetName)"
        guard let key = VerticalTarget.key(of: autoscaler) else {
            return (nil, "\(title): no kind whose pods are known")
        }
        guard let target = VerticalTarget(key, in: view) else { return (nil, "\(title) does not exist") }
        if target.object.metadata.controllerReference != nil {
            return (nil, "\(title) has a controller of its own: it is that which has to be named")
        }
        return (target, "")
    }

    // MARK: - What is recommended

    private func recommendation(
        from history: TargetHistory, for autoscaler: VerticalPodAutoscaler
    ) -> [VerticalPodAutoscaler.ContainerRecommendation] {
        let counted = history.containers.filter { autoscaler.policy(for: $0.name)?.isOff != true }
        return counted.compactMap { container in
            rules.recommendation(for: container.history, containers: counted.count).map {
                Self.recommendation($0, of: container.name, for: autoscaler)
            }
        }
    }

    /// Returns a recommendation as the API shows it: of what is controlled, within the policy.
    static func recommendation(
        _ found: VerticalRecommendation, of container: String, for autoscaler: VerticalPodAutoscaler
    ) -> VerticalPodAutoscaler.ContainerRecommendation {
        let resources = autoscaler.controlledResources(of: container)
        let policy = autoscaler.policy(for: container)
        func list(_ amounts: VerticalRecommendation.Amounts, isCapped: Bool) -> ResourceList {
            var list = ResourceList()
            for resource in resources {
                // `MaxResourceAmount`.
                let most: Int64 = 100_000_000_000_000
                let amount =
                    resource == .cpu
                    ? Quantity(milli: min(most, amounts.cpuMilli)) : Quantity(min(most, amounts.memoryBytes))
                list[resource] =
                    isCapped
                    ? VerticalCaps.within(
                        amount, policy?.minAllowed[resource] ?? .zero, policy?.maxAllowed[resource] ?? .zero) : amount
            }
            return list
        }
        var recommendation = VerticalPodAutoscaler.ContainerRecommendation(containerName: container)
        recommendation.target = list(found.target, isCapped: true)
        recommendation.lowerBound = list(found.lowerBound, isCapped: true)
        recommendation.upperBound = list(found.upperBound, isCapped: true)
        recommendation.uncappedTarget = list(found.target, isCapped: false)
        return recommendation
    }

    /// Returns the conditions, in the order of their types.
    private static func conditions(
        _ old: [Condition], problem: String, hasPods: Bool, isProvided: Bool, at now: Instant
    ) -> [Condition] {
        var conditions = old
        func set(_ type: ConditionType, _ truth: Bool, _ reason: String = "", _ message: String = "") {
            conditions.set(Condition(type, truth ? .true : .false, reason: reason, message: message, at: now))
        }
        conditions.removeAll { $0.isOf("ConfigUnsupported") && problem.isEmpty || $0.isOf("NoPodsMatched") && hasPods }
        if !problem.isEmpty { set("ConfigUnsupported", true, "", problem) }
        let (reason, message) = hasPods ? ("", "") : ("NoPodsMatched", "No pods match this VPA object")
        if !hasPods { set("NoPodsMatched", true, reason, message) }
        set("RecommendationProvided", isProvided, isProvided ? "" : reason, isProvided ? "" : message)
        return conditions.sorted { $0.type.name < $1.type.name }
    }
}
