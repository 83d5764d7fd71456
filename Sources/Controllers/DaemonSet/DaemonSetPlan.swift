package import Chronology
package import ControlPlane
package import KubernetesAPI

/// What a daemon set makes and deletes in one step.
package struct DaemonSetPlan: Sendable {
    /// The most pods that one step makes, and the most that it deletes (`BurstReplicas`).
    package static let burst = 250

    /// The nodes that get a pod, in order.
    package private(set) var created: [String] = []
    /// The pods to delete, in order.
    package private(set) var deleted: [Pod] = []
    /// What is to be told of ended pods.
    package private(set) var events: [EventRecord] = []
    /// When a failed pod that must stay for now is to be looked at again.
    package private(set) var recheckAfter: Duration?
    /// Whether the step cannot be planned before a pod of a missing node is gone.
    package private(set) var isStuck = false

    /// Creates a plan that does nothing.
    package init() {}

    /// Whether nothing is to be done.
    package var isEmpty: Bool { created.isEmpty && deleted.isEmpty }

    mutating func create(on node: String) { created.append(node) }
    mutating func delete(_ pod: Pod) { deleted.append(pod) }
    mutating func delete(_ pods: [Pod]) { deleted += pods }
    mutating func getStuck() { self = DaemonSetPlan(stuckWith: recheckAfter) }

    private init(stuckWith recheck: Duration?) {
        recheckAfter = recheck
        isStuck = true
    }

    /// Returns how many of `count` new pods the controller sees when it reports right after making them.
    ///
    /// Upstream makes them in batches of 1, 2, 4 and so on, and waits for each; the last is still on its way to the watch.
    package static func seen(of count: Int) -> Int {
        var seen = 0
        var batch = min(count, 1)
        while seen + batch < count {
            seen += batch
            batch = min(batch + batch, count - seen)
        }
        return seen
    }

    /// Cuts the plan down to what one step may do.
    private mutating func limit() {
        if created.count > Self.burst { created.removeSubrange(Self.burst...) }
        if deleted.count > Self.burst { deleted.removeSubrange(Self.burst...) }
    }
}

// MARK: - One pod on every node that wants one

extension DaemonSetPlan {
    /// Returns the step that gives each node its pod, and the step of the rolling update once all nodes have theirs.
    ///
    /// `hash` marks the pods of the current template; `backoff` learns of the failed pods that go.
    package static func make(
        _ daemonSet: DaemonSet, nodes: DaemonSetNodes, hash: String, backoff: inout FailedPodBackoff, now: Instant
    ) -> DaemonSetPlan {
        var plan = DaemonSetPlan()
        for place in nodes.places { plan.settle(place, of: daemonSet, hash: hash, backoff: &backoff, now: now) }
        if plan.isEmpty { plan.update(daemonSet, nodes: nodes, hash: hash, now: now) }
        plan.limit()
        return plan
    }

    private mutating func settle(
        _ place: DaemonSetNodes.Place, of daemonSet: DaemonSet, hash: String, backoff: inout FailedPodBackoff,
        now: Instant
    ) {
        switch place.verdict {
        case nil:
            // A pod bound to a missing node is for the pod garbage collector; one that waits for it would wait for ever.
            delete(place.pods.filter { $0.nodeName == nil && !$0.isTerminating })
        case .excluded?:
            delete(place.pods.filter { !$0.isTerminating })
        case .runs? where place.pods.isEmpty:
            create(on: place.name)
        case .runs?, .keeps?:
            // By far the most frequent: one pod, and nothing the matter with it.
            if place.pods.count == 1, place.pods[0].isActive { return }
            let running = running(on: place, of: daemonSet, backoff: &backoff, now: now)
            if !daemonSet.allowsSurge {
                if running.count > 1 { delete(Array(running.seniority().dropFirst())) }
            } else if running.count > 1 {
                prune(running.seniority(), of: daemonSet, hash: hash, now: now)
            } else if running.isEmpty, place.verdict == .runs {
                create(on: place.name)
            }
        }
    }

    /// Deletes the ended pods on a node and returns those that are neither ended nor being deleted.
    private mutating func running(
        on place: DaemonSetNodes.Place, of daemonSet: DaemonSet, backoff: inout FailedPodBackoff, now: Instant
    ) -> [Pod] {
        let key = ObjectKey(.daemonSet, namespace: daemonSet.metadata.namespace, name: daemonSet.metadata.name)
        var running: [Pod] = []
        for pod in place.pods where !pod.isTerminating {
            lazy var name = "\(pod.metadata.namespace)/\(pod.metadata.name) on node \(place.name)"
            switch pod.status.phase {
            case .failed:
                if let wait = backoff.admit(daemonSet, node: place.name, now: now) {
                    recheckAfter = min(recheckAfter ?? wait, wait)
                    continue
                }
                events.append(
                    EventRecord(
                        key, .warning, reason: "FailedDaemonPod",
                        message: "Found failed daemon pod \(name), will try to kill it"))
                delete(pod)
            case .succeeded:
                events.append(
                    EventRecord(
                        key, reason: "SucceededDaemonPod",
                        message: "Found succeeded daemon pod \(name), will try to delete it"))
                delete(pod)
            case .pending, .running, .unknown: running.append(pod)
            }
        }
        return running
    }

    /// Deletes all of `pods`, the senior first, but the oldest of each template; of these two the older goes when it is
    /// not ready, or when the new one is available.
    private mutating func prune(_ pods: [Pod], of daemonSet: DaemonSet, hash: String, now: Instant) {
        var new: Pod?
        var old: Pod?
        for pod in pods {
            let isNew = pod.isUpdated(to: hash)
            if isNew, new == nil {
                new = pod
            } else if !isNew, old == nil {
                old = pod
            } else {
                delete(pod)
            }
        }
        guard let new, let old else { return }
        if !old.isReady || new.isAvailable(minReadySeconds: daemonSet.spec.minReadySeconds, now: now) { delete(old) }
    }
}

extension DaemonSet {
    /// The label that ties a pod to the revision it was made from.
    package static let hashLabel = "controller-revision-hash"

    /// Whether a rolling update may run two pods on one node.
    var allowsSurge: Bool { surge(of: 1) > 0 }

    /// The nodes, of `desired`, that may have two pods at a time.
    func surge(of desired: Int64) -> Int64 {
        switch spec.updateStrategy {
        case .onDelete: 0
        case .rollingUpdate(_, let surge): surge.scaled(of: desired, roundUp: true)
        }
    }

    /// The nodes, of `desired`, that may be without an available pod.
    func unavailability(of desired: Int64) -> Int64 {
        switch spec.updateStrategy {
        case .onDelete: 0
        case .rollingUpdate(let unavailable, _): unavailable.scaled(of: desired, roundUp: true)
        }
    }
}

extension Pod {
    /// Whether the pod was made from the revision with this hash.
    func isUpdated(to hash: String) -> Bool { metadata.labels[DaemonSet.hashLabel] == hash }
}
