import KubernetesAPI

/// Warns of pods whose priority class does not exist: the API server refuses them, as it would in a real cluster.
struct PriorityClassCheck {
    let diagnostics: Diagnostics

    /// Those that every cluster has.
    private static let builtIn = ["system-cluster-critical", "system-node-critical"]

    /// Looks at all objects that make pods.
    func check(_ objects: [LoadedObject]) {
        var names = Self.builtIn
        for loaded in objects {
            if case .priorityClass(let found) = loaded.object { names.append(found.metadata.name) }
        }
        for loaded in objects {
            guard let spec = FidelityCheck.podSpec(of: loaded.object), !spec.priorityClassName.isEmpty,
                !names.contains(spec.priorityClassName)
            else { continue }
            if case .pod(let pod) = loaded.object, pod.nodeName != nil { continue }
            let shown = ManifestTree.shortened(spec.priorityClassName)
            diagnostics.addFolded(
                Diagnostic(
                    .warning, file: loaded.place.file, position: loaded.place.position,
                    message:
                        "\(loaded.object.key): no PriorityClass has the name \"\(shown)\": its pods are not created",
                    expected: "one of \(names.joined(separator: ", "))",
                    nearest: NearestName.of(spec.priorityClassName, among: names)),
                pattern: "priority class \(spec.priorityClassName) \(loaded.object.key)")
        }
    }
}
