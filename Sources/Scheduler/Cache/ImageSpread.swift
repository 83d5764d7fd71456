import KubernetesAPI
import SchedulingFramework

/// Keeps the count of nodes that have an image, as nodes report other images than before.
enum ImageSpread {
    /// Takes over that `info`, the node at `slot`, has `new` instead of `old` images; returns whether anything is different.
    /// What both begin or end with is not looked at: lists are long, and mostly one image came or went.
    static func update(
        _ info: NodeInfo, at slot: Int32, from old: [NodeImage], to new: [NodeImage], in snapshot: Snapshot
    ) -> Bool {
        let isShared = old.withUnsafeBufferPointer { old in
            new.withUnsafeBufferPointer { old.baseAddress == $0.baseAddress && old.count == $0.count }
        }
        if isShared { return false }
        var head = 0
        while head < old.count, head < new.count, old[head] == new[head] { head += 1 }
        if head == old.count && head == new.count { return false }
        var tail = 0
        while tail < old.count - head, tail < new.count - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] {
            tail += 1
        }
        // Upstream takes all names away and adds all again: a tag that moved has the new size if no other node has it.
        for image in old[head..<old.count - tail] {
            for name in image.names
            where !has(name, in: old[..<head]) && !has(name, in: old[(old.count - tail)...]) {
                drop(NameKey(name), of: info, Int(slot), snapshot)
            }
        }
        for image in new[head..<new.count - tail] { take(image, into: info, Int(slot), snapshot) }
        return true
    }

    private static func has(_ name: String, in images: ArraySlice<NodeImage>) -> Bool {
        images.contains { $0.names.contains(name) }
    }

    private static func take(_ image: NodeImage, into info: NodeInfo, _ slot: Int, _ snapshot: Snapshot) {
        for name in image.names.lazy.map(NameKey.init) where info.images[name] == nil {
            let state: ImageState
            if let known = snapshot.images[name] {
                state = known
            } else {
                state = ImageState(size: image.sizeBytes)
                snapshot.images[name] = state
            }
            state.nodeCount += 1
            state.note(true, at: slot)
            info.images[name] = state
        }
    }

    private static func drop(_ name: NameKey, of info: NodeInfo, _ slot: Int, _ snapshot: Snapshot) {
        guard let state = info.images.removeValue(forKey: name) else { return }
        state.nodeCount -= 1
        state.note(false, at: slot)
        if state.nodeCount == 0 { snapshot.images[name] = nil }
    }
}
