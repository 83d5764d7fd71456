import Chronology
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime

/// Registries and images that do not do what they should, seen by a machine that pulls while they are so.
@Suite("Faults of registries and images") struct SupplyFaultTests {
    /// Rolls out an image of 1 GB during the fault.
    private func run(_ fault: FaultSpec?, image: String = "shop/web:2") -> Notebook {
        var setup = Fixture.setup(machines: 2, horizon: .hours(4))
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.images.declare("shop/web:2", bytes: 1_000_000_000)
        setup.images.declare("ghcr.io/shop/web:2", bytes: 1_000_000_000)
        if let fault { setup.faults = [fault] }
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [
            ScheduledChange(at: .start + .minutes(70), act: .setImage(key, container: "main", image: image))
        ]
        return FaultFixture.run(setup)
    }

    private func lasted(_ notes: Notebook) -> [Duration] {
        notes.pulls.filter { $0.outcome == "pulled" && $0.image.contains(":2") }.map { $0.to - $0.from }
    }

    private func images(_ names: String...) -> TargetSelector {
        var targets = TargetSelector()
        targets.images = names
        return targets
    }

    @Test("a slow registry answers late and sends slowly, and only that one")
    func slow() throws {
        let docker = FaultFixture.fault(RegistrySlow.self, TargetSelector(names: ["docker.io"]), lasting: .hours(2)) {
            $0.delay = .seconds(3)
            $0.speed = 1
        }
        let usual = lasted(run(nil))
        let late = lasted(run(docker))
        // 12.5 MB/s instead of the 125 MB/s of a machine, shared by two at a time: 80 s at least instead of 8.
        #expect(usual.allSatisfy { $0 < .seconds(30) } && usual.count == 2)
        #expect(late.allSatisfy { $0 > .seconds(85) && $0 < .seconds(200) } && late.count == 2, "\(late)")
        #expect(lasted(run(docker, image: "ghcr.io/shop/web:2")) == lasted(run(nil, image: "ghcr.io/shop/web:2")))
    }

    @Test("a machine whose quota is used up gets 429 until the limit is gone")
    func limit() {
        let fault = FaultFixture.fault(RegistryRateLimit.self, lasting: .minutes(50)) { $0.pulls = 1 }
        var setup = Fixture.setup(machines: 1, horizon: .hours(4))
        setup.objects = [Fixture.deployment("web", replicas: 1)]
        setup.faults = [fault]
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [2, 3].map { version in
            ScheduledChange(
                at: .start + .minutes(60 + 10 * version),
                act: .setImage(key, container: "main", image: "shop/web:\(version)"))
        }
        let notes = FaultFixture.run(setup)
        let refused = notes.pulls.filter { $0.outcome.contains("429 Too Many Requests") }
        #expect(!refused.isEmpty && refused.allSatisfy { $0.image.contains("web:3") })
        let last = notes.pulls.last { $0.outcome == "pulled" }
        #expect(last?.image.contains("web:3") == true)
        #expect((last?.from ?? .start) > .start + .minutes(110) && (last?.from ?? .never) < .start + .minutes(120))
        #expect(notes.value("pods.running") == 1)
    }

    @Test("an image that vanished cannot be pulled until it is back; a repository takes all its images along")
    func missing() {
        for target in [images("shop/web:2"), images("docker.io/shop/web:*")] {
            let notes = run(FaultFixture.fault(ImageMissing.self, target, lasting: .hours(1)))
            let failures = notes.pulls.filter { $0.outcome.contains("not found") }
            #expect(failures.count >= 5)
            #expect(failures.allSatisfy { $0.to < .start + .hours(2) })
            #expect(notes.value("pods.running") == 2)
            #expect(notes.pulls.contains { $0.outcome == "pulled" && $0.from >= .start + .hours(2) })
        }
        let other = run(FaultFixture.fault(ImageMissing.self, images("shop/api:2"), lasting: .hours(1)))
        #expect(other.pulls.allSatisfy { $0.outcome == "pulled" })
    }

    @Test("a damaged layer fails its pull, which is tried again", arguments: [1_000_000, 500_000] as [Int64])
    func corrupt(share: Int64) {
        let notes = run(
            FaultFixture.fault(ImageCorrupt.self, images("shop/web:2"), lasting: .hours(1)) { $0.share = share })
        let failures = notes.pulls.filter { $0.outcome.contains("unexpected commit digest") }
        #expect(!failures.isEmpty)
        #expect(notes.value("pods.running") == 2)
        let pulled = notes.pulls.filter { $0.outcome == "pulled" && $0.image.contains(":2") }
        // When every layer is damaged nothing comes before it is over.
        if share == 1_000_000 { #expect(pulled.allSatisfy { $0.from >= .start + .hours(2) }) }
    }

    @Test("what has been pulled goes on running, whatever becomes of its image")
    func running() {
        let notes = run(FaultFixture.fault(ImageMissing.self, images("shop/web:1"), lasting: .hours(3)))
        #expect(notes.value("restarts") == 0 && notes.pulls.allSatisfy { $0.outcome == "pulled" })
    }
}
