import Chronology
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import VirtualTime
import Workloads

/// A scenario file as it was understood; nil and empty where it says nothing.
struct ScenarioDocument {
    static let apiVersion = "orrery.dev/v1"
    static let kind = "Scenario"

    var name: String?
    var start: StartDate?
    var duration: Duration?
    var seed: UInt64?
    var factorSeeds = FactorSeeds()
    /// nil for the folder `manifests` beside the scenario.
    var manifests: [String]?
    var pools: [PoolDraft] = []
    var machineTypes: [MachineType] = []
    var prices = PriceSection()
    /// What the cloud gives at most.
    var quotas: [CloudQuota] = []
    var images = ImageCatalogue()
    var imageSupply = ImageSupply()
    var workloads: [WorkloadRule] = []
    var services: [ServiceDraft] = []
    var metrics: [MetricDraft] = []
    var faults: [FaultSpec] = []
    var changes: [ChangeDraft] = []
    var arrivals: [ArrivalDraft] = []
    var parameters = SimulationParameters()
    var kubelet = KubeletParameters()
    var scheduler = SchedulerSection()
    var volumes = VolumeSection()
    var decisionDetail = DecisionDetail.none
    /// Whether pods of a live cluster stay on their nodes.
    var keepsBindings = true
    var assertions: [Assertion] = []
    /// nil when it says nothing.
    var autoscaler: AutoscalerSection?

    init() {}
}

// MARK: - Reading

extension ScenarioDocument {
    /// Reads the whole document, and records everything that is wrong with it.
    init(reading tree: ManifestTree, _ reading: ScenarioReading) {
        guard let reader = FieldReader(tree, path: .root, context: reading.decoding) else { return }
        reader.requireHead(kind: Self.kind)
        name = reader.object("metadata") { metadata in
            // What people read; nothing depends on it.
            _ = (metadata.string("title"), metadata.string("description"))
            return reading.dnsName("name", metadata)
        }.flatMap { $0 }
        reader.object("spec") { read($0, reading) }
        reader.finish()
    }

    private mutating func read(_ reader: FieldReader, _ reading: ScenarioReading) {
        start = Self.start(reader.value("start"), path: reader.path.field("start"), reading.decoding)
        duration = reader.read("duration") { reading.duration($0, path: $1) }
        if let duration, duration <= .zero || duration > RunLength.limit {
            reader.error("duration", "found \(duration)", expected: RunLength.expectation)
        }
        seed = reader.read("seed") { Self.seed($0, path: $1, reading) }
        reader.object("seeds") { seeds in
            factorSeeds.failures = seeds.read("failures") { Self.seed($0, path: $1, reading) }.map { Seed($0) }
            factorSeeds.spot = seeds.read("spot") { Self.seed($0, path: $1, reading) }.map { Seed($0) }
        }
        if reader.has("manifests") { manifests = reader.oneOrMore("manifests") }
        machineTypes = reader.objects("machineTypes") { reading.machineType($0) }
        pools = reader.objects("pools") { reading.pool($0) }
        autoscaler = reader.object("autoscaler") { reading.autoscaler($0) }
        prices = reader.object("prices") { reading.prices($0) } ?? PriceSection()
        quotas = reader.object("cloud") { cloud in cloud.objects("quotas") { reading.quota($0) } } ?? []
        readImages(reader, reading)
        workloads = reader.objects("workloads") { reading.workload($0) }
        services = reader.objects("services") { reading.service($0) }
        metrics = reader.objects("metrics") { reading.metric($0) }
        var number = -1
        faults = reader.objects("faults") { fault in
            number += 1
            return reading.faults(fault, index: number)
        }.flatMap { $0 }
        reading.checkFaultReferences(faults)
        changes = reader.objects("changes") { reading.change($0) }
        arrivals = reader.objects("arrivals") { reading.arrivals($0) }
        reader.object("parameters") { readParameters($0, reading) }
        scheduler = reader.object("scheduler") { reading.scheduler($0) } ?? SchedulerSection()
        volumes = reader.object("volumes") { reading.volumes($0) } ?? VolumeSection()
        keepsBindings = reader.object("cluster") { $0.bool("keepBindings") ?? true } ?? true
        decisionDetail = reader.object("record") { reading.record($0) } ?? .none
        let (services, struck) = (services.map(\.spec.title), faults.map(\.name))
        assertions = reader.objects("assert") { reading.assertions($0, services: services, faults: struck) }
            .flatMap { $0 }
        reportTwins(reader)
    }

    private static func seed(_ tree: ManifestTree, path: FieldPath, _ reading: ScenarioReading) -> UInt64? {
        if case .scalar(.integer(let text)) = tree.value, let seed = UInt64(text) { return seed }
        reading.wrong(tree, path: path, expected: "a whole number that is not negative")
        return nil
    }

    private mutating func readImages(_ reader: FieldReader, _ reading: ScenarioReading) {
        var names: [String] = []
        for (name, statement) in reader.objects("images", { reading.image($0) }) {
            let full = ImageReference(name).canonical
            if names.contains(full) { reader.error("images", "the image \"\(full)\" occurs twice") }
            names.append(full)
            images.declare(name, statement)
        }
        imageSupply.registries = reader.objects("registries") { reading.registry($0) }
        reader.object("imageDistribution") { reading.imageDistribution($0, into: &imageSupply) }
        let distribution = ["registries", "imageDistribution"].first(where: reader.has)
        if let distribution, prices.images == ImagePrices(), let place = reader.value(distribution)?.position {
            let path = reader.path.field("prices").field("egress")
            reading.decoding.diagnostics.add(
                Diagnostic(
                    .warning, file: reading.decoding.file, position: place, path: path.text,
                    message: "no price is given for the traffic of images: it costs nothing"))
        }
    }

    private mutating func readParameters(_ reader: FieldReader, _ reading: ScenarioReading) {
        // Asking for every name lets the reader tell the nearest one.
        for name in ParameterTable.names {
            guard let tree = reader.value(name) else { continue }
            ParameterTable.set(
                name, to: tree, path: reader.path.field(name), reading: reading, &parameters, &kubelet)
        }
        ParameterTable.complete(&kubelet, reader)
    }

    /// Records names that occur twice where they must not.
    private func reportTwins(_ reader: FieldReader) {
        let sections: [(field: String, names: [String])] = [
            ("pools", pools.map(\.name)), ("machineTypes", machineTypes.map(\.name)), ("faults", faults.map(\.name)),
            ("registries", imageSupply.registries.map(\.name)),
            ("arrivals", arrivals.map(\.spec.name)),
        ]
        for (field, names) in sections {
            var seen: [String] = []
            for name in names {
                if seen.contains(name) { reader.error(field, "the name \"\(name)\" occurs twice") }
                seen.append(name)
            }
        }
    }

    // MARK: - Start

    /// Returns the start of a scenario, which must be known before anything else is read.
    static func start(of tree: ManifestTree) -> StartDate? {
        tree["spec"]?["start"]?.string.flatMap { try? StartDate(parsing: $0) }
    }

    /// Returns the paths of manifests before anything is checked.
    static func manifests(of tree: ManifestTree) -> [String] {
        guard let paths = tree["spec"]?["manifests"] else { return ["manifests"] }
        return paths.string.map { [$0] } ?? (paths.elements ?? []).compactMap(\.string)
    }

    private static func start(_ tree: ManifestTree?, path: FieldPath, _ context: DecodingContext) -> StartDate? {
        guard let tree else { return nil }
        let expected = "a date in quotes such as \"2026-01-05\" or \"2026-01-05T08:00:00+01:00\""
        guard let text = tree.string else {
            context.error("found \(tree.summary)", path: path, at: tree.position, expected: expected)
            return nil
        }
        do throws(TimeParsingError) {
            return try StartDate(parsing: text)
        } catch {
            context.error(error.description, path: path, at: tree.position, expected: expected)
            return nil
        }
    }
}

/// How long a run may be.
enum RunLength {
    static let standard = Duration.days(7)
    static let limit = Duration.days(36_500)
    static let expectation = "a length of time above zero and up to 100 years, such as 30d"
}
