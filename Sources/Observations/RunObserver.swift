package import Chronology

/// What a run tells as it goes: facts with their times, never samples.
///
/// The run database is one observer; tests use others. An observer must not change the run:
/// the digest is taken before anything reaches it.
package protocol RunObserver: AnyObject {
    func begin(_ header: RunHeader)
    func node(_ row: NodeRow)
    func nodeInterval(_ row: NodeIntervalRow)
    func controller(_ row: ControllerRow)
    func pod(_ row: PodRow)
    func podInterval(_ row: PodIntervalRow)
    func podEnd(_ row: PodEndRow)
    func event(_ row: EventRow)
    func attempt(_ row: AttemptRow)
    /// Told only for attempts that the run keeps in full.
    func nodeVerdict(_ row: NodeVerdictRow)
    func imagePull(_ row: ImagePullRow)
    func imageVersion(_ row: ImageVersionRow)
    func containerImage(_ row: ContainerImageRow)
    /// Told of work that a run lost, and of what is safe.
    func lostWork(_ row: LostWorkRow)
    func throttle(_ row: ThrottleIntervalRow)
    func pressureKill(_ row: PressureKillRow)
    func fault(_ row: FaultRow)
    /// Told at the end.
    func unstruckFault(_ row: UnstruckFaultRow)
    /// Told of every resource of a ResourceQuota, whenever its status or its bounds change.
    func quota(_ row: QuotaRow)
    /// Told only of runs with autoscalers.
    func scalingAction(_ row: ScalingActionRow)
    /// Told only of what follows from a fault, a scheduled change or a disruption.
    func causeEvent(_ row: CauseEventRow)
    func demand(_ row: DemandIntervalRow)
    /// Told of runs with services under traffic.
    func service(_ row: ServiceRow)
    func serviceInterval(_ row: ServiceIntervalRow)
    /// Told at the end.
    func serviceBackend(_ row: ServiceBackendRow)
    func capacity(_ row: CapacityIntervalRow)
    func costAsset(_ row: CostAssetRow)
    func costAllocation(_ row: CostAllocationRow)
    /// Told only of runs in which traffic has a price.
    func networkTraffic(_ row: NetworkTrafficRow)
    func checkpoint(_ row: CheckpointRow)
    /// Told where a run that was forked from another one leaves it.
    func branch(_ row: BranchRow)
    func metric(_ row: MetricRow)
    func assertion(_ row: AssertionRow)
    /// Told last of a run that is stopped before its horizon, with the digest so far.
    func stop(digest: String)
    /// Ends the recording of a run that reached its horizon.
    func finish(_ footer: RunFooter)
}

extension RunObserver {
    /// Most observers have no use for it.
    package func unstruckFault(_ row: UnstruckFaultRow) {}

    /// Most observers have no use for it.
    package func stop(digest: String) {}

    /// Most observers have no use for it.
    package func nodeVerdict(_ row: NodeVerdictRow) {}

    /// Most observers have no use for it.
    package func imageVersion(_ row: ImageVersionRow) {}

    /// Most observers have no use for it.
    package func containerImage(_ row: ContainerImageRow) {}
    /// Most runs come from no other.
    package func branch(_ row: BranchRow) {}
    /// Most observers have no use for it.
    package func causeEvent(_ row: CauseEventRow) {}
    package func networkTraffic(_ row: NetworkTrafficRow) {}
    package func service(_ row: ServiceRow) {}
    package func serviceInterval(_ row: ServiceIntervalRow) {}
    package func serviceBackend(_ row: ServiceBackendRow) {}
    package func scalingAction(_ row: ScalingActionRow) {}
    /// Most observers have no use for it.
    package func lostWork(_ row: LostWorkRow) {}
    /// Told only of pods that say what they use, or share a node with such.
    package func throttle(_ row: ThrottleIntervalRow) {}
    /// Told only on nodes where it is known what pods use.
    package func pressureKill(_ row: PressureKillRow) {}
    /// Most observers have no use for it.
    package func quota(_ row: QuotaRow) {}
}

/// What a run started from: enough to run it again.
package struct RunHeader: Sendable {
    package var scenario: String
    package var seed: UInt64
    package var version: String
    /// RFC 3339; instants in all other rows count from here.
    package var startDate: String
    package var horizon: Duration
    /// Every input text by name, in order: the scenario first.
    package var inputs: [(name: String, text: String)]
    /// Every parameter with the value used, in name order.
    package var parameters: [(name: String, value: String)]
    package var warnings: [String]

    package init(
        scenario: String, seed: UInt64, version: String, startDate: String, horizon: Duration,
        inputs: [(name: String, text: String)], parameters: [(name: String, value: String)], warnings: [String]
    ) {
        self.scenario = scenario
        self.seed = seed
        self.version = version
        self.startDate = startDate
        self.horizon = horizon
        self.inputs = inputs
        self.parameters = parameters
        self.warnings = warnings
    }
}

/// How a run ended.
package struct RunFooter: Sendable {
    package var digest: String
    package var events: Int64
    package var end: Instant
    /// `complete`, or `failed` when an assertion did not hold.
    package var status: String

    package init(digest: String, events: Int64, end: Instant, status: String) {
        self.digest = digest
        self.events = events
        self.end = end
        self.status = status
    }
}
