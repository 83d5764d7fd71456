import KubernetesAPI
import Scenarios
import Simulation

/// What a request names that can be read only once, kept for however often it is loaded.
struct GivenInput {
    private let standardInput: [UInt8]?
    private let streams: [String: [UInt8]]

    /// Reads standard input when it is asked for, and the pipes that are named as files; or ends with what is wrong.
    init(for request: RunRequest) throws {
        let paths = request.manifests + request.priceOverlays + [request.schedulerConfiguration].compactMap { $0 }
        standardInput = paths.contains("-") ? try StandardInput.read() : nil
        var streams: [String: [UInt8]] = [:]
        for path in paths where path != "-" && streams[path] == nil && FileKind(at: path) == .stream {
            streams[path] = StandardInput.read(path: path, limit: ManifestParser.jsonSizeLimit)
        }
        self.streams = streams
    }

    /// Reads everything; nothing to run is an error, unless the command brings pods of its own.
    func load(_ request: RunRequest, needsWork: Bool = true) -> LoadedScenario {
        let loaded = ScenarioLoader.load(request, standardInput: standardInput, streams: streams)
        guard needsWork, let setup = loaded.setup, !Self.hasWork(setup) else { return loaded }
        let file = request.scenario ?? request.manifests.first ?? "-"
        let problem = Diagnostic(
            .error, file: file == "-" ? "<stdin>" : file,
            message: "nothing to run: no objects, no arrivals and no changes",
            expected: "workloads such as Deployments, Jobs or Pods")
        return LoadedScenario(setup: nil, diagnostics: loaded.diagnostics + [problem], shelf: loaded.shelf)
    }

    private static func hasWork(_ setup: WorldSetup) -> Bool {
        // An export of machines alone is a cluster all the same, and faults strike machines without pods, too.
        if !setup.objects.isEmpty || !setup.arrivals.isEmpty || setup.cluster != nil || !setup.faults.isEmpty {
            return true
        }
        return setup.changes.contains { change in
            if case .apply(let objects) = change.act { !objects.isEmpty } else { true }
        }
    }
}
