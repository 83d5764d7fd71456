package import Chronology
package import KubernetesAPI

/// What a scenario says of one service: who asks it, how much work a request is, whom it asks in turn.
package struct ServiceSpec: Hashable, Sendable {
    /// Which pods serve.
    package enum Backing: Hashable, Sendable {
        /// The ready endpoints of the Kubernetes Service of the same namespace and name.
        case service
        /// The ready pods of the workloads that match, as in `workloads[]`.
        case workload(WorkloadRule.Match)
    }

    /// How much a request and its answer carry.
    package struct Payload: Hashable, Sendable {
        /// Bytes of a request.
        package var request: Int64
        /// Bytes of an answer.
        package var response: Int64

        /// Creates a payload; both are not negative.
        package init(request: Int64 = 0, response: Int64 = 0) {
            self.request = request
            self.response = response
        }

        /// Whether nothing is carried.
        package var isEmpty: Bool { request == 0 && response == 0 }
    }

    /// Requests to another service for each request.
    package struct Call: Hashable, Sendable {
        /// The place of the service in the list of all.
        package var callee: Int
        /// In thousandths.
        package var perRequest: Int64
        /// nil for what requests to the service carry anyway.
        package var payload: Payload?

        /// Creates a call.
        package init(callee: Int, perRequest: Int64 = 1_000, payload: Payload? = nil) {
            self.callee = callee
            self.perRequest = perRequest
            self.payload = payload
        }
    }

    /// How the calls of a request follow each other.
    package enum CallMode: String, Hashable, Sendable, CaseIterable {
        /// One after the other; the first that fails is the last.
        case sequential
        /// All at once; the request goes on when the last has come back.
        case parallel
    }

    /// What those who call do when a request fails.
    package struct Retries: Hashable, Sendable {
        /// Attempts after the first one.
        package var limit: Int
        /// Retries for each million requests at most; nil for no bound.
        package var budget: Int64?

        /// Creates a policy.
        package init(limit: Int, budget: Int64? = nil) {
            self.limit = limit
            self.budget = budget
        }
    }

    /// What the service is to keep.
    package struct Objective: Hashable, Sendable {
        /// A bound of a quantile of the latency.
        package struct Bound: Hashable, Sendable {
            package var place: LatencyLaw.Place
            package var atMost: Duration

            package init(_ place: LatencyLaw.Place, atMost: Duration) {
                self.place = place
                self.atMost = atMost
            }
        }

        package var latency: [Bound] = []
        /// Requests for each million that have to succeed; nil for none.
        package var availability: Int64?

        /// Creates an objective that demands nothing.
        package init() {}

        /// Whether anything is demanded.
        package var isEmpty: Bool { latency.isEmpty && availability == nil }
    }

    package var namespace: String
    package var name: String
    package var backing: Backing
    /// Requests from outside, in thousandths a second; nil when only other services ask.
    package var traffic: Curve?
    /// Seconds of a processor for each request.
    package var work: LatencyLaw
    /// Seconds that a request waits for what is no service here, such as a disk.
    package var wait = LatencyLaw.zero
    /// Bytes for each request that is in flight.
    package var memoryPerRequest: Int64 = 0
    /// What requests and answers carry over the network.
    package var payload = Payload()
    /// Requests that a replica handles at a time; nil for all.
    package var workers: Int?
    /// Requests that wait for a worker of a replica at most.
    package var queue: Int?
    package var timeout = ServiceSpec.timeoutDefault
    package var retries = Retries(limit: 0)
    /// Requests for each thousand million that fail by themselves.
    package var errorRate: Int64 = 0
    package var calls: [Call] = []
    package var callMode = CallMode.sequential
    package var objective = Objective()

    /// How long callers wait when nobody says: the route timeout of Envoy.
    package static let timeoutDefault = Duration.seconds(15)
    /// The most workers of a replica.
    package static let workersLimit: Int64 = 4_096

    /// Creates a service behind which the endpoints of its Kubernetes Service stand.
    package init(namespace: String, name: String, backing: Backing = .service, work: LatencyLaw) {
        self.namespace = namespace
        self.name = name
        self.backing = backing
        self.work = work
    }

    /// The name by which metrics and reports know the service.
    package var title: String { "\(namespace)/\(name)" }
}
