import Chronology
import KubernetesAPI

/// One container as its kubelet keeps it; a class, because every step reads and writes parts of it in place.
///
///     due ─► pulling ─► starting ─► running ─► done            (nothing more to run)
///      ▲        │                     │
///      │        ▼                     ▼
///      ├── pullBackOff             backOff (crashed before)
///      └──────────────────────────────┘
final class ContainerRecord: @unchecked Sendable {
    enum Phase: UInt8 {
        /// It can be started when its turn comes.
        case due
        /// Its image is being pulled, or waits in the machine's queue.
        case pulling
        case pullBackOff
        /// The image is here; the process is not yet.
        case starting
        case running
        case backOff
        case done
    }

    /// The end of a run.
    struct Ended: Sendable {
        var exitCode: Int32
        var reason: String
        var startedAt: Instant
        var finishedAt: Instant

        var state: ContainerState {
            .terminated(exitCode: exitCode, reason: reason, startedAt: startedAt, finishedAt: finishedAt)
        }
    }

    /// How a container stops that was told to.
    struct Stop: Sendable {
        /// When SIGTERM is sent, or could be at the earliest.
        var signalAt: Instant
        /// When it is over; `.never` for a sidecar that waits for its turn.
        var at: Instant
        var exitCode: Int32
        /// Until when a sidecar waits for those before it.
        var turnBy = Instant.never
    }

    /// Why and with which grace the kubelet stops one container of a pod that goes on.
    struct Kill: Sendable {
        /// What failed.
        enum Cause: UInt8 {
            case startup, liveness, hook
        }

        var grace: Duration
        var cause: Cause
    }

    let image: Int32
    /// What it was last started from: the image on the machine, what its reference named, and both as a text.
    var manifest: Int32 = -1
    /// When it was first made from `manifest`.
    var imageSince = Instant.start
    var target: Int32 = -1
    var imageID = ""
    /// What the database was last told of `target`.
    var toldTarget: Int32 = -1
    var phase = Phase.due
    /// Timers of an older epoch are stale.
    var epoch: UInt32 = 0
    var run: RunPlan
    var restarts: Int32 = 0
    /// Whether the coming run is a restart, which counts when the process starts.
    var isRestart = false
    /// Whether its machine failed while it ran, and the kubelet has not looked yet.
    var isLost = false
    var isStarted = false
    var isReady = false
    var startedAt = Instant.start
    var progress = RunProgress()
    /// Whether its postStart hook runs, so that it does not count as running yet.
    var isInHook = false
    /// No probe for liveness or readiness is before this.
    var probesFrom = Instant.start
    /// What its readiness probe finds; nil without one.
    var stretch: ReadinessStretch?
    /// nil while it was not told to stop.
    var stop: Stop?
    /// nil while nothing is wrong with it.
    var kill: Kill?
    var ended: Ended?
    /// The end before the present run.
    var endedBefore: Ended?
    /// Why it could not be started; shown until it is, also while its worker tries again. Empty for no reason.
    var waitReason = ""
    var crashes = BackOff()
    var pullFailures = BackOff()

    init(image: Int32, run: RunPlan) {
        self.image = image
        self.run = run
    }
}

extension ContainerRecord {
    /// Whether it runs as far as anybody is told.
    var isRunning: Bool { phase == .running && !isInHook }

    /// Makes a new run the one that is shown.
    func showRun() {
        if isRestart {
            restarts += 1
            isRestart = false
        }
        endedBefore = ended
        ended = nil
        waitReason = ""
    }

    /// When the run hangs, or `.never`.
    var hang: Instant { run.extras?.hangsAfter.map { startedAt + $0 } ?? .never }
}

// MARK: - As a status

extension ContainerRecord {
    /// Returns the container's status; `waiting` is the reason for one that has not run yet.
    @inline(__always)
    func status(name: String, waiting: String) -> ContainerStatus {
        var status = ContainerStatus(name: name, state: state(waiting: waiting))
        status.ready = isReady
        status.started = isStarted
        status.restartCount = restarts
        status.imageID = imageID
        status.lastTermination = isHeld ? ended?.state : endedBefore?.state
        return status
    }

    /// Whether it is shown as waiting for its next run, rather than as ended.
    private var isHeld: Bool {
        switch phase {
        case .running: isInHook && !waitReason.isEmpty
        case .done: false
        case .due, .pulling, .starting, .pullBackOff, .backOff: !waitReason.isEmpty
        }
    }

    @inline(__always)
    private func state(waiting: String) -> ContainerState {
        if phase == .running, !isInHook { return .running(startedAt: startedAt) }
        if isHeld { return .waiting(reason: waitReason) }
        return ended?.state ?? .waiting(reason: waiting)
    }
}
