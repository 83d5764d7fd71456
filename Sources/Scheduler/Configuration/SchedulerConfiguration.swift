package import Chronology

// Kubernetes counterpart: KubeSchedulerConfiguration (v1.36).

/// How a scheduler works: its profiles, which nodes it looks at, and how it picks among equals.
package struct SchedulerConfiguration: Sendable {
    package enum Mode: UInt8, Hashable, Sendable, CaseIterable {
        /// Every node is looked at for every pod, in name order: a decision depends on the cluster alone.
        case exhaustive
        /// Zones take turns, the search starts where the last one ended, and stops when enough nodes fit.
        case upstream
    }

    package enum TieBreak: UInt8, Hashable, Sendable, CaseIterable {
        /// The node that v1.36 pops first from its heap of scores: a function of the order of the nodes.
        case upstream136
        /// By the number that the host draws for the attempt.
        case seeded
    }

    /// What becomes of claims that are not bound to a volume.
    package enum ClaimHandling: UInt8, Hashable, Sendable, CaseIterable {
        /// They are as unbound as they look: pods wait for the controller that binds claims and makes volumes.
        case observed
        /// They count as bound to a volume that is everywhere, unless they wait for their first pod and have a class.
        case countedAsBound
    }

    package var profiles: [SchedulerProfile]
    /// `countedAsBound` for hosts without that controller; then nothing need be done before a pod is bound.
    package var claims: ClaimHandling = .countedAsBound
    package var mode: Mode = .exhaustive
    package var tieBreak: TieBreak = .upstream136
    /// Percent, 0 to 100; 0 adapts to the size of the cluster. Used in upstream mode only.
    package var percentageOfNodesToScore: Int64 = 0
    package var podInitialBackoff: Duration = .seconds(1)
    package var podMaxBackoff: Duration = .seconds(10)
    /// How long a pod may lie unschedulable before it is tried again anyway.
    package var podMaxInUnschedulable: Duration = .minutes(5)
    /// Whether an idle scheduler tries pods whose back-off has not ended (`SchedulerPopFromBackoffQ`, on in v1.36).
    package var popsFromBackoff = true
    /// Whether answers of filters and scores are remembered; off, every attempt asks every plugin anew.
    package var usesShapeMemo = true

    package init(profiles: [SchedulerProfile] = [SchedulerProfile()]) { self.profiles = profiles }
}
