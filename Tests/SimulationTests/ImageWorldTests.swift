import Chronology
import KubernetesAPI
import Observations
import Testing

@testable import Machines
@testable import Simulation

@Suite("Images in the world")
struct ImageWorldTests {
    private func run(_ setup: WorldSetup) -> (world: World, notes: Notebook) {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return (world, notes)
    }

    @Test("a tag that moves gives two digests in one Deployment, and the database says which pod ran which")
    func movedTag() {
        var setup = Fixture.setup(machines: 2)
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.changes = [
            ScheduledChange(
                at: .start + .minutes(30),
                act: .publish(
                    image: "shop/web:1", ImageStatement(.manifest(.init(content: .size(50_000_000)))))),
            ScheduledChange(
                at: .start + .minutes(40),
                act: .scale(ObjectKey(.deployment, namespace: "default", name: "web"), replicas: 8)),
        ]
        var more = setup
        more.pools[0].count = 3
        let notes = run(setup).notes
        // Two machines had the tag: nobody asked again.
        #expect(notes.versions.count == 1)
        #expect(notes.containerImages.count == 8)
        #expect(notes.versions[0].image == "docker.io/shop/web:1")
        let other = run(more).notes
        #expect(other.versions.count == 2)
        #expect(Set(other.containerImages.map(\.version)) == [1, 2])
        #expect(Set(other.pulls.map(\.version)) == [1, 2])
        #expect(other.pulls.allSatisfy { $0.pod > 0 && $0.bytes == $0.registryBytes })
    }

    @Test("machines that pull images when they boot are ready when those are there")
    func preparing() throws {
        func ready(_ images: [String]) throws -> Instant {
            var setup = Fixture.setup(machines: 1)
            setup.pools[0].isRunningAtStart = false
            setup.pools[0].pulledImages = images
            setup.objects = [Fixture.deployment("web", replicas: 1)]
            let notes = run(setup).notes
            #expect(notes.pulls.count == 1)
            return try #require(notes.nodeIntervals.first { $0.state == .ready }).from
        }
        #expect(try ready(["shop/web:1"]) > ready([]))
    }

    /// A world in the middle of a pull, with another image on the disk that runs.
    private func busy() -> World {
        var setup = Fixture.setup(machines: 1)
        setup.objects = [
            Fixture.deployment("web", replicas: 1), Fixture.deployment("late", replicas: 1, image: "shop/late:1"),
        ]
        setup.images.declare("shop/web:1", bytes: 1_000_000)
        setup.images.declare("shop/late:1", bytes: 50_000_000_000)
        var world = World(setup)
        while world.now < .start + .minutes(5), world.run(events: 1) {}
        return world
    }

    @Test("a disk whose sum is wrong is found out")
    func store() {
        var world = busy()
        #expect(ImageStoreInvariant.problem(in: world) == nil)
        world.fleet.nodes[0].images.retain(0, in: world.fleet.catalogue)
        #expect(ImageStoreInvariant.problem(in: world) != nil)
    }

    @Test("an image that is taken from a running container is found out")
    func use() throws {
        var world = busy()
        #expect(ImageInUseInvariant.problem(in: world) == nil)
        let image = try #require(world.fleet.nodes[0].images.names.first { $0.imageID.contains("shop/web@") })
        world.fleet.nodes[0].images.remove(manifest: image.manifest, in: world.fleet.catalogue)
        #expect(ImageInUseInvariant.problem(in: world) == "box-1 runs shop/web:1 and has it not")
    }

    @Test("a transfer that is faster than its link is found out")
    func bandwidth() {
        var world = busy()
        #expect(!world.fleet.transfers.active.isEmpty)
        #expect(ImageBandwidthInvariant.problem(in: world) == nil)
        // The link has become slower, and nobody has shared it anew.
        world.fleet.transfers.setBandwidth(1_000, of: world.fleet.nodes[0].ingress)
        #expect(ImageBandwidthInvariant.problem(in: world) != nil)
    }
}
