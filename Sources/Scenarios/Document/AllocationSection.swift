import Costs
import KubernetesAPI

/// `prices.allocation`, with the places of what must exist.
struct AllocationSection {
    var policy = AllocationPolicy()
    var namespaces: [(name: String, path: FieldPath, position: Position)] = []

    /// Records namespaces that are shared and that no manifest has.
    func check(_ objects: [KubernetesObject], _ context: DecodingContext) {
        let known = Set(objects.map { $0.kind == .namespace ? $0.metadata.name : $0.metadata.namespace }).sorted()
        for shared in namespaces where !known.contains(shared.name) {
            context.diagnostics.add(
                Diagnostic(
                    .warning, file: context.file, position: shared.position, path: shared.path.text,
                    message: "nothing is in the namespace \(ManifestTree.shortened(shared.name)): it shares no costs",
                    nearest: NearestName.of(shared.name, among: known)))
        }
    }
}

/// Reads `prices.allocation`.
extension ScenarioReading {
    func allocation(_ reader: FieldReader) -> AllocationSection {
        var section = AllocationSection()
        section.policy.idle = reader.choice("idle")
        section.policy.teamLabel = reader.string("teamLabel")
        reader.object("shared") { shared in
            section.policy.split = shared.choice("policy")
            section.policy.sharesOverhead = shared.bool("overhead")
            let labels = shared.stringMap("labels")
            section.policy.sharedLabels = labels.pairs.map { ($0.key, $0.value) }
            let position = shared.read("namespaces") { tree, _ in tree.position } ?? shared.position
            for name in shared.oneOrMore("namespaces") {
                section.namespaces.append((name, shared.path.field("namespaces"), position))
            }
            section.policy.sharedNamespaces = section.namespaces.map(\.name)
            for text in section.policy.sharedNamespaces + labels.pairs.flatMap({ [$0.key, $0.value] })
            where text.isEmpty || text.contains(where: { ",=".contains($0) }) {
                shared.error(
                    labels.isEmpty ? "namespaces" : "labels", "found \"\(ManifestTree.shortened(text))\"",
                    expected: "names and labels as Kubernetes allows them")
            }
        }
        return section
    }
}
