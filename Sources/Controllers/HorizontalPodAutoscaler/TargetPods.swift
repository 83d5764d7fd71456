import ControlPlane
import KubernetesAPI

/// The pods of a scale target with what they request, read once for as long as none of them changes.
struct TargetPods {
    private(set) var pods: [ScaledPod] = []
    /// By metric of the autoscaler: what each pod requests in thousandths, or why that is not known.
    private(set) var requests: [Result<[Int64], CalculationError>] = []
    /// Pods that run and are ready.
    private(set) var ready: Int64 = 0
    /// Other autoscalers that scale some of these pods as well.
    private(set) var rivals: [String] = []

    init(_ autoscaler: HorizontalPodAutoscaler, selector: LabelSelector, in view: any ClusterView) {
        let namespace = autoscaler.metadata.namespace
        let found = view.pods(inNamespace: namespace).filter { selector.matches($0.metadata.labels) }
        pods = found.map { ScaledPod($0) }
        ready = Int64(found.count { $0.status.phase == .running && $0.isReady })
        requests = autoscaler.metrics.map { metric in
            guard let resource = metric.resource, metric.averageUtilization != nil else { return .success([]) }
            do throws(CalculationError) {
                var amounts: [Int64] = []
                for pod in found { amounts.append(try Self.request(of: pod, resource, container: metric.container)) }
                return .success(amounts)
            } catch {
                return .failure(error)
            }
        }
        let others = view.objects(of: .horizontalPodAutoscaler, namespace: namespace)
        guard others.count > 1 else { return }
        for case .horizontalPodAutoscaler(let other) in others
        where other.metadata.name != autoscaler.metadata.name {
            guard let key = ScaleTarget.key(of: other), let theirs = ScaleTarget(key, in: view)?.selector else {
                continue
            }
            if found.contains(where: { theirs.matches($0.metadata.labels) }) { rivals.append(other.metadata.name) }
        }
    }

    /// What a pod, or one of its containers, requests; every one that is asked for must say so.
    private static func request(
        of pod: Pod, _ resource: ResourceName, container: String?
    ) throws(CalculationError) -> Int64 {
        let spec = pod.specBox.value
        if container == nil, let whole = spec.requests[resource] { return whole.milliValue }
        var sum: Int64 = 0
        for part in spec.containers + spec.initContainers.filter(\.isSidecar)
        where container == nil || part.name == container {
            guard let request = part.requests[resource] else {
                throw CalculationError(
                    "missing request for \(resource.text) in container \(part.name) of Pod \(pod.metadata.name)")
            }
            sum += request.milliValue
            if container != nil { return sum }
        }
        if let container {
            throw CalculationError("container \(container) not found in Pod \(pod.metadata.name)")
        }
        return sum
    }
}
