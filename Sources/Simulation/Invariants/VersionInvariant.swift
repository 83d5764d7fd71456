import ClusterStore
import ControlPlane
import KubernetesAPI

/// Every change has a higher version than all before it.
enum VersionInvariant: ChangeInvariant {
    static let name = "resource-version"

    static func problem(of judged: JudgedChange, in world: borrowing World) -> String? {
        let object = judged.change.object
        let version = object.metadata.resourceVersion
        if version <= world.witness.version { return "\(object.key) came to version \(version) late" }
        if case .modified(let old, _) = judged.change, old.metadata.resourceVersion >= version {
            return "\(object.key) went from version \(old.metadata.resourceVersion) to \(version)"
        }
        return version > world.api.store.resourceVersion ? "\(object.key) has a version of the future" : nil
    }
}
