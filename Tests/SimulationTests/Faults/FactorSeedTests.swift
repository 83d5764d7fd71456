import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

@Suite("Seeds of failures and of reclaimed machines")
struct FactorSeedTests {
    private static func setup(_ seeds: FactorSeeds) -> WorldSetup {
        var setup = Fixture.setup(machines: 4, horizon: .hours(48), seed: 3)
        setup.objects = [Fixture.deployment("web", replicas: 4)]
        setup.faults = [
            FaultSpec(
                name: "crash", kind: NodeCrash.self, timing: .lifetime(.exponential(mean: 36_000), perTarget: false)),
            FaultSpec(
                name: "back", kind: SpotReclaim.self, timing: .lifetime(.exponential(mean: 36_000), perTarget: false)),
        ]
        setup.factorSeeds = seeds
        return setup
    }

    private static func strikes(_ seeds: FactorSeeds) -> (crash: [Instant], back: [Instant], digest: String) {
        let notebook = Notebook()
        var world = World(setup(seeds), observer: notebook)
        world.run()
        func first(_ name: String) -> [Instant] { notebook.faults.filter { $0.name == name }.map(\.from).sorted() }
        return (first("crash"), first("back"), world.digest.description)
    }

    private static func seeds(failures: Seed? = nil, spot: Seed? = nil) -> FactorSeeds {
        var seeds = FactorSeeds()
        (seeds.failures, seeds.spot) = (failures, spot)
        return seeds
    }

    @Test("another seed changes the first strike of its own faults, and of no others")
    func apart() {
        let own = Self.strikes(Self.seeds())
        #expect(!own.crash.isEmpty && !own.back.isEmpty)
        let failures = Self.strikes(Self.seeds(failures: 8))
        #expect(failures.crash.first != own.crash.first && failures.back.first == own.back.first)
        let spot = Self.strikes(Self.seeds(spot: 8))
        #expect(spot.back.first != own.back.first && spot.crash.first == own.crash.first)
        #expect(own.digest != failures.digest && own.digest != spot.digest)
    }

    @Test("the run's own seed, given to both, draws the same")
    func same() {
        let (own, given) = (Self.strikes(Self.seeds()), Self.strikes(Self.seeds(failures: 3, spot: 3)))
        #expect(own.crash == given.crash && own.back == given.back)
    }

    @Test("they are told among the parameters, where they are given")
    func told() {
        #expect(!Self.setup(Self.seeds()).header.parameters.contains { $0.name.hasPrefix("seeds.") })
        let told = Self.setup(Self.seeds(failures: 8, spot: 9)).header.parameters
        #expect(told.filter { $0.name.hasPrefix("seeds.") }.map(\.value) == ["8", "9"])
        #expect(told.map(\.name) == told.map(\.name).sorted())
    }

    @Test("a quota tells how full each of its bounds is, whenever that changes")
    func quota() throws {
        var setup = Fixture.setup(machines: 3, horizon: .minutes(20))
        var quota = ResourceQuota(metadata: ObjectMeta(name: "cap", namespace: "default"))
        quota.hard = [.pods: Quantity(8), ResourceName("services"): Quantity(0)]
        setup.objects = [.resourceQuota(quota), Fixture.deployment("web", replicas: 6)]
        let notebook = Notebook()
        var world = World(setup, observer: notebook)
        world.run()
        // A bound of nothing is none that one comes near to.
        #expect(notebook.quotas.allSatisfy { $0.resource == "pods" && $0.name == "cap" && $0.namespace == "default" })
        let levels = notebook.quotas.map(\.usedPermille)
        #expect(levels.first == 0 && levels.last == 750 && levels == levels.sorted())
    }
}
