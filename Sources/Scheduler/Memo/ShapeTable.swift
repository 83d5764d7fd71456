import KubernetesAPI
import SchedulingFramework

/// The shapes in use, each once, and what is remembered of them.
struct ShapeTable {
    private struct Entry {
        var shape: PodShape
        var lastUsed: UInt64
    }

    private struct Annotated: Hashable {
        var spec: PodSpec
        var gpu: GpuRequest
    }

    private struct Alias {
        var box: PodSpecBox
        var shape: PodShape
    }

    // Keyed by identity; the box is held, so an identity here is never used again for another box.
    private var byIdentity: [IdentityKey: Alias] = [:]
    private var byContent: [PodSpec: Entry] = [:]
    /// Shapes of pods whose annotations ask for devices: few have any.
    private var annotated: [Annotated: Entry] = [:]
    private var memos: [IdentityKey: ShapeMemo] = [:]
    private var clock: UInt64 = 0
    private static let identitiesMax = 1 << 15
    /// Bounds the memory of the memos to some 300 MB.
    private static let cellsMax = 4_000_000

    /// The shape of pods with this spec.
    mutating func shape(of box: PodSpecBox) -> PodShape {
        if let alias = byIdentity[IdentityKey(box)] { return alias.shape }
        clock += 1
        if byIdentity.count >= Self.identitiesMax { trimShapes() }
        if let entry = byContent[box.value] {
            byContent[box.value]?.lastUsed = clock
            byIdentity[IdentityKey(box)] = Alias(box: box, shape: entry.shape)
            return entry.shape
        }
        let shape = PodShape(box)
        byContent[box.value] = Entry(shape: shape, lastUsed: clock)
        byIdentity[IdentityKey(box)] = Alias(box: box, shape: shape)
        return shape
    }

    /// The shape of `pod`: that of its spec, unless its annotations ask for devices.
    mutating func shape(of pod: Pod) -> PodShape {
        guard let gpu = GpuRequest(annotations: pod.metadata.annotations) else { return shape(of: pod.specBox) }
        clock += 1
        let key = Annotated(spec: pod.spec, gpu: gpu)
        if let entry = annotated[key] {
            annotated[key]?.lastUsed = clock
            return entry.shape
        }
        if annotated.count >= Self.identitiesMax { trimShapes() }
        let shape = PodShape(pod.specBox, gpu: gpu)
        annotated[key] = Entry(shape: shape, lastUsed: clock)
        return shape
    }

    /// The memo of `shape`, or nil when there is none yet. A shape names its scheduler, so it has one profile.
    mutating func memo(of shape: PodShape) -> ShapeMemo? {
        clock += 1
        guard let memo = memos[IdentityKey(shape)] else { return nil }
        memo.lastUsed = clock
        return memo
    }

    /// Keeps `memo`; memos not used for long go when there are too many.
    mutating func keep(_ memo: ShapeMemo, nodes: Int) {
        let countMax = max(8, Self.cellsMax / max(1, nodes))
        if memos.count >= countMax {
            // Half of them at once, so that this is rare.
            let ages = memos.values.map(\.lastUsed).sorted()
            let limit = ages[ages.count / 2]
            memos = memos.filter { $0.value.lastUsed > limit }
        }
        memo.lastUsed = clock
        memos[IdentityKey(memo.shape)] = memo
    }

    /// Forgets all answers, but not the shapes.
    mutating func removeMemos() { memos.removeAll() }

    private mutating func trimShapes() {
        let ages = (byContent.values.map(\.lastUsed) + annotated.values.map(\.lastUsed)).sorted()
        let limit = ages[ages.count / 2]
        byContent = byContent.filter { $0.value.lastUsed > limit }
        annotated = annotated.filter { $0.value.lastUsed > limit }
        byIdentity.removeAll(keepingCapacity: true)
        memos.removeAll()
    }
}
