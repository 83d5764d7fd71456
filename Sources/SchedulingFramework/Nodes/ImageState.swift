// Kubernetes counterpart: fwk.ImageStateSummary. Deliberate difference: the number of nodes is always the present one.

/// An image, and how far it is spread over the cluster.
package final class ImageState {
    /// Bytes, as the first node that had the image reported it.
    package let size: Int64
    package var nodeCount: Int
    /// A bit for each node that has the image, by the number that a cache gave the node.
    private var slots: [UInt64] = []

    package init(size: Int64, nodeCount: Int = 0) {
        self.size = size
        self.nodeCount = nodeCount
    }

    /// Returns a state whose changes leave this one alone.
    package func copied() -> ImageState {
        let copy = ImageState(size: size, nodeCount: nodeCount)
        copy.slots = slots
        return copy
    }

    /// Whether the node at `slot` was said to have the image.
    package func isPresent(at slot: Int) -> Bool {
        slot >> 6 < slots.count && slots[slot >> 6] & 1 << UInt64(slot & 63) != 0
    }

    /// Notes that the node at `slot` has the image, or has it no longer.
    package func note(_ isPresent: Bool, at slot: Int) {
        let missing = slot >> 6 + 1 - slots.count
        if missing > 0 { slots.append(contentsOf: repeatElement(0, count: missing)) }
        let bit: UInt64 = 1 << UInt64(slot & 63)
        if isPresent { slots[slot >> 6] |= bit } else { slots[slot >> 6] &= ~bit }
    }
}
