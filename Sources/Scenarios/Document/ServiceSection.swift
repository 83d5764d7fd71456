import Chronology
import KubernetesAPI
import VirtualTime
import Workloads

/// A service under traffic before the services that it calls are known.
struct ServiceDraft {
    /// A call by the name that the scenario gives.
    struct Call {
        var callee: String
        var perRequest: Int64
        var payload: ServiceSpec.Payload?
        var path: FieldPath
        var position: Position
    }

    var spec: ServiceSpec
    var calls: [Call]
    var path: FieldPath
    var position: Position
}

/// Reads `services`: who asks whom, and how much work that is.
extension ScenarioReading {
    func service(_ reader: FieldReader) -> ServiceDraft? {
        let name = reader.requiredString("name")
        let namespace = reader.string("namespace") ?? "default"
        reader.require("cpu", expected: "the processor time of a request, such as 5ms")
        let work = reader.read("cpu") { law($0, path: $1, least: "above zero") }
        let match = reader.object("match") { workloadMatch($0) }
        var spec = ServiceSpec(
            namespace: namespace, name: name, backing: match.map { .workload($0) } ?? .service, work: work ?? .zero)
        spec.traffic = reader.read("traffic") { traffic($0, path: $1) }
        spec.wait = reader.read("wait") { law($0, path: $1, least: nil) } ?? .zero
        spec.memoryPerRequest = max(0, reader.bytes("memory")?.value ?? 0)
        spec.payload = reader.object("payload") { payload($0) } ?? ServiceSpec.Payload()
        spec.workers = reader.int64("workers", in: 1...ServiceSpec.workersLimit).map { Int($0) }
        spec.queue = reader.int64("queue", in: 0...1_000_000).map { Int($0) }
        if spec.queue != nil, !reader.has("workers") {
            reader.error("queue", "nobody waits where all are served at once", expected: "workers beside it")
        }
        if let timeout = reader.read("timeout", { duration($0, path: $1) }) {
            if timeout <= .zero { reader.error("timeout", "the time that callers wait must be above zero") }
            spec.timeout = timeout
        }
        spec.retries = reader.object("retries") { retries($0) } ?? ServiceSpec.Retries(limit: 0)
        spec.errorRate = reader.read("errorRate") { share($0, path: $1, whole: 1_000_000_000) } ?? 0
        spec.callMode = reader.choice("callMode") ?? .sequential
        spec.objective = reader.object("slo") { objective($0) } ?? ServiceSpec.Objective()
        let calls = reader.objects("calls") { call($0) }
        guard !name.isEmpty, work != nil else { return nil }
        return ServiceDraft(spec: spec, calls: calls, path: reader.path, position: reader.position)
    }

    // MARK: - Parts

    /// Reads requests a second, in thousandths.
    private func traffic(_ tree: ManifestTree, path: FieldPath) -> Curve? {
        switch usage(tree, of: .requests, path: path) {
        case .absolute(let curve)?: return curve
        case .permilleOfRequest?:
            wrong(tree, path: path, expected: UsedResource.requests.example)
            return nil
        case nil: return nil
        }
    }

    /// Reads a length of time or a distribution, of which the first two moments count.
    private func law(_ tree: ManifestTree, path: FieldPath, least: String?) -> LatencyLaw? {
        guard let distribution = distribution(tree, path: path) else { return nil }
        let mean = distribution.mean
        guard mean.isFinite else {
            error("the distribution has no mean", path: path, at: tree, expected: "one with a finite mean")
            return nil
        }
        if let least, mean <= 0 {
            wrong(tree, path: path, expected: "a length of time \(least)")
            return nil
        }
        let limit = LatencyLaw.variabilityLimit * mean * mean
        return LatencyLaw(mean: mean, variance: min(limit, max(0, distribution.variance)))
    }

    private func retries(_ reader: FieldReader) -> ServiceSpec.Retries {
        reader.require("max", expected: "a number of retries")
        let limit = reader.int64("max", in: 1...10)
        let budget = reader.read("budget") { share($0, path: $1, whole: 1_000_000) }
        return ServiceSpec.Retries(limit: Int(limit ?? 0), budget: budget)
    }

    private func objective(_ reader: FieldReader) -> ServiceSpec.Objective {
        var objective = ServiceSpec.Objective()
        reader.object("latency") { latency in
            for (name, place) in [("p50", LatencyLaw.Place.p50), ("p95", .p95), ("p99", .p99)] {
                guard let bound = latency.read(name, { duration($0, path: $1) }) else { continue }
                objective.latency.append(ServiceSpec.Objective.Bound(place, atMost: bound))
            }
        }
        objective.availability = reader.read("availability") { share($0, path: $1, whole: 1_000_000) }
        if objective.isEmpty, !reader.has("latency"), !reader.has("availability") {
            decoding.error(
                "the objective demands nothing", path: reader.path, at: reader.position,
                expected: "latency, availability, or both")
        }
        return objective
    }

    private func call(_ reader: FieldReader) -> ServiceDraft.Call? {
        let callee = reader.requiredString("service")
        let perRequest = reader.read("perRequest") { tree, path -> Int64? in
            if let value = Self.plainText(tree).flatMap({ Self.scaled($0, by: 1_000) }), (1...1_000_000).contains(value)
            {
                return value
            }
            wrong(tree, path: path, expected: "a number from 0.001 to 1000 such as 1.5, with at most three decimals")
            return nil
        }
        let carried = reader.object("payload") { payload($0) }
        guard !callee.isEmpty else { return nil }
        return ServiceDraft.Call(
            callee: callee, perRequest: perRequest ?? 1_000, payload: carried, path: reader.path.field("service"),
            position: reader.position)
    }
}
