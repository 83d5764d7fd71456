import Chronology
import Observations
import Scenarios
import Simulation
import Testing
import VirtualTime

/// A run with something of everything that goes on, and ways to branch off from it.
enum BranchFixture {
    static let job = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: batch}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{name: main, image: "batch:1", resources: {requests: {cpu: 100m, memory: 64Mi}}}]
        """

    /// A scheduler that fills machines.
    static let packing = """
        apiVersion: kubescheduler.config.k8s.io/v1
        kind: KubeSchedulerConfiguration
        profiles:
          - schedulerName: default-scheduler
            pluginConfig:
              - name: NodeResourcesFit
                args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}
        """

    static let spec = """
          duration: 6h
          seed: 3
          pools: [{name: a, machineType: m6i.large, count: 3, zones: [us-east-1a]}]
          workloads:
            - match: {kind: Deployment, name: web}
              usage: {cpu: {diurnal: {base: 100m, peak: 400m, peakAt: "03:00"}}}
            - match: {kind: Job}
              runTime: 10m
          services: [{name: web, match: {kind: Deployment, name: web}, traffic: 20, cpu: 5ms}]
          faults:
            - {name: reboot, kind: NodeReboot, lifetime: {exponential: {mean: 5h}}, duration: 5m}
            - {name: late, kind: ControllerCrash, at: 5h}
            - {name: hourly, kind: WatchLoss, every: 1h}
          changes:
            - {at: 4h, scale: {kind: Deployment, name: web, replicas: 4}}
          arrivals:
            - {name: batch, template: job.yaml, rate: 6/h}
        """

    /// The run, with further settings from its start on.
    static func run(_ settings: [String] = []) throws -> WorldSetup {
        let text = "apiVersion: orrery.dev/v1\nkind: Scenario\nmetadata: {name: test}\nspec:\n\(spec)\n"
        let loaded = ScenarioFixtures.load(text: text, files: [("job.yaml", job)]) { $0.settings = settings }
        return try #require(loaded.setup, "\(ScenarioFixtures.errors(loaded))")
    }

    /// What loading a branch of the run comes to.
    static func load(
        at: String, _ settings: [String] = [], of run: WorldSetup? = nil, duration: String? = nil
    ) throws -> LoadedScenario {
        var fork = ForkRequest(at: at)
        fork.settings = settings
        fork.duration = duration
        return ScenarioLoader.fork(inputs: try (run ?? Self.run()).inputs + [("packing.yaml", packing)], as: fork)
    }

    /// A branch of the run.
    static func branch(
        at: String, _ settings: [String] = [], of run: WorldSetup? = nil, duration: String? = nil
    ) throws -> WorldSetup {
        let loaded = try load(at: at, settings, of: run, duration: duration)
        return try #require(loaded.setup, "\(ScenarioFixtures.errors(loaded))")
    }

    /// Runs a setup to its end.
    static func end(of setup: WorldSetup, _ observer: BranchWitness? = nil, checks: Bool = false) -> World {
        var world = World(setup, observer: observer)
        world.checksInvariants = checks
        world.run()
        return world
    }

    /// How the run without a branch ends.
    static let end: (digest: String, events: Int64)? = (try? run()).map { setup in
        let world = end(of: setup)
        return (world.digest.description, world.events)
    }
}

/// Remembers where a run branched, and the rows that tests look at.
final class BranchWitness: SelectiveObserver {
    var branches: [BranchRow] = []
    var checkpoints: [CheckpointRow] = []
    var services: [ServiceIntervalRow] = []
    var demand: [DemandIntervalRow] = []
    var nodes: [NodeRow] = []
    var faults: [FaultRow] = []
    var pods: [PodRow] = []

    func node(_ row: NodeRow) { nodes.append(row) }
    func pod(_ row: PodRow) { pods.append(row) }
    func fault(_ row: FaultRow) { faults.append(row) }
    func demand(_ row: DemandIntervalRow) { demand.append(row) }
    func serviceInterval(_ row: ServiceIntervalRow) { services.append(row) }
    func checkpoint(_ row: CheckpointRow) { checkpoints.append(row) }
    func branch(_ row: BranchRow) { branches.append(row) }
}
