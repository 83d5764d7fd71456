/// Finds objects that own themselves through their owners.
package enum OwnerCycles {
    /// Returns the indexes, in order, of objects that lie on a cycle of owner references.
    package static func members(in objects: [ObjectMeta]) -> [Int] {
        var indexes: [UID: Int] = [:]
        for (index, object) in objects.enumerated() where object.uid != .none { indexes[object.uid] = index }
        let owners = objects.map { $0.ownerReferences.compactMap { indexes[$0.uid] } }
        // Taking away objects without owners among those left, again and again, leaves cycles and what they own.
        var remaining = peeled(owners)
        // Doing the same in the other direction leaves the cycles, and what lies between two of them.
        var owned = [[Int]](repeating: [], count: objects.count)
        for (index, list) in owners.enumerated() where remaining[index] {
            for owner in list where remaining[owner] { owned[owner].append(index) }
        }
        let inner = peeled(owned)
        for index in remaining.indices where !inner[index] { remaining[index] = false }
        return remaining.indices.filter { remaining[$0] }
    }

    /// Returns which vertices are left when vertices without arrows to remaining ones are taken away repeatedly.
    private static func peeled(_ arrows: [[Int]]) -> [Bool] {
        var counts = arrows.map(\.count)
        var incoming = [[Int]](repeating: [], count: arrows.count)
        for (index, targets) in arrows.enumerated() {
            for target in targets { incoming[target].append(index) }
        }
        var remaining = [Bool](repeating: true, count: arrows.count)
        var queue = counts.indices.filter { counts[$0] == 0 }
        while let index = queue.popLast() {
            remaining[index] = false
            for source in incoming[index] {
                counts[source] -= 1
                if counts[source] == 0 { queue.append(source) }
            }
        }
        return remaining
    }
}
