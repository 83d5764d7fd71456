package import Chronology
package import KubernetesAPI
package import Scheduler

/// A pod whose decisions are kept with every node's verdict and score.
package struct CapturedPod {
    package let key: ObjectKey
    /// Every attempt so far, with its time.
    package internal(set) var attempts: [(at: Instant, attempt: SchedulingAttempt)] = []

    package init(key: ObjectKey) { self.key = key }
}
