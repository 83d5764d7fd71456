import Chronology
import KubernetesAPI
import Machines
import Observations

/// A step of a chain that others can follow from.
struct CauseLink: Hashable {
    let event: Int32
    let root: Int32
    /// The fault at the root; -1 for none.
    let fault: Int32
    let depth: Int32
    let at: Instant
}

/// Who descends from which fault, scheduled change or disruption: what cause and effect are told from.
///
/// It remembers the latest step of whatever is touched, as long as a chain is open; while none is, every hook costs one
/// look at `isOpen`. Nothing here reaches back into the run.
struct CauseDesk {
    /// A pod that was lost and waits for its successor.
    struct Lost {
        let uid: UID
        let name: String
        /// Whether only a pod of the same name takes its place.
        let isNamed: Bool
        var link: CauseLink
    }

    /// A fault that is about no machine: it holds up what some components do.
    struct Ambient {
        let link: CauseLink
        let scope: Scope
        /// What it struck; empty for all of its scope.
        let names: [String]
        var to: Instant?

        enum Scope { case registry, scheduler, controllers, everything }
    }

    /// A workload that lost ready pods to a chain.
    struct Wound {
        let root: Int32
        let controller: Int32
        /// Ready pods before the first was lost, less those that have succeeded since.
        var before: Int32
        var link: CauseLink
    }

    /// Whether anybody listens.
    var isRecording = false
    /// Whether any chain is open.
    private(set) var isOpen = false
    private var count: Int32 = 0
    /// In whose name something is being carried out now, and by whom.
    var current: (link: CauseLink, actor: String)? { didSet { refresh() } }
    // The latest step by machine, by slot of a live pod and by uid of a workload; only looked up.
    private var nodes: [Int32: CauseLink] = [:] { didSet { refresh() } }
    // Strikes that have not healed, by the machine that each struck; only looked up.
    private var strikes: [Int32: [CauseLink]] = [:]
    private var repairs: [Int32: CauseLink] = [:]
    private var pods: [Int32: CauseLink] = [:] { didSet { refresh() } }
    private var workloads: [UID: CauseLink] = [:] { didSet { refresh() } }
    private var lost: [UID: [Lost]] = [:] { didSet { refresh() } }
    private(set) var ambients: [Ambient] = [] { didSet { refresh() } }
    var wounds: [Wound] = [] { didSet { refresh() } }
    // Who asked in vain, by fault.
    private var unanswered: Set<String> = []
    // Pods of which a back-off has been told.
    private var backedOff: Set<Int32> = []
    /// The pod of a chain that was refused a node last.
    var refused: Int32 = -1 { didSet { refusal = pods[refused] } }
    private var refusal: CauseLink?
    /// Ready pods by workload, from row 1 on.
    private var readyPods: [Int32] = []

    private mutating func refresh() {
        isOpen =
            current != nil || !nodes.isEmpty || !pods.isEmpty || !workloads.isEmpty || !lost.isEmpty
            || !ambients.isEmpty
            || !wounds.isEmpty
    }

    /// Numbers the next step, which follows from `parent` or begins a chain.
    mutating func next(after parent: CauseLink?, fault: Int32, at now: Instant) -> CauseLink {
        count += 1
        guard let parent else { return CauseLink(event: count, root: count, fault: fault, depth: 0, at: now) }
        return CauseLink(event: count, root: parent.root, fault: parent.fault, depth: parent.depth + 1, at: now)
    }
}

// MARK: - What was touched last

extension CauseDesk {
    func link(ofNode index: Int32) -> CauseLink? { nodes[index] }

    mutating func set(_ link: CauseLink, ofNode index: Int32) { nodes[index] = link }

    /// A fault strikes a machine: until it heals, what befalls the machine follows from it.
    mutating func strike(_ link: CauseLink, node index: Int32) {
        strikes[index, default: []].append(link)
        nodes[index] = link
    }

    /// A strike has healed: a machine to which nothing else happened is as before.
    mutating func heal(_ link: CauseLink, node index: Int32) {
        guard var open = strikes[index] else { return }
        open.removeAll { $0.event == link.event }
        strikes[index] = open.isEmpty ? nil : open
        if nodes[index]?.event == link.event { settle(node: index) }
    }

    /// Nothing that can be seen is left of what befell a machine; what has not healed is left.
    mutating func settle(node index: Int32) { nodes[index] = strikes[index]?.last }

    /// A machine is being repaired: what lets it boot again.
    mutating func repair(_ link: CauseLink, ofNode index: Int32) { repairs[index] = link }

    mutating func takeRepair(ofNode index: Int32) -> CauseLink? { repairs.removeValue(forKey: index) }

    func link(ofPod slot: Int32) -> CauseLink? { pods[slot] }

    /// Sets the latest step of a live pod; nil when it is well again, or gone.
    mutating func set(_ link: CauseLink?, ofPod slot: Int32) {
        pods[slot] = link
        if link == nil { backedOff.remove(slot) }
    }

    /// The latest refusal of a node to a pod of a chain, if that pod still waits.
    var waiting: CauseLink? { refusal.flatMap { pods[refused] == $0 ? $0 : nil } }

    func link(ofWorkload uid: UID) -> CauseLink? { workloads[uid] }

    mutating func set(_ link: CauseLink?, ofWorkload uid: UID) { workloads[uid] = link }

    /// Returns whether the back-off of a pod has not been told before.
    mutating func isFirstBackOff(of slot: Int32) -> Bool { backedOff.insert(slot).inserted }

    /// Returns whether it is the first time that a fault keeps `actor` without an answer.
    mutating func isFirstUnanswered(_ actor: String, by root: Int32) -> Bool {
        unanswered.insert("\(root) \(actor)").inserted
    }

    /// Returns the later of two steps.
    static func later(_ left: CauseLink?, _ right: CauseLink?) -> CauseLink? {
        guard let left else { return right }
        guard let right else { return left }
        return left.event < right.event ? right : left
    }
}

// MARK: - Pods that wait for successors

extension CauseDesk {
    /// A pod will not go on: its owner makes another in its place.
    mutating func lose(_ pod: Lost, of owner: UID) { lost[owner, default: []].append(pod) }

    /// A lost pod took a further step before its successor came.
    mutating func update(_ uid: UID, of owner: UID, to link: CauseLink) {
        guard let place = lost[owner]?.firstIndex(where: { $0.uid == uid }) else { return }
        lost[owner]?[place].link = link
    }

    /// Returns whether a pod waits for its successor.
    func isLost(_ uid: UID, of owner: UID) -> Bool { lost[owner]?.contains { $0.uid == uid } ?? false }

    /// Takes out the lost pod whose place a new one takes: that of its name, or the one that was lost first.
    mutating func takeLost(of owner: UID, name: String) -> Lost? {
        guard var waiting = lost[owner],
            let place = waiting.firstIndex(where: { $0.name == name }) ?? waiting.firstIndex(where: { !$0.isNamed })
        else { return nil }
        let pod = waiting.remove(at: place)
        lost[owner] = waiting.isEmpty ? nil : waiting
        return pod
    }

    /// A workload is deleted: nothing of its will be replaced.
    mutating func forget(_ owner: UID) {
        if lost[owner] != nil { lost[owner] = nil }
        if workloads[owner] != nil { workloads[owner] = nil }
    }
}

// MARK: - Faults that are about no machine

extension CauseDesk {
    /// How long after a fault has healed something may come late because of it.
    fileprivate static let aftermath = Duration.minutes(20)

    mutating func open(_ ambient: Ambient) { ambients.append(ambient) }

    /// A fault has healed. What it held up may still come late.
    mutating func healed(_ root: Int32, at now: Instant) {
        for place in ambients.indices where ambients[place].link.event == root { ambients[place].to = now }
    }

    /// Forgets the faults whose aftermath is over.
    mutating func expireAmbients(at now: Instant) {
        if ambients.contains(where: { $0.isOver(at: now) }) { ambients.removeAll { $0.isOver(at: now) } }
    }

    /// Returns the fault that held up what `actor` did at `now` and could have done from `start` on; `image` is what it
    /// pulled.
    func delay(of actor: String, image: String? = nil, since start: Instant, at now: Instant) -> Ambient? {
        var found: (ambient: Ambient, overlap: Duration)?
        for ambient in ambients where ambient.holdsUp(actor, image: image) {
            let end = min(ambient.to ?? now, now)
            let overlap = end - max(ambient.link.at, start)
            guard overlap > .zero, now <= end + ambient.slack(after: overlap), overlap >= found?.overlap ?? .zero else {
                continue
            }
            found = (ambient, overlap)
        }
        return found?.ambient
    }

    /// Returns the fault by which the registry of an image does not answer.
    func registryOutage(of image: String) -> Ambient? {
        ambients.last { $0.scope == .registry && $0.to == nil && ($0.names.isEmpty || $0.isRegistry(of: image)) }
    }
}

extension CauseDesk.Ambient {
    fileprivate func isOver(at now: Instant) -> Bool { to.map { $0 + CauseDesk.aftermath < now } ?? false }

    /// Whether what `actor` does has to wait for the fault to heal.
    fileprivate func holdsUp(_ actor: String, image: String?) -> Bool {
        switch scope {
        case .everything: actor != CauseActor.fault
        case .scheduler: actor == CauseActor.scheduler
        case .controllers: actor.hasSuffix("-controller") && (names.isEmpty || names.contains(actor))
        case .registry: image.map { names.isEmpty || isRegistry(of: $0) } ?? false
        }
    }

    /// How long after the fault has healed a step still comes because of it: while queues empty and back-offs end.
    fileprivate func slack(after overlap: Duration) -> Duration {
        switch scope {
        // Who asked in vain asks again after waits that double: at most as long again.
        case .everything: max(.minutes(1), min(overlap, CauseDesk.aftermath))
        case .controllers: .minutes(1)
        case .scheduler, .registry: CauseDesk.aftermath
        }
    }

    /// Whether one of the hosts that it struck is that of an image.
    func isRegistry(of image: String) -> Bool {
        names.contains(ImageReference(image).registry)
    }
}

// MARK: - Ready pods

extension CauseDesk {
    /// Counts a pod that became ready or ceased to be.
    mutating func countReady(_ controller: Int32, by change: Int32) {
        while readyPods.count < Int(controller) { readyPods.append(0) }
        readyPods[Int(controller) - 1] += change
    }

    func ready(_ controller: Int32) -> Int32 {
        Int(controller) <= readyPods.count ? readyPods[Int(controller) - 1] : 0
    }
}

/// The actors that are no controllers, as the database names them.
enum CauseActor {
    static let scheduler = "kube-scheduler"
    static let kubelet = "kubelet"
    static let people = "people"
    static let drain = "drain"
    /// Who upgrades machines.
    static let upgrade = "upgrade"
    static let fault = "fault"
    static let verticalUpdater = "vpa-updater"
}
