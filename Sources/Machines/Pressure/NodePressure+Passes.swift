package import Chronology

// MARK: - The kubelet's passes

extension NodePressure {
    /// Returns the kubelet's first look at or after an instant that is later than its latest one.
    private func tick(notBefore instant: Instant) -> Instant {
        let period = manager.parameters.monitoringPeriod.nanoseconds
        let past = instant.nanoseconds - phase.nanoseconds
        let rest = ((past % period) + period) % period
        let tick = Instant(nanoseconds: rest == 0 ? instant.nanoseconds : instant.nanoseconds + period - rest)
        guard let lastPass, tick <= lastPass else { return tick }
        return lastPass + manager.parameters.monitoringPeriod
    }

    func nextPass(notBefore now: Instant, isGrowing: Bool) -> Instant? {
        // The kubelet waits for a pod that it evicted before it looks again.
        if isKubeletHung || pods.contains(where: \.isEvicted) { return nil }
        let first = tick(notBefore: now)
        let observations = observations(at: first)
        var due: Instant?
        func take(_ instant: Instant?) {
            guard let instant else { return }
            let tick = tick(notBefore: instant)
            due = min(due ?? tick, tick)
        }
        take(manager.due(observations, at: first, isStuck: isStuck))
        for pod in pods where !pod.isCritical { take(LocalStorageLimits.due(pod, notBefore: first)) }
        guard isGrowing, due != first else { return due }
        let bounds = manager.nextBounds(observations)
        if let free = bounds.memory {
            take(GrowthSearch.first(atLeast: memoryLimit - free + 1, notBefore: first) { podMemory(at: $0) })
        }
        if let free = bounds.disk {
            take(GrowthSearch.first(atLeast: capacity.disk - free + 1, notBefore: first) { diskUse(at: $0) })
        }
        return due
    }

    /// What a pass did.
    package struct Pass: Sendable {
        /// A pod that is evicted.
        package struct Eviction: Hashable, Sendable {
            package var pod: Int32
            package var message: String
            /// What it gets to end.
            package var grace: Duration
            /// Whether the machine was short; otherwise the pod broke a limit of its own.
            package var isForTheNode: Bool
            /// What was short, or which limit was broken.
            package var signal: String
        }

        package var evictions: [Eviction] = []
        /// The resource that the kubelet tries to reclaim.
        package var resource: String?
        /// Whether the node's conditions are no longer what they were.
        package var hasChangedConditions = false
    }

    /// The kubelet looks at its machine; `reclaim` removes what nobody uses from the disk and returns the bytes of images left.
    package mutating func pass(at now: Instant, reclaim: () -> Int64) -> Pass {
        var pass = Pass()
        lastPass = now
        isStuck = false
        let before = manager.conditions
        let observations = observations(at: now)
        let thresholds = manager.observe(observations, at: now)
        pass.hasChangedConditions = manager.conditions != before
        for place in pods.indices where !pods[place].isCritical {
            guard let problem = LocalStorageLimits.problem(of: pods[place], at: now) else { continue }
            pods[place].isEvicted = true
            pass.evictions.append(
                Pass.Eviction(
                    pod: pods[place].id, message: problem.message, grace: Self.immediateGrace, isForTheNode: false,
                    signal: problem.signal))
        }
        guard pass.evictions.isEmpty, let threshold = thresholds.first else { return pass }
        pass.resource = threshold.signal.resource
        if threshold.signal != .memoryAvailable {
            imageBytes = reclaim()
            if manager.areAllResolved(self.observations(at: now)) { return pass }
        }
        guard
            let place = EvictionRanking.order(pods, for: threshold.signal, at: now).first(where: {
                !pods[$0].isCritical
            })
        else {
            isStuck = true
            return pass
        }
        pods[place].isEvicted = true
        pass.evictions.append(
            Pass.Eviction(
                pod: pods[place].id,
                message: EvictionRanking.message(
                    for: pods[place], threshold: threshold, observations: observations, at: now),
                grace: threshold.isHard
                    ? Self.immediateGrace
                    : min(.seconds(manager.parameters.maxPodGracePeriodSeconds), pods[place].grace),
                isForTheNode: true, signal: threshold.signal.rawValue))
        return pass
    }

    /// What a pod gets that must go at once (`immediateEvictionGracePeriodSeconds`).
    package static let immediateGrace = Duration.seconds(1)

    /// A pod that was to be evicted could not be: the kubelet does not know it.
    package mutating func spare(_ id: Int32) {
        change(id) { $0.isEvicted = false }
        isStuck = true
    }
}
