import Chronology
import KubernetesAPI
import Observations
import Testing

@testable import Simulation

@Suite("A drain goes as kubectl's does")
struct DrainTests {
    private func run(
        _ options: DrainOptions, objects: [KubernetesObject], machines: Int = 2, horizon: Duration = .hours(2)
    ) -> Notebook {
        var setup = Fixture.setup(machines: machines, horizon: horizon)
        setup.objects = objects
        setup.changes = [ScheduledChange(at: .start + .hours(1), act: .drain(options))]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    private func bare(_ name: String, node: String? = "box-1", _ change: (inout PodSpec) -> Void = { _ in }) -> KubernetesObject {
        var spec = PodSpec(containers: [Container(name: "main", image: "shop/web:1")])
        change(&spec)
        return .pod(Pod(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec, nodeName: node))
    }

    private func budget(minAvailable: Int64) -> KubernetesObject {
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "web", namespace: "default"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        budget.minAvailable = .number(minAvailable)
        return .podDisruptionBudget(budget)
    }

    private func reasons(_ notes: Notebook) -> [String] {
        notes.events.filter { $0.source == "drain" }.map(\.reason)
    }

    @Test("pods leave, the node stays cordoned, and the end is told")
    func plain() throws {
        let notes = run(.everything(on: "box-1"), objects: [Fixture.deployment("web", replicas: 4), bare("alone")])
        #expect(reasons(notes) == ["Drained"])
        #expect(notes.value("pods.evicted") == 3)
        #expect(notes.value("pods.running") == 4)
        #expect(notes.nodeIntervals.last { $0.node == 1 }?.state == .cordoned)
        let event = try #require(notes.events.first { $0.reason == "Drained" })
        #expect(event.message.hasPrefix("3 pods left the node in"))
    }

    @Test("a budget makes it wait for the replacement of the first pod")
    func budgeted() {
        let notes = run(
            .everything(on: "box-1"), objects: [Fixture.deployment("web", replicas: 4), budget(minAvailable: 3)])
        #expect(reasons(notes).last == "Drained")
        #expect(reasons(notes).filter { $0 == "EvictionRefused" }.count == 1)
        let left = notes.podEnds.filter { $0.node == 1 }.map(\.endedAt).sorted()
        #expect(left.count == 2)
        // The second eviction comes on the grid of 5 s after the first, when the replacement is ready.
        let terminating = notes.podIntervals.filter { $0.node == 1 && $0.state == .terminating }
            .map(\.from).sorted()
        #expect(terminating.count == 2 && terminating.first == .start + .hours(1))
        #expect(terminating.allSatisfy { ($0 - .start).nanoseconds % 5_000_000_000 == 0 })
        #expect(terminating[1] > terminating[0])
    }

    @Test("a budget that never lets go makes it wait for ever, without an event every 5 s")
    func blocked() {
        let objects = [Fixture.deployment("web", replicas: 4), budget(minAvailable: 4)]
        let notes = run(.everything(on: "box-1"), objects: objects, horizon: .hours(100))
        #expect(reasons(notes) == ["EvictionRefused", "EvictionRefused", "DrainUnfinished"])
        #expect(notes.value("pods.evicted") == 0)
        #expect((notes.footer?.events ?? .max) < 1_000)
    }

    @Test("its time runs out")
    func timeout() {
        var options = DrainOptions.everything(on: "box-1")
        options.timeout = .minutes(5)
        let notes = run(options, objects: [Fixture.deployment("web", replicas: 4), budget(minAvailable: 4)])
        let failed = notes.events.first { $0.reason == "DrainFailed" }
        #expect(failed?.at == Instant.start + .hours(1) + .minutes(5))
        #expect(failed?.message.hasPrefix("global timeout reached: 5m; left: default/web-") == true)
    }

    @Test("deletion asks no budget")
    func deletion() {
        var options = DrainOptions.everything(on: "box-1")
        options.disableEviction = true
        options.gracePeriodSeconds = 1
        let notes = run(options, objects: [Fixture.deployment("web", replicas: 4), budget(minAvailable: 4)])
        #expect(reasons(notes) == ["Drained"])
        #expect(notes.value("pods.evicted") == 0 && notes.value("pods.created") == 6)
    }

    @Test("pods that nobody owns and local data keep it from beginning", arguments: [(false, false), (true, false), (true, true)])
    func refusal(force: Bool, deletes: Bool) {
        var options = DrainOptions(node: "box-1")
        options.force = force
        options.deleteEmptyDirData = deletes
        let notes = run(
            options,
            objects: [
                bare("alone"), bare("local") { $0.volumes = [Volume(name: "v", source: .emptyDir(inMemory: false))] },
            ])
        #expect(reasons(notes) == [force && deletes ? "Drained" : "DrainFailed"])
        let message = notes.events.first { $0.reason == "DrainFailed" }?.message
        if !force {
            #expect(
                message == "cannot delete \(DrainFilter.unmanaged): default/alone; cannot delete "
                    + "\(DrainFilter.localStorage): default/local")
        } else if !deletes {
            #expect(message == "cannot delete \(DrainFilter.localStorage): default/local")
        }
    }

    @Test(
        "a pod of a DaemonSet stays, or keeps it from beginning",
        arguments: [
            (true, true, DrainFilter.Verdict.stays), (false, true, .refuses(DrainFilter.daemonSet)),
            (true, false, .refuses("daemonsets.apps \"agent\" not found")),
        ])
    func daemons(ignores: Bool, isThere: Bool, expected: DrainFilter.Verdict) {
        var metadata = ObjectMeta(name: "agent-x", namespace: "default")
        metadata.ownerReferences = [
            OwnerReference(apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: UID(high: 1, low: 1), controller: true)
        ]
        var options = DrainOptions(node: "box-1")
        options.ignoreDaemonSets = ignores
        let pod = Pod(metadata: metadata, spec: PodSpec(containers: [Container(name: "c")]))
        #expect(DrainFilter.verdict(on: pod, options) { isThere } == expected)
    }

    @Test("a pod that its kubelet runs from a file stays, and keeps no drain from beginning")
    func mirror() {
        var metadata = ObjectMeta(name: "etcd-box-1", namespace: "kube-system")
        metadata.annotations["kubernetes.io/config.mirror"] = "9f"
        let pod = Pod(metadata: metadata, spec: PodSpec(containers: [Container(name: "c")]))
        #expect(DrainFilter.verdict(on: pod, DrainOptions(node: "box-1")) { false } == .stays)
    }
}
