import Chronology
import KubernetesAPI
import VirtualTime
import Workloads

/// The services of a run under traffic: their endpoints, how they do now, and what of that was counted.
struct TrafficDesk {
    /// nil in a run without services: then nothing of this costs anything.
    private(set) var flow: ServiceFlow?
    /// The selector of each Kubernetes Service; nil while there is none, or for services that match workloads.
    var selectors: [StringMap?] = []
    /// The ports of each Kubernetes Service.
    var ports: [[Service.Port]] = []
    /// Whether a Service wants pods that are not ready as well.
    var publishesNotReady: [Bool] = []
    var supplies: [ServiceFlow.Supply] = []
    var states: [ServiceFlow.State] = []
    var meters: [ServiceMeter] = []
    /// Places of the endpoints that are listed, by service.
    var listed: [[Int32]] = []
    /// Services whose endpoints changed since the last look.
    var isDirty: [Bool] = []
    var isLookDue = false
    /// The instant of the latest looks that followed from shares of processors, and their number.
    private var shareLooks: (at: Instant, count: Int) = (.start, 0)
    /// When a curve changes next.
    var stepAt = Instant.start
    /// What requests add to the usage of pods, by profile in order.
    var loads: [(profile: Int32, load: ServiceLoad)] = []
    /// The number of the latest news about endpoints.
    var news: Int64 = 0
    var propagation = RandomStream(seed: 0, name: "")

    private(set) var endpoints: [Endpoint?] = []
    private var free: [Int32] = []
    // Places of endpoints by tracker slot: `unknown` for pods that were not looked at, `none` for those of no service.
    private var places: [Int32] = []
    private static let unknown: Int32 = -1
    private static let none: Int32 = -2

    var isOn: Bool { flow != nil }

    init() {}

    init(_ services: [ServiceSpec], streams: RandomStreams) {
        guard !services.isEmpty else { return }
        guard let graph = ServiceGraph(services) else {
            preconditionFailure("services call each other in a circle; the loader lets none through")
        }
        flow = ServiceFlow(graph)
        propagation = streams.stream("delay.endpoints.propagation")
        selectors = [StringMap?](repeating: nil, count: services.count)
        ports = [[Service.Port]](repeating: [], count: services.count)
        publishesNotReady = [Bool](repeating: false, count: services.count)
        supplies = [ServiceFlow.Supply](repeating: ServiceFlow.Supply(), count: services.count)
        states = [ServiceFlow.State](repeating: ServiceFlow.State(), count: services.count)
        listed = [[Int32]](repeating: [], count: services.count)
        isDirty = [Bool](repeating: true, count: services.count)
        meters = services.indices.map { ServiceMeter(service: Int32($0 + 1)) }
    }

    /// Lets the services be other ones from `now` on: as many, before the same pods.
    mutating func replaceServices(_ services: [ServiceSpec], at now: Instant) {
        precondition(services.map(\.title) == self.services.map(\.title), "a branch has other services")
        guard let graph = ServiceGraph(services) else {
            preconditionFailure("services call each other in a circle; the loader lets none through")
        }
        flow = ServiceFlow(graph)
        stepAt = now
        isDirty = isDirty.map { _ in true }
    }

    var services: [ServiceSpec] { flow?.graph.services ?? [] }

    /// How often loads and shares of processors may follow from each other at one instant.
    private static let shareLookLimit = 16

    /// Returns whether another look is due for changed shares; loads that shares chase in a circle stay where they are
    /// until something else changes.
    mutating func followsShares(at now: Instant) -> Bool {
        if isLookDue { return false }
        shareLooks = shareLooks.at == now ? (now, shareLooks.count + 1) : (now, 1)
        return shareLooks.count <= Self.shareLookLimit
    }

    /// Whether a namespace has a service under traffic.
    func concerns(_ namespace: String) -> Bool { services.contains { $0.namespace == namespace } }
}

// MARK: - Endpoints

extension TrafficDesk {
    /// Returns the place of a pod's endpoint; nil when it has none, and whether that is known for sure.
    func place(ofTrack slot: Int32) -> (place: Int32?, isKnown: Bool) {
        guard Int(slot) < places.count else { return (nil, false) }
        let place = places[Int(slot)]
        return place >= 0 ? (place, true) : (nil, place == Self.none)
    }

    /// Notes that a pod belongs to no service.
    mutating func leaveOut(track slot: Int32) { note(Self.none, of: slot) }

    /// Adds the endpoint of a pod, and returns its place.
    mutating func add(_ endpoint: Endpoint) -> Int32 {
        let place: Int32
        if let last = free.popLast() {
            place = last
            endpoints[Int(place)] = endpoint
        } else {
            endpoints.append(endpoint)
            place = Int32(endpoints.count - 1)
        }
        note(place, of: endpoint.track)
        return place
    }

    private mutating func note(_ place: Int32, of slot: Int32) {
        while places.count <= Int(slot) { places.append(Self.unknown) }
        places[Int(slot)] = place
    }

    /// Forgets what was noted of a pod; its endpoint stays as long as somebody has it on a list.
    mutating func forget(track slot: Int32) {
        guard Int(slot) < places.count else { return }
        let place = places[Int(slot)]
        places[Int(slot)] = Self.unknown
        guard place >= 0 else { return }
        endpoints[Int(place)]?.track = -1
        removeIfForgotten(place)
    }

    /// Removes the endpoint of a pod that is gone, once nobody has it on a list.
    mutating func removeIfForgotten(_ place: Int32) {
        guard let endpoint = endpoints[Int(place)], endpoint.track < 0 else { return }
        if endpoint.memberships.contains(where: \.isListed) { return }
        endpoints[Int(place)] = nil
        free.append(place)
    }

    subscript(place: Int32) -> Endpoint {
        get {
            guard let endpoint = endpoints[Int(place)] else { preconditionFailure("endpoint \(place) is free") }
            return endpoint
        }
        set { endpoints[Int(place)] = newValue }
    }

    /// Enters a service's endpoint into the list of those that get requests, or strikes it out.
    mutating func setListed(_ isListed: Bool, _ place: Int32, membership: Int) {
        guard self[place].memberships[membership].isListed != isListed else { return }
        self[place].memberships[membership].isListed = isListed
        let service = self[place].memberships[membership].service
        if isListed { listed[service].append(place) } else { listed[service].removeAll { $0 == place } }
        isDirty[service] = true
    }

    /// Notes that an endpoint answers otherwise than before.
    mutating func touch(_ place: Int32) {
        for membership in self[place].memberships where membership.isListed { isDirty[membership.service] = true }
    }
}
