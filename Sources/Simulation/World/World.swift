import Autoscalers
package import Chronology
import ClusterStore
import ControlPlane
import Controllers
import Costs
import Faults
import KubernetesAPI
import Machines
package import Observations
package import Scheduler
package import VirtualTime
import Workloads

/// A cluster in virtual time: everything there is, and what happens to it next.
///
/// The world wires the rooms below to each other and to the event queue; it decides when somebody acts, never what they
/// do. One event after the other is taken from the queue and carried out; the same setup gives the same sequence.
package struct World {
    /// What the run is made of; another from each of its branches on.
    package internal(set) var setup: WorldSetup
    /// The time of the event that is being, or was last, carried out.
    package internal(set) var now = Instant.start
    /// The number of events carried out.
    package internal(set) var events: Int64 = 0
    /// The digest of all events and changes so far.
    package internal(set) var digest = RunDigest()

    var queue = EventQueue()
    // The last instant whose events are carried out before a branch is entered, or the run ends.
    var stop = Instant.never
    var branchesEntered = 0
    let streams: RandomStreams
    let clock: WallClock
    /// The API server; a class, so that reconcilers can read it without a copy. `fork` copies it.
    let api: StoreView
    /// What the controllers see of it.
    let cache: InformerCache
    /// The metrics APIs.
    let meters: MetricsServer

    // The control plane.
    var hosts: [ControllerHost] = []
    // What the hosts want to hear of, in the same order.
    let audience: ChangeAudience
    var scheduler: PodScheduler
    var schedulerLimiter: RateLimiter
    // When it takes its next pod, if that is known.
    var schedulerCycleAt = Instant.never
    // Until when it waits for an answer before it takes another pod.
    var schedulerBusyUntil = Instant.start
    var schedulerWakeAt = Instant.never
    var preemptions = Slab<Preemption>()
    var tieStream: RandomStream
    // To the controllers, a bit each in the order of the hosts, and to the scheduler.
    var toWatchers = WatchChannel()
    var toKubelets = WatchChannel()
    var requests = Slab<Request>()
    // Changes on the schedule that a branch took out.
    var endedChanges: [Int] = []
    var drains: [Drain] = []
    var drainCount: Int64 = 0
    var condition = ControlPlaneCondition()
    private let extenders: (any ExtenderTransport)?
    var delays: DelayStreams

    // The machines.
    var fleet: MachineFleet
    var effects: [MachineEffect] = []
    var nodes: [NodeTrack] = []
    var nodeByName = NameTable<Int32>()
    var kubeletPods: [UID: PodSlot] = [:]
    var running: [KubeletPod?] = []
    var imageDesk = ImageDesk()

    // Demand, failures and money.
    var profiles = ProfileBook()
    var arrivals = ArrivalDesk()
    var work = WorkDesk()
    var volumes = VolumeDesk()
    var takeover = TakeoverDesk()
    var faults = FaultDesk()
    var accounts = CostDesk()
    var traffic = TrafficDesk()
    var pressure = PressureDesk()
    var autoscaling = AutoscalerDesk()
    var verticals = VerticalDesk()

    // What is told.
    var tracker = PodTracker()
    var controllers = ControllerDirectory()
    var sums = ClusterSums()
    var demand: [DemandSums] = []
    var evictions: Int64 = 0
    var restarts: Int64 = 0
    var attempts: Int64 = 0
    var ended: (succeeded: Int64, failed: Int64) = (0, 0)
    // Times from creation to readiness, for the quantiles.
    var readyTimes: [Duration] = []
    var trail: [UInt16] = []
    var changes: [WatchEvent] = []
    // What the last request to create something made.
    var created: KubernetesObject?
    var eventLog = EventLog()
    var observer: (any RunObserver)?
    var causes = CauseDesk()
    /// The pod whose decisions are captured with every node's verdict, for `explain`.
    package var captured: CapturedPod?
    /// Whether invariants are checked after every event.
    package var checksInvariants = false
    var lifecycle = LifecycleWatch()
    var witness = InvariantWitness()
    // The controller whose request is being carried out, or -1.
    var writer: Int32 = -1
    package internal(set) var violation: InvariantViolation?
    /// When something was last done to the cluster from outside: a fault struck or healed, a person changed something,
    /// or something new came in.
    package internal(set) var lastDisturbance = Instant.start
    package internal(set) var metrics: [MetricRow] = []
    /// What came of the assertions that need no database.
    package internal(set) var verdicts: [AssertionVerdict] = []

    /// Creates the world at its start; `observer` is told everything from here on.
    ///
    /// `extenders` carries the calls to the scheduler's extenders; without it they are left out. A run with them depends
    /// on processes outside, and cannot be repeated.
    package init(
        _ setup: WorldSetup, observer: (any RunObserver)? = nil, extenders: (any ExtenderTransport)? = nil
    ) {
        self.setup = setup
        self.observer = observer
        streams = RandomStreams(seed: setup.seed)
        clock = WallClock(startDate: setup.startDate)
        let options = ObjectStore.Options(createsNamespaces: true, startDate: setup.startDate)
        api = StoreView(ObjectStore(seed: setup.seed.value, options: options))
        cache = InformerCache(api, lags: setup.parameters.controllerCache == .lagging)
        meters = MetricsServer(setup, api, clock: clock)
        api.metrics = meters
        api.store.podWebhook = VerticalAdmission()
        self.extenders = extenders
        scheduler = Self.scheduler(of: setup, over: extenders, now: .start)
        schedulerLimiter = RateLimiter(qps: setup.parameters.schedulerQPS, burst: setup.parameters.schedulerBurst)
        tieStream = streams.stream("scheduler.tieBreak", index: setup.tieBreakStream)
        delays = DelayStreams(streams)
        fleet = MachineFleet(
            parameters: setup.kubelet, catalogue: setup.images, supply: setup.imageSupply, seed: setup.failureSeed)
        audience = ChangeAudience(ControllerRegistry.all.map(\.interest))
        for descriptor in ControllerRegistry.all {
            hosts.append(
                ControllerHost(
                    name: descriptor.name, reconciler: descriptor.make(), settings: descriptor.settings,
                    limiter: RateLimiter(qps: setup.parameters.controllerQPS, burst: setup.parameters.controllerBurst)))
        }
        precondition(hosts.count < 32, "a controller has the scheduler's bit")
        observer?.begin(setup.header)
        causes.isRecording = observer != nil
        digest.absorb(setup.seed.value)
        for entry in setup.factorSeeds.listed {
            digest.absorb(entry.name)
            digest.absorb(entry.value)
        }
        moveStop()
        openCommitments()
        openStanding()
        openNetwork()
        begin()
    }

    private static func scheduler(
        of setup: WorldSetup, over extenders: (any ExtenderTransport)?, now: Instant
    ) -> PodScheduler {
        var configuration = setup.scheduler
        configuration.claims = .observed
        var scheduler = PodScheduler(configuration: configuration, now: now)
        if let extenders { scheduler.connectExtenders(over: extenders, startDate: setup.startDate) }
        return scheduler
    }

    /// Exchanges the scheduler for one that knows of no object.
    mutating func replaceScheduler() { scheduler = Self.scheduler(of: setup, over: extenders, now: now) }

    /// Where the run ends.
    package var end: Instant { .start + setup.horizon }

    /// Whether the run has reached its horizon.
    package private(set) var isFinished = false

    /// Carries out up to `count` events; returns false when the horizon is reached or an invariant broke.
    package mutating func run(events count: Int) -> Bool {
        for _ in 0..<count {
            guard !isFinished, violation == nil else { return false }
            guard hasEvent(until: stop) || branchesToEvent(), let (key, event) = queue.pop() else {
                close()
                return false
            }
            now = key.instant
            events += 1
            digest.absorb(now.nanoseconds)
            digest.absorb(UInt64(event.kind) << 32 | UInt64(UInt32(bitPattern: event.a)))
            digest.absorb(event.b)
            api.store.now = now
            carryOut(event)
            mark()
            if checksInvariants { violation = firstViolation(after: event) }
        }
        return true
    }

    @inline(__always)
    func hasEvent(until last: Instant) -> Bool {
        guard let next = queue.nextInstant else { return false }
        return next <= last
    }

    /// Runs to the horizon.
    package mutating func run() {
        while run(events: 1 << 16) {}
    }

    private mutating func mark() {
        trail.append(UInt16(truncatingIfNeeded: digest.words.low))
        if trail.count == RunLimits.checkpointEvents { writeCheckpoint() }
    }

    /// Puts an event into the queue.
    mutating func enqueue(_ event: WorldEvent, a: Int32 = 0, b: Int64 = 0, c: Int64 = 0, at instant: Instant) {
        queue.schedule(SimulationEvent(kind: event.rawValue, a: a, b: b, c: c), at: instant)
    }

    private mutating func close() {
        now = end
        isFinished = true
        settleAccounts()
        closeRecords()
        if checksInvariants, violation == nil { violation = firstViolationAnywhere() }
        writeCheckpoint()
        observer?.finish(
            RunFooter(
                digest: digest.description, events: events, end: end,
                status: verdicts.allSatisfy(\.held) ? "complete" : "failed"))
    }

    private mutating func writeCheckpoint() {
        guard !trail.isEmpty else { return }
        observer?.checkpoint(CheckpointRow(events: events, at: now, digest: digest.description, trail: trail))
        trail.removeAll(keepingCapacity: true)
    }
}

/// Named limits of a run.
enum RunLimits {
    /// Events between two checkpoints of the digest.
    static let checkpointEvents = 4096
    /// How long after a refused eviction a drain tries again, as kubectl does.
    static let drainRetry = Duration.seconds(5)
    /// From the kubelet's leave to the end of a machine that shuts down, with the last statuses in between.
    static let powerCut = Duration.seconds(1)
    /// How long after an unanswered request a kubelet tries again (its housekeeping).
    static let kubeletRetry = Duration.seconds(10)
    /// How long the scheduler waits before it asks for an eviction again that the API server did not answer.
    static let schedulerRetry = Duration.seconds(1)
    /// How long after an unanswered request people try again.
    static let changeRetry = Duration.seconds(15)
    /// Pods and nodes for each of which one event more may pass until invariants look at all of them again.
    static let objectsPerLook = 8
    /// How long a stretch of sums is; a day has a whole number of them.
    static let sumsStretch = Duration.hours(1)
    /// How long a disk stays attached to a node that does not answer after the last pod that needs it is gone
    /// (`maxWaitForUnmountDuration`).
    static let forcedDetach = Duration.minutes(6)
    /// How often a kubelet posts changes of its node's images at most.
    static let nodeStatusPeriod = Duration.seconds(10)
}
