import ClusterStore
import ControlPlane

/// The store's indexes say what its tables say.
enum StoreIndexInvariant: Invariant {
    static let name = "store-index"
    static let isOfStoreAlone = true

    static func problem(in world: borrowing World) -> String? {
        world.api.store.checkIndexes().first
    }
}
