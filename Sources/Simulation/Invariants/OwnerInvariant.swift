import ClusterStore
import ControlPlane
import KubernetesAPI

/// Owner references resolve, or the garbage collector is on its way: nothing whose owners are all gone is left alone.
enum OwnerInvariant: Invariant {
    static let name = "owner-references"

    static func problem(in world: borrowing World) -> String? {
        // As long as it has something to do, or cannot do it, it may get to it yet.
        guard let host = world.hosts.first(where: { $0.name == "garbage-collector-controller" }), host.isIdle,
            host.condition == ControllerCondition(), !world.cache.isBroken,
            !world.toWatchers.hasNews(for: ~World.schedulerBit)
        else { return nil }
        let api = world.api
        for kind in ObjectKind.allCases {
            for object in api.objects(of: kind, namespace: nil) {
                let metadata = object.metadata
                if metadata.ownerReferences.isEmpty || metadata.deletionTimestamp != nil { continue }
                if metadata.ownerReferences.allSatisfy({ api.object(uid: $0.uid) == nil }) {
                    return "\(object.key) has lost its owners, and nobody looks after it"
                }
            }
        }
        return nil
    }
}
