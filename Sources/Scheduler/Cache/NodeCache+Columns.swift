import KubernetesAPI
import SchedulingFramework

extension NodeCache {
    /// A pod on a node.
    struct Resident {
        var info: PodInfo
        var node: String
        var isAssumed: Bool
        /// Its class in the index, when that is awake.
        var podClass: Int32 = -1
        /// That of its node; -1 while there is no such node.
        var slot: Int32 = -1

        /// Takes over a newer version of the pod if it stays where it is and as large as it is; returns what was known.
        mutating func renew(
            _ newer: PodInfo, on place: String, isAssumed: Bool
        ) -> (info: PodInfo, podClass: Int32, slot: Int32)? {
            guard node == place, info.shape === newer.shape else { return nil }
            let former = info
            info = newer
            self.isAssumed = isAssumed
            return (former, podClass, slot)
        }
    }

    /// The place of the node `name` in the snapshot, as of the last `settle`; nil when there is none.
    func place(of name: String) -> Int? {
        guard let slot = slot(of: name).map(Int.init), places.indices.contains(slot), places[slot] >= 0
        else { return nil }
        return Int(places[slot])
    }

    /// Calls `body` with what memos read of the nodes, by slot.
    func withColumns(
        _ body: (
            _ usages: UnsafePointer<NodeUsage>, _ places: UnsafePointer<Int32>, _ lastChanges: UnsafePointer<UInt64>
        ) -> Void
    ) {
        usages.withUnsafeBufferPointer { usages in
            places.withUnsafeBufferPointer { places in
                lastChanges.withUnsafeBufferPointer { lastChanges in
                    guard let first = usages.baseAddress, let second = places.baseAddress,
                        let third = lastChanges.baseAddress
                    else { return }
                    body(first, second, third)
                }
            }
        }
    }
}
