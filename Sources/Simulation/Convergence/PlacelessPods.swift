import ClusterStore
import ControlPlane
import KubernetesAPI
import Scheduler

extension World {
    /// Returns the pods that wait for a node and rightly get none, or the first one that should have one.
    ///
    /// A scheduler that has just started, with no back-off and no memory, is asked about each of them: what it would
    /// place, or make room for, the running one has overlooked.
    func placelessPods() -> Result<[UID], Unsettled> {
        let waiting = api.objects(of: .pod, namespace: nil).compactMap { object -> Pod? in
            guard case .pod(let pod) = object, pod.isActive, pod.nodeName == nil else { return nil }
            return pod
        }
        if waiting.isEmpty { return .success([]) }
        // The copy shares the store, which is only read.
        var twin = self
        twin.replaceScheduler()
        for kind in ObjectKind.allCases.filter({ $0 != .pod }) + [.pod] {
            for object in api.objects(of: kind, namespace: nil) where twin.scheduler.wants(.added(object)) {
                twin.scheduler.observe(.added(object), now: now)
            }
        }
        while let attempt = twin.scheduler.attempt(now: now) {
            switch attempt.outcome {
            case .assumed(let node):
                return .failure(Unsettled("\(attempt.pod)", "waits although a node has room for it", node))
            case .unschedulable(_, let victims):
                guard let victim = victims.first else { continue }
                return .failure(Unsettled("\(attempt.pod)", "waits although it may preempt others", "\(victim)"))
            case .error: continue
            }
        }
        return .success(waiting.map(\.metadata.uid))
    }
}

extension Unsettled: Error {}
