import Autoscalers
import Chronology
import Foundation
import KubernetesAPI
import Machines
import Simulation
import Workloads

/// Makes plans of experiment files: reads the file, and loads the scenario of every variant once.
package struct ExperimentLoader {
    /// The name of the file in a folder.
    package static let fileName = "experiment.yaml"

    private let diagnostics = Diagnostics()
    private let extraMetrics: [String]
    private var findings: [Diagnostic] = []
    private var inputs: [(name: String, text: String)] = []
    /// The names of the metrics that some variant's runs tell.
    private var known: [String] = []
    /// Of the variants with machines that are bought one by one, what there is to buy.
    private var markets: [MachineShelf] = []

    /// Reads an experiment, a file or a folder that holds an `experiment.yaml`; `extraMetrics` are told beside those
    /// that scenarios can bound.
    package static func load(_ path: String, extraMetrics: [String]) -> LoadedExperiment {
        var loader = ExperimentLoader(extraMetrics: extraMetrics)
        return loader.load(path)
    }

    private init(extraMetrics: [String]) { self.extraMetrics = extraMetrics }

    private mutating func load(_ path: String) -> LoadedExperiment {
        let ledger = InputLedger(standardInput: nil, diagnostics: diagnostics)
        let file = ledger.isFolder(path, .request) ? InputLedger.cleaned(path) + "/" + Self.fileName : path
        guard let read = ledger.readFile(file, .request),
            let tree = read.document(expected: "one experiment", diagnostics)
        else { return result(nil, base: "") }
        // Only the scenarios know when time begins; nothing of an experiment depends on it.
        let context = DecodingContext(
            file: read.name, diagnostics: diagnostics, startDate: ScenarioAssembly.defaultStart)
        let document = ExperimentReading(context: context).document(tree)
        inputs = [(Self.fileName, String(decoding: read.contents, as: UTF8.self))]
        let base = Self.base(document.base, besides: file)
        guard !diagnostics.hasErrors else { return result(nil, base: base) }
        for variant in document.variants { check(variant, base: base, file: read.name) }
        guard !findings.contains(where: { $0.severity == .error }) else { return result(nil, base: base) }
        checkNames(document, context)
        return result(document, base: base)
    }

    private static func base(_ base: String, besides file: String) -> String {
        if base.hasPrefix("/") { return base }
        let folder = file.contains("/") ? file.split(separator: "/", omittingEmptySubsequences: false).dropLast() : []
        let parts = folder.joined(separator: "/")
        let joined = parts.isEmpty ? base : "\(parts)/\(base)"
        let cleaned = InputLedger.cleaned(joined)
        return cleaned.isEmpty ? "." : cleaned
    }

    // MARK: - Checking

    private mutating func check(_ variant: ExperimentVariant, base: String, file: String) {
        var request = RunRequest()
        request.scenario = base
        request.settings = variant.settings.map(\.text)
        let loaded = ScenarioLoader.load(request)
        for finding in loaded.diagnostics {
            let placed = placed(finding, variant, file)
            if !findings.contains(placed) { findings.append(placed) }
        }
        guard let setup = loaded.setup else { return }
        for input in setup.inputs where input.name != ScenarioLoader.requestName {
            if !inputs.contains(where: { $0.name == input.name }) { inputs.append(input) }
        }
        var names = ScenarioMetric.all.map(\.name) + extraMetrics
        names += ScenarioMetric.of(services: setup.services.map(\.title)).filter(\.isTold).map(\.name)
        if !setup.services.isEmpty { names += Self.serviceSums }
        for pool in setup.pools {
            names += ["machines.\(pool.machineType.name).max", "machines.\(pool.machineType.name).time"]
        }
        if !setup.market.models.isEmpty, let shelf = loaded.shelf { markets.append(shelf) }
        for name in names where !known.contains(name) { known.append(name) }
    }

    /// Whether a metric is about machines of a type that Karpenter may buy.
    private func isOfMarket(_ metric: String) -> Bool {
        guard metric.hasPrefix("machines."), let end = [".max", ".time"].first(where: metric.hasSuffix) else {
            return false
        }
        let type = String(metric.dropFirst("machines.".count).dropLast(end.count))
        return markets.contains { $0.knows(type) }
    }

    /// What all services together come to.
    package static let serviceSums = ["services.errors", "services.latency.p99.max", "services.slo.violated"]

    /// Gives a finding about a setting the place where the experiment has it.
    private func placed(_ finding: Diagnostic, _ variant: ExperimentVariant, _ file: String) -> Diagnostic {
        guard let setting = variant.settings.first(where: { finding.file == "--set \($0.text)" }) else {
            return finding
        }
        var placed = finding
        placed.file = file
        placed.position = setting.position
        placed.path = setting.path
        if !finding.path.isEmpty { placed.message = "\(finding.path): \(finding.message)" }
        return placed
    }

    private func checkNames(_ document: ExperimentDocument, _ context: DecodingContext) {
        func check(_ name: ExperimentName?, among names: [String], _ what: String) {
            guard let name, !names.contains(name.name), !(what == "metric" && isOfMarket(name.name)) else { return }
            diagnostics.add(
                Diagnostic(
                    .error, file: context.file, position: name.position, path: name.path,
                    message: "there is no \(what) \"\(ManifestTree.shortened(name.name))\"",
                    expected: names.count <= 12 ? "one of \(names.joined(separator: ", "))" : nil,
                    nearest: NearestName.of(name.name, among: names)))
        }
        for metric in document.metrics { check(metric, among: known, "metric") }
        for metric in [document.cost, document.disruption, document.latency] { check(metric, among: known, "metric") }
        let variants = document.variants.filter { !$0.isBaseline }.map(\.name)
        for expectation in document.expectations {
            check(expectation.variant, among: variants, "variant beside the baseline")
            check(expectation.metric, among: metrics(document), "metric that is looked at")
        }
    }

    // MARK: - Result

    /// The metrics to look at: those that are named, else those of every run, and what the Pareto table weighs.
    private func metrics(_ document: ExperimentDocument) -> [String] {
        var names = document.metrics.map(\.name)
        if names.isEmpty { names = ["cost.total", "pending.p95", "pods.evicted", "work.lost"] + serviceMetrics }
        var metrics: [String] = []
        for name in names + pareto(document).map(\.metric) where !metrics.contains(name) { metrics.append(name) }
        return metrics
    }

    private var serviceMetrics: [String] { Self.serviceSums.filter { known.contains($0) } }

    private func pareto(_ document: ExperimentDocument) -> [(role: String, metric: String)] {
        let hasServices = !serviceMetrics.isEmpty
        return [
            ("cost", document.cost?.name ?? "cost.total"),
            ("disruption", document.disruption?.name ?? (hasServices ? "services.errors" : "pods.evicted")),
            ("latency", document.latency?.name ?? (hasServices ? "services.latency.p99.max" : "pending.p95")),
        ]
    }

    private func result(_ document: ExperimentDocument?, base: String) -> LoadedExperiment {
        let all = diagnostics.all + findings
        let hasErrors = all.contains { $0.severity == .error }
        let usable = hasErrors ? nil : document
        return LoadedExperiment(
            document: usable, variants: usable?.variants ?? [], base: base, metrics: usable.map(metrics) ?? [],
            pareto: usable.map(pareto) ?? [], inputs: inputs, diagnostics: all)
    }
}
