// Kubernetes counterpart: pkg/controller/daemon/update.go (v1.36).
// Deliberate differences: nodes are gone through in name order, where upstream's map has none.

import Chronology
import ControlPlane
import KubernetesAPI

extension DaemonSetPlan {
    /// The newest and the older pod on a node, neither being deleted.
    private struct Pair {
        var new: Pod?
        var old: Pod?

        /// Finds the two among `pods`, or returns nil when there are several of a kind.
        init?(_ pods: [Pod], hash: String) {
            for pod in pods where !pod.isTerminating {
                if pod.isUpdated(to: hash) {
                    if new != nil { return nil }
                    new = pod
                } else {
                    if old != nil { return nil }
                    old = pod
                }
            }
        }
    }

    /// Adds the next step of the rolling update; no other step may be planned.
    mutating func update(_ daemonSet: DaemonSet, nodes: DaemonSetNodes, hash: String, now: Instant) {
        switch daemonSet.spec.updateStrategy {
        case .onDelete: return
        case .rollingUpdate: break
        }
        // Without old pods there is nothing to replace.
        let isOld = { (pod: Pod) in !pod.isTerminating && !pod.isUpdated(to: hash) }
        guard nodes.places.contains(where: { $0.pods.contains(where: isOld) }) else { return }
        let surge = daemonSet.surge(of: nodes.desired)
        if surge == 0 {
            replace(daemonSet, nodes: nodes, hash: hash, now: now)
        } else {
            add(daemonSet, nodes: nodes, hash: hash, surge: surge, now: now)
        }
    }

    // MARK: - Old pods go first

    /// Deletes as many old pods as nodes may go without; the next step fills the gaps.
    ///
    /// Old pods that are not available go whatever the number: nothing is lost with them.
    private mutating func replace(_ daemonSet: DaemonSet, nodes: DaemonSetNodes, hash: String, now: Instant) {
        let minReady = daemonSet.spec.minReadySeconds
        var most = daemonSet.unavailability(of: nodes.desired)
        if most == 0, nodes.desired > 0 { most = 1 }
        var missing: Int64 = 0
        var candidates: [Pod] = []
        for place in nodes.places where !place.pods.isEmpty || place.verdict == .runs {
            guard let pair = Pair(place.pods, hash: hash) else {
                missing += 1
                continue
            }
            switch (pair.new, pair.old) {
            case (nil, nil), (_?, _?): missing += 1
            case (let new?, nil): if !new.isAvailable(minReadySeconds: minReady, now: now) { missing += 1 }
            case (nil, let old?):
                if old.isAvailable(minReadySeconds: minReady, now: now) {
                    candidates.append(old)
                } else {
                    delete(old)
                    missing += 1
                }
            }
        }
        delete(Array(candidates.prefix(Int(max(0, most - missing)))))
    }

    // MARK: - New pods come first

    /// Makes new pods beside old ones on at most `surge` nodes, and deletes the old ones whose successor is available.
    private mutating func add(
        _ daemonSet: DaemonSet, nodes: DaemonSetNodes, hash: String, surge: Int64, now: Instant
    ) {
        let minReady = daemonSet.spec.minReadySeconds
        var surging: Int64 = 0
        var available: Int64 = 0
        var candidates: [String] = []
        var unwanted: [Pod] = []
        for place in nodes.places {
            guard let pair = Pair(place.pods, hash: hash) else {
                surging += 1
                continue
            }
            if let senior = pair.old ?? pair.new, senior.isAvailable(minReadySeconds: minReady, now: now) {
                available += 1
            }
            guard let old = pair.old else { continue }
            if let new = pair.new {
                if new.isAvailable(minReadySeconds: minReady, now: now) { delete(old) } else { surging += 1 }
                continue
            }
            let isAvailable = old.isAvailable(minReadySeconds: minReady, now: now)
            switch place.verdict {
            case nil: return getStuck()
            case .runs?: if isAvailable { candidates.append(place.name) } else { create(on: place.name) }
            case .keeps?, .excluded?: if isAvailable { unwanted.append(old) } else { delete(old) }
            }
        }
        // Pods where none belongs go only when there are enough available ones without them.
        delete(Array(unwanted.prefix(Int(max(0, available - nodes.desired)))))
        for name in candidates.prefix(Int(max(0, surge - surging))) { create(on: name) }
    }
}
