import Chronology
import KubernetesAPI

/// One pod as its kubelet keeps it; a class, because every step of its life reads and writes parts of it in place.
final class PodRecord: @unchecked Sendable {
    enum Stage: UInt8 {
        /// Nobody's: the slot can be given away.
        case free
        /// The sandbox is being made, or the machine is off.
        case sandbox
        case active
        /// Its containers were told to stop.
        case stopping
        /// Nothing of it will run again.
        case finished
    }

    /// Why a kubelet ended a pod.
    struct Failure {
        var reason: String
        var message: String
        /// What the condition `DisruptionTarget` says; nil when nobody was disrupted.
        var disruption: String?
        /// Whether the pod has failed even when its containers have not.
        var isFinal = false
    }

    var generation: Int32 = 0
    var node: Int32
    let specBox: PodSpecBox
    var stage = Stage.sandbox
    /// Sandbox and deadline timers of an older epoch are stale.
    var epoch: UInt32 = 0
    let sandboxTime: Duration
    /// As it was last posted.
    var status: PodStatus
    /// Init containers first.
    var containers: [ContainerRecord]
    let initCount: Int
    /// The container that the pod's worker is bringing up: it does one at a time.
    var cursor: Int32 = -1
    /// The pull that the worker waits for.
    var pull: Int32 = -1
    /// Whether the init containers were passed once since the sandbox was made.
    var isInitialized: Bool
    /// The last init container that was started since then: only it holds up those after it; -1 for none.
    var reached: Int32 = -1
    /// Whether the API server holds a deletion timestamp.
    var isDeleting = false
    /// The grace with which it is to be stopped as soon as its worker is free; nil while nobody wants that.
    var pendingStop: Duration?
    /// When the grace period is over.
    var killAt = Instant.never
    /// Whether somebody wants to hear when its containers run.
    let isMeasured: Bool
    /// How fast its containers work, in thousandths.
    var speed: Int64 = 1_000
    /// The unready containers that words were last made for, a bit each; not used while all of them are unready.
    var unready: (mask: UInt64, words: UnreadyWords)?
    /// Why the kubelet itself ended the pod; shown when it is over.
    var failure: Failure?
    var isFailureTold = false
    /// What it needs of its node.
    let needs: PodNeeds
    /// Where the kubelet's own conditions stand in the status, in the order in which it sets them; -1 for not known.
    var conditionPlaces = SIMD4<Int32>(repeating: -1)
    /// Whether its needs count among what its node holds.
    var isCounted = false
    /// How many pods it waits for that are ended to make room for it.
    var victims = 0
    /// Whether its kubelet refused it.
    var isRejected = false
    /// Whether its object is gone while containers of it still stop.
    var isOrphan = false
    /// Whether containers are to be stopped as soon as the worker is free.
    var hasKills = false
    /// The operating system that its label asks for, or nil.
    let operatingSystem: String?

    init(
        node: Int32, specBox: PodSpecBox, sandboxTime: Duration, isMeasured: Bool = false, status: PodStatus,
        containers: [ContainerRecord], needs: PodNeeds? = nil, operatingSystem: String? = nil
    ) {
        self.needs = needs ?? PodNeeds(specBox.value)
        self.operatingSystem = operatingSystem
        self.node = node
        self.specBox = specBox
        self.sandboxTime = sandboxTime
        self.isMeasured = isMeasured
        self.status = status
        self.containers = containers
        initCount = specBox.value.initContainers.count
        isInitialized = initCount == 0
    }

    /// A second record of the same pod, to look ahead at its status with: both have the same containers, which that only reads.
    init(copying other: PodRecord) {
        generation = other.generation
        node = other.node
        specBox = other.specBox
        stage = other.stage
        epoch = other.epoch
        sandboxTime = other.sandboxTime
        status = other.status
        containers = other.containers
        initCount = other.initCount
        cursor = other.cursor
        pull = other.pull
        isInitialized = other.isInitialized
        reached = other.reached
        isDeleting = other.isDeleting
        pendingStop = other.pendingStop
        killAt = other.killAt
        isMeasured = other.isMeasured
        speed = other.speed
        unready = other.unready
        failure = other.failure
        isFailureTold = other.isFailureTold
        needs = other.needs
        conditionPlaces = other.conditionPlaces
        isCounted = other.isCounted
        victims = other.victims
        isRejected = other.isRejected
        isOrphan = other.isOrphan
        hasKills = other.hasKills
        operatingSystem = other.operatingSystem
    }

    /// The spec of a container, by its index among all; lent, as a copy would cost a dozen references.
    subscript(spec container: Int) -> Container {
        @inline(__always) _read {
            if container < initCount {
                yield specBox.value.initContainers[container]
            } else {
                yield specBox.value.containers[container - initCount]
            }
        }
    }

    func isSidecar(_ container: Int) -> Bool {
        container < initCount && needs.containers[container].isSidecar
    }

    /// Whether a container is to end before the next one begins.
    func isPlainInit(_ container: Int) -> Bool {
        container < initCount && !needs.containers[container].isSidecar
    }

    var mainRange: Range<Int> { initCount..<containers.count }

    /// Whether its worker is in the middle of something that it does to the end: it makes the sandbox, or brings up or
    /// kills a container.
    var isBusy: Bool { cursor >= 0 || stage == .sandbox && victims == 0 }

    var isRunningAnything: Bool {
        for container in containers.indices where containers[container].phase == .running { return true }
        return false
    }
}

// MARK: - What to start next

extension PodRecord {
    /// Returns the next container that the worker can start now, or nil; passes the init containers when they are over.
    func nextToStart() -> Int? {
        for index in 0..<initCount {
            let isSidecar = isSidecar(index)
            if isInitialized, !isSidecar { continue }
            if containers[index].phase == .due { return index }
            // What was passed once holds up nobody, even a sidecar that crashes again and again.
            if isInitialized || index < reached { continue }
            if isSidecar ? !containers[index].isStarted : containers[index].phase != .done { return nil }
        }
        isInitialized = true
        for index in mainRange where containers[index].phase == .due { return index }
        return nil
    }

    /// Returns whether a container that ended is to run again (`ContainerShouldRestart`).
    func restarts(_ container: Int, exitCode: Int32) -> Bool {
        if isSidecar(container) { return true }
        if container < initCount, exitCode == 0 { return false }
        var policy = specBox.value.restartPolicy
        if let own = self[spec: container].restartPolicy {
            if self[spec: container].restartPolicyRules.contains(where: { $0.matches(exitCode) }) { return true }
            policy = own
        }
        switch policy {
        case .always: return true
        case .onFailure: return exitCode != 0
        case .never: return false
        }
    }

    /// Returns whether a container that failed a probe is to run again, whatever it exits with; its rules say nothing
    /// of that.
    func restartsAfterKill(_ container: Int) -> Bool {
        (self[spec: container].restartPolicy ?? specBox.value.restartPolicy) != .never
    }

    /// Whether nothing of the pod's own work will run again: all main containers are done, or an init container failed.
    var isWorkOver: Bool {
        for index in 0..<initCount where containers[index].phase == .done {
            if let ended = containers[index].ended, ended.exitCode != 0 { return true }
        }
        if !isInitialized { return false }
        for index in mainRange where containers[index].phase != .done { return false }
        return true
    }
}
