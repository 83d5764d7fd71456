import KubernetesAPI
import SchedulingFramework

/// The ways in which nodes can have some of a pod's images: a node's score for images depends on nothing else.
///
/// The kinds are the leaves of a tree that branches once per image.
struct ImageKinds {
    private let images: [String]
    /// What was known of them at the last look; nil for those on no node.
    private var states: [ImageState?] = []
    /// By twice the number of a branch, plus 1 when the image is present: the next branch, or 0 for none yet.
    private var next: [Int32] = [0, 0]
    /// By kind: the weighted score, and the epoch in which it was worked out.
    private(set) var totals: [Int64] = [0]
    private var epochs: [UInt64] = [0]
    /// How widely the images were spread at the last look and how large they were, after the number of nodes.
    private var spread: [Int64] = []
    private var version: UInt64?
    private(set) var epoch: UInt64 = 0

    init(images: [String]) { self.images = images }

    /// Looks at how widely the images are spread and how large they are; returns whether that changed.
    mutating func notice(_ cache: NodeCache) -> Bool {
        let nodes = Int64(cache.snapshot.nodes.count)
        if version == cache.imageVersion, spread.first == nodes { return false }
        if version != cache.imageVersion {
            version = cache.imageVersion
            states = images.map { cache.snapshot.images[NameKey($0)] }
        }
        var isSame = spread.first == nodes
        for index in states.indices where isSame {
            let (count, size) = Self.extent(of: states[index])
            isSame = spread[2 * index + 1] == count && spread[2 * index + 2] == size
        }
        if isSame { return false }
        spread.removeAll(keepingCapacity: true)
        spread.append(nodes)
        for state in states {
            let (count, size) = Self.extent(of: state)
            spread.append(count)
            spread.append(size)
        }
        epoch += 1
        return true
    }

    private static func extent(of state: ImageState?) -> (count: Int64, size: Int64) {
        state.map { (Int64($0.nodeCount), $0.size) } ?? (0, 0)
    }

    /// The kind of the node at `slot`, as of the last look.
    mutating func kind(of slot: Int) -> Int32 {
        var branch = 0
        // By place, as a copy of each would cost a reference.
        for place in states.indices {
            let link = 2 * branch + (states[place]?.isPresent(at: slot) ?? false ? 1 : 0)
            if next[link] == 0 {
                next[link] = Int32(totals.count)
                next.append(contentsOf: [0, 0])
                totals.append(0)
                epochs.append(0)
            }
            branch = Int(next[link])
        }
        return Int32(branch)
    }

    /// Whether the score of `kind` is out of date.
    func isStale(_ kind: Int32) -> Bool { epochs[Int(kind)] != epoch }

    /// Notes the score of `kind`; returns whether it is another than before.
    mutating func set(_ kind: Int32, to total: Int64) -> Bool {
        let isNew = totals[Int(kind)] != total
        totals[Int(kind)] = total
        epochs[Int(kind)] = epoch
        return isNew
    }
}
