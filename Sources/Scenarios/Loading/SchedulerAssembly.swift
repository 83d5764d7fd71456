import Chronology
import KubernetesAPI
import Scheduler
import SchedulingFramework

/// Finds the scheduler's configuration: that of the request, else that of the scenario, else one among the manifests.
struct SchedulerAssembly {
    private let assembly: ScenarioAssembly
    private let startDate: StartDate

    init(_ assembly: ScenarioAssembly, startDate: StartDate) {
        self.assembly = assembly
        self.startDate = startDate
    }

    /// Returns the configuration with the scenario's mode; what is wrong with it is recorded.
    func configuration(_ section: SchedulerSection, _ manifests: LoadedManifests) -> SchedulerConfiguration {
        let document = named(section) ?? found(manifests.schedulerConfigurations)
        if let document { reportOthers(than: document, manifests.schedulerConfigurations) }
        var configuration =
            document.map { SchedulerConfigurationReader.read($0.tree, context: context(of: $0.file)) }
            ?? SchedulerConfiguration()
        if let document, section.mode == .exhaustive { reportShares(configuration, document) }
        if section.schedulesGangs { Self.addGangs(to: &configuration) }
        configuration.mode = section.mode
        configuration.tieBreak = section.tieBreak
        if let share = section.percentageOfNodesToScore { configuration.percentageOfNodesToScore = share }
        return configuration
    }

    /// Enables the plugin in every profile that does not have it yet.
    private static func addGangs(to configuration: inout SchedulerConfiguration) {
        for index in configuration.profiles.indices {
            for point in [ExtensionPoint.preEnqueue, .permit] {
                guard
                    !configuration.profiles[index].enabled(at: point).contains(where: { $0.name == GangScheduling.name }
                    )
                else { continue }
                configuration.profiles[index].plugins[point, default: PluginSet()].enabled
                    .append(PluginSet.Entry(GangScheduling.name))
            }
        }
    }

    private func context(of file: String) -> DecodingContext {
        DecodingContext(file: file, diagnostics: assembly.diagnostics, startDate: startDate)
    }

    // MARK: - Finding

    /// Returns the document of a file that the request or the scenario names.
    private func named(_ section: SchedulerSection) -> LoadedDocument? {
        let file: LoadedFile?
        if let path = assembly.request.schedulerConfiguration {
            file = assembly.ledger.readFile(path, .request)
        } else if let path = section.configuration, !path.isEmpty {
            file = assembly.ledger.readFile(path, .scenario)
        } else {
            return nil
        }
        guard let file,
            let tree = file.document(
                expected: "one \(SchedulerConfigurationReader.kind)", assembly.diagnostics)
        else { return nil }
        return LoadedDocument(tree: tree, file: file.name)
    }

    private func found(_ documents: [LoadedDocument]) -> LoadedDocument? {
        for other in documents.dropFirst() {
            assembly.diagnostics.add(
                Diagnostic(
                    .error, file: other.file, position: other.tree.position,
                    message: "another \(SchedulerConfigurationReader.kind) stands in \(documents[0].place)",
                    expected: "one; it may have several profiles"))
        }
        return documents.first
    }

    // MARK: - What has no effect

    private func reportOthers(than chosen: LoadedDocument, _ documents: [LoadedDocument]) {
        for other in documents where other.file != chosen.file {
            assembly.diagnostics.add(
                Diagnostic(
                    .warning, file: other.file, position: other.tree.position,
                    message: "this configuration of the scheduler is passed over: \(chosen.file) counts"))
        }
    }

    /// Warns of percentages, which need the mode of upstream.
    private func reportShares(_ configuration: SchedulerConfiguration, _ document: LoadedDocument) {
        let shares = [configuration.percentageOfNodesToScore] + configuration.profiles.map(\.percentageOfNodesToScore)
        guard shares.contains(where: { $0 ?? 0 != 0 }) else { return }
        assembly.diagnostics.add(
            Diagnostic(
                .warning, file: document.file, position: document.tree.position, path: "percentageOfNodesToScore",
                message: "every node is looked at: it has no effect",
                expected: "mode: upstream under scheduler in the scenario"))
    }
}
