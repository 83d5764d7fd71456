public import KubernetesAPI

/// A change of one object, as a watch delivers it.
@usableFromInline
package enum WatchEvent: Sendable {
    case added(KubernetesObject)
    case modified(old: KubernetesObject, new: KubernetesObject)
    /// Carries the last state before the object was removed.
    case deleted(KubernetesObject)

    /// The object after the change, or its last state.
    @inlinable
    package var object: KubernetesObject {
        switch self {
        case .added(let object), .deleted(let object): object
        case .modified(_, let new): new
        }
    }

    /// The object before the change, if there was one.
    package var previous: KubernetesObject? {
        switch self {
        case .added: nil
        case .modified(let old, _): old
        case .deleted(let object): object
        }
    }
}
