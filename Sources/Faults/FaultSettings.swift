package import Chronology

/// What a scenario may say about a fault beside when, whom and for how long; each kind reads some of it.
package enum FaultOption: String, Hashable, Sendable, CaseIterable {
    case delay, speed, notice, advice, atATime, surge, drainTimeout, failing, waits, share, retry, pulls, window
    case trouble, revision, leakPerHour
}

/// The values of those options; nil where nothing is said and nothing is assumed.
package struct FaultSettings: Hashable, Sendable {
    /// By how much it slows what it strikes, or after what time something happens.
    package var delay: Duration?
    /// What is left of the speed, in thousandths.
    package var speed: Int64?
    /// From a notice to what it is about.
    package var notice: Duration?
    /// From an advice to the notice.
    package var advice: Duration?
    package var atATime: Int64?
    package var surge: Bool?
    package var drainTimeout: Duration?
    /// In parts per million.
    package var failing: Int64?
    package var waits: Bool?
    /// In parts per million.
    package var share: Int64?
    package var retry: Duration?
    package var pulls: Int64?
    package var window: Duration?
    package var trouble: BadRevision.Trouble?
    /// Whether the fault makes a revision of its own.
    package var rollsOut: Bool?
    /// Bytes.
    package var leakPerHour: Int64?

    /// Creates settings that say what `fill` sets, and nothing else.
    package init(_ fill: (inout FaultSettings) -> Void = { _ in }) { fill(&self) }

    /// Returns these settings where they say something, and `defaults` elsewhere.
    package func over(_ defaults: FaultSettings) -> FaultSettings {
        var all = self
        all.delay = delay ?? defaults.delay
        all.speed = speed ?? defaults.speed
        all.notice = notice ?? defaults.notice
        all.advice = advice ?? defaults.advice
        all.atATime = atATime ?? defaults.atATime
        all.surge = surge ?? defaults.surge
        all.drainTimeout = drainTimeout ?? defaults.drainTimeout
        all.failing = failing ?? defaults.failing
        all.waits = waits ?? defaults.waits
        all.share = share ?? defaults.share
        all.retry = retry ?? defaults.retry
        all.pulls = pulls ?? defaults.pulls
        all.window = window ?? defaults.window
        all.trouble = trouble ?? defaults.trouble
        all.rollsOut = rollsOut ?? defaults.rollsOut
        all.leakPerHour = leakPerHour ?? defaults.leakPerHour
        return all
    }
}
