package import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI
import VirtualTime

extension World {
    /// Carries out up to `count` events up to `instant`, and lets time pass to there when no more of them are due before;
    /// returns false when the horizon is reached or an invariant broke.
    package mutating func run(until instant: Instant, events count: Int) -> Bool {
        for _ in 0..<count {
            guard let next = queue.nextInstant, next <= instant, next <= end else {
                guard instant < end else { return run(events: 1) }
                now = max(now, instant)
                api.store.now = now
                return true
            }
            guard run(events: 1), violation == nil else { return false }
        }
        return true
    }

    /// Whether something that struck has not healed.
    package var hasOpenFaults: Bool { !faults.openSlots.isEmpty }

    /// Returns what keeps the cluster from being where its objects want it, or nil: every pod runs that fits anywhere,
    /// workloads have what they ask for, and no controller wants to change anything, not even one that has just started.
    ///
    /// What is as it should be although it looks unfinished: pods that no node takes, workloads that wait for them, nodes
    /// without power, and what people have paused, suspended or cordoned.
    package func firstUnsettled() -> Unsettled? {
        var verdict = ConvergenceVerdict(of: self)
        return verdict.firstUnsettled() ?? firstLeftover(verdict)
    }

    /// What a controller still wants, or one that has just started would.
    private func firstLeftover(_ verdict: ConvergenceVerdict) -> Unsettled? {
        if toWatchers.hasNews(for: ~Self.schedulerBit) { return Unsettled("the watch", "has news on its way") }
        for (host, descriptor) in zip(hosts, ControllerRegistry.all) {
            for var reconciler in [host.reconciler, descriptor.make()] {
                for kind in ObjectKind.allCases {
                    for object in api.objects(of: kind, namespace: nil) {
                        for key in reconciler.keys(for: .added(object), in: api) {
                            let actions = reconciler.reconcile(key, in: api).actions
                            guard let action = actions.first(where: { !verdict.mayWait($0) }) else { continue }
                            return Unsettled("\(host.name)", "still wants to act", "\(key): \(action)".prefixed(400))
                        }
                    }
                }
            }
        }
        return nil
    }
}

extension String {
    /// The first `count` characters, with a mark where more were cut off.
    fileprivate func prefixed(_ count: Int) -> String { self.count > count ? prefix(count) + "…" : self }
}
