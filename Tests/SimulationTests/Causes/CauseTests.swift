import Chronology
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("Cause and effect")
struct CauseTests {
    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil && world.isFinished)
        // Whatever happens, a cause comes before what it caused, and chains do not cross.
        for row in notes.causes where row.parent > 0 {
            let parent = notes.causes[Int(row.parent) - 1]
            #expect(parent.event == row.parent && parent.event < row.event && parent.at <= row.at)
            #expect(parent.root == row.root && parent.depth + 1 == row.depth && parent.fault == row.fault)
        }
        return notes
    }

    private func fault(
        _ kind: any FaultKind.Type, at: Duration = .hours(1), seconds: Double, targets: TargetSelector = TargetSelector()
    ) -> FaultSpec {
        FaultSpec(
            name: "f", kind: kind, timing: .at(.start + at), targets: targets, duration: .lasting(.constant(seconds)))
    }

    @Test("a node crashes: every step to the replacement's readiness, and the way back")
    func crash() throws {
        var setup = Fixture.setup(machines: 2)
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.parameters.cloudLaunch = .constant(30)
        setup.faults = [fault(NodeCrash.self, seconds: 1_200, targets: TargetSelector(names: ["box-1"]))]
        let chain = CauseChain(of: run(setup))
        // Seen by the monitor's round of 5 s after the grace of 50 s, tolerated for 300 s, booted in 30 s.
        let expected = """
            fault - NodeCrash 0
              machineDown box-1 fault 0
                containerExited pod-1@box-1 kubelet 0
                nodeNotReady box-1 node-lifecycle-controller 50
                  podUnready pod-1@box-1 node-lifecycle-controller 50
                  nodeTainted box-1 node-lifecycle-controller 50
                    nodeTainted box-1 node-lifecycle-controller 50
                      podDeleted pod-1@box-1 taint-eviction-controller 350
                        podReplaced pod-3 replicaset-controller 350
                          podBound pod-3@box-2 kube-scheduler 350
                            podStarted pod-3@box-2 kubelet 351
                              podReady pod-3@box-2 kubelet 351
                                workloadWhole - kubelet 351
              faultHealed - fault 1200
                machineUp box-1 kubelet 1230
                  nodeReady box-1 kubelet 1230
                    nodeUntainted box-1 node-lifecycle-controller 1230
                        podGone pod-1@box-1 kubelet 1230
                      nodeUntainted box-1 node-lifecycle-controller 1235
            """
        #expect(chain.lines.joined(separator: "\n") == expected)
    }

    @Test("a zone goes dark: both machines, each with its own chain to its own pods")
    func zone() throws {
        var setup = Fixture.setup(machines: 4)
        setup.objects = [Fixture.deployment("web", replicas: 8)]
        setup.faults = [fault(ZoneOutage.self, seconds: 1_200, targets: TargetSelector(zones: ["z-a"]))]
        let notes = run(setup)
        let chain = CauseChain(of: notes)
        #expect(chain.all(.machineDown).map(\.node) == [1, 3])
        let replaced = chain.all(.podReplaced)
        #expect(replaced.count == 4 && chain.all(.podReady).count == 4)
        for ready in chain.all(.podReady) {
            #expect(
                chain.path(to: ready) == [
                    .fault, .machineDown, .nodeNotReady, .nodeTainted, .nodeTainted, .podDeleted, .podReplaced, .podBound,
                    .podStarted, .podReady,
                ])
        }
        // Each successor follows from another pod, which was on a machine of the zone.
        let lost = replaced.map { notes.causes[Int($0.parent) - 1] }
        #expect(Set(lost.map(\.pod)).count == 4 && Set(lost.map(\.node)) == [1, 3])
        #expect(chain.all(.workloadWhole).count == 1)
        #expect(chain.all(.workloadWhole).first?.at == chain.all(.podReady).last?.at)
        #expect(chain.all(.podUnready).allSatisfy(\.isHit) && chain.all(.podDeleted).allSatisfy { !$0.isHit })
    }

    @Test("a registry is down: pulls of a scale-up fail, back off and come late because of it")
    func registry() throws {
        var setup = Fixture.setup(machines: 2)
        setup.objects = [Fixture.deployment("web", replicas: 1, image: "registry.example.com/web:1")]
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.faults = [fault(RegistryOutage.self, seconds: 300)]
        setup.changes = [ScheduledChange(at: .start + .minutes(61), act: .scale(key, replicas: 4))]
        let notes = run(setup)
        let outage = CauseChain(of: notes)
        let chain = CauseChain(of: notes, beginning: .change)
        #expect(outage.lines == ["fault - RegistryOutage 0", "  faultHealed - fault 300"])
        let root = try #require(outage.steps.first).event
        // The node that has the image needs no pull; on the other, whoever came first asks.
        let failed = chain.all(.pullFailed)
        #expect(!failed.isEmpty && failed.allSatisfy { $0.delayedBy == root && $0.actor == "kubelet" })
        #expect(failed.allSatisfy { $0.at <= .start + .minutes(65) })
        #expect(chain.all(.backOff).count == Set(failed.map(\.pod)).count)
        #expect(chain.all(.backOff).allSatisfy { $0.detail == "ImagePullBackOff" })
        let late = chain.all(.imagePulled)
        #expect(!late.isEmpty && late.allSatisfy { $0.delayedBy == root && $0.at > .start + .minutes(65) })
        #expect(chain.all(.podReady).count == 3)
        for ready in chain.all(.podReady) {
            let path = chain.path(to: ready)
            #expect(path.prefix(4) == [.change, .workloadChanged, .workloadChanged, .podCreated])
        }
        #expect(chain.steps.first?.detail == "scale Deployment default/web to 4")
    }

    @Test("a drain: people cordon, the eviction API deletes, the controllers replace")
    func drain() throws {
        var setup = Fixture.setup(machines: 2)
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.changes = [ScheduledChange(at: .start + .hours(1), act: .drain(.everything(on: "box-1")))]
        let chain = CauseChain(of: run(setup), beginning: .change)
        let expected = """
            change - people 0
              nodeCordoned box-1 drain 0
                podDeleted pod-1@box-1 drain 0
                  podReplaced pod-3 replicaset-controller 0
                nodeTainted box-1 node-lifecycle-controller 0
                    podBound pod-3@box-2 kube-scheduler 0
                      podStarted pod-3@box-2 kubelet 1
                        podReady pod-3@box-2 kubelet 1
                          workloadWhole - kubelet 1
                  podGone pod-1@box-1 kubelet 8
            """
        #expect(chain.lines.joined(separator: "\n") == expected)
    }

    @Test("a scheduler that is down holds up the binding of pods that no chain made")
    func scheduler() throws {
        var setup = Fixture.setup(machines: 2)
        setup.faults = [fault(SchedulerCrash.self, seconds: 600)]
        setup.objects = [Fixture.deployment("web", replicas: 3)]
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [ScheduledChange(at: .start + .minutes(65), act: .scale(key, replicas: 5))]
        let notes = run(setup)
        let bound = CauseChain(of: notes, beginning: .change).all(.podBound)
        #expect(bound.count == 2)
        #expect(bound.allSatisfy { $0.delayedBy == 1 && $0.at >= .start + .minutes(70) })
    }

    @Test("an API server that is down answers nobody, and holds up what is seen of a machine")
    func server() throws {
        var setup = Fixture.setup(machines: 2)
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.faults = [
            fault(APIServerOutage.self, seconds: 600),
            fault(NodeCrash.self, at: .minutes(61), seconds: 3_600, targets: TargetSelector(names: ["box-1"])),
        ]
        setup.faults[1].name = "crash"
        let notes = run(setup)
        let outage = CauseChain(of: notes)
        #expect(outage.all(.requestUnanswered).map(\.actor) == ["node-lifecycle-controller"])
        #expect(outage.all(.faultHealed).map(\.at) == [Instant.start + .minutes(70)])
        let crash = CauseChain(of: notes, at: 1)
        let seen = try #require(crash.all(.nodeNotReady).first)
        #expect(crash.all(.nodeNotReady).count == 1 && seen.delayedBy == 1)
        // The controller's waits have doubled meanwhile: the last is no longer than the outage.
        #expect(seen.at >= .start + .minutes(70) && seen.at <= .start + .minutes(80))
        // What came five minutes later waited for the toleration, not for the server.
        #expect(crash.all(.podDeleted).allSatisfy { $0.delayedBy == -1 })
    }

    @Test("a preemption begins a chain of its own")
    func preemption() throws {
        var setup = Fixture.setup(machines: 1)
        var high = PriorityClass(metadata: ObjectMeta(name: "high"))
        high.value = 1_000
        guard case .deployment(var urgent) = Fixture.deployment("urgent", replicas: 1, cpu: 3_000) else { return }
        var spec = urgent.spec.template.spec
        spec.priorityClassName = "high"
        urgent.spec.template.spec = spec
        setup.objects = [.priorityClass(high), Fixture.deployment("web", replicas: 5)]
        setup.changes = [ScheduledChange(at: .start + .hours(1), act: .apply([.deployment(urgent)]))]
        let notes = run(setup)
        let disrupted = notes.causes.filter { $0.kind == .disruption }
        #expect(!disrupted.isEmpty && disrupted.allSatisfy { $0.parent < 0 && $0.actor == "kube-scheduler" })
        let chain = CauseChain(of: notes, beginning: .disruption)
        #expect(chain.all(.podDeleted).count == 1 && chain.all(.podReplaced).count == 1)
        #expect(!chain.all(.podUnschedulable).isEmpty)
    }

    @Test("without a fault, a change or a disruption nothing is told, and telling changes nothing")
    func quiet() {
        var setup = Fixture.setup()
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        #expect(run(setup).causes.isEmpty)
        setup.faults = [fault(NodeCrash.self, seconds: 1_200, targets: TargetSelector(names: ["box-1"]))]
        var alone = World(setup)
        alone.run()
        var watched = World(setup, observer: Notebook())
        watched.run()
        #expect(alone.digest == watched.digest && alone.events == watched.events)
    }

    @Test(
        "containers that a fault ends: their pods are hit, and whole when they are ready again", arguments: [0, 180] as [Double])
    func containers(startDelay: Double) throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: 1)]
        var rule = WorkloadRule(.init(name: "web"))
        rule.startDelay = .constant(startDelay)
        setup.workloads = WorkloadBook(rules: [rule])
        setup.faults = [fault(ContainerCrash.self, seconds: 0)]
        // Long after it, the pod is no part of the chain any more.
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        setup.changes = [ScheduledChange(at: .start + .hours(2), act: .scale(key, replicas: 0))]
        let chain = CauseChain(of: run(setup))
        // The API shows it half a second later; what runs again at once was never seen to be away.
        let expected = """
            fault - ContainerCrash 0
              containerExited pod-1@box-1 kubelet 0
              faultHealed - fault 0
            """
        let rest = """
                podUnready pod-1@box-1 kubelet 0
                  podReady pod-1@box-1 kubelet 180
                    workloadWhole - kubelet 180
            """.split(separator: "\n").map(String.init)
        #expect(chain.lines == expected.split(separator: "\n").map(String.init) + (startDelay > 0 ? rest : []))
    }

    @Test("a wave of upgrades is told of every machine, whatever else is seen of it before", arguments: [false, true])
    func wave(surges: Bool) throws {
        var setup = Fixture.setup(machines: 4)
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.faults = [FaultFixture.fault(MaintenanceWave.self) { $0.surge = surges }]
        let notes = run(setup)
        // Pods that move pull their image on machines whose turn is yet to come: the status of these changes.
        let moved = notes.causes.filter { $0.kind == .imagePulled }.map(\.node)
        #expect(moved.contains { $0 > 2 })
        let chain = CauseChain(of: notes)
        for kind in [.nodeCordoned, .machineDown] as [CauseKind] { #expect(chain.all(kind).map(\.node) == [1, 2, 3, 4]) }
        #expect(chain.all(.nodeCordoned).allSatisfy { $0.actor == "drain" && $0.depth == 1 })
        #expect(chain.all(.podDeleted).allSatisfy { $0.actor == "drain" && chain.path(to: $0)[1] == .nodeCordoned })
        #expect(chain.all(.machineLaunched).map(\.actor) == Array(repeating: "upgrade", count: surges ? 4 : 0))
        let uncordoned = chain.all(.nodeUncordoned)
        #expect(uncordoned.count == (surges ? 0 : 4) && uncordoned.allSatisfy { $0.actor == "upgrade" })
        for step in uncordoned { #expect(chain.path(to: step).contains(.machineUp)) }
    }

    @Test(
        "a machine in the hands of a fault stays so, whatever else comes and goes",
        arguments: [(KubeletHang.self, true), (NetworkPartition.self, true), (KubeletHang.self, false)]
            as [(any FaultKind.Type, Bool)])
    func kept(kind: any FaultKind.Type, isSlowed: Bool) throws {
        var setup = Fixture.setup(machines: 2)
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        let first = TargetSelector(names: ["box-1"])
        setup.faults = [fault(kind, seconds: 900, targets: first)]
        let begin = Instant.start + .hours(1)
        setup.changes = [
            ScheduledChange(at: begin + .seconds(5), act: .cordon(node: "box-1")),
            ScheduledChange(at: begin + .seconds(10), act: .uncordon(node: "box-1")),
        ]
        if isSlowed {
            setup.faults.append(fault(NodeSlow.self, at: .hours(1) + .seconds(15), seconds: 5, targets: first))
            setup.faults[1].name = "slow"
        }
        let chain = CauseChain(of: run(setup))
        #expect(chain.all(.nodeNotReady).count == 1 && chain.all(.podUnready).count == 1)
        #expect(chain.all(.nodeReady).count == 1 && chain.all(.workloadWhole).count == 1)
    }

    @Test("a machine that its cloud gives notice of later is drained in the name of the fault")
    func advice() throws {
        var setup = Fixture.setup(machines: 2)
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.faults = [
            FaultFixture.fault(SpotReclaim.self, TargetSelector(names: ["box-1"])) { $0.advice = .minutes(10) }
        ]
        let begin = Instant.start + .hours(1)
        setup.changes = [
            ScheduledChange(at: begin + .seconds(5), act: .cordon(node: "box-1")),
            ScheduledChange(at: begin + .seconds(10), act: .uncordon(node: "box-1")),
        ]
        let chain = CauseChain(of: run(setup))
        let cordoned = try #require(chain.all(.nodeCordoned).first)
        #expect(cordoned.actor == "drain" && cordoned.at == begin + .minutes(10))
        #expect(chain.all(.podDeleted).map(\.parent) == [cordoned.event])
        #expect(chain.all(.machineDown).count == 1 && chain.all(.machineLaunched).count == 1)
    }
}
