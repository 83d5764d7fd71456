package import Chronology
package import VirtualTime

/// Every delay and limit between the components, by name; the database records the values used.
package struct SimulationParameters: Hashable, Sendable {
    /// From a change in the API server to the controllers and the scheduler that watch it.
    package var watchDelay = Distribution.constant(0.005)
    /// From a change in the API server to the kubelet of the node (its watch and sync loop).
    package var kubeletSync = Distribution.constant(0.02)
    /// One write to the API server, etcd included.
    package var apiWrite = Distribution.constant(0.005)
    /// One call of a reconciler, before its first request.
    package var controllerSync = Distribution.constant(0.001)
    /// One scheduling cycle.
    package var schedulerCycle = Distribution.constant(0.002)
    /// From a decision to its binding being written.
    package var schedulerBind = Distribution.constant(0.005)
    /// From a change on the machine to the status write of its kubelet.
    package var kubeletStatus = Distribution.constant(0.01)
    /// From the order of a machine to its registration.
    package var cloudLaunch = Distribution.lognormal(median: 35, p95: 60)
    /// From a change of a pod's readiness to the last sender of requests that knows it: the EndpointSlice controller, its
    /// write, the watch, and about half of kube-proxy's `minSyncPeriod` of a second.
    package var endpointsPropagation = Distribution.constant(0.5)
    /// From the call of a provisioner to the volume being there; drivers of cloud disks take seconds.
    package var volumesProvision = Distribution.lognormal(median: 3, p95: 10)
    /// From a volume losing its claim to its end.
    package var volumesDelete = Distribution.lognormal(median: 3, p95: 10)
    /// From a pod being bound to its disks being attached to its node; drivers of cloud disks take seconds.
    package var volumesAttach = Distribution.lognormal(median: 5, p95: 15)
    /// What controllers read: their informer cache, or the store as it is.
    package var controllerCache = ControllerCache.lagging
    /// Requests a second and burst of each controller's client (`--kube-api-qps`, `--kube-api-burst`).
    package var controllerQPS: Int64 = 20
    package var controllerBurst: Int64 = 30
    /// Requests a second and burst of the scheduler's client (`clientConnection`).
    package var schedulerQPS: Int64 = 50
    package var schedulerBurst: Int64 = 100
    /// How often a kubelet renews its lease (a quarter of `nodeLeaseDurationSeconds`).
    package var leaseRenewal = Duration.seconds(10)

    /// How often the metrics server asks the kubelets (`--metric-resolution`).
    package var metricsResolution = Duration.seconds(15)
    /// How old the kubelets' figures are then: half of the kubelet's `housekeeping-interval` of 10 s.
    package var metricsDelay = Duration.seconds(5)
    /// Over how long they are taken: from one time that the metrics server asks to the next.
    package var metricsWindow = Duration.seconds(15)

    /// Whether autoscalers of pods may take their targets to no replicas (the feature gate `HPAScaleToZero`, which is off in
    /// v1.36).
    package var scalesToZero = false

    package init() {}
}

/// What controllers read.
package enum ControllerCache: String, Hashable, Sendable, CaseIterable {
    /// The store as it is.
    case current
    /// An informer cache, which knows of a change when the watch has brought it.
    case lagging
}

// MARK: - By name

extension SimulationParameters {
    /// A parameter that a scenario can set by its name.
    package struct Entry: @unchecked Sendable {
        package enum Place {
            case distribution(WritableKeyPath<SimulationParameters, Distribution>)
            case count(WritableKeyPath<SimulationParameters, Int64>)
            case duration(WritableKeyPath<SimulationParameters, Duration>)
            case cache(WritableKeyPath<SimulationParameters, ControllerCache>)
            case truth(WritableKeyPath<SimulationParameters, Bool>)
        }

        package let name: String
        package let place: Place
    }

    /// All parameters in name order.
    package static let entries: [Entry] = [
        Entry(name: "api.write", place: .distribution(\.apiWrite)),
        Entry(name: "cloud.launch", place: .distribution(\.cloudLaunch)),
        Entry(name: "controller.burst", place: .count(\.controllerBurst)),
        Entry(name: "controller.cache", place: .cache(\.controllerCache)),
        Entry(name: "controller.qps", place: .count(\.controllerQPS)),
        Entry(name: "controller.sync", place: .distribution(\.controllerSync)),
        Entry(name: "endpoints.propagation", place: .distribution(\.endpointsPropagation)),
        Entry(name: "featureGates.HPAScaleToZero", place: .truth(\.scalesToZero)),
        Entry(name: "kubelet.leaseRenewal", place: .duration(\.leaseRenewal)),
        Entry(name: "kubelet.status", place: .distribution(\.kubeletStatus)),
        Entry(name: "kubelet.sync", place: .distribution(\.kubeletSync)),
        Entry(name: "metrics.delay", place: .duration(\.metricsDelay)),
        Entry(name: "metrics.resolution", place: .duration(\.metricsResolution)),
        Entry(name: "metrics.window", place: .duration(\.metricsWindow)),
        Entry(name: "scheduler.bind", place: .distribution(\.schedulerBind)),
        Entry(name: "scheduler.burst", place: .count(\.schedulerBurst)),
        Entry(name: "scheduler.cycle", place: .distribution(\.schedulerCycle)),
        Entry(name: "scheduler.qps", place: .count(\.schedulerQPS)),
        Entry(name: "volumes.attach", place: .distribution(\.volumesAttach)),
        Entry(name: "volumes.delete", place: .distribution(\.volumesDelete)),
        Entry(name: "volumes.provision", place: .distribution(\.volumesProvision)),
        Entry(name: "watch", place: .distribution(\.watchDelay)),
    ]

    /// Every parameter's name and value as text, in name order.
    package var listed: [(name: String, value: String)] {
        Self.entries.map { entry in
            switch entry.place {
            case .distribution(let path): (entry.name, "\(self[keyPath: path])")
            case .count(let path): (entry.name, "\(self[keyPath: path])")
            case .duration(let path): (entry.name, self[keyPath: path].description)
            case .cache(let path): (entry.name, self[keyPath: path].rawValue)
            case .truth(let path): (entry.name, "\(self[keyPath: path])")
            }
        }
    }
}
