import Chronology
import ControlPlane
import KubernetesAPI

/// One look at an autoscaler and what it scales.
struct AutoscalerLook {
    private let autoscaler: HorizontalPodAutoscaler
    private let state: Int64
    private let view: any ClusterView
    private let now: Instant
    private var status: HorizontalPodAutoscaler.Status
    private var result = ReconcileResult()
    private(set) var memory: AutoscalerMemory
    /// What is being scaled, if anything is.
    private(set) var rescaledTarget: ObjectKey?

    init(
        _ autoscaler: HorizontalPodAutoscaler, state: Int64, memory: AutoscalerMemory, in view: any ClusterView
    ) {
        self.autoscaler = autoscaler
        self.state = state
        self.memory = memory
        self.view = view
        now = view.now
        status = autoscaler.status
        status.observedGeneration = autoscaler.metadata.generation
    }

    /// Returns what is to be done.
    mutating func take() -> ReconcileResult {
        result.events = memory.events
        memory.events = []
        memory.rescale = nil
        memory.rest = nil
        guard let key = ScaleTarget.key(of: autoscaler), let target = ScaleTarget(key, in: view) else {
            let error = "\(autoscaler.targetKind) \"\(autoscaler.targetName)\" not found"
            warn("FailedGetScale", error)
            set(
                "AbleToScale", .false, "FailedGetScale",
                "the HPA controller was unable to get the target's current scale: \(error)")
            return ended()
        }
        set("AbleToScale", .true, "SucceededGetScale", "the HPA controller was able to get the target's current scale")
        let current = target.replicas
        if memory.recommendations.isEmpty { memory.recommendations.note(current, at: now) }
        var desired = current
        var reason = ""
        // From nothing it starts only what it stopped itself, and only while something is to tell it when.
        let isIdle = current == 0 && status.conditions.isTrue(HorizontalPodAutoscaler.scaledToZero)
        if current == 0, !isIdle || autoscaler.minReplicas == 0 && !autoscaler.looksBeyondPods {
            set(
                "ScalingActive", .false, "ScalingDisabled",
                "scaling is disabled since the replica count of the target is zero")
        } else if current > autoscaler.maxReplicas {
            (desired, reason) = (autoscaler.maxReplicas, "Current number of replicas above Spec.MaxReplicas")
        } else if current < autoscaler.minReplicas, current > 0 {
            (desired, reason) = (autoscaler.minReplicas, Self.belowMin)
        } else {
            guard let wanted = proposal(target) else {
                status.currentReplicas = current
                return ended()
            }
            desired = normalized(wanted.replicas, current: current)
            reason = wanted.replicas > current ? "\(wanted.metric) above target" : ""
            if wanted.replicas < current { reason = "All metrics below target" }
            if isIdle, desired < autoscaler.minReplicas {
                desired = autoscaler.minReplicas
                if reason.isEmpty { reason = Self.belowMin }
            }
        }
        status.currentReplicas = current
        status.desiredReplicas = desired
        if desired != current { rescale(target, key, to: desired, reason) }
        let ended = ended()
        if ended.actions.isEmpty, ended.events.isEmpty, memory.recommendations.areAll(current), !hasYoungPods {
            memory.rest = AutoscalerMemory.Rest(
                since: now, state: state, target: key, version: target.object.metadata.resourceVersion,
                replicas: current)
        }
        return ended
    }

    private static let belowMin = "Current number of replicas below Spec.MinReplicas"

    /// Whether the figures of some pod do not count yet, or may cease to mislead with time alone.
    private var hasYoungPods: Bool {
        guard let pods = memory.pods?.found.pods else { return true }
        let period = ReadinessRules().cpuInitializationPeriod
        return pods.contains { ($0.startTime.map { $0 + period > now }) ?? true }
    }

    private mutating func rescale(_ target: ScaleTarget, _ key: ObjectKey, to desired: Int64, _ reason: String) {
        set(
            "AbleToScale", .true, "SucceededRescale",
            "the HPA controller was able to update the target scale to \(desired)")
        status.lastScaleTime = now.wholeSecond
        noteZero(desired)
        memory.rescale = AutoscalerMemory.Rescale(
            from: target.replicas, to: desired, reason: reason, at: now,
            behavior: ScalingBehavior(autoscaler.behavior))
        rescaledTarget = key
        result.actions.append(target.scaled(to: desired))
    }

    /// Notes for later looks whether it is this that leaves the target without replicas.
    private mutating func noteZero(_ desired: Int64) {
        let type = HorizontalPodAutoscaler.scaledToZero
        guard autoscaler.minReplicas == 0 || status.conditions.named(type) != nil else { return }
        if desired == 0, autoscaler.minReplicas == 0, autoscaler.looksBeyondPods {
            set(type, .true, "ScaledToZero", "the HPA controller scaled the workload to zero")
        } else {
            set(type, .false, "NotScaledToZero", "the HPA controller did not scale the workload to zero")
        }
    }

    private mutating func ended() -> ReconcileResult {
        if status != autoscaler.status {
            var changed = autoscaler
            changed.status = status
            result.actions.append(.updateStatus(.horizontalPodAutoscaler(changed)))
        }
        return result
    }

    // MARK: - Metrics

    /// Returns the most that any metric asks for, or nil when nothing may be done.
    private mutating func proposal(_ target: ScaleTarget) -> (replicas: Int64, metric: String)? {
        guard let selector = target.selector, !selector.isEmpty else {
            warn("SelectorRequired", "selector is required")
            return fail("InvalidSelector", "the HPA target's scale is missing a selector", "selector is required")
        }
        let pods = pods(of: selector)
        if !pods.rivals.isEmpty {
            let names = ([autoscaler.metadata.name] + pods.rivals).sorted().joined(separator: " ")
            let error = "pods by selector are controlled by multiple HPAs: [\(names)]"
            warn("AmbiguousSelector", error)
            return fail("AmbiguousSelector", error, error)
        }
        var calculator = ReplicaCalculator()
        calculator.tolerance = ScalingTolerance(autoscaler.behavior)
        var best: (replicas: Int64, metric: String)?
        var failures: [MetricReading.Failure] = []
        for (number, metric) in autoscaler.metrics.enumerated() {
            let reading = MetricReading(
                metric: metric, namespace: autoscaler.metadata.namespace, calculator: calculator)
            do throws(MetricReading.Failure) {
                let replicas = try reading.proposal(
                    number, current: target.replicas, present: target.present, pods: pods, in: view)
                if best.map({ $0.replicas == 0 || replicas > $0.replicas }) ?? true { best = (replicas, reading.title) }
            } catch {
                warn(error.reason, error.message)
                failures.append(error)
            }
        }
        // What is not known might ask for more: then nothing goes down.
        if let first = failures.first, best.map({ $0.replicas < target.replicas }) ?? true {
            return fail(
                first.reason, "the HPA was unable to compute the replica count: \(first.message)",
                "invalid metrics (\(failures.count) invalid out of \(autoscaler.metrics.count)), "
                    + "first error is: \(first.summary)")
        }
        guard let best else { return nil }
        set(
            "ScalingActive", .true, "ValidMetricFound",
            "the HPA was able to successfully calculate a replica count from \(best.metric)")
        return best
    }

    private mutating func fail(
        _ reason: String, _ message: String, _ error: String
    ) -> (replicas: Int64, metric: String)? {
        set("ScalingActive", .false, reason, message)
        warn("FailedComputeMetricsReplicas", error)
        return nil
    }

    private mutating func pods(of selector: LabelSelector) -> TargetPods {
        let version = autoscaler.metadata.generation
        if let known = memory.pods, known.version == version, known.state == state, known.selector == selector {
            return known.found
        }
        let found = TargetPods(autoscaler, selector: selector, in: view)
        memory.pods = (version, state, selector, found)
        return found
    }

    // MARK: - Limits

    private mutating func normalized(_ wanted: Int64, current: Int64) -> Int64 {
        let behavior = ScalingBehavior(autoscaler.behavior)
        let stable = memory.recommendations.stabilize(wanted, current: current, behavior: behavior, now: now)
        set("AbleToScale", .true, stable.reason, stable.message)
        var limits = ScalingLimits(
            minReplicas: autoscaler.minReplicas, maxReplicas: autoscaler.maxReplicas, behavior: behavior)
        limits.ups = memory.ups
        limits.downs = memory.downs
        let bounded = limits.bound(stable.replicas, current: current, now: now)
        set("ScalingLimited", bounded.replicas == stable.replicas ? .false : .true, bounded.reason, bounded.message)
        return bounded.replicas
    }

    private mutating func set(_ type: ConditionType, _ value: ConditionStatus, _ reason: String, _ message: String) {
        status.conditions.set(type, value, reason: reason, message: message, at: now.wholeSecond)
    }

    private mutating func warn(_ reason: String, _ message: String) {
        let key = ObjectKey(
            .horizontalPodAutoscaler, namespace: autoscaler.metadata.namespace, name: autoscaler.metadata.name)
        result.events.append(EventRecord(key, .warning, reason: reason, message: message))
    }
}

extension HorizontalPodAutoscaler {
    /// Whether some metric is there without pods (`hasObjectOrExternalMetrics`).
    fileprivate var looksBeyondPods: Bool { metrics.contains { $0.type == "Object" || $0.type == "External" } }
}

extension ScalingTolerance {
    /// Takes over what a behavior says of either direction.
    init(_ behavior: HorizontalPodAutoscaler.Behavior) {
        self.init()
        if let given = behavior.scaleUp?.tolerance { up = Double(given.nanos) / 1e9 }
        if let given = behavior.scaleDown?.tolerance { down = Double(given.nanos) / 1e9 }
    }
}
