import KubernetesAPI
import Testing

@testable import SchedulingFramework

/// The research policies on one node; expected scores are worked out by hand from the protocol.
@Suite struct PolicyTests {
    /// A node with 64 CPUs of which `usedCPU` are taken, and pods that take parts of its devices.
    private static func node(
        devices: Int64 = 4, cpu: Int64 = 64, usedCPU: Int64 = 0, takes: [(milli: Int32, device: UInt64)] = []
    ) -> NodeInfo {
        var node = Node(metadata: ObjectMeta(name: "n", labels: [GpuRequest.modelKey: "T4"]))
        node.status.allocatable = [
            .cpu: Quantity(cpu), .memory: Quantity(512 << 30), .pods: Quantity(100), .nvidiaGPU: Quantity(devices),
        ]
        let info = NodeInfo(node)
        if usedCPU > 0 { info.add(pod(uid: 90, cpu: usedCPU * 1000)) }
        for (index, take) in takes.enumerated() {
            info.add(pod(uid: 100 + UInt64(index), milli: Int64(take.milli)), devices: 1 << take.device)
        }
        return info
    }

    private static func pod(
        uid: UInt64 = 1, cpu: Int64 = 0, milli: Int64 = 0, count: Int64 = 0, whole: Int64 = 0,
        annotations: StringMap = [:]
    ) -> PodInfo {
        var container = Container(name: "c", image: "i")
        if cpu > 0 { container.requests[.cpu] = Quantity(milli: cpu) }
        if milli > 0 { container.requests[GpuRequest.milliName] = Quantity(milli) }
        if count > 0 { container.requests[GpuRequest.countName] = Quantity(count) }
        if whole > 0 { container.requests[.nvidiaGPU] = Quantity(whole) }
        var metadata = ObjectMeta(name: "p\(uid)", namespace: "default")
        metadata.uid = UID(high: 0, low: uid)
        metadata.annotations = annotations
        return PodInfo(Pod(metadata: metadata, spec: PodSpec(containers: [container])))
    }

    private static func score(_ plugin: some ScorePlugin, _ pod: PodInfo, on node: NodeInfo) -> Int64 {
        plugin.score(pod, on: node, in: Snapshot(nodes: [node]), state: CycleState())
    }

    // MARK: - Requests

    @Test("pods ask for devices by requests or by annotations, and annotations win")
    func requests() {
        #expect(Self.pod(cpu: 100).shape.gpu == nil)
        #expect(Self.pod(whole: 2).shape.gpu == GpuRequest(count: 2, milli: 1000))
        #expect(Self.pod(milli: 460).shape.gpu == GpuRequest(count: 1, milli: 460))
        #expect(Self.pod(milli: 1000, count: 8).shape.gpu == GpuRequest(count: 8, milli: 1000))
        let annotations: StringMap = [
            "alibabacloud.com/gpu-milli": "300", "alibabacloud.com/gpu-count": "1",
            "alibabacloud.com/gpu-card-model": "T4|P100",
        ]
        let annotated = Self.pod(whole: 2, annotations: annotations)
        #expect(annotated.shape.gpu == GpuRequest(milli: 300, models: ["T4", "P100"]))
        #expect(Self.pod(annotations: ["alibabacloud.com/gpu-card-model": "T4"]).shape.gpu == nil)
    }

    // MARK: - Devices

    @Test("a pod gets the tightest device that fits, and gives the same one back")
    func devices() {
        let node = Self.node(takes: [(300, 1), (600, 2)])
        let pod = Self.pod(milli: 400)
        node.add(pod)
        #expect(node.gpus?.devices(of: pod.uid) == 1 << 2)
        #expect(node.gpus?.totalLeft == 2700)
        node.remove(pod.uid)
        #expect(node.gpus?.left[2] == 400)
        #expect(node.gpus?.totalLeft == 3100)
        node.add(Self.pod(uid: 2, whole: 2))
        #expect(node.gpus?.devices(of: UID(high: 0, low: 2)) == 0b1001)
    }

    @Test("a dry run gives a pod that comes back its own device")
    func dryRun() {
        let node = Self.node()
        let pod = Self.pod(milli: 400)
        node.add(pod, devices: 1 << 3)
        let copy = node.copied()
        copy.remove(pod.uid)
        copy.add(pod)
        #expect(copy.gpus?.devices(of: pod.uid) == 1 << 3)
        let fork = node.copied(isDryRun: false)
        fork.remove(pod.uid)
        fork.add(pod)
        #expect(fork.gpus?.devices(of: pod.uid) == 1)
        #expect(node.gpus?.devices(of: pod.uid) == 1 << 3)
    }

    @Test("pods keep their devices when the node grows, and a node without devices counts none")
    func growth() {
        let node = Self.node(takes: [(300, 2)])
        var larger = node.node
        larger.status.allocatable[.nvidiaGPU] = Quantity(6)
        node.update(larger)
        #expect(node.gpus?.left[2] == 700)
        #expect(node.gpus?.totalLeft == 5700)
        larger.status.allocatable[.nvidiaGPU] = nil
        node.update(larger)
        #expect(node.gpus == nil)
    }

    struct FilterRow: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var milli: Int64 = 0
        var count: Int64 = 0
        var models = ""
        var expected: Verdict.Code
    }

    @Test(
        "the filter looks at each device",
        arguments: [
            FilterRow(testDescription: "no device asked for", expected: .success),
            FilterRow(testDescription: "a part that one device has", milli: 700, count: 1, expected: .success),
            FilterRow(testDescription: "more than any device has", milli: 701, count: 1, expected: .unschedulable),
            FilterRow(testDescription: "two whole ones of two that are begun", milli: 1000, count: 2, expected: .unschedulable),
            FilterRow(testDescription: "more devices than there are", milli: 1000, count: 3, expected: .unresolvable),
            FilterRow(testDescription: "the right model", milli: 100, count: 1, models: "P4|T4", expected: .success),
            FilterRow(testDescription: "another model", milli: 100, count: 1, models: "P4", expected: .unresolvable),
        ])
    func filter(row: FilterRow) {
        let node = Self.node(devices: 2, takes: [(300, 0), (500, 1)])
        var annotations: StringMap = [:]
        if row.milli > 0 { annotations[GpuRequest.milliName.text] = String(row.milli) }
        if row.count > 0 { annotations[GpuRequest.countName.text] = String(row.count) }
        if !row.models.isEmpty { annotations[GpuRequest.modelKey] = row.models }
        let verdict = GpuShare().filter(Self.pod(annotations: annotations), on: node, state: CycleState())
        #expect(verdict.code == row.expected)
    }

    // MARK: - Scores

    @Test("DotProduct and BestFit compare with 128 CPUs and 8 devices")
    func simpleScores() {
        let node = Self.node(usedCPU: 32)
        let pod = Self.pod(cpu: 16_000, whole: 4)
        // (0.25 × 0.125 + 0.5 × 0.5) / 2 = 0.140625
        #expect(Self.score(DotProduct(), pod, on: node) == 85)
        // 0.5 × 16/128 + 0 = 0.0625
        #expect(Self.score(BestFit(), pod, on: node) == 93)
    }

    @Test("GpuClustering prefers pods of the same kind, then idle nodes")
    func clustering() {
        let pod = Self.pod(milli: 100)
        #expect(Self.score(GpuClustering(), Self.pod(cpu: 1000), on: Self.node()) == 0)
        // Four of eight devices' worth are missing: 25 × 4000 / 8000 = 12.
        #expect(Self.score(GpuClustering(), pod, on: Self.node()) == 12 + 25)
        let shared = Self.node(takes: [(400, 0)])
        #expect(Self.score(GpuClustering(), pod, on: shared) == 13 + 75)
        #expect(Self.score(GpuClustering(), Self.pod(whole: 1), on: shared) == 13)
        shared.add(Self.pod(uid: 7, whole: 1))
        #expect(Self.score(GpuClustering(), pod, on: shared) == 16 + 50)
    }

    @Test("GpuPacking prefers devices in use, then nodes in use")
    func packing() {
        #expect(Self.score(GpuPacking(), Self.pod(cpu: 1000), on: Self.node()) == 0)
        #expect(Self.score(GpuPacking(), Self.pod(milli: 100), on: Self.node()) == 29)
        let node = Self.node(takes: [(400, 0), (900, 1)])
        // 600 left of the one that fits: 100 - 60 / 10.
        #expect(Self.score(GpuPacking(), Self.pod(milli: 200), on: node) == 94)
        #expect(Self.score(GpuPacking(), Self.pod(milli: 100), on: node) == 99)
        #expect(Self.score(GpuPacking(), Self.pod(milli: 700), on: node) == 49)
        #expect(Self.score(GpuPacking(), Self.pod(whole: 2), on: node) == 48)
    }

    // MARK: - FGD

    private static let classes = [
        FragmentMeasure.PodClass(milliCPU: 4000, gpu: GpuRequest(milli: 500), share: 0.5),
        FragmentMeasure.PodClass(milliCPU: 8000, gpu: GpuRequest(count: 1, milli: 1000), share: 0.25),
        FragmentMeasure.PodClass(milliCPU: 1000, gpu: nil, share: 0.125),
        FragmentMeasure.PodClass(milliCPU: 1000, gpu: GpuRequest(milli: 100, models: ["A10"]), share: 0.125),
    ]

    @Test("fragments are what typical pods cannot use")
    func fragment() {
        let measure = FragmentMeasure(Self.classes)
        let node = Self.node(devices: 2, takes: [(600, 0)])
        // Halves cannot use 400, whole ones neither; the others nothing of 1400.
        #expect(measure.fragment(of: node) == 0.5 * 400 + 0.25 * 400 + 0.25 * 1400)
        let busy = Self.node(devices: 2, usedCPU: 57, takes: [(600, 0)])
        #expect(measure.fragment(of: busy) == 0.5 * 400 + 0.25 * 1400 + 0.25 * 1400)
    }

    @Test("FGD fills a begun device rather than beginning another, on the first of equals")
    func descent() {
        let plugin = FragmentationGradientDescent(arguments: .init(typicalPods: Self.classes))
        let node = Self.node(devices: 4, takes: [(500, 2), (500, 3)])
        let pod = Self.pod(milli: 500)
        let snapshot = Snapshot(nodes: [node])
        #expect(plugin.devices(for: pod, on: node, in: snapshot) == 1 << 2)
        // Half of a device goes: 250 by the two last classes, 125 by whole ones. The sigmoid of 0.25 is 0.562.
        #expect(Self.score(plugin, pod, on: node) == 56)
        #expect(Self.score(plugin, Self.pod(cpu: 1000), on: node) == 50)
        node.add(pod, devices: plugin.devices(for: pod, on: node, in: snapshot))
        #expect(node.gpus?.left[2] == 0)
        #expect(plugin.devices(for: Self.pod(uid: 2, milli: 500), on: node, in: snapshot) == 1 << 3)
    }

    @Test("without typical pods all nodes score alike")
    func noClasses() {
        let plugin = FragmentationGradientDescent()
        #expect(Self.score(plugin, Self.pod(milli: 500), on: Self.node()) == 50)
        #expect(Self.score(plugin, Self.pod(milli: 500), on: Self.node(devices: 0)) == 50)
    }

    @Test(
        "the exponential is right to the last digits",
        arguments: [
            (0.0, 1.0), (1.0, 2.718281828459045), (-1.0, 0.36787944117144233), (0.25, 1.2840254166877414),
            (-8.0, 0.00033546262790251185), (20.0, 485165195.4097903),
        ])
    func exponential(x: Double, expected: Double) {
        let found = FragmentationGradientDescent.exponential(x)
        #expect(abs(found - expected) <= 4 * expected.ulp)
    }

    @Test("Random takes every node and device about equally often, and repeats itself")
    func random() {
        let node = Self.node(takes: [(950, 1)])
        var nodes = [0, 0, 0]
        var devices = [0, 0, 0, 0]
        for uid in 1...3000 {
            let pod = Self.pod(uid: UInt64(uid), milli: 100)
            let plugin = Random(arguments: .init(seed: 5))
            var scores: [Int64] = [0, 0, 0]
            let snapshot = Snapshot(nodes: [node])
            plugin.normalize(&scores, nodes: [node, node, node], for: pod, in: snapshot, state: CycleState())
            #expect(scores.reduce(0, +) == 100)
            nodes[scores.firstIndex(of: 100) ?? 0] += 1
            let device = plugin.devices(for: pod, on: node, in: snapshot)
            #expect(device == plugin.devices(for: pod, on: node, in: snapshot))
            devices[device?.trailingZeroBitCount ?? 0] += 1
        }
        #expect(devices[1] == 0)
        #expect((nodes + [devices[0], devices[2], devices[3]]).allSatisfy { abs($0 - 1000) < 120 })
    }
}
