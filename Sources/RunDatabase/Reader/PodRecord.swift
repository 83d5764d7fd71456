package import Chronology
package import Observations

/// A pod with all that the database knows of it at one glance.
package struct PodRecord: Hashable, Sendable {
    package var pod: Int32
    package var uid: String
    package var namespace: String
    package var name: String
    /// `Kind namespace/name` of the workload; nil when the run names none.
    package var controller: String?
    /// In thousandths of a core.
    package var requestCPU: Int64
    /// In bytes.
    package var requestMemory: Int64
    package var requestGPU: Int64
    package var priority: Int32
    package var createdAt: Instant
    /// How it stood at its end or at the run's; nil when the run was killed before.
    package var end: PodEndRow?
    /// The node it was bound to last; nil when it was bound to none.
    package var nodeName: String?
}

/// A Kubernetes Event, with how often it came.
package struct EventRecord: Hashable, Sendable {
    package var first: Instant
    package var last: Instant
    package var count: Int64
    package var isWarning: Bool
    /// `Kind namespace/name`.
    package var object: String
    package var reason: String
    package var message: String
    /// The component that reported it.
    package var source: String
}
