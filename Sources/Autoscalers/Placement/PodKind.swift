package import KubernetesAPI
package import SchedulingFramework

/// What pods have in common for which the scheduler gives the same answers: spec, namespace and labels.
package final class PodKind {
    /// The place of the kind among those of its table, in the order in which they were met.
    package let number: Int
    /// The first pod of the kind that was met; it stands for all of them.
    package let sample: PodInfo
    /// Whether another pod of the kind takes nothing but more of the same resources.
    let takesOnlyResources: Bool
    /// Whether the answer follows from the node and what is used of it as well; provided that no rule about other pods
    /// bears on it.
    let isPlain: Bool

    init(number: Int, sample: PodInfo) {
        self.number = number
        self.sample = sample
        let shape = sample.shape
        takesOnlyResources =
            shape.hostPorts.isEmpty && shape.volumes.isEmpty && !shape.hasPodAffinity && shape.gpu == nil
        isPlain = takesOnlyResources && !shape.hasSpreadConstraints
    }

    package var shape: PodShape { sample.shape }
}

/// The kinds of pods that were met, and the shapes of their specs, each worked out once.
package struct PodKinds {
    private struct Key: Hashable {
        var shape: ObjectIdentifier
        var namespace: String
        var labels: StringMap
    }

    private struct Alias {
        let box: PodSpecBox
        let shape: PodShape
    }

    // A box is held, so that its identity is never used again for another.
    private var byBox: [ObjectIdentifier: Alias] = [:]
    private var byContent: [PodSpec: PodShape] = [:]
    private var numbers: [Key: Int] = [:]
    /// In the order in which they were met.
    private(set) var kinds: [PodKind] = []
    private static let boxesMax = 1 << 16
    /// What was made of shapes that prefer something, held with them.
    private var wishes: [ObjectIdentifier: (of: PodShape, all: [PodShape], alternatives: [PodShape])] = [:]

    /// Creates an empty table.
    package init() {}

    /// Returns `pod` as the scheduler sees it.
    package mutating func info(_ pod: Pod) -> PodInfo { PodInfo(pod, shape: shape(of: pod)) }

    /// Returns the kind of `pod`. A pod with volumes is of a kind of its own, as its claims are.
    package mutating func kind(of pod: PodInfo) -> PodKind {
        if !pod.shape.volumes.isEmpty { return make(pod) }
        let metadata = pod.pod.metadata
        let key = Key(shape: ObjectIdentifier(pod.shape), namespace: metadata.namespace, labels: metadata.labels)
        if let number = numbers[key] { return kinds[number] }
        numbers[key] = kinds.count
        return make(pod)
    }

    private mutating func make(_ found: PodInfo) -> PodKind {
        var pod = found
        if found.pod.nodeName != nil {
            // Where it is says nothing of where it could be.
            var free = found.pod
            free.nodeName = nil
            pod = PodInfo(free, shape: found.shape)
        }
        let kind = PodKind(number: kinds.count, sample: pod)
        kinds.append(kind)
        return kind
    }

    private mutating func shape(of pod: Pod) -> PodShape {
        if let gpu = GpuRequest(annotations: pod.metadata.annotations) { return PodShape(pod.specBox, gpu: gpu) }
        let box = pod.specBox
        if let alias = byBox[ObjectIdentifier(box)] { return alias.shape }
        if byBox.count >= Self.boxesMax {
            byBox.removeAll()
            byContent.removeAll()
            wishes.removeAll()
        }
        let shape = byContent[box.value] ?? PodShape(box)
        byContent[box.value] = shape
        byBox[ObjectIdentifier(box)] = Alias(box: box, shape: shape)
        return shape
    }

    /// Returns the shapes that ask for what `shape` prefers, the strictest first; see `PodWishes`.
    mutating func wishes(of shape: PodShape, _ extent: PodWishes.Extent) -> [PodShape] {
        let hasAlternatives = shape.requiredNodes.map { $0.terms.count > 1 } ?? false
        if shape.preferredNodes.isEmpty, !shape.hasSpreadConstraints, !hasAlternatives { return [] }
        let known =
            wishes[ObjectIdentifier(shape)]
            ?? (shape, PodWishes.shapes(of: shape, .all), PodWishes.shapes(of: shape, .alternatives))
        wishes[ObjectIdentifier(shape)] = known
        return extent == .all ? known.all : known.alternatives
    }

    /// Forgets the kinds, whose numbers start anew, but not the shapes.
    package mutating func forgetKinds() {
        numbers.removeAll()
        kinds.removeAll()
    }
}
