import KubernetesAPI
import Simulation
import Workloads

/// What a scenario says of the pods of a workload that an autoscaler is about.
struct UsageStatement {
    let objects: [LoadedObject]
    let setup: WorldSetup

    /// Returns the pods of a workload; nil when the manifests have no such workload.
    func spec(of kind: String, namespace: String, name: String) -> (object: KubernetesObject, spec: PodSpec)? {
        for loaded in objects
        where loaded.object.kind.name == kind && loaded.object.metadata.name == name
            && loaded.object.metadata.namespace == namespace
        {
            return FidelityCheck.podSpec(of: loaded.object).map { (loaded.object, $0) }
        }
        return nil
    }

    /// Whether nothing says what the pods use: they are taken to use what they request.
    func isMissing(for kind: String, namespace: String, name: String) -> Bool {
        guard !setup.services.contains(where: { $0.namespace == namespace }),
            let (object, spec) = spec(of: kind, namespace: namespace, name: name)
        else { return false }
        let subject = WorkloadSubject(
            ownerKind: kind, ownerName: name, namespace: namespace, ownerLabels: object.metadata.labels,
            podLabels: StringMap(), restartPolicy: spec.restartPolicy)
        return !spec.containers.contains {
            setup.workloads.behavior(of: subject, container: $0.name, role: .main).saysUsage
        }
    }
}
