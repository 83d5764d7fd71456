import Chronology
import Observations
import Scenarios
import Simulation
import Testing
import VirtualTime

@Suite("A branch shares the past of its run and goes its own way")
struct BranchTests {
    @Test(
        "a branch in which nothing is another ends as its run does",
        arguments: ["1ns", "90m", "3h", "5h", "5h59m59s"])
    func unchanged(_ at: String) throws {
        let run = try #require(BranchFixture.end)
        let branch = BranchFixture.end(of: try BranchFixture.branch(at: at))
        #expect((branch.digest.description, branch.events) == run)
    }

    @Test(
        "what acts only later is the same as from the start on",
        arguments: [
            ["faults[3]={name: dark, kind: NodeCrash, at: 5h30m, duration: 7m}"],
            ["changes[1]={at: 5h30m, scale: {kind: Deployment, name: web, replicas: 1}}"],
        ])
    func later(_ settings: [String]) throws {
        let whole = BranchFixture.end(of: try BranchFixture.run(settings))
        let branch = BranchFixture.end(of: try BranchFixture.branch(at: "3h30m", settings))
        #expect(branch.digest.description == whole.digest.description)
        #expect(branch.digest.description != BranchFixture.end?.digest)
    }

    @Test(
        "what takes another's place comes to the same as from the start on",
        arguments: [["changes[0].at=4h30m"], ["faults[1].at=5h17m"]])
    func replaced(_ settings: [String]) throws {
        // Digests differ, for the entry has a number of its own.
        let whole = BranchFixture.end(of: try BranchFixture.run(settings))
        let branch = BranchFixture.end(of: try BranchFixture.branch(at: "3h30m", settings))
        let old = ["changes[0].at=4h30m": 1, "faults[1].at=5h17m": 1][settings[0]]
        #expect(branch.events == whole.events + Int64(old ?? 0))
        #expect(branch.metrics == whole.metrics)
    }

    @Test("a run with autoscalers that branches without a change goes on as it was, and their settings can be others")
    func autoscalers() throws {
        let pool = "pools[1]={name: b, machineType: m6i.large, zones: [us-east-1a], autoscaling: {min: 1, max: 4}}"
        let run = try BranchFixture.run([pool])
        let end = BranchFixture.end(of: run)
        let same = BranchFixture.end(of: try BranchFixture.branch(at: "3h30m", of: run))
        #expect(same.digest.description == end.digest.description)
        let setting = "autoscaler.clusterAutoscaler.scale-down-unneeded-time=20m"
        let other = BranchFixture.end(of: try BranchFixture.branch(at: "3h30m", [setting], of: run))
        #expect(other.now == end.now)
        let quick = "autoscaler.clusterAutoscaler.scan-interval=1m"
        let slow = BranchFixture.end(of: try BranchFixture.branch(at: "30m", [quick], of: run))
        #expect(slow.events != end.events)
    }

    @Test("a run that goes on is the same as a longer one")
    func longer() throws {
        let settings = ["changes[1]={at: 7h30m, scale: {kind: Deployment, name: web, replicas: 1}}"]
        let whole = BranchFixture.end(of: try BranchFixture.run(settings + ["duration=9h"]))
        let branch = BranchFixture.end(of: try BranchFixture.branch(at: "3h30m", settings, duration: "9h"))
        #expect(branch.now == .start + .hours(9))
        #expect((branch.digest.description, branch.events) == (whole.digest.description, whole.events))
    }

    @Test("a run that ends earlier has the events up to there")
    func shorter() throws {
        let whole = BranchFixture.end(of: try BranchFixture.run(["duration=4h30m"]))
        let branch = BranchFixture.end(of: try BranchFixture.branch(at: "3h30m", duration: "4h30m"))
        #expect(branch.digest.description == whole.digest.description)
    }

    /// Settings that each change what comes.
    static let changes: [[String]] = [
        ["pools.a.count=5"],
        ["pools[1]={name: b, machineType: m6i.xlarge, count: 1, zones: [us-east-1a]}"],
        ["services.web.traffic=80"],
        ["workloads[0].usage.cpu=600m"],
        ["workloads[1].runTime=1m"],
        ["arrivals.batch.rate=20/h"],
        ["arrivals=[]"],
        ["faults.reboot.lifetime.exponential.mean=20m"],
        ["faults.hourly.every=20m"],
        ["faults=[]"],
        ["changes=[]"],
        ["scheduler.configuration=packing.yaml"],
        ["parameters.watch=400ms"],
        ["parameters.scheduler.qps=1", "parameters.scheduler.burst=1"],
    ]

    @Test("a change shares every event before the instant, differs after it, and can be repeated", arguments: changes)
    func shared(_ settings: [String]) throws {
        let witness = BranchWitness()
        let setup = try BranchFixture.branch(at: "3h30m", settings)
        let branch = BranchFixture.end(of: setup, witness)
        let row = try #require(witness.branches.first)
        #expect(row.at == .start + .minutes(210) && witness.branches.count == 1)
        // The digest where they part is that of the run after as many events.
        var before = World(try BranchFixture.run())
        _ = before.run(events: Int(row.events))
        #expect(before.digest.description == row.digest)
        let next = try #require(before.nextEvent)
        #expect(before.now < row.at && next.at >= row.at)
        #expect(branch.digest.description != BranchFixture.end?.digest)

        let again = ScenarioLoader.reload(inputs: setup.inputs)
        let repeated = BranchFixture.end(of: try #require(again.setup, "\(ScenarioFixtures.errors(again))"))
        #expect(repeated.digest.description == branch.digest.description)
    }

    @Test("a branch in which much changes at once keeps every invariant")
    func invariants() throws {
        let settings = [
            "pools.a.count=4", "services.web.traffic=80", "workloads[0].usage.cpu=600m", "workloads[1].runTime=1m",
            "arrivals.batch.rate=20/h", "faults.hourly.every=20m", "scheduler.configuration=packing.yaml",
            "parameters.scheduler.qps=1",
        ]
        let setup = try BranchFixture.branch(at: "3h30m", settings, duration: "5h")
        let branch = BranchFixture.end(of: setup, checks: true)
        #expect(branch.isFinished && branch.violation == nil, "\(branch.violation.map { "\($0)" } ?? "")")
    }

    @Test("a branch of a branch keeps what the first one changed")
    func twice() throws {
        let first = try BranchFixture.branch(at: "2h30m", ["pools.a.count=4"])
        let unchanged = BranchFixture.end(of: try BranchFixture.branch(at: "4h30m", of: first))
        #expect(unchanged.digest.description == BranchFixture.end(of: first).digest.description)
        let settings = ["faults[3]={name: dark, kind: NodeCrash, at: 5h30m, duration: 7m}"]
        let witness = BranchWitness()
        let second = BranchFixture.end(of: try BranchFixture.branch(at: "4h30m", settings, of: first), witness)
        #expect(witness.branches.map(\.number) == [1, 2] && witness.nodes.count == 4)
        #expect(witness.faults.contains { $0.name == "dark" })
        #expect(second.digest.description != unchanged.digest.description)
    }
}

@Suite("What a branch changes acts from its instant on")
struct BranchEffectTests {
    private static let at = Instant.start + .minutes(210)

    private func witness(_ settings: [String]) throws -> BranchWitness {
        let witness = BranchWitness()
        _ = BranchFixture.end(of: try BranchFixture.branch(at: "3h30m", settings), witness)
        return witness
    }

    @Test("traffic")
    func traffic() throws {
        // Rows end at the instant or before, or begin there: requests a second are whole on both sides.
        for row in try witness(["services.web.traffic=80"]).services where row.requests > 0 {
            let rate = row.requests * 1_000_000 / (row.to - row.from).nanoseconds
            #expect(rate == (row.from >= Self.at ? 80 : 20) || rate == (row.from >= Self.at ? 79 : 19), "\(row)")
        }
    }

    @Test("usage: of pods that are here as well")
    func usage() throws {
        let rows = try witness(["workloads[0].usage.cpu=600m"]).demand.filter { $0.from >= Self.at + .hours(1) }
        // The first Deployment row: what each pod uses beside its requests is the new constant.
        let used = rows.filter { $0.controller == 1 }.map(\.cpu)
        #expect(!used.isEmpty && used.allSatisfy { $0 >= 600 }, "\(used)")
    }

    @Test("machines: they boot from then on, and numbers go on")
    func machines() throws {
        let nodes = try witness(["pools.a.count=5"]).nodes
        #expect(nodes.map(\.name) == ["a-1", "a-2", "a-3", "a-4", "a-5"])
        #expect(nodes.map(\.launchedAt) == [.start, .start, .start, Self.at, Self.at])
    }

    @Test("arrivals: none when the process is gone, and names go on when it is another")
    func arrivals() throws {
        func batches(_ witness: BranchWitness) -> [PodRow] {
            witness.pods.filter { $0.name.hasPrefix("batch-") }
        }
        #expect(batches(try witness(["arrivals=[]"])).allSatisfy { $0.createdAt < Self.at + .seconds(10) })
        let faster = batches(try witness(["arrivals.batch.rate=60/h"]))
        let after = faster.filter { $0.createdAt >= Self.at }
        #expect(after.count > 90, "\(after.count)")
        // A Job that lost its pod has a second one; no number is left out.
        let numbers = Set(faster.compactMap { Int($0.name.split(separator: "-")[1]) })
        #expect(numbers == Set(1...(numbers.max() ?? 0)))
    }

    @Test("faults: those that are taken out strike no more")
    func faults() throws {
        #expect(try witness(["faults=[]"]).faults.allSatisfy { $0.from < Self.at })
        let often = try witness(["faults.hourly.every=20m"]).faults.filter { $0.name == "hourly" }.map(\.from)
        #expect(often == [60, 120, 180, 220, 240, 260, 280, 300, 320, 340, 360].map { .start + .minutes($0) })
    }
}

@Suite("What a branch cannot change is refused where it stands")
struct BranchRefusalTests {
    @Test(
        arguments: [
            ("seed=4", "--set seed=4: error: spec.seed: it cannot be another from 3h on: the chance of the past follows"),
            ("start=2026-02-01", "spec.start: it cannot be another from 3h on: time began with it"),
            ("manifests=[manifests/web.yaml]", "spec.manifests: it cannot be another from 3h on: its objects were created"),
            ("pools.a.machineType=m6i.xlarge", "spec.pools[0].machineType: it cannot be another from 3h on: its machines"),
            ("pools.a.count=2", "spec.pools: the pool a has 3 machines, and none of them goes by itself"),
            ("prices.controlPlane=1", "spec.prices.controlPlane: it cannot be another from 3h on: prices hold for a run"),
            ("parameters.controller.cache=current", "spec.parameters[\"controller.cache\"]: it cannot be another"),
            ("parameters.kubelet.registryPullQPS=9", "spec.parameters[\"kubelet.registryPullQPS\"]: it cannot be another"),
            ("images=[{name: \"x:1\", size: 5Mi}]", "spec.images: it cannot be another from 3h on: machines have pulled"),
            ("volumes.standIns=false", "spec.volumes.standIns: it cannot be another from 3h on: it decides what is there"),
            ("metadata.name=other", "metadata.name: it cannot be another from 3h on: a branch keeps the name of its run"),
            ("faults[1].at=2h", "spec.faults[1].at: it strikes at 2h, before the run branches (expected a time from 3h on)"),
            (
                "changes[1]={at: 1h, cordon: a-1}",
                "spec.changes[1].at: it is made at 1h, before the run branches (expected a time from 3h on)"
            ),
            ("services[1]={name: b, match: {kind: Job}, cpu: 1ms}", "spec.services: the services under traffic stay"),
            ("duration=2h", "the run would end at 2h, before it branches (expected a duration above 3h)"),
            ("faults[0].kidn=NodeCrash", "spec.faults[0].kidn: unknown field (did you mean \"kind\"?)"),
        ])
    func refused(_ setting: String, _ message: String) throws {
        let loaded = try BranchFixture.load(at: "3h", [setting])
        let errors = ScenarioFixtures.errors(loaded)
        #expect(loaded.setup == nil && errors.contains { $0.contains(message) }, "\(errors)")
    }

    @Test(
        "an instant is within the run",
        arguments: ["0s", "6h", "7h", "soon", "2020-01-01", "-3h"])
    func instant(_ at: String) throws {
        let errors = ScenarioFixtures.errors(try BranchFixture.load(at: at))
        #expect(errors.count == 1 && errors.allSatisfy { $0.hasPrefix("--at \(at): error: ") }, "\(errors)")
    }

    @Test("a branch does not come before the one that the run took")
    func order() throws {
        let first = try BranchFixture.branch(at: "3h", ["pools.a.count=4"])
        let errors = ScenarioFixtures.errors(try BranchFixture.load(at: "2h", of: first))
        #expect(errors.count == 1 && errors[0].contains("the run branched at 3h itself"), "\(errors)")
    }
}
