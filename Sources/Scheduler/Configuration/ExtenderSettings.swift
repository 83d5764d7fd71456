package import Chronology

// Kubernetes counterpart: KubeSchedulerConfiguration extenders (v1.36).

/// A process outside of the scheduler that has a say over HTTP (an entry of `extenders`).
package struct ExtenderSettings: Hashable, Sendable {
    /// A resource that makes a pod the extender's business.
    package struct ManagedResource: Hashable, Sendable {
        /// The name of an extended resource.
        package var name: String
        /// Whether NodeResourcesFit leaves the resource out of account.
        package var ignoredByScheduler: Bool

        /// Creates the entry for the resource `name`.
        package init(name: String, ignoredByScheduler: Bool = false) {
            self.name = name
            self.ignoredByScheduler = ignoredByScheduler
        }
    }

    /// The address that all verbs are appended to, without a slash at the end.
    package var urlPrefix = ""
    /// The path of the filter call; empty means that the extender does not filter.
    package var filterVerb = ""
    /// The path of the prioritize call; empty means that the extender does not score.
    package var prioritizeVerb = ""
    /// The path of the bind call; empty means that the extender does not bind.
    package var bindVerb = ""
    /// The path of the preempt call; empty means that the extender has no say in preemption.
    package var preemptVerb = ""
    /// The factor of the extender's scores; positive when `prioritizeVerb` is given.
    package var weight: Int64 = 0
    /// Whether the calls go over TLS.
    package var enableHTTPS = false
    /// How long a call may take.
    package var httpTimeout: Duration = .seconds(5)
    /// Whether the extender knows the nodes itself, so that names are enough.
    package var nodeCacheCapable = false
    /// The resources that make a pod the extender's business; none means that every pod is.
    package var managedResources: [ManagedResource] = []
    /// Whether a call that fails leaves the pod's fate to the others instead of failing the attempt.
    package var ignorable = false

    /// Creates the settings of an extender without any verb, with upstream's defaults.
    package init() {}
}
