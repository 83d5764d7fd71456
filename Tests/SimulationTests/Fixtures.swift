import Chronology
import Costs
import KubernetesAPI
import Machines
import Observations
import Simulation
import VirtualTime

/// Small clusters for tests.
enum Fixture {
    /// A setup with `machines` machines of 4 cores and 16 GiB at a dollar a day each, in two zones.
    static func setup(machines: Int = 3, horizon: Duration = .hours(2), seed: UInt64 = 1) -> WorldSetup {
        var setup = WorldSetup(
            name: "fixture", seed: Seed(seed), startDate: StartDate(unixSeconds: 1_767_571_200), horizon: horizon)
        let type = MachineType.custom(name: "box", cpu: Quantity(4), memory: Quantity(16 << 30))
        setup.pools = [
            NodePool(
                name: "box", machineType: type, zones: ["z-a", "z-b"], count: machines,
                pricePerHour: NanoDollars(24_000_000_000))
        ]
        return setup
    }

    /// A deployment of `replicas` pods that ask for `cpu` and a gibibyte each.
    static func deployment(_ name: String, replicas: Int64, cpu: Int64 = 500, image: String = "shop/web:1") -> KubernetesObject {
        var container = Container(name: "main", image: image)
        container.requests = [.cpu: Quantity(milli: cpu), .memory: Quantity(1 << 30)]
        var spec = Deployment.Spec()
        spec.replicas = replicas
        spec.selector = LabelSelector(matchLabels: ["app": name])
        spec.template = PodTemplateSpec(labels: ["app": name], spec: PodSpec(containers: [container]))
        return .deployment(Deployment(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec))
    }
}

/// An observer that keeps every row.
final class Notebook: RunObserver {
    var header: RunHeader?
    var nodes: [NodeRow] = []
    var nodeIntervals: [NodeIntervalRow] = []
    var controllers: [ControllerRow] = []
    var pods: [PodRow] = []
    var podIntervals: [PodIntervalRow] = []
    var podEnds: [PodEndRow] = []
    var events: [EventRow] = []
    var attempts: [AttemptRow] = []
    var verdicts: [NodeVerdictRow] = []
    var pulls: [ImagePullRow] = []
    var lost: [LostWorkRow] = []
    var throttles: [ThrottleIntervalRow] = []
    var kills: [PressureKillRow] = []
    var versions: [ImageVersionRow] = []
    var containerImages: [ContainerImageRow] = []
    var faults: [FaultRow] = []
    var unstruck: [UnstruckFaultRow] = []
    var quotas: [QuotaRow] = []
    var causes: [CauseEventRow] = []
    var scalings: [ScalingActionRow] = []
    var demand: [DemandIntervalRow] = []
    var services: [ServiceRow] = []
    var serviceIntervals: [ServiceIntervalRow] = []
    var capacity: [CapacityIntervalRow] = []
    var assets: [CostAssetRow] = []
    var allocations: [CostAllocationRow] = []
    var sent: [NetworkTrafficRow] = []
    var checkpoints: [CheckpointRow] = []
    var metrics: [MetricRow] = []
    var assertions: [AssertionRow] = []
    var footer: RunFooter?
    var stoppedAt: String?

    func begin(_ header: RunHeader) { self.header = header }
    func node(_ row: NodeRow) { nodes.append(row) }
    func nodeInterval(_ row: NodeIntervalRow) { nodeIntervals.append(row) }
    func controller(_ row: ControllerRow) { controllers.append(row) }
    func pod(_ row: PodRow) { pods.append(row) }
    func podInterval(_ row: PodIntervalRow) { podIntervals.append(row) }
    func podEnd(_ row: PodEndRow) { podEnds.append(row) }
    func event(_ row: EventRow) { events.append(row) }
    func attempt(_ row: AttemptRow) { attempts.append(row) }
    func nodeVerdict(_ row: NodeVerdictRow) { verdicts.append(row) }
    func imagePull(_ row: ImagePullRow) { pulls.append(row) }
    func lostWork(_ row: LostWorkRow) { lost.append(row) }
    func throttle(_ row: ThrottleIntervalRow) { throttles.append(row) }
    func pressureKill(_ row: PressureKillRow) { kills.append(row) }
    func imageVersion(_ row: ImageVersionRow) { versions.append(row) }
    func containerImage(_ row: ContainerImageRow) { containerImages.append(row) }
    func scalingAction(_ row: ScalingActionRow) { scalings.append(row) }
    func fault(_ row: FaultRow) { faults.append(row) }
    func unstruckFault(_ row: UnstruckFaultRow) { unstruck.append(row) }
    func quota(_ row: QuotaRow) { quotas.append(row) }
    func causeEvent(_ row: CauseEventRow) { causes.append(row) }
    func demand(_ row: DemandIntervalRow) { demand.append(row) }
    func service(_ row: ServiceRow) { services.append(row) }
    func serviceInterval(_ row: ServiceIntervalRow) { serviceIntervals.append(row) }
    func capacity(_ row: CapacityIntervalRow) { capacity.append(row) }
    func costAsset(_ row: CostAssetRow) { assets.append(row) }
    func costAllocation(_ row: CostAllocationRow) { allocations.append(row) }
    func networkTraffic(_ row: NetworkTrafficRow) { sent.append(row) }
    func checkpoint(_ row: CheckpointRow) { checkpoints.append(row) }
    func metric(_ row: MetricRow) { metrics.append(row) }
    func assertion(_ row: AssertionRow) { assertions.append(row) }
    func stop(digest: String) { stoppedAt = digest }
    func finish(_ footer: RunFooter) { self.footer = footer }

    /// The value of a metric; 0 when there is none.
    func value(_ metric: String) -> Int64 { metrics.first { $0.name == metric }?.value ?? 0 }
}
