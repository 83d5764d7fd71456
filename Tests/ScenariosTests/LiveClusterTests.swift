import Chronology
import Foundation
import KubernetesAPI
import Observations
import Scenarios
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("A run that goes on from a live cluster")
struct LiveClusterTests {
    private static let exported = "2026-03-10T14:30:00Z"

    @Test("at rest nothing is made, deleted, scheduled or told")
    func rest() throws {
        let setup = try #require(LiveCluster.load(["at-rest.json"]).setup)
        #expect(setup.startDate.description == Self.exported)
        #expect(setup.pools.map(\.name) == ["general"])
        #expect(setup.warnings == [])
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        #expect(told.pods.count == 10)
        #expect(told.created == [])
        #expect(told.deleted == [])
        #expect(told.attempts.isEmpty)
        #expect(told.events.isEmpty)
        #expect(world.value(of: "pods.running") == 9)
        #expect(world.value(of: "pods.succeeded") == 1)
        #expect(world.value(of: "pods.created") == 0)
        #expect(world.value(of: "pending.max") == 0)
    }

    @Test("a cron job goes by its last time: the next run is at 18:00")
    func cron() throws {
        let setup = try #require(LiveCluster.load(["at-rest.json"]) { $0.duration = "4h" }.setup)
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        #expect(told.created.count == 1)
        let due = Duration.minutes(210)
        #expect(told.pods.last.map { $0.createdAt.sinceStart >= due && $0.createdAt.sinceStart < due + .seconds(1) } == true)
    }

    @Test("without its bindings a cluster is scheduled again, but for what belongs to a node")
    func rebinding() throws {
        let setup = try #require(LiveCluster.load(["at-rest.json"]) { $0.keepsBindings = false }.setup)
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        // Three of the service and two with claims; not the daemons, the mirror pod and the one that ended.
        #expect(told.attempts.map(\.outcome) == Array(repeating: "bound", count: 5))
        #expect(told.created == [])
        #expect(world.value(of: "pods.running") == 9)
    }

    @Test("half a rollout waits for its new pods and goes on")
    func rollout() throws {
        let setup = try #require(LiveCluster.load(["rollout.yaml"]).setup)
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        let names = Set(told.pods.map(\.name))
        #expect(names.filter { $0.hasPrefix("web-7c5d8bf9f7-") }.count == 6)
        #expect(told.created.count == 1)
        // The three old ones and the one that was on its way out.
        #expect(told.deleted.count == 4)
        // Before a new pod is ready nothing may go, and that needs a probe.
        let scaled = told.events.filter { $0.reason == "ScalingReplicaSet" }
        #expect(scaled.allSatisfy { $0.at > .start + .seconds(1) })
        #expect(world.value(of: "pods.running") == 6)
    }

    @Test("a pod on its way out gets what is left of its grace")
    func terminating() throws {
        var setup = try #require(LiveCluster.load(["rollout.yaml"]).setup)
        // A process that does not end by itself: 20 of 30 seconds are left.
        var stubborn = WorkloadRule()
        stubborn.termination = Behavior.Termination(time: .constant(3_600))
        setup.workloads.rules.append(stubborn)
        let (_, told) = LiveCluster.run(setup)
        let end = try #require(told.end(of: "web-6d9f7b64c8-zz9qs"))
        #expect(!end.isAlive)
        #expect(end.endedAt > .start + .seconds(19) && end.endedAt < .start + .seconds(21))
    }

    @Test("pods leave a lost node when their toleration ends, counted from the taint")
    func lostNode() throws {
        let setup = try #require(LiveCluster.load(["lost-node.json"]).setup)
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        // Tainted 195 s before the export; 300 s are tolerated. The daemon tolerates it for ever.
        let marked = told.events.filter { $0.reason == "TaintManagerEviction" }
        #expect(marked.map(\.at) == [Instant.start + .seconds(105)])
        #expect(told.created.count == 1)
        #expect(world.value(of: "nodes.ready") == 2)
        // Nobody is there to end it.
        #expect(told.end(of: "web-7c5d8bf9f7-9wmtd")?.isAlive == true)
    }

    @Test("a lost machine that is rebooted comes back, and so does what stayed on it")
    func reboot() throws {
        var setup = try #require(LiveCluster.load(["lost-node.json"]).setup)
        let name = "ip-10-0-24-18.ec2.internal"
        setup.changes.append(
            ScheduledChange(at: .start + .minutes(30), act: .shutDown(node: name, restarts: true)))
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        #expect(world.value(of: "nodes.ready") == 3)
        // The replica that was marked goes at last; the daemon runs again.
        #expect(told.end(of: "web-7c5d8bf9f7-9wmtd")?.isAlive == false)
        #expect(told.end(of: "agent-8h2mz")?.restarts == 1)
        #expect(world.value(of: "restarts") == 1)
        #expect(world.value(of: "pods.running") == 6)
    }

    @Test("a crash loop goes on with its count and its back-off")
    func crashLoop() throws {
        let loaded = LiveCluster.load(["crash-loop.yaml"])
        let setup = try #require(loaded.setup)
        #expect(loaded.diagnostics.contains { $0.message.contains("crashes in a loop") })
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        // The sixth run begins 160 s after the end of the one before, which was 40 s before the export; it lasts 12 s.
        let first = try #require(told.events.first { $0.object.hasSuffix("worker-5b8c7d9f64-n6kxw") })
        #expect(first.at > .start + .seconds(132) && first.at < .start + .seconds(134))
        // From then on every 300 s and 12 s, with some start-up: 3,468 s hold eleven of them: 5 + 1 + 11.
        #expect(told.end(of: "worker-5b8c7d9f64-n6kxw")?.restarts == 17)
        #expect(world.value(of: "restarts") == 12)
        #expect(told.created == [])
    }

    @Test("half a job runs its other half")
    func job() throws {
        let setup = try #require(LiveCluster.load(["half-a-job.json"]).setup)
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        #expect(told.created.count == 2)
        #expect(world.value(of: "pods.succeeded") == 6)
        #expect(world.value(of: "pods.failed") == 1)
        #expect(told.events.contains { $0.reason == "Completed" })
    }

    @Test("pending pods tell since when and why", arguments: [true, false])
    func pending(hasEvents: Bool) throws {
        let loaded = LiveCluster.load(["pending.json"] + (hasEvents ? ["pending-events.json"] : []))
        let setup = try #require(loaded.setup)
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        let pods = told.pods.filter { $0.name.hasPrefix("big-") }
        #expect(pods.count == 2)
        let reason = "0/3 nodes are available: 3 Insufficient cpu."
        let first = told.events.filter { $0.at == .start && $0.reason == "FailedScheduling" }
        #expect(first.count == 2)
        #expect(first.allSatisfy { $0.message.hasPrefix(reason) })
        #expect(first.allSatisfy { $0.message.hasSuffix("(as exported; pending since 2026-03-10T14:00:00Z)") })
        // Half an hour before the export, and the hour of the run.
        #expect(world.value(of: "pending.max") == Duration.minutes(90).nanoseconds)
        let note = loaded.diagnostics.first { $0.message.contains("event(s) were read") }
        #expect((note != nil) == hasEvents)
        if hasEvents { #expect(note?.message.contains("1 tell(s) why") == true) }
    }

    @Test("a start that is given stands, and what lies after it is told")
    func givenStart() throws {
        let loaded = LiveCluster.load(["at-rest.json"]) { $0.startDate = "2026-03-10T14:00:00Z" }
        let setup = try #require(loaded.setup)
        #expect(setup.startDate.description == "2026-03-10T14:00:00Z")
        #expect(setup.warnings.contains { $0.contains("which is after the start") })
    }

    @Test("a replay begins where the run did, and secrets are kept by nobody")
    func replay() throws {
        let setup = try #require(LiveCluster.load(["at-rest.json"]).setup)
        #expect(!setup.inputs.contains { $0.text.contains("aHVudGVyMg==") || $0.text.contains("cG9zdGdyZXM6Ly9kYg==") })
        #expect(setup.inputs.contains { $0.text.contains("db-credentials") })
        let again = try #require(ScenarioLoader.reload(inputs: setup.inputs).setup)
        #expect(again.startDate == setup.startDate)
        #expect(LiveCluster.run(again).world.digest == LiveCluster.run(setup).world.digest)
    }
}
