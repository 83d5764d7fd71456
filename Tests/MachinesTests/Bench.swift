import Chronology
import KubernetesAPI
import Testing
import VirtualTime

@testable import Machines

/// A fleet with the smallest clock and queue that can drive it.
struct Bench {
    var fleet: MachineFleet
    var now = Instant.start
    /// Everything but timers, with its time.
    var log: [(at: Instant, effect: MachineEffect)] = []
    private var queue: [(at: Instant, order: Int, event: SimulationEvent)] = []
    private var scheduled = 0
    private var effects: [MachineEffect] = []

    init(
        parameters: KubeletParameters = KubeletParameters(), catalogue: ImageCatalogue = ImageCatalogue(),
        supply: ImageSupply = ImageSupply()
    ) {
        fleet = MachineFleet(parameters: parameters, catalogue: catalogue, supply: supply, seed: 1)
    }

    /// Whether disks, images in use and bandwidths are as they must be.
    var problem: String? { fleet.imageStoreProblem() ?? fleet.imageUseProblem() ?? fleet.transferProblem() }

    mutating func act<Result>(_ body: (inout MachineFleet, Instant, inout [MachineEffect]) -> Result) -> Result {
        let result = body(&fleet, now, &effects)
        if let problem { Issue.record("\(problem), after \(now.sinceStart)") }
        for effect in effects {
            if case .timer(let at, let timer) = effect {
                queue.append((at, scheduled, timer.event(kind: 7)))
                scheduled += 1
            } else {
                log.append((now, effect))
            }
        }
        effects.removeAll(keepingCapacity: true)
        return result
    }

    mutating func run(until end: Instant) {
        while let next = queue.min(by: { ($0.at, $0.order) < ($1.at, $1.order) }), next.at <= end {
            queue.removeAll { $0.order == next.order }
            now = next.at
            act { $0.fire(MachineTimer(event: next.event), at: $1, into: &$2) }
        }
        now = end
    }

    mutating func run(for length: Chronology.Duration) { run(until: now + length) }

    mutating func addNode(_ name: String = "n1", bandwidth: Int64? = nil, images: [String] = []) -> NodeSlot {
        let setup = NodeSetup(
            name: name, bandwidth: bandwidth, images: images.map { NodeImage(names: [$0], sizeBytes: 1_000_000) })
        return fleet.addNode(setup, at: now)
    }

    mutating func assign(_ pod: Pod, _ plan: PodPlan = .quick(), to node: NodeSlot) -> PodSlot {
        act { $0.assign(pod, plan: plan, to: node, at: $1, into: &$2) }
    }

    // MARK: - What happened

    func statuses(of slot: PodSlot) -> [(at: Instant, status: PodStatus)] {
        log.compactMap { if case .status(slot, let status) = $0.effect { ($0.at, status) } else { nil } }
    }

    var pulls: [PullRecord] { log.compactMap { if case .pull(let record) = $0.effect { record } else { nil } } }
    var exits: [ExitRecord] { log.compactMap { if case .exit(let record) = $0.effect { record } else { nil } } }

    /// The messages of a pod's events with a reason.
    func messages(_ reason: String, of slot: PodSlot) -> [String] {
        log.compactMap { if case .event(slot, let event) = $0.effect, event.reason == reason { event.message } else { nil } }
    }

    func removal(of slot: PodSlot) -> Instant? {
        log.first { $0.effect == .removed(slot) }?.at
    }

    /// When the pod's status first showed `type` as true.
    func time(of type: ConditionType, _ slot: PodSlot) -> Instant? {
        statuses(of: slot).first { $0.status.conditions.named(type)?.status == .true }?.at
    }
}

extension PodPlan {
    /// Half a second of sandbox, half a second of start.
    static func quick(_ runs: RunPlan...) -> PodPlan {
        PodPlan(sandboxTime: .milliseconds(500), runs: runs.isEmpty ? [.quick()] : runs)
    }
}

extension RunPlan {
    static func quick(
        runTime: Chronology.Duration? = nil, exitCode: Int32 = 0, readyAfter: Chronology.Duration? = .zero,
        terminationTime: Chronology.Duration = .seconds(1)
    ) -> RunPlan {
        RunPlan(
            startDelay: .milliseconds(500), runTime: runTime, exitCode: exitCode, readyAfter: readyAfter,
            terminationTime: terminationTime)
    }
}

func makePod(
    image: String = "app:1", restart: RestartPolicy = .always, _ change: (inout PodSpec) -> Void = { _ in }
) -> Pod {
    var spec = PodSpec(containers: [Container(name: "main", image: image)])
    spec.restartPolicy = restart
    change(&spec)
    return Pod(metadata: ObjectMeta(name: "p", namespace: "d"), spec: spec)
}

func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }
