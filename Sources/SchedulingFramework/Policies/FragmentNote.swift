/// What FGD worked out about one node as it is: by kind of pod, the score and the device that gives it.
///
/// It lives with the node until the node changes. Many shapes of pods are one kind here, since memory and all that is
/// not about CPU and devices plays no part.
final class FragmentNote {
    struct Answer {
        var score: Int64
        /// The device of a pod that shares one.
        var device: Int32
    }

    let measure: FragmentMeasure
    let model: Int
    /// The fragment of the node as it is.
    let before: Double
    private var keys: [UInt64] = []
    private var answers: [Answer] = []

    init(_ node: NodeInfo, _ gpus: NodeGpus, _ measure: FragmentMeasure) {
        self.measure = measure
        model = measure.modelNumber(gpus.model)
        before = measure.fragment(
            model: model, milliCPU: node.allocatable.milliCPU - node.requested.milliCPU, left: gpus.left,
            count: gpus.count)
    }

    /// Returns the note of a node, a new one when there is none.
    static func of(_ node: NodeInfo, _ gpus: NodeGpus, _ measure: FragmentMeasure) -> FragmentNote {
        if let note = gpus.note as? FragmentNote, note.measure === measure { return note }
        let note = FragmentNote(node, gpus, measure)
        gpus.note = note
        return note
    }

    /// Returns the answer for pods that leave `milliCPU` of the node and ask `request` of its devices.
    func answer(_ request: GpuRequest?, leaving milliCPU: Int64, _ gpus: NodeGpus) -> Answer {
        let level = UInt64(measure.cpuLevel(milliCPU))
        let count = UInt64(UInt32(truncatingIfNeeded: request?.count ?? 0))
        let milli = UInt64(UInt32(truncatingIfNeeded: request?.milli ?? 0))
        let key = level << 48 | count << 32 | milli
        for index in keys.indices where keys[index] == key { return answers[index] }
        let answer = compute(request, leaving: milliCPU, gpus)
        keys.append(key)
        answers.append(answer)
        return answer
    }

    private func compute(_ request: GpuRequest?, leaving milliCPU: Int64, _ gpus: NodeGpus) -> Answer {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: gpus.count) { after in
            guard let left = after.baseAddress else { return Answer(score: 0, device: -1) }
            left.update(from: gpus.left, count: gpus.count)
            func score() -> Int64 {
                let fragment = measure.fragment(model: model, milliCPU: milliCPU, left: left, count: gpus.count)
                return FragmentationGradientDescent.score(before: before, after: fragment)
            }
            guard let request else { return Answer(score: score(), device: -1) }
            guard request.isShared else {
                var rest = gpus.first(request) ?? 0
                while rest != 0 {
                    left[rest.trailingZeroBitCount] -= request.milli
                    rest &= rest - 1
                }
                return Answer(score: score(), device: -1)
            }
            var best = Answer(score: Int64.min, device: -1)
            for device in 0..<gpus.count where left[device] >= request.milli {
                // A device that is as full as an earlier one scores the same, and the earlier one goes first.
                if (0..<device).contains(where: { left[$0] == left[device] }) { continue }
                left[device] -= request.milli
                let score = score()
                left[device] += request.milli
                if score > best.score { best = Answer(score: score, device: Int32(device)) }
            }
            return best.device < 0 ? Answer(score: 0, device: -1) : best
        }
    }
}
