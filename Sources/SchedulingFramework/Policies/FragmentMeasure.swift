/// How much of a node's graphics processors is of no use to the pods that typically come: fragments, in thousandths of
/// a device, expected over the classes of pods (Weng et al., Beware of fragmentation, USENIX ATC'23).
package final class FragmentMeasure: Sendable {
    /// A class of pods; memory plays no part.
    package struct PodClass: Hashable, Sendable {
        /// Thousandths of a CPU.
        package var milliCPU: Int64
        /// nil for pods that ask for no device.
        package var gpu: GpuRequest?
        /// Its part of all pods, 0 to 1.
        package var share: Double

        package init(milliCPU: Int64, gpu: GpuRequest?, share: Double) {
            self.milliCPU = milliCPU
            self.gpu = gpu
            self.share = share
        }
    }

    private struct Row {
        var milliCPU: Int64
        /// 0 for pods that ask for no device.
        var count: Int32
        var milli: Int32
        var share: Double
    }

    /// The classes, in the order in which they are summed.
    package let classes: [PodClass]
    private let rows: [Row]
    /// Models that some class names.
    private let models: [String]
    /// By model (first those of no name) and class: whether the class may have devices of the model.
    private let allowed: [Bool]
    /// The CPU amounts of the classes, each once, ascending.
    private let cpuSteps: [Int64]

    package init(_ classes: [PodClass]) {
        self.classes = classes
        rows = classes.map {
            Row(milliCPU: $0.milliCPU, count: $0.gpu?.count ?? 0, milli: $0.gpu?.milli ?? 0, share: $0.share)
        }
        var models: [String] = []
        for model in classes.flatMap({ $0.gpu?.models ?? [] }) where !models.contains(model) { models.append(model) }
        self.models = models
        allowed = ([nil] + models.map { $0 }).flatMap { (model: String?) in
            classes.map { entry in
                guard let wanted = entry.gpu?.models, !wanted.isEmpty else { return true }
                return model.map(wanted.contains) ?? false
            }
        }
        cpuSteps = Set(classes.map(\.milliCPU)).sorted()
    }

    /// Returns the number under which `fragment` knows a model.
    package func modelNumber(_ model: String) -> Int { (models.firstIndex(of: model) ?? -1) + 1 }

    /// Returns how many of the classes' different CPU amounts are there: all that `fragment` looks at.
    func cpuLevel(_ milliCPU: Int64) -> Int {
        var level = 0
        while level < cpuSteps.count, cpuSteps[level] <= milliCPU { level += 1 }
        return level
    }

    /// Returns the fragment of a node with so much CPU left, and so much `left` of each of its `count` devices.
    package func fragment(model: Int, milliCPU: Int64, left: UnsafePointer<Int32>, count: Int) -> Double {
        var total: Int32 = 0
        for device in 0..<count { total += left[device] }
        let all = Double(total)
        // By what is missing, summed apart and in the order of the classes, as the authors do: sums of fractions depend
        // on the order, and scores are cut to whole numbers.
        var devices = 0.0
        var both = 0.0
        var cpu = 0.0
        var withoutGpu = 0.0
        var withoutBoth = 0.0
        var otherModel = 0.0
        let base = model * rows.count
        rows.withUnsafeBufferPointer { rows in
            allowed.withUnsafeBufferPointer { allowed in
                for index in 0..<rows.count {
                    let row = rows[index]
                    let hasCPU = milliCPU >= row.milliCPU
                    if row.count == 0 {
                        if hasCPU { withoutGpu += row.share * all } else { withoutBoth += row.share * all }
                        continue
                    }
                    guard allowed[base + index] else {
                        otherModel += row.share * all
                        continue
                    }
                    var fitting: Int32 = 0
                    var tooSmall: Int32 = 0
                    for device in 0..<count {
                        let fits = left[device] >= row.milli
                        fitting &+= fits ? 1 : 0
                        tooSmall &+= fits ? 0 : left[device]
                    }
                    let hasDevices = fitting >= row.count
                    if hasCPU {
                        devices += row.share * (hasDevices ? Double(tooSmall) : all)
                    } else if hasDevices {
                        cpu += row.share * all
                    } else {
                        both += row.share * all
                    }
                }
            }
        }
        return both + devices + cpu + withoutGpu + withoutBoth + otherModel
    }

    /// Returns the fragment of `node` as it is.
    package func fragment(of node: NodeInfo) -> Double {
        guard let gpus = node.gpus else { return 0 }
        return fragment(
            model: modelNumber(gpus.model), milliCPU: node.allocatable.milliCPU - node.requested.milliCPU,
            left: gpus.left, count: gpus.count)
    }
}
