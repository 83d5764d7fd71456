import Chronology
import KubernetesAPI
import Testing

@testable import Machines

extension NodePressure {
    /// Makes a pod's grant wrong on purpose.
    mutating func overdraw(_ id: Int32, granted: Int64) { change(id) { $0.cpu.granted = granted } }
}

private let mebibyte: Int64 = 1 << 20

/// A pod that uses memory and disk from the start on.
private func load(
    _ id: Int32, memory: Int64 = 0, request: Int64 = 0, disk: Int64 = 0, storage: Int64 = 0, priority: Int32 = 0,
    qos: PodStatus.QOSClass = .burstable, grace: Int64 = 30
) -> PodLoad {
    var pod = makePod {
        $0.priority = priority
        $0.terminationGracePeriodSeconds = grace
        $0.containers[0].requests = [.memory: Quantity(request), .ephemeralStorage: Quantity(storage)]
    }
    pod.metadata.name = "p\(id)"
    pod.status.qosClass = qos
    var load = PodLoad(
        id: id, pod, requests: [.memory: Quantity(request), .ephemeralStorage: Quantity(storage)], isMeasured: true)
    load.containers[0].isRunning = true
    load.containers[0].memory = GrowingAmount(base: memory)
    load.containers[0].disk = GrowingAmount(base: disk)
    return load
}

@Suite("Eviction")
struct EvictionTests {
    static let rankings: [(name: String, pods: [PodLoad], signal: EvictionSignal, order: [Int])] = [
        (
            "those beyond their requests go first, whatever their priority",
            [load(1, memory: 10, request: 20), load(2, memory: 30, request: 20, priority: 1_000)],
            .memoryAvailable, [1, 0]
        ),
        (
            "then the lower priority, whatever they use",
            [load(1, memory: 99, request: 1, priority: 5), load(2, memory: 2, request: 1, priority: 4)],
            .memoryAvailable, [1, 0]
        ),
        (
            "then who is furthest above its request, in bytes",
            [load(1, memory: 50, request: 10), load(2, memory: 100, request: 70), load(3, memory: 45)],
            .memoryAvailable, [2, 0, 1]
        ),
        (
            "below their requests the fuller one goes first",
            [load(1, memory: 10, request: 100), load(2, memory: 90, request: 100)], .memoryAvailable, [1, 0]
        ),
        (
            "equals go in the order in which they came",
            [load(1, memory: 10), load(2, memory: 10)], .memoryAvailable, [0, 1]
        ),
        (
            "for disk, local storage counts and memory does not",
            [
                load(1, memory: 900, disk: 10, storage: 20), load(2, disk: 30, storage: 20),
                load(3, disk: 25, storage: 20, priority: -1),
            ], .nodefsAvailable, [2, 1, 0]
        ),
    ]

    @Test("ranking", arguments: rankings.indices)
    func ranking(index: Int) {
        let row = Self.rankings[index]
        #expect(EvictionRanking.order(row.pods, for: row.signal, at: .start) == row.order, "\(row.name)")
    }

    @Test("thresholds are read of the capacity as upstream does")
    func amounts() {
        #expect(EvictionAmount.bytes(100).bytes(of: 1) == 100)
        #expect(EvictionAmount.percent(50).bytes(of: 1_001) == 500)
        // A tenth in single precision is a little more.
        #expect(EvictionAmount.percent(10).bytes(of: 100 << 30) == 10_737_418_400)
        #expect(EvictionParameters().thresholds.map(\.signal) == [.memoryAvailable, .nodefsAvailable, .imagefsAvailable])
    }

    @Test("the message names what was short, and the containers beyond their requests")
    func message() {
        var machine = NodePressure(
            capacity: .init(memory: 1_024 * mebibyte, cpu: 1_000), phase: .zero, parameters: EvictionParameters())
        machine.add(load(1, memory: 950 * mebibyte, request: 256 * mebibyte))
        let pass = machine.pass(at: .start) { 0 }
        #expect(pass.evictions.count == 1)
        #expect(pass.hasChangedConditions && machine.manager.conditions == [.memory])
        #expect(pass.evictions.first?.grace == .seconds(1))
        #expect(
            pass.evictions.first?.message
                == "The node was low on resource: memory. Threshold quantity: 100Mi, available: 74Mi. "
                + "Container main was using 950Mi, request is 256Mi, has larger consumption of memory. ")
    }

    @Test("one pod goes in a pass, critical pods never do, and nothing is looked at while one is on its way")
    func passes() {
        var machine = NodePressure(
            capacity: .init(memory: 1_000 * mebibyte, cpu: 1_000), phase: .seconds(3), parameters: EvictionParameters())
        machine.add(load(1, memory: 500 * mebibyte, priority: PodLoad.criticalPriority))
        machine.add(load(2, memory: 250 * mebibyte))
        machine.add(load(3, memory: 200 * mebibyte))
        #expect(machine.next(notBefore: .start)?.at == at(3))
        let pass = machine.pass(at: at(3)) { 0 }
        #expect(pass.evictions.map(\.pod) == [2])
        #expect(machine.next(notBefore: at(3)) == nil)
        machine.remove(2)
        // Only the condition is left to be taken back, five minutes after it was last seen.
        #expect(machine.next(notBefore: at(4))?.at == at(13))
        let quiet = machine.pass(at: at(13)) { 0 }
        #expect(quiet.evictions.isEmpty && machine.manager.conditions == [.memory])
        #expect(machine.next(notBefore: at(13))?.at == at(303))
        let last = machine.pass(at: at(303)) { 0 }
        #expect(last.hasChangedConditions && machine.manager.conditions.isEmpty)
        #expect(machine.next(notBefore: at(303)) == nil)
    }

    @Test("a pass that finds only critical pods is not repeated until something changes")
    func stuck() {
        var machine = NodePressure(
            capacity: .init(memory: 1_000 * mebibyte, cpu: 1_000), phase: .zero, parameters: EvictionParameters())
        machine.add(load(1, memory: 950 * mebibyte, priority: PodLoad.criticalPriority))
        let pass = machine.pass(at: .start) { 0 }
        #expect(pass.evictions.isEmpty && pass.resource == "memory")
        #expect(machine.next(notBefore: .start) == nil)
        machine.add(load(2, memory: 1))
        #expect(machine.next(notBefore: at(1))?.at == at(10))
    }

    @Test("a soft threshold waits for its grace period, and gives pods theirs", arguments: [(30, 20), (12, 12)])
    func soft(own: Int64, grace: Int64) {
        var parameters = EvictionParameters()
        parameters.memory.soft = .percent(50)
        parameters.memory.softGracePeriod = .seconds(90)
        parameters.maxPodGracePeriodSeconds = 20
        var machine = NodePressure(
            capacity: .init(memory: 1_000 * mebibyte, cpu: 1_000), phase: .zero, parameters: parameters)
        machine.add(load(1, memory: 600 * mebibyte, grace: own))
        let first = machine.pass(at: .start) { 0 }
        #expect(first.evictions.isEmpty && machine.manager.conditions == [.memory])
        #expect(machine.next(notBefore: .start)?.at == at(90))
        let second = machine.pass(at: at(90)) { 0 }
        #expect(second.evictions.map(\.grace) == [.seconds(grace)])
    }

    @Test("evicting goes on until the minimum is reclaimed as well")
    func minimumReclaim() {
        var parameters = EvictionParameters()
        parameters.memory.minimumReclaim = .bytes(300 * mebibyte)
        var machine = NodePressure(
            capacity: .init(memory: 1_000 * mebibyte, cpu: 1_000), phase: .zero, parameters: parameters)
        for id in 1...5 as ClosedRange<Int32> { machine.add(load(id, memory: 190 * mebibyte)) }
        var evicted: [Int32] = []
        for tick in 0..<5 {
            let pass = machine.pass(at: at(Double(tick * 10))) { 0 }
            evicted += pass.evictions.map(\.pod)
            for eviction in pass.evictions { machine.remove(eviction.pod) }
        }
        // 50 MiB are free at first; 400 must be.
        #expect(evicted == [1, 2])
    }

    @Test("images nobody uses go before pods do, and spare them when that is enough")
    func reclaim() {
        var machine = NodePressure(
            capacity: .init(memory: 1 << 40, disk: 1_000, cpu: 1_000), phase: .zero, parameters: EvictionParameters())
        machine.imageBytes = 800
        machine.add(load(1, disk: 100, storage: 10))
        let spared = machine.pass(at: .start) { 700 }
        #expect(spared.evictions.isEmpty && spared.resource == "ephemeral-storage" && machine.imageBytes == 700)
        #expect(machine.manager.conditions == [.disk])
        machine.change(1) { $0.containers[0].disk.base = 250 }
        let pass = machine.pass(at: at(10)) { 700 }
        #expect(pass.evictions.map(\.signal) == ["nodefs.available"])
    }

    @Test("pods that outgrow limits of their own storage go, whatever is free")
    func localStorage() {
        var machine = NodePressure(
            capacity: .init(memory: 1 << 40, disk: 1 << 40, cpu: 1_000), phase: .zero,
            parameters: EvictionParameters())
        let pod = makePod {
            $0.containers[0].limits = [.ephemeralStorage: Quantity(1_000)]
            $0.volumes = [Volume(name: "scratch", source: .emptyDir(inMemory: false, sizeLimit: Quantity(500)))]
        }
        var own = PodLoad(id: 1, pod, requests: [:], isMeasured: true)
        machine.add(own)
        machine.start(
            container: 0, of: 1, memory: .zero, disk: GrowingAmount(base: 0, growth: 100, per: .seconds(1), since: .start),
            cpuWanted: 0)
        // 1,000 bytes at 10 s; more than that from 10.01 s on.
        #expect(machine.next(notBefore: .start)?.at == at(20))
        let pass = machine.pass(at: at(20)) { 0 }
        #expect(pass.evictions.map(\.signal) == ["ephemeralpodfs.limit"])
        #expect(pass.evictions.map(\.isForTheNode) == [false])

        own.id = 2
        own.containers[0].volume = "scratch"
        machine.add(own)
        machine.remove(1)
        machine.start(container: 0, of: 2, memory: .zero, disk: GrowingAmount(base: 501), cpuWanted: 0)
        machine.stop(container: 0, of: 2, at: at(21))
        // What is in the volume outlives the container.
        let second = machine.pass(at: at(30)) { 0 }
        #expect(second.evictions.map(\.signal) == ["emptydirfs.limit"])
        #expect(second.evictions.first?.message == "Usage of EmptyDir volume \"scratch\" exceeds the limit \"500\". ")
    }

    /// Limits of local storage: main containers, init containers (sidecars have a minus), overhead, and what they come to.
    static let storageLimits: [(main: [Int64?], phases: [Int64?], overhead: Int64?, total: Int64?)] = [
        ([100, nil], [], nil, 100), ([100, 50], [-30], nil, 180), ([100], [-30, 60], nil, 130),
        ([100], [-30, 120], nil, 150), ([nil], [70], nil, 70), ([nil], [nil], 5, nil), ([100], [], 5, 105),
        ([0], [], 5, 0),
    ]

    @Test("a pod's limit of storage counts sidecars and phases", arguments: storageLimits.indices)
    func storageLimit(index: Int) {
        let row = Self.storageLimits[index]
        func container(_ name: String, _ limit: Int64?) -> Container {
            var container = Container(name: name, image: "app:1")
            if let limit { container.limits = [.ephemeralStorage: Quantity(abs(limit))] }
            if let limit, limit < 0 { container.restartPolicy = .always }
            return container
        }
        let pod = makePod {
            $0.containers = row.main.enumerated().map { container("m\($0.offset)", $0.element) }
            $0.initContainers = row.phases.enumerated().map { container("i\($0.offset)", $0.element) }
            if let overhead = row.overhead { $0.overhead = [.ephemeralStorage: Quantity(overhead)] }
        }
        let load = PodLoad(id: 1, pod, requests: [:], isMeasured: true)
        #expect(load.limitStorage == row.total)
        // Nobody looks at the limits of init containers one by one.
        #expect(load.containers.prefix(row.phases.count).allSatisfy { $0.limitStorage == nil })
    }

    static let admissions: [(name: String, qos: PodStatus.QOSClass, tolerates: Bool, critical: Bool, [PressureCondition], Bool)] = [
        ("nothing is short", .bestEffort, false, false, [], true),
        ("best effort is refused for want of memory", .bestEffort, false, false, [.memory], false),
        ("unless it tolerates the taint", .bestEffort, true, false, [.memory], true),
        ("others come in", .burstable, false, false, [.memory], true),
        ("nobody comes in for want of disk", .guaranteed, true, false, [.disk], false),
        ("nor for want of both", .burstable, true, false, [.memory, .disk], false),
        ("except critical pods", .bestEffort, false, true, [.memory, .disk], true),
    ]

    @Test("admission under pressure", arguments: admissions.indices)
    func admission(index: Int) {
        let row = Self.admissions[index]
        let pod = makePod {
            if row.tolerates {
                $0.tolerations = [Toleration(key: "node.kubernetes.io/memory-pressure", operator: .exists)]
            }
            if row.critical { $0.priority = PodLoad.criticalPriority }
        }
        let refusal = PressureAdmission.refusal(of: PodNeeds(pod.spec), qosClass: row.qos, under: row.4)
        #expect((refusal == nil) == row.5, "\(row.name)")
        if row.4 == [.memory, .disk], let refusal {
            #expect(refusal.message == "The node had condition: [MemoryPressure DiskPressure]. ")
        }
    }

    static let scores: [(PodStatus.QOSClass, Bool, Int64, Int64)] = [
        (.guaranteed, false, 500, -997), (.bestEffort, false, 0, 1_000), (.burstable, false, 0, 999),
        (.burstable, false, 100, 900), (.burstable, false, 500, 500), (.burstable, false, 1_000, 3),
        (.burstable, true, 0, -997),
    ]

    @Test("oom_score_adj", arguments: scores.indices)
    func oomScore(index: Int) {
        let (qos, isNodeCritical, request, expected) = Self.scores[index]
        let adjustment = OOMScore.adjustment(
            qosClass: qos, isNodeCritical: isNodeCritical, request: request, capacity: 1_000)
        #expect(adjustment == expected)
    }

    @Test("a full machine kills the worst: best effort before burstable, burstable before guaranteed")
    func systemKill() {
        var parameters = EvictionParameters()
        parameters.memory.hard = nil
        var machine = NodePressure(
            capacity: .init(memory: 1_000, cpu: 1_000), phase: .zero, parameters: parameters)
        machine.add(load(1, memory: 600, request: 600, qos: .guaranteed))
        machine.add(load(2, memory: 340, request: 350))
        #expect(machine.next(notBefore: .start) == nil)
        machine.add(load(3, memory: 60, qos: .bestEffort))
        #expect(machine.next(notBefore: .start)?.step == .kill(pod: 3, container: 0, isSystem: true))
        machine.stop(container: 0, of: 3, at: .start)
        #expect(machine.next(notBefore: .start) == nil)
        machine.change(2) { $0.containers[0].memory.base = 400 }
        #expect(machine.next(notBefore: .start)?.step == .kill(pod: 2, container: 0, isSystem: true))
    }

    @Test("a container is killed at the instant at which it reaches its limit, a pod's worst one at the pod's")
    func limits() {
        let pod = makePod { $0.containers[0].limits = [.memory: Quantity(1_000)] }
        var machine = NodePressure(
            capacity: .init(memory: 1 << 40, cpu: 1_000), phase: .zero, parameters: EvictionParameters())
        machine.add(PodLoad(id: 1, pod, requests: [:], isMeasured: true))
        machine.start(
            container: 0, of: 1, memory: GrowingAmount(base: 400, growth: 7, per: .seconds(2), since: at(5)),
            disk: .zero, cpuWanted: 0)
        let next = machine.next(notBefore: at(5))
        // 600 bytes at 3.5 a second, rounded up to a whole nanosecond.
        #expect(next?.at == Instant(nanoseconds: 5_000_000_000 + 171_428_571_429))
        #expect(next?.step == .kill(pod: 1, container: 0, isSystem: false))

        let both = makePod {
            $0.limits = [.memory: Quantity(1_000)]
            $0.containers.append(Container(name: "second", image: "app:1"))
        }
        machine.remove(1)
        machine.add(PodLoad(id: 2, both, requests: [:], isMeasured: true))
        machine.start(container: 0, of: 2, memory: GrowingAmount(base: 300), disk: .zero, cpuWanted: 0)
        machine.start(
            container: 1, of: 2, memory: GrowingAmount(base: 600, growth: 1, per: .seconds(1), since: .start),
            disk: .zero, cpuWanted: 0)
        let second = machine.next(notBefore: .start)
        #expect(second?.at == at(100))
        #expect(second?.step == .kill(pod: 2, container: 1, isSystem: false))
    }
}
