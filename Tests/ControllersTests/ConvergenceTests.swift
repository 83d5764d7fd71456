import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("All controllers together")
struct ConvergenceTests {
    /// A plain generator, so that a failing seed can be tried again.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
    }

    @Test("reach the desired state after random changes, and then plan nothing more", arguments: 1...25)
    func converge(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        var host = FakeHost(ControllerRegistry.all.map { $0.make() })
        for index in 1...3 { host.view.add(.node(Fixtures.node("n\(index)"))) }
        var deployment = Fixtures.deployment(4)
        if seed % 5 == 0 { deployment.spec.strategy = .recreate }
        host.view.add(.deployment(deployment))
        host.view.add(
            .job(
                Fixtures.job(6, parallelism: 2) {
                    $0.backoffLimit = 1000; $0.indexed = seed % 2 == 0
                }))
        for _ in 0..<40 {
            change(&host, &dice)
            host.run(for: .milliseconds(Int64(dice.roll(3000))))
            if dice.roll(3) > 0 { host.kubelet { _ in true } }
        }
        for _ in 0..<200 {
            host.kubelet()
            host.run(for: .seconds(2))
            for pod in host.view.pods where pod.metadata.controllerReference?.kind == "Job" && pod.isActive {
                host.exit(pod, .succeeded)
            }
            host.run(for: .seconds(10))
            if host.view.job(namespace: "d", name: "j")?.finishedCondition != nil { break }
        }
        host.kubelet()
        host.run(for: .minutes(3))
        host.kubelet()
        host.run(for: .minutes(3))

        let final = try #require(host.view.deployment(namespace: "d", name: "web"))
        #expect(final.status.updatedReplicas == final.spec.replicas)
        #expect(final.status.availableReplicas == final.spec.replicas)
        #expect(final.status.unavailableReplicas == 0)
        let web = host.view.pods.filter { $0.metadata.controllerReference?.kind == "ReplicaSet" }
        #expect(Int64(web.count(where: \.isActive)) == final.spec.replicas)
        #expect(
            web.filter(\.isActive).allSatisfy {
                $0.specBox === final.spec.template.specBox || $0.spec == final.spec.template.spec
            })
        let job = try #require(host.view.job(namespace: "d", name: "j"))
        #expect(job.finishedCondition?.type == "Complete")
        #expect(job.status.succeeded >= 6)
        #expect(job.status.uncountedSucceeded.isEmpty && job.status.uncountedFailed.isEmpty)
        #expect(host.leftovers().isEmpty)
        #expect(host.settle() == 0)
    }

    private func change(_ host: inout FakeHost, _ dice: inout Dice) {
        let web = Fixtures.key(.deployment, "web")
        func edit(_ body: (inout Deployment) -> Void) {
            host.view.change(web, spec: true) { object in
                guard case .deployment(var deployment) = object else { return }
                body(&deployment)
                object = .deployment(deployment)
            }
        }
        let pods = host.view.pods
        let pick = pods.isEmpty ? nil : pods[dice.roll(pods.count)]
        switch dice.roll(9) {
        case 0: edit { $0.spec.replicas = Int64(dice.roll(9)) }
        case 1: edit { $0.spec.template = Fixtures.template("app:v\(dice.roll(4))") }
        case 2: if let pick { _ = host.view.delete(pick.key) }
        case 3: if let pick, pick.status.phase == .running { host.exit(pick, .failed) }
        case 4:
            let now = host.view.now
            if let pick {
                host.view.changePod(pick.key) { $0.status.conditions.set(Condition("Ready", .false, at: now)) }
            }
        case 5: if let pick { host.view.changePod(pick.key) { $0.metadata.labels["app"] = "loose" } }
        case 6:
            let sets = host.view.replicaSets
            if !sets.isEmpty {
                let set = sets[dice.roll(sets.count)]
                _ = host.view.delete(ObjectKey(.replicaSet, namespace: "d", name: set.metadata.name))
            }
        case 7:
            for pod in pods where pod.metadata.controllerReference?.kind == "Job" && pod.status.phase == .running {
                host.exit(pod, .succeeded)
            }
        default: break
        }
    }
}
