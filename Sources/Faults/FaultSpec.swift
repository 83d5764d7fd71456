package import Chronology
package import VirtualTime

/// When a fault strikes.
package enum FaultTiming: Hashable, Sendable {
    /// Once.
    case at(Instant)
    /// First at an instant, then again and again.
    case every(Duration, from: Instant)
    /// A while after something comes true.
    case when(FaultTrigger, delay: Duration)
    /// After a random lifetime, counted from the scenario's start or the last repair; either the fault has one clock,
    /// or each target has its own, which starts when the target does.
    case lifetime(Distribution, perTarget: Bool)
    /// When it struck in a trace; each machine has its own outages.
    case trace(FaultTrace)
}

/// A fault as a scenario asks for it.
package struct FaultSpec: Sendable {
    /// Unique in a scenario: its random streams are named after it.
    package var name: String
    package var kind: any FaultKind.Type
    package var timing: FaultTiming
    package var targets: TargetSelector
    package var duration: FaultDuration
    /// The most strikes (of one target when each has its own clock); nil for no bound.
    package var limit: Int?
    /// What its kind reads, with the kind's defaults filled in.
    package var settings: FaultSettings
    /// Whom each strike takes along; nil for nobody.
    package var commonCause: CommonCause?

    /// Creates a fault; without a duration it lasts as long as its kind usually does.
    package init(
        name: String, kind: any FaultKind.Type, timing: FaultTiming, targets: TargetSelector = TargetSelector(),
        duration: FaultDuration? = nil, limit: Int? = nil,
        settings: FaultSettings = FaultSettings(), commonCause: CommonCause? = nil
    ) {
        self.name = name
        self.kind = kind
        self.timing = timing
        self.targets = targets
        self.duration = duration ?? kind.defaultDuration
        self.limit = limit
        self.settings = settings.over(kind.defaults)
        self.commonCause = commonCause
    }
}
