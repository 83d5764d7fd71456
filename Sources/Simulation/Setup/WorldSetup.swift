package import Autoscalers
package import Chronology
package import Costs
package import Faults
package import KubernetesAPI
package import Machines
package import Observations
package import Scheduler
package import VirtualTime
package import Workloads

/// Everything a run needs, with every default filled in.
package struct WorldSetup {
    package var name: String
    package var seed: Seed
    package var factorSeeds = FactorSeeds()
    package var startDate: StartDate
    package var horizon: Duration
    /// Created at the start, in this order.
    package var objects: [KubernetesObject] = []
    /// The live cluster that the objects and pools were exported from; nil when everything begins at the start.
    package var cluster: ClusterTakeover?
    package var pools: [NodePool] = []
    package var autoscalers: [AutoscalerSetup] = []
    /// What autoscalers can buy machine by machine.
    package var market = MachineMarket()
    package var changes: [ScheduledChange] = []
    package var arrivals: [ArrivalSetup] = []
    package var scheduler = SchedulerConfiguration()
    /// Which stream of the seed the scheduler draws from among equal nodes; nothing else depends on it.
    package var tieBreakStream: UInt64 = 0
    package var decisionDetail = DecisionDetail.none
    package var kubelet = KubeletParameters()
    package var parameters = SimulationParameters()
    package var workloads = WorkloadBook()
    /// What shares of a request are of, for containers whose requests are others than those that the shares were meant of.
    package var usageBases: [ContainerPlace: UsageBasis] = [:]
    /// Services under traffic; none calls itself, not even through others.
    package var services: [ServiceSpec] = []
    /// Metrics that the custom and the external metrics API show.
    package var metrics: [CustomMetric] = []
    package var images = ImageCatalogue()
    package var imageSupply = ImageSupply()
    package var imagePrices = ImagePrices()
    package var faults: [FaultSpec] = []
    package var assertions: [Assertion] = []
    /// The volume drivers that provision, by name; nil for every one that a storage class names.
    package var provisioners: [String]?
    package var controlPlanePerHour = NanoDollars(0)
    package var commitments = CommitmentBook()
    /// What traffic costs; nothing unless a scenario asks for it.
    package var trafficPrices = TrafficPrices()
    /// How reports divide the bill when they are not asked for otherwise.
    package var allocation = AllocationPolicy()
    /// Block storage, a GiB and month of 730 hours; nil when it costs nothing.
    package var storagePerGiBMonth: NanoDollars?
    /// A load balancer an hour; nil when it costs nothing.
    package var loadBalancerPerHour: NanoDollars?
    /// What the cloud gives at most.
    package var quotas: [CloudQuota] = []
    /// How the prices of spot machines change; nil when they stay as they are.
    package var spotPrices: SpotPrices?
    package var inputs: [(name: String, text: String)] = []
    package var warnings: [String] = []
    /// What becomes of the run later, in order of time; empty but for runs that were forked from others.
    package var branches: [WorldBranch] = []
    /// Parameters that tell where a run comes from.
    package var provenance: [(name: String, value: String)] = []

    package init(name: String, seed: Seed, startDate: StartDate, horizon: Duration) {
        self.name = name
        self.seed = seed
        self.startDate = startDate
        self.horizon = horizon
    }
}

extension WorldSetup {
    /// What the run is asked for in the end: by its last branch, when there is one.
    package var finalAssertions: [Assertion] { branches.last?.setup.assertions ?? assertions }

    /// The parameter that marks a run whose scheduler asked processes outside.
    package static let liveExtenders = "extenders.live"

    /// Whether the scheduler asks processes outside, so that the run cannot be repeated.
    package var hasLiveExtenders: Bool { !scheduler.extenders.isEmpty }

    /// What the run database is told at the start.
    package var header: RunHeader {
        let last = branches.last?.setup ?? self
        var parameters = last.parameters.listed
        var warnings = warnings
        for entry in provenance {
            let place = parameters.firstIndex { $0.name > entry.name } ?? parameters.endIndex
            parameters.insert(entry, at: place)
        }
        for (name, price) in imagePrices.listed {
            let place = parameters.firstIndex { $0.name > name } ?? parameters.endIndex
            parameters.insert((name, price.exact), at: place)
        }
        let standing = [
            ("prices.loadBalancer", loadBalancerPerHour), ("prices.storage", storagePerGiBMonth),
        ].compactMap { name, price in price.map { (name: name, value: $0.exact) } }
        var told = commitments.listed + standing + allocation.listed
        told += trafficPrices.listed
        told += quotas.map { (name: $0.title, value: String($0.vcpus)) }
        told += spotPrices?.listed ?? []
        told += factorSeeds.listed
        for entry in told {
            let place = parameters.firstIndex { $0.name > entry.name } ?? parameters.endIndex
            parameters.insert(entry, at: place)
        }
        if hasLiveExtenders {
            let place = parameters.firstIndex { $0.name > Self.liveExtenders } ?? parameters.endIndex
            parameters.insert((Self.liveExtenders, "true"), at: place)
            warnings.append("the scheduler asks live extenders: the run cannot be replayed")
        }
        return RunHeader(
            scenario: name, seed: seed.value, version: Orrery.version, startDate: startDate.description,
            horizon: last.horizon, inputs: inputs, parameters: parameters, warnings: warnings)
    }
}

/// What the traffic of images costs, a gigabyte of 10⁹ bytes; nil where nobody says.
package struct ImagePrices: Hashable, Sendable {
    /// From a registry.
    package var registry: NanoDollars?
    /// From the zone's pull-through cache.
    package var cache: NanoDollars?
    /// From a machine of the zone.
    package var peer: NanoDollars?
    /// From a machine of another zone.
    package var crossZone: NanoDollars?
    /// Whether it stands in the bill, not only in a report.
    package var isBilled = false

    /// Creates prices that say nothing.
    package init() {}

    /// The prices that are known, by their names as parameters, in name order.
    package var listed: [(name: String, price: NanoDollars)] {
        [
            ("prices.egress.cache", cache), ("prices.egress.crossZone", crossZone), ("prices.egress.peer", peer),
            ("prices.egress.registry", registry),
        ].compactMap { name, price in price.map { (name, $0) } }
    }
}

/// A number of equal machines, spread over zones in turn.
package struct NodePool: Sendable {
    package var name: String
    package var machineType: MachineType
    package var zones: [String]
    package var count: Int
    package var purchase: String
    /// nil when the price is not known: such machines cost nothing and the summary says so.
    package var pricePerHour: NanoDollars?
    /// Whether the price is the pool's own, which no market changes.
    package var hasOwnPrice = false
    package var labels = StringMap()
    package var taints: [Taint] = []
    /// Racks of each zone over which its machines are spread in turn; 0 when nobody knows of racks.
    package var racks = 0
    /// nil for what the name of the zone says.
    package var region: String?
    /// Whether the machines are up and registered at the start; otherwise they boot first.
    package var isRunningAtStart = true
    /// Images that are in the machine's own image.
    package var presentImages: [String] = []
    /// Images that a machine pulls when it has booted, before it is ready.
    package var pulledImages: [String] = []
    /// Between what sizes an autoscaler may keep it; nil for a pool whose size is fixed.
    package var autoscaling: ClosedRange<Int>?
    /// Node objects of an exported cluster that become these machines; nil makes them from the type.
    package var templates: [Node]?
    /// The NodePool for which Karpenter bought these machines before the run; nil for all others.
    package var nodePool: String?

    package init(
        name: String, machineType: MachineType, zones: [String], count: Int, purchase: String = "on-demand",
        pricePerHour: NanoDollars?
    ) {
        self.name = name
        self.machineType = machineType
        self.zones = zones
        self.count = count
        self.purchase = purchase
        self.pricePerHour = pricePerHour
    }
}

extension NodePool {
    /// The label that names a machine's rack.
    package static let rackLabel = "topology.kubernetes.io/rack"
}

/// Something a person does to the cluster at a time.
package struct ScheduledChange: Sendable {
    package enum Act: Sendable {
        case apply([KubernetesObject])
        case scale(ObjectKey, replicas: Int64)
        case setImage(ObjectKey, container: String, image: String)
        /// Pushes an image or moves a tag: from now on a pull of the reference finds this.
        case publish(image: String, ImageStatement)
        case cordon(node: String)
        case uncordon(node: String)
        case drain(DrainOptions)
        /// Shuts a machine down as its operating system does; one that restarts boots again.
        case shutDown(node: String, restarts: Bool)
        case delete(ObjectKey)
        /// Deletes this share of all running pods, chosen at random, in parts per million.
        case replacePods(partsPerMillion: Int64)
    }

    package var at: Instant
    /// Repeat after this time, or nil for once.
    package var every: Duration?
    package var act: Act
    /// The objects among those to apply whose manifests do not say how many replicas there are to be.
    package var leavesReplicas: Set<ObjectKey> = []

    package init(at: Instant, every: Duration? = nil, act: Act) {
        self.at = at
        self.every = every
        self.act = act
    }
}
