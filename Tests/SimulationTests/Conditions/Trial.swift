import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI
import VirtualTime

@testable import Simulation

/// One random history: a cluster, what people do to it, what goes wrong with its control plane, and how it ends.
///
/// First anything may happen, and what must always hold is checked after every event; then all conditions heal, and the
/// cluster has to reach the state that its objects ask for.
struct Trial {
    /// Something that is wrong until it heals.
    enum Trouble {
        case crash([String]), pause([String]), slow([String], Duration)
        case watch, apiServer, slowServer(Duration), scheduler, machine(Int32)
    }

    /// How long after everything healed the cluster must have settled: failing keys wait up to 1,000 s, and jobs as long as
    /// 600 s, before they try again.
    static let bound = Duration.minutes(45)

    let seed: Int
    private(set) var world: World
    private(set) var log: [String] = []
    private var dice: Dice
    private let objects: [KubernetesObject]
    private var open: [(heals: Instant, trouble: Trouble)] = []
    // By choice of the seed, so that each seed meets a few conditions only, and some meet one alone.
    private let kinds: [Int]
    private let harmsPods: Bool

    init(seed: Int, isCurrent: Bool = false) {
        self.seed = seed
        var dice = Dice(seed: UInt64(seed))
        var setup = Fixture.setup(machines: 3 + dice.roll(3), horizon: .hours(12), seed: UInt64(seed))
        setup.parameters.controllerCache = isCurrent ? .current : .lagging
        let delays = [0.005, 0.005, 0.1, 1, 4]
        setup.parameters.watchDelay = .constant(delays[dice.roll(delays.count)])
        setup.parameters.apiWrite = .constant(dice.hits(oneIn: 3) ? 0.3 : 0.005)
        var kinds: [Int] = []
        for kind in 0..<9 where dice.hits(oneIn: 2) { kinds.append(kind) }
        self.kinds = kinds
        harmsPods = !dice.hits(oneIn: 4)
        objects = TrialWorkloads.random(&dice)
        setup.objects = objects + [TrialWorkloads.storageClass]
        self.dice = dice
        world = World(setup)
        world.checksInvariants = true
        log.append("watch \(setup.parameters.watchDelay), writes \(setup.parameters.apiWrite)")
    }

    /// Runs the history; returns what is wrong, or nil.
    mutating func run() -> String? {
        advance(by: .seconds(Int64(dice.roll(40))))
        let steps = 25 + dice.roll(20)
        for _ in 0..<steps {
            healWhatIsDue()
            if dice.hits(oneIn: 3) { causeTrouble() } else { changeSomething() }
            // By itself: where nothing happens in between, the next thing that people do would be taken for one with it,
            // and an eviction be blamed for a pod that was relabelled a second before.
            if let violation = world.firstViolationOfChanges() { return "\(violation.invariant): \(violation.message)" }
            advance(by: dice.pause())
            if let violation = world.violation { return "\(violation.invariant): \(violation.message)" }
        }
        healAll()
        return settle()
    }

    private mutating func note(_ text: String) { log.append("\(world.now.sinceStart): \(text)") }

    private mutating func advance(by length: Duration) {
        let end = world.now + length
        while let next = world.queue.nextInstant, next <= end, world.violation == nil { _ = world.run(events: 1) }
        world.now = end
        world.api.store.now = end
    }

    // MARK: - Troubles

    private mutating func causeTrouble() {
        guard let kind = dice.pick(kinds) else { return }
        let names = dice.hits(oneIn: 3) ? [] : [dice.pick(World.controllerNames) ?? ""]
        let drag = Duration.milliseconds(Int64(100 + dice.roll(5_000)))
        let trouble: Trouble =
            switch kind {
            case 0, 1: .crash(names)
            case 2: .pause(names)
            case 3: .slow(names, drag)
            case 4: .watch
            case 5: .apiServer
            case 6: .slowServer(.milliseconds(Int64(dice.roll(2_000))))
            case 7: .scheduler
            default: .machine(Int32(dice.roll(world.nodes.count)))
            }
        note("\(trouble)")
        switch trouble {
        case .crash(let names): world.crashControllers(names)
        case .pause(let names): world.pauseControllers(names)
        case .slow(let names, let drag): world.slowControllers(names, by: drag)
        case .watch: world.dropWatch()
        case .apiServer: world.stopAPIServer()
        case .slowServer(let drag): world.slowAPIServer(by: drag)
        case .scheduler: world.crashScheduler()
        case .machine(let index): world.powerOff(index)
        }
        let length: Duration =
            dice.hits(oneIn: 3) ? dice.pause() : .seconds(Int64(dice.roll(kind == 8 ? 500 : 60)))
        open.append((world.now + length, trouble))
    }

    private mutating func heal(_ trouble: Trouble) {
        note("healed: \(trouble)")
        switch trouble {
        case .crash(let names): world.restartControllers(names)
        case .pause(let names): world.resumeControllers(names)
        case .slow(let names, let drag): world.slowControllers(names, by: .zero - drag)
        case .watch: world.restoreWatch()
        case .apiServer: world.startAPIServer()
        case .slowServer(let drag): world.slowAPIServer(by: .zero - drag)
        case .scheduler: world.restartScheduler()
        case .machine(let index): world.powerOn(index)
        }
    }

    private mutating func healWhatIsDue() {
        for entry in open where entry.heals <= world.now { heal(entry.trouble) }
        open.removeAll { $0.heals <= world.now }
    }

    private mutating func healAll() {
        for entry in open { heal(entry.trouble) }
        open = []
        for node in world.nodes.map(\.name) { setUnschedulable(node, false) }
        for case .deployment(let deployment) in world.api.objects(of: .deployment, namespace: nil) {
            edit(deployment) { $0.spec.paused = false }
        }
        for kind in [ObjectKind.job, .cronJob] {
            for object in world.api.objects(of: kind, namespace: nil) {
                edit(object.key) { object in
                    if case .job(var job) = object {
                        job.spec.suspend = false
                        object = .job(job)
                    } else if case .cronJob(var cronJob) = object {
                        cronJob.spec.suspend = true
                        object = .cronJob(cronJob)
                    }
                }
            }
        }
        // Nobody looks after a pod without owner; one with the name of a wanted pod would stand in its way for ever.
        for pod in pods where pod.metadata.labels["app"] == "loose" { delete(pod.key, .background) }
        note("all healed")
    }

    // MARK: - People

    private var pods: [Pod] {
        world.api.pods(inNamespace: "default") + world.api.pods(inNamespace: TrialWorkloads.team)
    }

    private mutating func edit(_ key: ObjectKey, _ body: (inout KubernetesObject) -> Void) {
        guard var object = world.api.object(key) else { return }
        body(&object)
        object.metadata.resourceVersion = 0
        world.request(.update(object))
    }

    private mutating func edit(_ deployment: Deployment, _ body: (inout Deployment) -> Void) {
        edit(KubernetesObject.deployment(deployment).key) { object in
            guard case .deployment(var deployment) = object else { return }
            body(&deployment)
            object = .deployment(deployment)
        }
    }

    private mutating func setUnschedulable(_ name: String, _ unschedulable: Bool) {
        edit(ObjectKey(.node, name: name)) { object in
            guard case .node(var node) = object else { return }
            node.spec.unschedulable = unschedulable
            object = .node(node)
        }
    }

    private mutating func delete(_ key: ObjectKey, _ propagation: DeletionPropagation) {
        world.request(.delete(key, uid: nil, gracePeriodSeconds: nil, propagation: propagation))
    }

    private mutating func changeSomething() {
        let number = dice.roll(6)
        let propagation = dice.pick([DeletionPropagation.background, .foreground, .orphan]) ?? .background
        switch dice.roll(harmsPods ? 17 : 9) {
        case 0, 1, 2: editWorkload("scale", number) { Self.scale(&$0, to: Int64(number)) }
        case 3, 4, 5: editWorkload("template", number) { Self.setTemplate(&$0, version: number) }
        case 6:
            let strategy = TrialWorkloads.strategy(&dice)
            editWorkload("strategy", number) { Self.setStrategy(&$0, number, strategy) }
        case 7:
            guard world.condition.isAPIServerUp, let object = dice.pick(objects) else { return }
            note("apply \(object.key)")
            world.submit(object)
        case 8:
            let node = world.nodes[dice.roll(world.nodes.count)].name
            note("cordon \(node) \(number < 3)")
            setUnschedulable(node, number < 3)
        case 9, 10:
            guard let pod = dice.pick(pods) else { return }
            note("delete \(pod.key)")
            delete(pod.key, .background)
        case 11:
            guard let pod = dice.pick(pods) else { return }
            note("relabel \(pod.key)")
            edit(pod.key) { $0.metadata.labels["app"] = "loose" }
        case 12:
            guard let set = dice.pick(world.api.objects(of: .replicaSet, namespace: nil)) else { return }
            note("delete \(set.key) \(propagation)")
            delete(set.key, propagation)
        case 13:
            guard let object = dice.pick(objects), dice.hits(oneIn: 2) else { return }
            note("delete \(object.key) \(propagation)")
            delete(object.key, propagation)
        case 14:
            guard dice.hits(oneIn: 4) else { return }
            note("delete namespace")
            delete(ObjectKey(.namespace, name: TrialWorkloads.team), .background)
        default:
            let node = world.nodes[dice.roll(world.nodes.count)].name
            note("drain \(node)")
            setUnschedulable(node, true)
            for pod in world.api.pods(onNode: node) where !pod.isTerminating { world.request(.evict(pod: pod.key)) }
        }
    }

    private mutating func editWorkload(_ what: String, _ number: Int, _ body: (inout KubernetesObject) -> Void) {
        guard let object = dice.pick(objects) else { return }
        note("\(what) \(number) of \(object.key)")
        edit(object.key, body)
    }

    // MARK: - The end

    /// Lets the cluster settle, also once somebody has freed the rollouts that upstream holds for ever; returns what is
    /// still wrong when the time is up.
    private mutating func settle() -> String? {
        if let problem = waitForRest() { return problem }
        let held = self.held
        if held.isEmpty { return nil }
        for (deployment, reason) in held {
            note("\(deployment.metadata.name) is held: \(reason)")
            edit(deployment, reason.free)
        }
        if let problem = waitForRest() { return "once freed, \(problem)" }
        return self.held.first.map { "\($0.deployment.metadata.name) is freed and is held again" }
    }

    private var held: [(deployment: Deployment, reason: HeldRollout)] {
        world.api.objects(of: .deployment, namespace: nil).compactMap { object in
            guard case .deployment(let deployment) = object else { return nil }
            let sets = world.api.replicaSets(controlledBy: deployment.metadata.uid)
            return HeldRollout(deployment, sets).map { (deployment, $0) }
        }
    }

    private mutating func waitForRest() -> String? {
        let end = world.now + Self.bound
        var last: String? = ""
        while last != nil, world.now < end {
            advance(by: .minutes(1))
            if let violation = world.violation { return "\(violation.invariant): \(violation.message)" }
            last = world.firstUnsettled().map { "\($0)" } ?? strict()
        }
        return last
    }

    /// These clusters have room for all, and in the end nobody keeps a machine closed.
    private func strict() -> String? {
        for node in world.api.nodes() where !node.spec.taints.isEmpty { return "\(node.metadata.name) has taints" }
        return pods.first { $0.status.phase == .pending }.map { "\($0.metadata.name) is pending" }
    }
}
