import KubernetesAPI
import Simulation

/// Completes arrival processes: reads the manifest that each of them copies.
struct ArrivalAssembly {
    /// The templates, for what looks at all objects of a run.
    private(set) var templates: [LoadedObject] = []
    /// The processes whose template could be read.
    private(set) var arrivals: [ArrivalSetup] = []

    /// Reads the templates; what is wrong with one is recorded.
    init(drafts: [ArrivalDraft], with loader: ManifestLoader, ledger: InputLedger, _ context: DecodingContext) {
        for draft in drafts {
            let files = ledger.read(draft.template, .scenario)
            let before = context.diagnostics.errorCount
            let loaded = loader.load(files: files, context.diagnostics)
            guard context.diagnostics.errorCount == before else { continue }
            guard loaded.objects.count == 1, let template = loaded.objects.first, template.object.kind != .node,
                loaded.schedulerConfigurations.isEmpty
            else {
                let found = loaded.objects.count == 1 ? "something else" : "\(loaded.objects.count) objects"
                context.error(
                    "the template holds \(found)", path: draft.path, at: draft.position,
                    expected: "a manifest of one object, such as a Job")
                continue
            }
            templates.append(template)
            arrivals.append(ArrivalSetup(spec: draft.spec, template: template.object))
        }
    }
}
