import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Controllers

/// What becomes of a stateful set, as lines like those of the recorded traces.
private struct StatefulHost {
    var host = FakeHost([StatefulSetReconciler(), GarbageCollectorReconciler()])

    init(_ set: StatefulSet) {
        host.view.add(.statefulSet(set))
        host.settle()
    }

    var set: StatefulSet {
        guard case .statefulSet(let set)? = host.view.object(Fixtures.key(.statefulSet, "db")) else { fatalError() }
        return set
    }

    func edit(_ body: (inout StatefulSet.Spec) -> Void) {
        host.view.change(Fixtures.key(.statefulSet, "db"), spec: true) { object in
            guard case .statefulSet(var set) = object else { return }
            body(&set.spec)
            object = .statefulSet(set)
        }
    }

    /// Pods start and end until nothing moves any more.
    mutating func run(seconds: Int = 20, ready: (Pod) -> Bool = { _ in true }) {
        for _ in 0..<seconds {
            host.kubelet(ready: ready)
            host.run(for: .seconds(1))
        }
    }

    /// The requests about pods and claims, revisions numbered in the order of their making.
    var lines: [String] {
        host.actions.compactMap { action in
            switch action {
            case .create(.pod(let pod)): "+\(pod.metadata.name)"
            case .create(.persistentVolumeClaim(let claim)): "+\(claim.metadata.name)"
            case .update(.persistentVolumeClaim(let claim)):
                "\(claim.metadata.name) of \(claim.metadata.ownerReferences.map(\.name).joined(separator: ","))"
            case .delete(let key, _, _, _) where key.kind == .pod || key.kind == .persistentVolumeClaim: "-\(key.name)"
            case .create(.controllerRevision(let revision)): "revision \(revision.revision)"
            case .update(.controllerRevision(let revision)): "revision ->\(revision.revision)"
            case .delete(let key, _, _, _) where key.kind == .controllerRevision: "-revision"
            default: nil
            }
        }
    }

    mutating func lines(after body: (inout StatefulHost) -> Void) -> [String] {
        let count = lines.count
        body(&self)
        return Array(lines.dropFirst(count))
    }

    var images: [String] {
        host.view.pods.sorted { $0.metadata.name < $1.metadata.name }.map { $0.spec.containers[0].image }
    }
}

@Suite("A stateful set")
struct StatefulSetTests {
    // MARK: - Names

    struct Name: Sendable, CustomTestStringConvertible {
        var text: String
        var parent: String?
        var ordinal: Int64 = 0
        var testDescription: String { text }
    }

    @Test(
        "reads its name and a number of 32 bits out of a pod's name",
        arguments: [
            Name(text: "db-0", parent: "db"), Name(text: "a-b-12", parent: "a-b", ordinal: 12),
            Name(text: "db-007", parent: "db", ordinal: 7), Name(text: "db"), Name(text: "db-"), Name(text: "db-x"),
            Name(text: "db-99999999999"), Name(text: "-3", parent: "", ordinal: 3), Name(text: "db-+1"),
        ])
    func names(_ name: Name) {
        let read = StatefulPodName(name.text)
        #expect(read.map { String($0.parent) } == name.parent)
        if name.parent != nil { #expect(read?.ordinal == name.ordinal) }
    }

    // MARK: - Whole runs

    struct Run: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var replicas: Int64 = 3
        var spec: @Sendable (inout StatefulSet.Spec) -> Void = { _ in }
        var change: @Sendable (inout StatefulSet.Spec) -> Void = { _ in }
        var start: [String]
        var after: [String] = []
    }

    static let runs: [Run] = [
        Run(
            testDescription: "makes pods one after the other, and removes the highest first",
            change: { $0.replicas = 1 }, start: ["revision 1", "+db-0", "+db-1", "+db-2"], after: ["-db-2", "-db-1"]),
        Run(
            testDescription: "starts to count where it is told to", replicas: 2, spec: { $0.ordinalsStart = 5 },
            change: { $0.replicas = 3 }, start: ["revision 1", "+db-5", "+db-6"], after: ["+db-7"]),
        Run(
            testDescription: "moves its numbers when the start moves", replicas: 2,
            change: { $0.ordinalsStart = 1 }, start: ["revision 1", "+db-0", "+db-1"], after: ["+db-2", "-db-0"]),
        Run(
            testDescription: "updates from the highest to the lowest", change: { $0.template = Fixtures.template("v2", app: "db") },
            start: ["revision 1", "+db-0", "+db-1", "+db-2"],
            after: ["revision 2", "-db-2", "+db-2", "-db-1", "+db-1", "-db-0", "+db-0"]),
        Run(
            testDescription: "leaves pods below the partition alone",
            spec: { $0.updateStrategy = .rollingUpdate(partition: 2, maxUnavailable: nil) },
            change: { $0.template = Fixtures.template("v2", app: "db") },
            start: ["revision 1", "+db-0", "+db-1", "+db-2"], after: ["revision 2", "-db-2", "+db-2"]),
        Run(
            testDescription: "updates nothing by itself under OnDelete", spec: { $0.updateStrategy = .onDelete },
            change: { $0.template = Fixtures.template("v2", app: "db") },
            start: ["revision 1", "+db-0", "+db-1", "+db-2"], after: ["revision 2"]),
        Run(
            testDescription: "waits for availability between pods", replicas: 2, spec: { $0.minReadySeconds = 3 },
            start: ["revision 1", "+db-0", "+db-1"]),
        Run(
            testDescription: "gives each pod claims, and gives them away with surplus pods", replicas: 2,
            spec: {
                $0.volumeClaimTemplates = [StatefulSetTests.claim]
                $0.whenScaled = .delete
                $0.whenDeleted = .delete
            },
            change: { $0.replicas = 1 },
            start: [
                "revision 1", "+data-db-0", "+db-0", "data-db-0 of db", "+data-db-1", "+db-1", "data-db-1 of db",
            ], after: ["data-db-1 of db-1", "-db-1", "-data-db-1"]),
        Run(
            testDescription: "leaves claims behind when they are to be retained", replicas: 2,
            spec: { $0.volumeClaimTemplates = [StatefulSetTests.claim] }, change: { $0.replicas = 1 },
            start: ["revision 1", "+data-db-0", "+db-0", "+data-db-1", "+db-1"], after: ["-db-1"]),
        Run(
            testDescription: "takes back its claims when the policy changes", replicas: 1,
            spec: { $0.volumeClaimTemplates = [StatefulSetTests.claim] }, change: { $0.whenDeleted = .delete },
            start: ["revision 1", "+data-db-0", "+db-0"], after: ["data-db-0 of db"]),
    ]

    private static var claim: PersistentVolumeClaim {
        PersistentVolumeClaim(metadata: ObjectMeta(name: "data"), spec: PersistentVolumeClaimSpec())
    }

    @Test("of which", arguments: runs)
    func whole(_ run: Run) {
        var host = StatefulHost(Fixtures.statefulSet(run.replicas, body: run.spec))
        host.run()
        #expect(host.lines == run.start)
        #expect(
            host.lines {
                $0.edit(run.change); $0.run()
            } == run.after)
        #expect(host.host.leftovers().isEmpty)
        let status = host.set.status
        #expect(status.replicas == host.set.spec.replicas && status.availableReplicas == host.set.spec.replicas)
        #expect(status.observedGeneration == host.set.metadata.generation)
    }

    @Test("managed in parallel makes and removes all at once, but updates one by one")
    func parallel() {
        var host = StatefulHost(Fixtures.statefulSet(3) { $0.isParallel = true })
        #expect(host.lines == ["revision 1", "+db-0", "+db-1", "+db-2"])
        host.run()
        #expect(
            host.lines {
                $0.edit { $0.template = Fixtures.template("v2", app: "db") }; $0.host.settle()
            } == ["revision 2", "-db-2"])
        host.run()
        #expect(host.images == ["v2", "v2", "v2"])
        #expect(
            host.lines {
                $0.edit { $0.replicas = 1 }; $0.host.settle()
            } == ["-db-2", "-db-1"])
    }

    @Test("managed in parallel makes no more than a burst at a time")
    func burst() {
        let set = Fixtures.statefulSet(1_000_000_000) { $0.isParallel = true }
        var plan = StatefulSetPlan(
            set, pods: [], revisions: StatefulSetRevisions(set, listed: []) { _ in nil }, now: .start)
        plan.run()
        #expect(plan.actions.count == StatefulSetPlan.burst)
    }

    @Test("replaces a pod that ended, with the number it had")
    func replaces() {
        var host = StatefulHost(Fixtures.statefulSet(2))
        host.run()
        for phase in [PodPhase.failed, .succeeded] {
            let lines = host.lines { host in
                if let pod = host.host.view.pod(namespace: "d", name: "db-0") { host.host.exit(pod, phase) }
                host.run()
            }
            #expect(lines == ["-db-0", "+db-0"])
        }
    }

    @Test("stops at a pod that is not ready, goes back when the template does, and removes the bad pod only by hand")
    func rollback() throws {
        var host = StatefulHost(Fixtures.statefulSet(3))
        host.run()
        host.edit { $0.template = Fixtures.template("bad", app: "db") }
        host.run { $0.spec.containers[0].image != "bad" }
        #expect(host.images == ["app:v1", "app:v1", "bad"])
        #expect(host.set.status.updatedReplicas == 1 && host.set.status.currentReplicas == 2)
        let back = host.lines { host in
            host.edit { $0.template = Fixtures.template(app: "db") }
            host.run { $0.spec.containers[0].image != "bad" }
        }
        #expect(back == ["revision ->3"])
        #expect(host.set.status.currentRevision == host.set.status.updateRevision)
        _ = host.host.view.delete(Fixtures.key(.pod, "db-2"))
        host.run()
        #expect(host.images == ["app:v1", "app:v1", "app:v1"])
    }

    @Test("makes a deleted pod below the partition of the old template")
    func partition() {
        var host = StatefulHost(
            Fixtures.statefulSet(3) { $0.updateStrategy = .rollingUpdate(partition: 2, maxUnavailable: nil) })
        host.run()
        host.edit { $0.template = Fixtures.template("v2", app: "db") }
        host.run()
        for name in ["db-0", "db-2"] { _ = host.host.view.delete(Fixtures.key(.pod, name)) }
        host.run()
        #expect(host.images == ["app:v1", "app:v1", "v2"])
    }

    @Test(
        "makes a pod lost in an update without a partition of the old template, for as many places as have it",
        arguments: [(nil, "app:v1"), (0, "v2"), (1, "app:v1")] as [(Int64?, String)])
    func lostInUpdate(partition: Int64?, image: String) {
        var host = StatefulHost(
            Fixtures.statefulSet(4) { $0.updateStrategy = .rollingUpdate(partition: partition, maxUnavailable: nil) })
        host.run()
        host.edit { $0.template = Fixtures.template("v2", app: "db") }
        host.run { $0.spec.containers[0].image != "v2" }
        #expect(host.images == ["app:v1", "app:v1", "app:v1", "v2"])
        _ = host.host.view.delete(Fixtures.key(.pod, "db-0"))
        host.run { $0.spec.containers[0].image != "v2" }
        #expect(host.images == [image, "app:v1", "app:v1", "v2"])
    }

    @Test("in parallel, a place that fails keeps back the batches after its own")
    func parallelBatches() {
        var host = StatefulHost(Fixtures.statefulSet(0))
        var stale = PersistentVolumeClaim(
            metadata: ObjectMeta(name: "data-db-1", namespace: "d"), spec: Self.claim.spec)
        stale.metadata.finalizers = ["kubernetes.io/pvc-protection"]
        host.host.view.add(.persistentVolumeClaim(stale))
        _ = host.host.view.delete(Fixtures.key(.persistentVolumeClaim, "data-db-1"))
        let made = host.lines { host in
            host.edit {
                $0.isParallel = true
                $0.volumeClaimTemplates = [Self.claim]
                $0.replicas = 5
            }
            host.host.settle()
        }
        #expect(made == ["+data-db-0", "+db-0", "+data-db-2", "+db-2"])
    }

    @Test("keeps as many old revisions as it is told to")
    func history() {
        var host = StatefulHost(Fixtures.statefulSet(1) { $0.revisionHistoryLimit = 1 })
        host.run()
        for image in ["v2", "v3", "v4"] {
            host.edit { $0.template = Fixtures.template(image, app: "db") }
            host.run()
        }
        let kept = host.host.view.objects(of: .controllerRevision, namespace: "d").compactMap { object in
            if case .controllerRevision(let revision) = object { revision.revision } else { nil }
        }
        #expect(kept == [3, 4])
    }

    @Test("tells its pods apart by labels")
    func labels() throws {
        var host = StatefulHost(Fixtures.statefulSet(1) { $0.ordinalsStart = 7 })
        let pod = try #require(host.host.view.pods.first)
        #expect(pod.metadata.labels["statefulset.kubernetes.io/pod-name"] == "db-7")
        #expect(pod.metadata.labels["apps.kubernetes.io/pod-index"] == "7")
        #expect(pod.metadata.labels["controller-revision-hash"] == host.set.status.updateRevision)
        host.run()
        host.host.view.changePod(pod.key) { $0.metadata.labels["statefulset.kubernetes.io/pod-name"] = nil }
        host.run(seconds: 2)
        #expect(host.host.view.pods.first?.metadata.labels == pod.metadata.labels)
        #expect(host.host.events.map(\.message).contains("Update Pod db-7 in StatefulSet db successful"))
    }

    @Test("lets go of a pod whose labels changed, and takes it back")
    func adoption() {
        var host = StatefulHost(Fixtures.statefulSet(1))
        host.run()
        let key = Fixtures.key(.pod, "db-0")
        host.host.view.changePod(key) { $0.metadata.labels["app"] = "loose" }
        host.host.run(for: .seconds(2))
        #expect(host.host.view.pods.first?.metadata.ownerReferences.isEmpty == true)
        #expect(host.set.status.replicas == 0)
        host.host.view.changePod(key) { $0.metadata.labels["app"] = "db" }
        host.host.run(for: .seconds(2))
        #expect(host.host.view.pods.first?.metadata.controllerReference?.uid == host.set.metadata.uid)
        #expect(host.set.status.replicas == 1)
    }

    @Test("made anew takes back orphaned pods and revisions")
    func readopts() {
        var host = StatefulHost(Fixtures.statefulSet(2))
        host.run()
        _ = host.host.view.delete(Fixtures.key(.statefulSet, "db"), propagation: .orphan)
        host.host.settle()
        #expect(host.host.view.pods.allSatisfy { $0.metadata.ownerReferences.isEmpty })
        let lines = host.lines { host in
            host.host.view.add(.statefulSet(Fixtures.statefulSet(2)))
            host.host.settle()
        }
        #expect(lines == ["revision ->1"])
        #expect(host.host.view.pods.allSatisfy { $0.metadata.controllerReference != nil })
        #expect(host.set.status.availableReplicas == 2)
    }

    @Test("reports its status and a warning when no pod can be made")
    func refused() {
        var host = StatefulHost(Fixtures.statefulSet(0))
        host.host.view.refusesPods = true
        host.edit { $0.replicas = 1 }
        host.host.run(for: .seconds(3))
        #expect(host.set.status.observedGeneration == 2)
        #expect(host.host.events.contains { $0.reason == "FailedCreate" && $0.kind == .warning })
        host.host.view.refusesPods = false
        host.run(seconds: 5)
        #expect(host.set.status.readyReplicas == 1)
    }

    @Test("waits for a claim that has to go with an earlier pod, then makes a new one")
    func staleClaim() throws {
        var host = StatefulHost(
            Fixtures.statefulSet(1) {
                $0.volumeClaimTemplates = [Self.claim]
                $0.whenScaled = .delete
            })
        host.run()
        let claim = Fixtures.key(.persistentVolumeClaim, "data-db-0")
        host.host.view.change(claim) { $0.metadata.finalizers = ["kubernetes.io/pvc-protection"] }
        host.edit { $0.replicas = 0 }
        host.run()
        let up = host.lines {
            $0.edit { $0.replicas = 1 }; $0.run()
        }
        #expect(up.isEmpty)
        let gone = host.lines { host in
            host.host.view.change(claim) { $0.metadata.finalizers = [] }
            host.run()
        }
        #expect(gone == ["+data-db-0", "+db-0"])
    }

    @Test("says what it did in events")
    func events() {
        var host = StatefulHost(Fixtures.statefulSet(1) { $0.volumeClaimTemplates = [Self.claim] })
        host.run()
        host.edit { $0.replicas = 0 }
        host.run()
        #expect(
            host.host.events.map { "\($0.reason): \($0.message)" } == [
                "SuccessfulCreate: Create Claim data-db-0 Pod db-0 in StatefulSet db success",
                "SuccessfulCreate: Create Pod db-0 in StatefulSet db successful",
                "SuccessfulDelete: Delete Pod db-0 in StatefulSet db successful",
            ])
    }
}
