import KubernetesAPI
import SchedulingFramework
import Testing

@Suite struct PodRequestsTests {
    private static func container(_ cpu: Int64, sidecar: Bool = false) -> Container {
        var container = Container(name: "c", image: "i")
        container.requests = [.cpu: Quantity(milli: cpu)]
        if sidecar { container.restartPolicy = .always }
        return container
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var containers: [Int64]
        /// Negative means a sidecar.
        var inits: [Int64]
        var overhead: Int64 = 0
        var podLevel: Int64?
        var expected: Int64
    }

    @Test(
        "a pod asks for the most it ever needs at once",
        arguments: [
            Row(testDescription: "containers add up", containers: [100, 200], inits: [], expected: 300),
            Row(testDescription: "a larger init container wins", containers: [100], inits: [500, 50], expected: 500),
            Row(testDescription: "sidecars add to the containers", containers: [100], inits: [-50], expected: 150),
            Row(
                testDescription: "an init container runs beside earlier sidecars", containers: [100],
                inits: [-50, 400], expected: 450),
            Row(
                testDescription: "but not beside later ones", containers: [100], inits: [400, -50], expected: 400),
            Row(testDescription: "overhead comes on top", containers: [100], inits: [300], overhead: 7, expected: 307),
            Row(
                testDescription: "pod-level requests replace the sum", containers: [100, 100], inits: [],
                overhead: 1, podLevel: 900, expected: 901),
        ])
    func total(row: Row) {
        var spec = PodSpec(containers: row.containers.map { Self.container($0) })
        spec.initContainers = row.inits.map { Self.container(abs($0), sidecar: $0 < 0) }
        if row.overhead > 0 { spec.overhead = [.cpu: Quantity(milli: row.overhead)] }
        if let podLevel = row.podLevel { spec.requests = [.cpu: Quantity(milli: podLevel)] }
        #expect(ResourceAmounts(PodRequests.total(of: spec)).milliCPU == row.expected)
        guard row.podLevel != nil else { return }
        let containers = ResourceAmounts(PodRequests.total(of: spec, podLevel: false)).milliCPU
        #expect(containers == row.containers.reduce(row.overhead, +))
    }

    @Test("containers without requests count as small ones in scores")
    func missing() {
        let spec = PodSpec(containers: [Container(name: "a"), Self.container(300)])
        let amounts = ResourceAmounts(PodRequests.total(of: spec, fillingMissing: true))
        #expect(amounts.milliCPU == 400)
        #expect(amounts.memory == 2 * 200 << 20)
    }

    @Test(
        "scalar resources are told from others by name",
        arguments: [
            ("nvidia.com/gpu", true, true), ("hugepages-2Mi", true, false), ("cpu", false, false),
            ("example.kubernetes.io/x", true, false), ("attachable-volumes-aws-ebs", true, false),
            ("storage", false, false),
        ])
    func names(name: String, isScalar: Bool, isExtended: Bool) {
        #expect(ResourceName(name).isScalar == isScalar)
        #expect(ResourceName(name).isExtended == isExtended)
    }
}
