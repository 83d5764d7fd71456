import Chronology
import ControlPlane
import KubernetesAPI

/// What one metric of an autoscaler asks for.
struct MetricReading {
    let metric: HorizontalPodAutoscaler.Metric
    let namespace: String
    let calculator: ReplicaCalculator

    /// What a metric that could not be read makes of events and conditions.
    struct Failure: Error {
        let reason: String
        let message: String
        /// The same as the event tells it that sums up a look.
        let summary: String
    }

    var resource: String { metric.resource?.text ?? "" }
    var name: String { metric.name ?? "" }

    /// Returns the replicas that the metric asks for; `number` is its place among the autoscaler's metrics.
    func proposal(
        _ number: Int, current: Int64, present: Int64, pods: TargetPods, in view: any ClusterView
    ) throws(Failure) -> Int64 {
        do throws(CalculationError) {
            switch metric.type {
            case "Resource", "ContainerResource":
                return try resourceProposal(number, current: current, pods: pods, in: view)
            case "Pods": return try podsProposal(current: current, pods: pods, in: view)
            case "Object": return try objectProposal(current: current, present: present, pods: pods, in: view)
            default: return try externalProposal(current: current, present: present, pods: pods, in: view)
            }
        } catch {
            throw Failure(
                reason: "FailedGet\(metric.type)Metric", message: error.message, summary: summary(of: error.message))
        }
    }

    // MARK: - Metrics of pods

    private func resourceProposal(
        _ number: Int, current: Int64, pods: TargetPods, in view: any ClusterView
    ) throws(CalculationError) -> Int64 {
        guard let resource = metric.resource else { throw CalculationError("no resource is named") }
        let metrics = view.metrics
        var samples: [PodSample?] = []
        samples.reserveCapacity(pods.pods.count)
        do throws(MetricsError) {
            for pod in pods.pods {
                samples.append(try metrics.usage(of: pod.uid, container: metric.container, resource: resource))
            }
        } catch {
            throw CalculationError(
                unreadable("unable to get metrics for resource \(resource.text): ", Self.unfetched("resource", error)))
        }
        if samples.allSatisfy({ $0 == nil }) {
            throw CalculationError(
                unreadable("unable to get metrics for resource \(resource.text): ", Self.nothing("resource")))
        }
        let isCPU = resource == .cpu
        if let percent = metric.averageUtilization {
            let requests: [Int64]
            switch pods.requests[number] {
            case .success(let amounts): requests = amounts
            case .failure(let error): throw CalculationError(unreadable("", MetricsError(error.message)))
            }
            return try calculated { () throws(CalculationError) in
                try calculator.replicas(
                    current: current, goal: .utilization(percent), pods: pods.pods, samples: samples,
                    requests: requests, isCPU: isCPU, now: view.now)
            }
        }
        guard let target = metric.averageValue else {
            throw CalculationError(
                "invalid resource metric source: neither an average utilization target nor an average value (usage) "
                    + "target was set")
        }
        return try calculated { () throws(CalculationError) in
            try calculator.replicas(
                current: current, goal: .averageValue(target.milliValue), pods: pods.pods, samples: samples,
                requests: [], isCPU: isCPU, now: view.now)
        }
    }

    private func calculated(_ body: () throws(CalculationError) -> Int64) throws(CalculationError) -> Int64 {
        do throws(CalculationError) {
            return try body()
        } catch {
            throw CalculationError(unreadable("", MetricsError(error.message)))
        }
    }

    private func unreadable(_ what: String, _ error: MetricsError) -> String {
        let figure = metric.averageUtilization != nil ? "utilization" : "usage"
        return "failed to get \(resource) \(figure): \(what)\(error.message)"
    }

    private static func nothing(_ api: String) -> MetricsError {
        MetricsError("no metrics returned from \(api) metrics API")
    }

    private static func unfetched(_ api: String, _ error: MetricsError) -> MetricsError {
        MetricsError("unable to fetch metrics from \(api) metrics API: \(error.message)")
    }

    private func podsProposal(
        current: Int64, pods: TargetPods, in view: any ClusterView
    ) throws(CalculationError) -> Int64 {
        guard let target = metric.averageValue else { throw CalculationError("invalid pods metric source") }
        let metrics = view.metrics
        var samples: [PodSample?] = []
        do throws(MetricsError) {
            for pod in pods.pods {
                samples.append(
                    try metrics.podMetric(name, selector: metric.selector, namespace: namespace, pod: pod.uid))
            }
        } catch {
            throw CalculationError("unable to get metric \(name): \(Self.unfetched("custom", error).message)")
        }
        if samples.allSatisfy({ $0 == nil }) {
            throw CalculationError("unable to get metric \(name): \(Self.nothing("custom").message)")
        }
        return try calculator.replicas(
            current: current, goal: .averageValue(target.milliValue), pods: pods.pods, samples: samples,
            requests: [], isCPU: false, now: view.now)
    }

    // MARK: - Values for all pods

    private func objectProposal(
        current: Int64, present: Int64, pods: TargetPods, in view: any ClusterView
    ) throws(CalculationError) -> Int64 {
        let (kind, object) = (metric.objectKind ?? "", metric.objectName ?? "")
        let value: Int64
        do throws(MetricsError) {
            guard let known = ObjectKind(name: kind) else {
                throw MetricsError("the server could not find the metric \(name) for \(kind) \(object)")
            }
            value = try view.metrics.objectMetric(
                name, selector: metric.selector, of: ObjectKey(known, namespace: namespace, name: object))
        } catch {
            throw CalculationError(
                "unable to get metric \(name): \(Self.unfetched("custom", error).message) on "
                    + "\(kind) \(namespace)/\(object)")
        }
        return try proposal(value, current: current, present: present, pods: pods)
    }

    private func externalProposal(
        current: Int64, present: Int64, pods: TargetPods, in view: any ClusterView
    ) throws(CalculationError) -> Int64 {
        let series: [Int64]
        do throws(MetricsError) {
            series = try view.metrics.externalMetric(name, selector: metric.selector, namespace: namespace)
        } catch {
            throw noExternal(Self.unfetched("external", error))
        }
        if series.isEmpty { throw noExternal(Self.nothing("external")) }
        return try proposal(series.reduce(0, +), current: current, present: present, pods: pods)
    }

    private func noExternal(_ error: MetricsError) -> CalculationError {
        CalculationError("unable to get external metric \(namespace)/\(name)/\(metric.selector.text): \(error.message)")
    }

    private func proposal(
        _ value: Int64, current: Int64, present: Int64, pods: TargetPods
    ) throws(CalculationError) -> Int64 {
        if let target = metric.averageValue {
            return calculator.replicas(present: present, value: value, averageTarget: target.milliValue)
        }
        guard let target = metric.value else {
            throw CalculationError(
                "invalid \(metric.type.lowercased()) metric source: neither a value target nor an average value target "
                    + "was set")
        }
        if current > 0, pods.pods.isEmpty {
            throw CalculationError(
                "unable to calculate ready pods: no pods returned by selector while calculating replica count")
        }
        return calculator.replicas(
            current: current, value: value, target: target.milliValue, ready: pods.ready)
    }
}
