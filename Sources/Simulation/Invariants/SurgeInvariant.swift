import ClusterStore
import ControlPlane
import KubernetesAPI

/// The deployment controller asks its replica sets together for no more pods than size and surge allow.
///
/// Judged is what it asks for once it has observed the deployment as it is, and knows the sizes of all its replica sets:
/// before, it may go by those of old. It reads them from its cache and expects nothing of what it has written itself
/// (`getReplicaSetsForDeployment` and `scale` of upstream's pkg/controller/deployment), so that behind a slow watch it can
/// ask for too many until the news comes.
enum SurgeInvariant: ChangeInvariant {
    static let name = "deployment-surge"

    static func problem(of judged: JudgedChange, in world: borrowing World) -> String? {
        guard judged.writer >= 0, world.hosts[Int(judged.writer)].name == "deployment-controller",
            case .replicaSet(let replicaSet) = judged.change.object
        else { return nil }
        switch judged.change {
        case .added: break
        case .modified(.replicaSet(let old), _): if old.spec.replicas >= replicaSet.spec.replicas { return nil }
        case .modified, .deleted: return nil
        }
        guard let owner = replicaSet.metadata.controllerReference,
            case .deployment(let deployment)? = world.api.object(uid: owner.uid),
            deployment.status.observedGeneration == deployment.metadata.generation
        else { return nil }
        let bound = deployment.spec.replicas + surge(of: deployment)
        let sets = world.api.replicaSets(controlledBy: owner.uid)
        let total = sets.reduce(0) { $0 + $1.spec.replicas }
        guard total > bound else { return nil }
        // Its own size it knew, or the store had refused the request.
        for other in sets.map(\.metadata.uid) where other != replicaSet.metadata.uid {
            if !world.witness.knows(sizeOf: other, judged) { return nil }
        }
        return "\(owner.name) asks for \(total) pods, and \(bound) is the most"
    }

    private static func surge(of deployment: Deployment) -> Int64 {
        switch deployment.spec.strategy {
        case .recreate: 0
        case .rollingUpdate(_, let most): most.scaled(of: deployment.spec.replicas, roundUp: true)
        }
    }
}
