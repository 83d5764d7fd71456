import Chronology
import KubernetesAPI
import Testing

@testable import Machines

/// The same machine twice: once led from event to event, once looked at every second.
@Suite("Pressure by events is pressure by the second")
struct PressureTwinTests {
    private struct Act {
        enum What {
            case arrive(Int32)
            case start(Int32)
            case stop(Int32)
            case leave(Int32)
            case change(Int32, base: Int64)
        }

        var at: Int64
        var what: What
    }

    private struct PodPlan {
        var pod: Pod
        var base: Int64
        var growth: Int64
        var storageGrowth: Int64
        var isMeasured: Bool
    }

    private struct Case {
        var machine: NodePressure
        var plans: [PodPlan]
        var acts: [Act]
    }

    private static let end: Int64 = 1_800

    private static func random(_ seed: UInt64) -> Case {
        var draws = Draws(seed)
        var parameters = EvictionParameters()
        if draws.next(2) == 0 {
            parameters.memory.soft = .bytes(Int64(150 + draws.next(300)))
            parameters.memory.softGracePeriod = .seconds(Int64(15 + draws.next(100)))
        }
        parameters.memory.hard = draws.next(4) == 0 ? nil : .bytes(100)
        if draws.next(2) == 0 { parameters.memory.minimumReclaim = .bytes(Int64(draws.next(200))) }
        parameters.pressureTransitionPeriod = .seconds(Int64(20 + draws.next(200)))
        let machine = NodePressure(
            capacity: .init(memory: 1_000, systemMemory: Int64(draws.next(100)), disk: 1_000, cpu: 4_000),
            phase: .seconds(Int64(draws.next(10))), parameters: parameters)
        var plans: [PodPlan] = []
        var acts: [Act] = []
        for id in 0..<Int32(3 + draws.next(5)) {
            let request = Int64(draws.next(200))
            let limit = draws.next(2) == 0 ? request + Int64(draws.next(300)) : 0
            let storage = draws.next(3) == 0 ? Int64(200 + draws.next(200)) : 0
            var pod = makePod {
                $0.priority = draws.next(6) == 0 ? PodLoad.criticalPriority : Int32(draws.next(3))
                $0.containers[0].requests = [.memory: Quantity(request)]
                $0.containers[0].limits = [.memory: Quantity(limit), .ephemeralStorage: Quantity(storage)]
                if draws.next(5) == 0 { $0.limits = [.memory: Quantity(Int64(100 + draws.next(400)))] }
            }
            pod.status.qosClass = [.guaranteed, .burstable, .bestEffort][draws.next(3)]
            plans.append(
                PodPlan(
                    pod: pod, base: Int64(draws.next(200)), growth: Int64(draws.next(30)),
                    storageGrowth: Int64(draws.next(20)), isMeasured: draws.next(5) != 0))
            let arrival = Int64(draws.next(300))
            acts.append(Act(at: arrival, what: .arrive(id)))
            acts.append(Act(at: arrival + 2, what: .start(id)))
            for _ in 0..<draws.next(4) {
                acts.append(
                    Act(at: arrival + 3 + Int64(draws.next(1_200)), what: .change(id, base: Int64(draws.next(300)))))
            }
            if draws.next(3) == 0 { acts.append(Act(at: arrival + 400 + Int64(draws.next(800)), what: .leave(id))) }
        }
        return Case(machine: machine, plans: plans, acts: acts)
    }

    /// What both worlds have in common: the script, and what becomes of those who are killed or evicted.
    private struct Scene {
        var machine: NodePressure
        let plans: [PodPlan]
        var acts: [Act]
        var log: [String] = []
        var now: Int64 = 0

        init(_ setting: Case) {
            machine = setting.machine
            plans = setting.plans
            acts = setting.acts
        }

        var instant: Instant { .start + .seconds(now) }

        var nextAct: Int64? { acts.map(\.at).min() }

        mutating func carryOutDue() {
            while let place = acts.firstIndex(where: { $0.at == now }) {
                let act = acts.remove(at: place)
                switch act.what {
                case .arrive(let id):
                    let plan = plans[Int(id)]
                    machine.add(
                        PodLoad(
                            id: id, plan.pod, requests: plan.pod.spec.containers[0].requests, isMeasured: plan.isMeasured))
                case .start(let id):
                    let plan = plans[Int(id)]
                    machine.start(
                        container: 0, of: id,
                        memory: GrowingAmount(base: plan.base, growth: plan.growth, per: .seconds(10), since: instant),
                        disk: GrowingAmount(base: 0, growth: plan.storageGrowth, per: .seconds(10), since: instant),
                        cpuWanted: 0)
                case .stop(let id): machine.stop(container: 0, of: id, at: instant)
                case .leave(let id): machine.remove(id)
                case .change(let id, let base):
                    machine.change(id) { if $0.containers[0].isRunning { $0.containers[0].memory.base = base } }
                }
            }
        }

        mutating func kill(_ id: Int32, isSystem: Bool) {
            log.append("\(now) kill \(id) \(isSystem)")
            machine.stop(container: 0, of: id, at: instant)
            acts.append(Act(at: now + 17, what: .start(id)))
        }

        mutating func pass() {
            let pass = machine.pass(at: instant) { 0 }
            if pass.hasChangedConditions { log.append("\(now) \(machine.manager.conditions)") }
            for eviction in pass.evictions {
                log.append("\(now) evict \(eviction.pod) \(eviction.message)")
                acts.removeAll { if case .start(eviction.pod) = $0.what { true } else { false } }
                acts.append(Act(at: now + 1, what: .stop(eviction.pod)))
                acts.append(Act(at: now + 3, what: .leave(eviction.pod)))
            }
        }
    }

    private static func byEvents(_ setting: Case) -> (log: [String], looks: Int) {
        var scene = Scene(setting)
        var looks = 0
        while scene.now <= end {
            scene.carryOutDue()
            while let next = scene.machine.next(notBefore: scene.instant), next.at <= scene.instant {
                looks += 1
                switch next.step {
                case .kill(let pod, _, let isSystem): scene.kill(pod, isSystem: isSystem)
                case .pass: scene.pass()
                }
            }
            let next = scene.machine.next(notBefore: scene.instant)?.at ?? .never
            let second = next == .never ? Int64.max : (next.nanoseconds + 999_999_999) / 1_000_000_000
            scene.now = min(second, scene.nextAct ?? .max)
        }
        return (scene.log, looks)
    }

    private static func bySeconds(_ setting: Case) -> [String] {
        var scene = Scene(setting)
        while scene.now <= end {
            scene.carryOutDue()
            while let (pod, isSystem) = victim(scene.machine, at: scene.instant) { scene.kill(pod, isSystem: isSystem) }
            let isTick = (scene.now - setting.machine.phase.wholeSeconds) % 10 == 0
            if isTick, scene.now >= setting.machine.phase.wholeSeconds,
                !scene.machine.pods.contains(where: \.isEvicted)
            {
                scene.pass()
                while let (pod, isSystem) = victim(scene.machine, at: scene.instant) { scene.kill(pod, isSystem: isSystem) }
            }
            scene.now += 1
        }
        return scene.log
    }

    /// Whom the kernel kills now, found out the long way.
    private static func victim(_ machine: NodePressure, at now: Instant) -> (Int32, Bool)? {
        func use(_ pod: PodLoad) -> Int64 {
            guard pod.isMeasured else { return pod.requestMemory }
            return pod.containers[0].isRunning ? pod.containers[0].memory.value(at: now) : 0
        }
        func isMortal(_ pod: PodLoad) -> Bool { pod.isMeasured && pod.containers[0].isRunning && use(pod) > 0 }
        for pod in machine.pods where pod.isMeasured && pod.containers[0].isRunning {
            if let limit = pod.containers[0].limitMemory, use(pod) >= limit { return (pod.id, false) }
            if let limit = pod.limitMemory, use(pod) >= limit, isMortal(pod) { return (pod.id, false) }
        }
        let room = machine.capacity.memory - machine.capacity.systemMemory
        guard machine.pods.reduce(0, { $0 + use($1) }) >= room else { return nil }
        var worst: (score: Int64, id: Int32)?
        for pod in machine.pods where isMortal(pod) {
            let adjustment: Int64 =
                switch pod.qosClass {
                case .guaranteed: -997
                case .bestEffort: 1_000
                case .burstable: min(999, max(3, 1_000 - pod.requestMemory))
                }
            // The machine has 1,000 bytes: a byte is a point.
            let score = use(pod) + adjustment
            if worst.map({ score > $0.score }) ?? true { worst = (score, pod.id) }
        }
        return worst.map { ($0.id, true) }
    }

    @Test("random machines", arguments: 1...50 as ClosedRange<UInt64>)
    func twins(seed: UInt64) {
        let setting = Self.random(seed)
        let (log, looks) = Self.byEvents(setting)
        #expect(log == Self.bySeconds(setting))
        // Nothing polls: every look is for something.
        #expect(looks <= 4 * log.count + 40)
    }

    @Test("the random machines kill, evict, and come under pressure")
    func coverage() {
        let log = (1...50 as ClosedRange<UInt64>).flatMap { Self.byEvents(Self.random($0)).log }
        for word in ["kill 0 false", "kill 1 true", "evict 1 The node was low", "evict 2 Pod ephemeral", "[]"] {
            #expect(log.contains { $0.contains(word) }, "\(word)")
        }
    }

    @Test("a growing amount reaches a bound at the first nanosecond at which it holds it")
    func crossing() throws {
        var draws = Draws(3)
        for _ in 0..<300 {
            let amount = GrowingAmount(
                base: Int64(draws.next(1_000)), growth: Int64(1 + draws.next(1_000)),
                per: Duration(nanoseconds: Int64(1 + draws.next(1_000_000))), since: Instant(nanoseconds: Int64(draws.next(500))))
            let bound = Int64(draws.next(3_000))
            let found = try #require(amount.reaches(bound, notBefore: Instant(nanoseconds: 100)))
            #expect(amount.value(at: found) >= bound)
            if found > Instant(nanoseconds: 100) {
                #expect(amount.value(at: found - Duration(nanoseconds: 1)) < bound)
            }
            #expect(GrowthSearch.first(atLeast: bound, notBefore: Instant(nanoseconds: 100)) { amount.value(at: $0) } == found)
        }
        #expect(GrowingAmount(base: 5).reaches(6, notBefore: .start) == nil)
    }
}
