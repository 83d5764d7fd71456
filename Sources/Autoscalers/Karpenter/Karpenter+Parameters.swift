package import Chronology

extension Karpenter {
    /// The settings of Karpenter under upstream's names, with its defaults, and constants that upstream does not expose.
    package struct Parameters: Sendable {
        /// How long no further pod may have come before machines are bought (`BATCH_IDLE_DURATION`).
        package var batchIdleDuration = Duration.seconds(1)
        /// How long pods wait for others at most (`BATCH_MAX_DURATION`).
        package var batchMaxDuration = Duration.seconds(10)
        /// Whether a spot machine may be replaced by a cheaper spot machine (the feature gate `SpotToSpotConsolidation`).
        package var consolidatesSpotToSpot = false
        /// How long an offer counts as sold out after a launch that found none.
        package var unavailableOfferingsTTL = Duration.minutes(3)
        /// How long after a node is ready its `startupTaints` are taken off; nil for when its daemons are ready.
        package var startupTaintRemoval: Duration?
        /// Whether what pods prefer is asked for first (`PREFERENCE_POLICY`).
        package var preferencePolicy = PreferencePolicy.respect
        /// By the filters of the scheduler that the run has.
        package var rules = PlacementRules()

        /// Creates the defaults.
        package init() {}
    }

    /// What becomes of what pods merely prefer.
    package enum PreferencePolicy: String, Hashable, Sendable, CaseIterable {
        /// It is asked for, and given up piece by piece where it cannot be had.
        case respect = "Respect"
        /// It plays no part.
        case ignore = "Ignore"
    }

    /// How often nodes are looked at for what could be disrupted (`pollingPeriod`).
    static let pollingPeriod = Duration.seconds(10)
    /// How long a consolidation must go on to make sense before it is carried out (`commandValidationDelay`).
    static let validationDelay = Duration.seconds(15)
    /// After how long a command is called off whose machines are not there (`minRetryDuration`).
    static let commandTime = Duration.minutes(10)
    /// How long after the end of its grace period a pod holds its node (`IsStuckTerminating`).
    static let stuckTime = Duration.minutes(1)
    /// After how long a machine that has not registered is given up (`registrationTTL`).
    static let registrationTime = Duration.minutes(15)
    /// How often an eviction that a budget refuses is asked for again (the eviction queue's longest back-off).
    static let evictionRetry = Duration.seconds(10)
    /// How many nodes are consolidated together at most.
    static let multiNodeMax = 100
    /// How many cheaper types there must be before a spot machine is replaced by another.
    static let spotToSpotTypesMin = 15
}
