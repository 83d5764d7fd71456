import Chronology
import KubernetesAPI

// What a live cluster's export changes: when a run begins, and what there is then.

extension ScenarioAssembly {
    /// The newest time of a live cluster's export, which is where it goes on; kept with the request for a replay.
    func exportedStart(
        _ tree: ManifestTree?, _ parsed: ParsedFiles, _ stored: inout RunRequest
    ) -> StartDate? {
        var files: [LoadedFile] = []
        if let tree, request.scenario != nil {
            for path in ScenarioDocument.manifests(of: tree) { files += ledger.peek(path, .scenario) }
        }
        for path in request.manifests { files += ledger.peek(path, .request) }
        var survey = ExportSurvey()
        for file in files { survey.look(through: parsed.parseAhead(file)) }
        guard let start = survey.start else { return nil }
        stored.startDate = start.description
        return start
    }

    /// What a live cluster is taken over as; nil for plain manifests, which have no machines.
    func cluster(
        in manifests: LoadedManifests, startDate: StartDate, keepsBindings: Bool
    ) -> ClusterAssembly? {
        guard manifests.objects.contains(where: { $0.object.kind == .node }) else { return nil }
        return ClusterAssembly(
            manifests, startDate: startDate, keepsBindings: request.keepsBindings ?? keepsBindings, diagnostics)
    }
}
