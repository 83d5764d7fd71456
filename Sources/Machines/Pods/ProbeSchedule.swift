import Chronology
import KubernetesAPI

// Counterpart: pkg/kubelet/prober/worker.go (v1.36).
// Deliberate differences: the first probe happens exactly `initialDelaySeconds` after the start, without the phase that
// upstream's ticker has from the time at which the kubelet first saw the pod.

/// When the probes of a container happen, and which of them decides.
struct ProbeSchedule {
    let probe: Probe
    /// The first probe.
    let first: Instant

    /// Probes of a container that started at `start`; none of them is before `earliest`.
    init(_ probe: Probe, start: Instant, earliest: Instant) {
        self.probe = probe
        first = max(start + .seconds(max(0, probe.initialDelaySeconds)), earliest)
    }

    private var period: Duration { .seconds(max(1, probe.periodSeconds)) }

    /// Returns when the `count`th probe from `from` on happens, if that is before `end`; nil otherwise.
    func probe(_ count: Int64, from: Instant, before end: Instant) -> Instant? {
        if from == .never { return nil }
        let late = max(0, (from - first).nanoseconds)
        let skipped = (late + period.nanoseconds - 1) / period.nanoseconds
        let instant = first + period * (skipped + max(1, count) - 1)
        return instant < end ? instant : nil
    }

    /// When the probe counts as failed, if no probe ever succeeds.
    var failure: Instant { first + period * (max(1, probe.failureThreshold) - 1) + .seconds(probe.timeoutSeconds) }
}
