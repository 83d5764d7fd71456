import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import Testing

/// What changes about a bound pod must reach the plugins that look at the whole cluster.
@Suite struct SpreadObservationTests {
    private static let zone = "topology.kubernetes.io/zone"

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Pod) -> Void
        /// Where a pod goes after the change, when zone a had one counted pod and zone b none before it.
        var feasible: Int
    }

    private static let rows: [Row] = [
        Row(testDescription: "nothing", change: { _ in }, feasible: 1),
        Row(testDescription: "its status", change: { $0.status.phase = .running }, feasible: 1),
        Row(testDescription: "its labels", change: { $0.metadata.labels = ["app": "other"] }, feasible: 2),
        Row(testDescription: "a further label", change: { $0.metadata.labels["x"] = "y" }, feasible: 1),
        Row(testDescription: "its deletion", change: { $0.metadata.deletionTimestamp = .at(5) }, feasible: 2),
        Row(testDescription: "its end", change: { $0.status.phase = .succeeded }, feasible: 2),
    ]

    @Test("what a bound pod loses or gains is seen by the next decision", arguments: rows, [true, false])
    func seen(row: Row, remembers: Bool) {
        var configuration = SchedulerConfiguration()
        configuration.usesShapeMemo = remembers
        var scheduler = PodScheduler(configuration: configuration, now: .start)
        for name in ["a", "b"] {
            scheduler.observe(.added(.node(Make.node(name, labels: [Self.zone: name]))), now: .start)
        }
        let box = Self.pod(1).specBox
        func pod(_ uid: UInt64) -> Pod { Pod(metadata: Self.pod(uid).metadata, specBox: box) }
        let first = pod(1).bound(to: "a")
        scheduler.observe(.added(.pod(first)), now: .start)
        // A first decision, so that there is something to remember.
        scheduler.observe(.added(.pod(pod(2))), now: .at(1))
        let before = scheduler.attempt(now: .at(1))
        #expect(before?.node == "b")
        #expect(before?.feasibleNodes == 1)
        scheduler.forget(pod: UID(high: 7, low: 2), now: .at(1))
        scheduler.observe(.deleted(.pod(pod(2))), now: .at(1))
        var changed = first
        row.change(&changed)
        scheduler.observe(.modified(old: .pod(first), new: .pod(changed)), now: .at(5))
        scheduler.observe(.added(.pod(pod(3))), now: .at(6))
        let after = scheduler.attempt(now: .at(6))
        #expect(after?.feasibleNodes == row.feasible)
    }

    private static func pod(_ uid: UInt64) -> Pod {
        var pod = Make.pod("p\(uid)", uid: uid) { spec in
            spec.topologySpreadConstraints = [
                TopologySpreadConstraint(
                    maxSkew: 1, topologyKey: zone, whenUnsatisfiable: .doNotSchedule,
                    labelSelector: LabelSelector(matchLabels: ["app": "web"]))
            ]
        }
        pod.metadata.labels = ["app": "web"]
        return pod
    }

    @Test("a pod that was refused is tried again when a counted pod changes its labels, and not for less")
    func requeued() {
        let subject = Subject()
        subject.observe(.added(.node(Make.node("a", labels: [Self.zone: "a"]))))
        let first = Self.pod(1).bound(to: "a")
        subject.observe(.added(.pod(first)))
        var waiting = Self.pod(2)
        // One of two domains is not there, so the minimum is 0.
        waiting.spec.topologySpreadConstraints[0].minDomains = 2
        subject.observe(.added(.pod(waiting)))
        let refused = subject.attempt(now: .at(1))
        #expect(refused?.node == nil)
        #expect(
            refused?.message == "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints. "
                + "no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.")
        var running = first
        running.status.phase = .running
        subject.observe(.modified(old: .pod(first), new: .pod(running)), now: .at(2))
        #expect(subject.attempt(now: .at(30)) == nil)
        var changed = running
        changed.metadata.labels = ["app": "other"]
        subject.observe(.modified(old: .pod(running), new: .pod(changed)), now: .at(31))
        #expect(subject.attempt(now: .at(32))?.node == "a")
    }
}
