import Chronology
import Costs
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

@Suite("Volumes that grow")
struct VolumeGrowthTests {
    private static func claim(gibibytes: Int64) -> KubernetesObject {
        var wanted = PersistentVolumeClaimSpec()
        wanted.request = Quantity(gibibytes << 30)
        wanted.accessModes = [.readWriteOnce]
        wanted.storageClassName = "fast"
        return .persistentVolumeClaim(
            PersistentVolumeClaim(metadata: ObjectMeta(name: "data", namespace: "default"), spec: wanted))
    }

    private func run(allows: Bool, _ sizes: [(minute: Int64, gibibytes: Int64)]) -> Notebook {
        var setup = Fixture.setup(machines: 1, horizon: .hours(2))
        var storageClass = StorageClass(metadata: ObjectMeta(name: "fast"))
        storageClass.provisioner = "ebs.csi.aws.com"
        storageClass.allowsExpansion = allows
        setup.storagePerGiBMonth = NanoDollars(80_000_007)
        setup.parameters.volumesProvision = .constant(60)
        setup.objects = [.storageClass(storageClass), Self.claim(gibibytes: 10)]
        setup.changes = sizes.map {
            ScheduledChange(at: .start + .minutes($0.minute), act: .apply([Self.claim(gibibytes: $0.gibibytes)]))
        }
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    private func bill(_ notes: Notebook) -> Int64 {
        notes.assets.filter { $0.kind == "storage" }.reduce(0) { $0 + $1.amount }
    }

    /// What gibibytes for so many nanoseconds cost, rounded down once.
    private func price(_ stretches: [(gibibytes: Int128, nanoseconds: Int64)]) -> Int64 {
        let parts = stretches.reduce(Int128(0)) { $0 + $1.gibibytes * Int128($1.nanoseconds) }
        return Int64(parts * 80_000_007 / (730 * 3_600_000_000_000))
    }

    @Test("a volume costs what it is large, to the nano-dollar, from the end of its growth on")
    func bill() throws {
        let still = run(allows: true, [])
        let begin = try #require(still.assets.first { $0.kind == "storage" }?.from)
        let whole = (Instant.start + .hours(2) - begin).nanoseconds
        #expect(bill(still) == price([(10, whole)]))
        let notes = run(allows: true, [(30, 1000), (60, 2000)])
        let done = notes.events.filter { $0.reason == "VolumeResizeSuccessful" }.map(\.at)
        #expect(done.count == 2)
        guard done.count == 2 else { return }
        #expect(done[0] >= .start + .minutes(31) && done[0] < .start + .minutes(31) + .seconds(1))
        let parts: [(Int128, Int64)] = [
            (10, (done[0] - begin).nanoseconds), (1000, (done[1] - done[0]).nanoseconds),
            (2000, (Instant.start + .hours(2) - done[1]).nanoseconds),
        ]
        #expect(bill(notes) == price(parts))
    }

    @Test("what grew while its volume was growing goes on growing")
    func again() {
        let notes = run(allows: true, [(30, 100), (30, 200)])
        #expect(notes.events.count { $0.reason == "Resizing" } == 2)
        #expect(notes.events.count { $0.reason == "VolumeResizeSuccessful" } == 2)
    }

    @Test("a class that does not allow it lets no claim grow")
    func refused() {
        let notes = run(allows: false, [(30, 1000)])
        #expect(bill(notes) == bill(run(allows: false, [])))
        #expect(!notes.events.contains { $0.reason == "Resizing" })
    }
}
