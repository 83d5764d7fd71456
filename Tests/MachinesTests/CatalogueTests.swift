import KubernetesAPI
import Machines
import Testing

private let mebibyte: Int64 = 1 << 20
private let gibibyte: Int64 = 1 << 30

@Suite struct CatalogueTests {
    @Test(
        "Allocatable amounts follow the providers' formulas",
        arguments: [
            ("m5.large", 1_930, 6_903, 29), ("a1.medium", 940, 1_392, 8), ("c5.24xlarge", 95_690, 173_400, 737),
            ("trn1.32xlarge", 127_610, 481_894, 247),
            // GKE: 4 GiB keep 25 %, the next 4 keep 20 %, and 100 MiB are the eviction threshold.
            ("n2-standard-2", 1_930, 8_192 - 1_024 - 820 - 100, 110), ("e2-medium", 940, 4_096 - 1_024 - 100, 110),
            ("f1-micro", 940, 614 - 255 - 100, 110),
        ] as [(String, Int64, Int64, Int64)])
    func allocatable(name: String, milliCPU: Int64, mebibytes: Int64, pods: Int64) throws {
        let type = try #require(MachineCatalogue.builtIn[name])
        #expect(type.allocatable[.cpu]?.milliValue == milliCPU)
        #expect(try #require(type.allocatable[.memory]).value / mebibyte == mebibytes)
        #expect(type.allocatable[.pods] == Quantity(pods))
    }

    @Test("EKS nodes have 20 GiB of disk and leave 17; GKE boot disks of 100 leave 49")
    func disks() throws {
        let eks = try #require(MachineCatalogue.aws["m5.large"])
        #expect(eks.capacity[.ephemeralStorage] == Quantity(20 * gibibyte))
        #expect(eks.allocatable[.ephemeralStorage] == Quantity(17 * gibibyte))
        let gke = try #require(MachineCatalogue.gcp["n2-standard-2"])
        #expect(gke.allocatable[.ephemeralStorage] == Quantity(49 * gibibyte))
    }

    @Test(
        "GPUs appear under the resource of their maker",
        arguments: [
            ("p3.8xlarge", "nvidia.com/gpu", 4), ("g4ad.8xlarge", "amd.com/gpu", 2), ("g6f.large", "nvidia.com/gpu", 1),
            ("a2-megagpu-16g", "nvidia.com/gpu", 16),
        ] as [(String, ResourceName, Int64)])
    func gpus(name: String, resource: ResourceName, count: Int64) throws {
        let type = try #require(MachineCatalogue.builtIn[name])
        #expect(type.capacity[resource] == Quantity(count))
        #expect(type.allocatable[resource] == Quantity(count))
        #expect(try #require(MachineCatalogue.aws["m5.large"]).capacity[resource] == nil)
    }

    @Test("The catalogues are whole, sorted and without repeats")
    func whole() {
        #expect(MachineCatalogue.aws.types.count == 1_352)
        #expect(MachineCatalogue.gcp.types.count == 522)
        let names = MachineCatalogue.builtIn.types.map(\.name)
        #expect(names.count == 1_874)
        #expect(zip(names, names.dropFirst()).allSatisfy { $0 < $1 })
        #expect(names.allSatisfy { MachineCatalogue.builtIn[$0]?.name == $0 })
    }

    @Test("A misspelt name has its nearest names, and an absurd one has none")
    func nearest() {
        #expect(MachineCatalogue.aws["m5.lrage"] == nil)
        #expect(MachineCatalogue.aws.nearestNames(to: "m5.lrage").first == "m5.large")
        #expect(MachineCatalogue.gcp.nearestNames(to: "n2standard-2").first == "n2-standard-2")
        #expect(MachineCatalogue.gcp.nearestNames(to: "").isEmpty)
    }

    @Test("A scenario's own type is wholly allocatable, and replaces one of the same name")
    func custom() throws {
        let own = MachineType.custom(
            name: "m5.large", cpu: Quantity(milli: 2_500), memory: Quantity(3 * gibibyte, format: .binarySI))
        let catalogue = MachineCatalogue.aws.overlaying([own])
        let type = try #require(catalogue["m5.large"])
        #expect(type.capacity == type.allocatable)
        #expect(type.capacity[.cpu] == Quantity(milli: 2_500))
        #expect(type.capacity[.memory] == Quantity(3 * gibibyte))
        #expect(catalogue.types.count == 1_352)
        let tiny = MachineType.custom(
            name: "tiny", cpu: Quantity(milli: 10), memory: Quantity(50 * mebibyte), reservation: .kubelet)
        #expect(tiny.allocatable[.memory] == .zero)
    }

    @Test("What somebody sets stands above the rule, part by part")
    func reservations() {
        var type = MachineType.custom(
            name: "own", cpu: Quantity(4), memory: Quantity(10 * gibibyte), disk: Quantity(100 * gibibyte),
            reservation: .kubelet)
        #expect(type.allocatable[.memory] == Quantity(10 * gibibyte - 100 * mebibyte))
        type.settings.kubeReserved = KubeletReservation.Amounts(milliCPU: 200, memoryBytes: gibibyte)
        type.settings.systemReserved = KubeletReservation.Amounts(milliCPU: 50, diskBytes: gibibyte)
        #expect(type.allocatable[.cpu] == Quantity(milli: 3_750))
        #expect(type.allocatable[.memory] == Quantity(9 * gibibyte - 100 * mebibyte))
        #expect(type.allocatable[.ephemeralStorage] == Quantity(89 * gibibyte))
        type.settings.evictionMemory = .share(100_000)
        type.settings.evictionDisk = .bytes(2 * gibibyte)
        #expect(type.allocatable[.memory] == Quantity(8 * gibibyte))
        #expect(type.allocatable[.ephemeralStorage] == Quantity(97 * gibibyte))
        // Those of a pool stand above those of its type.
        var pool = ReservationSettings()
        pool.evictionDisk = .bytes(0)
        type.settings = pool.over(type.settings)
        #expect(type.allocatable[.memory] == Quantity(8 * gibibyte))
        #expect(type.allocatable[.ephemeralStorage] == Quantity(99 * gibibyte))
    }
}
