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
    /// How widely the images were spread at the last look, after the number of nodes.
    private var spread: [Int] = []
    private var version: UInt64?
    private(set) var epoch: UInt64 = 0

    init(images: [String]) { self.images = images }

    /// Looks at how widely the images are spread; returns whether that changed.
    mutating func notice(_ cache: NodeCache) -> Bool {
        let nodes = cache.snapshot.nodes.count
        if version == cache.imageVersion, spread.first == nodes { return false }
        if version != cache.imageVersion {
            version = cache.imageVersion
            states = images.map { cache.snapshot.images[NameKey($0)] }
        }
        var isSame = spread.first == nodes
        for index in states.indices where isSame { isSame = spread[index + 1] == states[index]?.nodeCount ?? 0 }
        if isSame { return false }
        spread = [nodes] + states.map { $0?.nodeCount ?? 0 }
        epoch += 1
        return true
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
