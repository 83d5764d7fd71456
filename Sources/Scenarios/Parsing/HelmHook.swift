import KubernetesAPI

/// Objects that Helm makes at times of its own, and that stand in the output of `helm template` like all others.
enum HelmHook {
    /// When hooks run that an installation does not run.
    private static let others = [
        "test", "test-success", "test-failure", "pre-delete", "post-delete", "pre-rollback", "post-rollback",
    ]

    /// Tells of a hook; returns whether it is left out, since no installation and no upgrade runs it.
    ///
    /// What a live cluster has is there, whoever made it.
    static func isLeftOut(_ tree: ManifestTree, _ context: DecodingContext) -> Bool {
        guard let metadata = tree["metadata"], metadata["uid"] == nil,
            let text = metadata["annotations"]?["helm.sh/hook"]?.string
        else { return false }
        let hooks = text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        if hooks.isEmpty { return false }
        let isLeftOut = hooks.allSatisfy(others.contains)
        let kind = ManifestTree.shortened(tree["kind"]?.string ?? "object")
        let name = ManifestTree.shortened(metadata["name"]?.string ?? "")
        let finding = Diagnostic(
            isLeftOut ? .warning : .note, file: context.file, position: tree.position,
            message: isLeftOut
                ? "\(kind) \(name) is a Helm hook (\(hooks.joined(separator: ", "))), which no installation runs: it is "
                    + "left out"
                : "a Helm hook of an installation or an upgrade runs here with everything else, not before or after it")
        context.diagnostics.addFolded(finding, pattern: "helm.sh/hook \(context.file)")
        return isLeftOut
    }
}
