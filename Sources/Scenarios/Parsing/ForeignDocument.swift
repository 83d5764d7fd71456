import KubernetesAPI

/// A document among manifests that is none, and what is said of it.
enum ForeignDocument {
    private static let kinds = [ScenarioDocument.kind, ExperimentDocument.kind, ForecastDocument.kind]

    /// Returns what there is to say of a document that is left alone; nil when it is a manifest.
    ///
    /// Beside a scenario, which may name its own folder, what is ours is passed over.
    static func finding(_ tree: ManifestTree, file: String, scenarioFile: String?) -> Diagnostic? {
        let version = tree["apiVersion"]?.string
        guard let kind = tree["kind"]?.string else { return isKustomization(file) ? kustomization(tree, file) : nil }
        guard let version else { return nil }
        if version.hasPrefix("kustomize.config.k8s.io/") { return kustomization(tree, file) }
        guard version.hasPrefix("orrery.dev/") else { return nil }
        let shown = ManifestTree.shortened(kind)
        if let scenarioFile {
            let isItself = InputLedger.cleaned(file) == InputLedger.cleaned(scenarioFile)
            return Diagnostic(
                isItself ? .note : .warning, file: file, position: tree.position,
                message: "\(shown) of \(version) is no manifest: passed over")
        }
        return Diagnostic(
            .error, file: file, position: tree.position, path: "kind",
            message: "\("AEIOU".contains(shown.prefix(1)) ? "an" : "a") \(shown) of \(version) stands among manifests",
            expected: expected(kind, isStandardInput: file == "<stdin>"),
            nearest: kinds.contains(kind) ? nil : NearestName.of(kind, among: kinds))
    }

    private static func expected(_ kind: String, isStandardInput: Bool) -> String {
        switch kind {
        case ScenarioDocument.kind where isStandardInput:
            "manifests; a scenario stands in a file of its own, which is named instead of -: its paths are relative to it"
        case ScenarioDocument.kind: "manifests; a scenario stands in a file of its own, which is named as the input"
        case ExperimentDocument.kind: "manifests; orrery compare takes experiments"
        case ForecastDocument.kind: "manifests; orrery forecast takes forecasts"
        case _: "manifests; of orrery.dev there are \(kinds.joined(separator: ", "))"
        }
    }

    private static func isKustomization(_ file: String) -> Bool {
        let name = file.split(separator: "/").last ?? ""
        return ["kustomization.yaml", "kustomization.yml"].contains(name)
    }

    private static func kustomization(_ tree: ManifestTree, _ file: String) -> Diagnostic {
        Diagnostic(
            .warning, file: file, position: tree.position,
            message: "a Kustomization is not carried out: hand in the output of \"kustomize build\"")
    }
}
