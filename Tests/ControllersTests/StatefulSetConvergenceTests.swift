import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("A stateful set among all controllers")
struct StatefulSetConvergenceTests {
    /// A plain generator, so that a failing seed can be tried again.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
    }

    private static let key = Fixtures.key(.statefulSet, "db")

    private static func set(in host: FakeHost) -> StatefulSet? {
        guard case .statefulSet(let set)? = host.view.object(key) else { return nil }
        return set
    }

    @Test("reaches the desired state after random changes, and then plans nothing more", arguments: 1...40)
    func converge(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        var host = FakeHost(ControllerRegistry.all.map { $0.make() })
        for index in 1...3 { host.view.add(.node(Fixtures.node("n\(index)"))) }
        host.view.add(
            .statefulSet(
                Fixtures.statefulSet(4) { spec in
                    spec.isParallel = seed % 2 == 0
                    spec.minReadySeconds = seed % 3 == 0 ? 2 : 0
                    spec.revisionHistoryLimit = 2
                    spec.volumeClaimTemplates = [
                        PersistentVolumeClaim(metadata: ObjectMeta(name: "data"), spec: PersistentVolumeClaimSpec())
                    ]
                }))
        for _ in 0..<60 {
            change(&host, &dice)
            host.run(for: .milliseconds(Int64(dice.roll(3000))))
            if dice.roll(3) > 0 { host.kubelet { _ in true } }
        }
        // A pod that nobody owns keeps its name for itself.
        for pod in host.view.pods where pod.metadata.labels["app"] != "db" { _ = host.view.delete(pod.key) }
        for _ in 0..<120 {
            host.kubelet()
            host.run(for: .seconds(3))
        }

        let set = try #require(Self.set(in: host))
        let wanted = set.ordinals.map { "db-\($0)" }.sorted()
        #expect(host.view.pods.map(\.metadata.name).sorted() == wanted)
        #expect(set.status.replicas == set.spec.replicas && set.status.availableReplicas == set.spec.replicas)
        #expect(set.status.observedGeneration == set.metadata.generation)
        for pod in host.view.pods {
            #expect(pod.metadata.controllerReference?.uid == set.metadata.uid)
            guard case .rollingUpdate(let partition, _) = set.spec.updateStrategy,
                let ordinal = StatefulPodName(pod.metadata.name)?.ordinal, ordinal >= set.spec.ordinalsStart + (partition ?? 0)
            else { continue }
            #expect(pod.spec.containers == set.spec.template.spec.containers)
            #expect(pod.metadata.labels[StatefulSet.revisionLabel] == set.status.updateRevision)
        }
        for case .persistentVolumeClaim(let claim) in host.view.objects(of: .persistentVolumeClaim, namespace: "d") {
            guard let ordinal = StatefulPodName(claim.metadata.name)?.ordinal, set.ordinals.contains(ordinal) else {
                continue
            }
            let owners = claim.metadata.ownerReferences.map(\.uid)
            #expect(owners == (set.spec.whenDeleted == .delete ? [set.metadata.uid] : []))
        }
        // The current and the new revision, two old ones, and those that pods below a partition are made of.
        #expect(host.view.objects(of: .controllerRevision, namespace: "d").count <= 4 + wanted.count)
        #expect(host.leftovers().isEmpty)
        #expect(host.settle() == 0)
    }

    private func change(_ host: inout FakeHost, _ dice: inout Dice) {
        func edit(_ body: (inout StatefulSet.Spec) -> Void) {
            host.view.change(Self.key, spec: true) { object in
                guard case .statefulSet(var set) = object else { return }
                body(&set.spec)
                object = .statefulSet(set)
            }
        }
        let pods = host.view.pods
        let pick = pods.isEmpty ? nil : pods[dice.roll(pods.count)]
        let number = dice.roll(6)
        switch dice.roll(9) {
        case 0: edit { $0.replicas = Int64(number) }
        case 1: edit { $0.template = Fixtures.template("app:v\(number)", app: "db") }
        case 2: if let pick { _ = host.view.delete(pick.key) }
        case 3: if let pick, pick.status.phase == .running { host.exit(pick, .failed) }
        case 4:
            let now = host.view.now
            if let pick {
                host.view.changePod(pick.key) { $0.status.conditions.set(Condition("Ready", .false, at: now)) }
            }
        case 5: if let pick { host.view.changePod(pick.key) { $0.metadata.labels["app"] = "loose" } }
        case 6: edit { $0.updateStrategy = .rollingUpdate(partition: Int64(number / 2), maxUnavailable: nil) }
        case 7:
            edit {
                $0.whenDeleted = number % 2 == 0 ? .delete : .retain
                $0.whenScaled = number % 3 == 0 ? .delete : .retain
            }
        default: edit { $0.ordinalsStart = Int64(number / 2) }
        }
    }
}
