import Chronology
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Machines

/// A node with 2 cores, 4 GiB, 10 GiB of disk, five pods and two GPUs.
private func makeNode(taints: [Taint] = []) -> Node {
    var node = Node(
        metadata: ObjectMeta(name: "n1", labels: ["kubernetes.io/os": "linux", "zone": "a"]))
    node.spec.taints = taints
    node.status.allocatable = [
        .cpu: Quantity(2), .memory: Quantity(4 << 30), .ephemeralStorage: Quantity(10 << 30), .pods: Quantity(5),
        .nvidiaGPU: Quantity(2),
    ]
    return node
}

private func asking(_ requests: ResourceList, _ change: (inout PodSpec) -> Void = { _ in }) -> Pod {
    makePod {
        $0.containers[0].requests = requests
        change(&$0)
    }
}

extension Bench {
    /// A machine whose kubelet asks the node's object before it takes a pod.
    fileprivate mutating func addStrictNode(_ node: Node = makeNode()) -> NodeSlot {
        let slot = addNode(images: ["app:1"])
        fleet.observe(node, as: slot)
        return slot
    }

    fileprivate func reasons(_ slot: PodSlot) -> [String] {
        log.compactMap { if case .event(slot, let event) = $0.effect { event.reason } else { nil } }
    }
}

@Suite struct AdmissionTests {
    @Test(
        arguments: [
            ([.cpu: Quantity(milli: 2_001)], "OutOfcpu", "cpu, requested: 2001, used: 0, capacity: 2000"),
            ([.memory: Quantity(5 << 30)], "OutOfmemory", "memory, requested: 5368709120, used: 0, capacity: 4294967296"),
            (
                [.ephemeralStorage: Quantity(11 << 30)], "OutOfephemeral-storage",
                "ephemeral-storage, requested: 11811160064, used: 0, capacity: 10737418240"
            ),
            ([.nvidiaGPU: Quantity(3)], "OutOfnvidia.com/gpu", "nvidia.com/gpu, requested: 3, used: 0, capacity: 2"),
        ] as [(ResourceList, String, String)])
    func `what does not fit is refused`(requests: ResourceList, reason: String, amounts: String) {
        var bench = Bench()
        let node = bench.addStrictNode()
        let slot = bench.assign(asking(requests), to: node)
        let fits = bench.assign(asking([.cpu: Quantity(2)]), to: node)
        bench.run(for: .minutes(1))
        let last = bench.statuses(of: slot).last?.status
        #expect(last?.phase == .failed && last?.reason == reason)
        #expect(last?.message == "Pod was rejected: Node didn't have enough resource: \(amounts)")
        #expect(bench.statuses(of: slot).count == 1 && bench.reasons(slot) == [reason])
        #expect(bench.fleet.status(of: fits)?.phase == .running)
    }

    @Test func `a resource that the node does not know is nobody's business here`() {
        var bench = Bench()
        let slot = bench.assign(asking(["example.com/fpga": Quantity(1)]), to: bench.addStrictNode())
        bench.run(for: .minutes(1))
        #expect(bench.fleet.status(of: slot)?.phase == .running)
    }

    @Test func `what runs counts until it is over, and a pod that ends makes room`() {
        var bench = Bench()
        let node = bench.addStrictNode()
        let first = bench.assign(asking([.cpu: Quantity(milli: 1_500)]), to: node)
        bench.run(for: .minutes(1))
        let early = bench.assign(asking([.cpu: Quantity(1)]), to: node)
        bench.act { $0.terminate(first, gracePeriod: .seconds(30), at: $1, into: &$2) }
        let during = bench.assign(asking([.cpu: Quantity(1)]), to: node)
        bench.run(for: .minutes(1))
        let late = bench.assign(asking([.cpu: Quantity(1)]), to: node)
        bench.run(for: .minutes(1))
        #expect(bench.fleet.status(of: early)?.reason == "OutOfcpu")
        #expect(bench.fleet.status(of: early)?.message.hasSuffix("requested: 1000, used: 1500, capacity: 2000") == true)
        #expect(bench.fleet.status(of: during)?.reason == "OutOfcpu")
        #expect(bench.fleet.status(of: late)?.phase == .running)
    }

    @Test func `a sixth pod is one too many`() {
        var bench = Bench()
        let node = bench.addStrictNode()
        let slots = (0..<6).map { _ in bench.assign(makePod(), to: node) }
        bench.run(for: .minutes(1))
        #expect(slots.map { bench.fleet.status(of: $0)?.reason } == ["", "", "", "", "", "OutOfpods"])
    }

    @Test func `node affinity, ports and taints are asked for in this order`() {
        var bench = Bench()
        let node = bench.addStrictNode(makeNode(taints: [Taint(key: "gone", effect: .noExecute)]))
        let tolerating = Toleration(key: "gone", operator: .exists)
        func pod(_ zone: String, tolerates: Bool, port: Int32) -> Pod {
            asking([:]) {
                $0.nodeSelector = ["zone": zone]
                $0.containers[0].ports = [ContainerPort(containerPort: 80, hostPort: port)]
                if tolerates { $0.tolerations = [tolerating] }
            }
        }
        let pods = [
            pod("a", tolerates: true, port: 80), pod("a", tolerates: true, port: 80), pod("b", tolerates: false, port: 80),
            pod("a", tolerates: false, port: 81), pod("a", tolerates: true, port: 82),
        ]
        let slots = pods.map { bench.assign($0, to: node) }
        bench.run(for: .minutes(1))
        #expect(
            slots.map { bench.fleet.status(of: $0)?.reason } == ["", "NodePorts", "NodeAffinity", "TaintToleration", ""])
        #expect(
            bench.fleet.status(of: slots[3])?.message
                == "Pod was rejected: Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate")
    }

    @Test func `NoSchedule taints are the scheduler's business`() {
        var bench = Bench()
        let node = bench.addStrictNode(makeNode(taints: [Taint(key: "k", effect: .noSchedule)]))
        let slot = bench.assign(makePod(), to: node)
        bench.run(for: .minutes(1))
        #expect(bench.fleet.status(of: slot)?.phase == .running)
    }

    @Test func `a label that asks for another operating system is refused before all else`() {
        var bench = Bench()
        var pod = asking([.cpu: Quantity(99)])
        pod.metadata.labels = ["kubernetes.io/os": "windows"]
        let slot = bench.assign(pod, to: bench.addStrictNode())
        #expect(bench.fleet.status(of: slot)?.reason == "PodOSSelectorNodeLabelDoesNotMatch")
        let field = bench.assign(makePod { $0.operatingSystem = "windows" }, to: NodeSlot(index: 0))
        #expect(bench.fleet.status(of: field)?.reason == "PodOSNotSupported")
    }

    @Test func `a refused pod goes when it is deleted`() {
        var bench = Bench()
        let slot = bench.assign(asking([.cpu: Quantity(9)]), to: bench.addStrictNode())
        bench.run(for: .minutes(1))
        bench.act { $0.terminate(slot, gracePeriod: .zero, at: $1, into: &$2) }
        #expect(bench.removal(of: slot) == at(60))
    }

    @Test func `a critical pod waits for those that make room for it`() {
        var bench = Bench()
        let node = bench.addStrictNode()
        var small = asking([.cpu: Quantity(milli: 500)])
        small.status.qosClass = .burstable
        var large = asking([.cpu: Quantity(milli: 1_500)])
        large.status.qosClass = .burstable
        let stays = bench.assign(large, to: node)
        let goes = bench.assign(small, .quick(.quick(terminationTime: .seconds(4))), to: node)
        bench.run(for: .minutes(1))
        let critical = asking([.cpu: Quantity(milli: 400)]) { $0.priority = 2_000_000_000 }
        let slot = bench.assign(critical, to: node)
        bench.run(for: .minutes(1))
        let over = bench.fleet.status(of: goes)
        #expect(over?.phase == .failed && over?.reason == "Preempting")
        let target = over?.conditions.named(Condition.disruptionTarget)
        #expect(target?.reason == "TerminationByKubelet")
        #expect(target?.message == "Pod was preempted by Kubelet to accommodate a critical pod.")
        #expect(bench.fleet.status(of: stays)?.phase == .running)
        #expect(bench.reasons(goes) == ["Preempting"])
        // Four seconds of SIGTERM, then half a second each of sandbox and start.
        #expect(bench.time(of: Condition.ready, slot) == at(65))
        #expect(bench.fleet.nodes[0].holdings.requests.milliCPU == 1_900)
    }

    @Test func `a critical pod that nobody can make room for is refused`() {
        var bench = Bench()
        let critical = asking([.cpu: Quantity(3)]) { $0.priority = 2_000_000_000 }
        let slot = bench.assign(critical, to: bench.addStrictNode())
        #expect(bench.fleet.status(of: slot)?.reason == "UnexpectedAdmissionError")
    }
}

@Suite struct CriticalPodPreemptionTests {
    private func candidate(
        _ pod: Int, _ qos: PodStatus.QOSClass, cpu: Int64, memory: Int64 = 0, isCritical: Bool = false
    ) -> CriticalPodPreemption.Candidate {
        CriticalPodPreemption.Candidate(
            pod: pod, qos: qos,
            requests: .init([.cpu: Quantity(milli: cpu), .memory: Quantity(memory)]), priority: isCritical ? 2_000_000_000 : 0,
            isCritical: isCritical)
    }

    @Test func `fewest pods, and of the meanest class that suffices`() {
        let pods = [
            candidate(0, .guaranteed, cpu: 1_000), candidate(1, .burstable, cpu: 300), candidate(2, .burstable, cpu: 200),
            candidate(3, .bestEffort, cpu: 0), candidate(4, .burstable, cpu: 5_000, isCritical: true),
        ]
        func victims(_ cpu: Int64) -> [Int]? {
            CriticalPodPreemption.victims(
                for: 2_000_000_000, isCritical: true, among: pods,
                missing: [CriticalPodPreemption.Requirement(name: .cpu, amount: cpu)])
        }
        #expect(victims(100) == [2])
        #expect(victims(250) == [1])
        #expect(victims(500) == [1, 2])
        #expect(victims(900) == [0])
        #expect(victims(1_400) == [1, 2, 0])
        #expect(victims(1_600) == nil)
    }

    @Test func `a missing place is made by the pod that asks for least`() {
        let pods = [candidate(0, .burstable, cpu: 300), candidate(1, .bestEffort, cpu: 0)]
        let victims = CriticalPodPreemption.victims(
            for: 0, isCritical: true, among: pods,
            missing: [CriticalPodPreemption.Requirement(name: .pods, amount: 1)])
        #expect(victims == [1])
    }
}
