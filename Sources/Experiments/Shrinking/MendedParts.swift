import Chronology
import KubernetesAPI

/// What a scenario's last changes put in order, and what they put in order.
enum MendedParts {
    /// Returns the changes that are made last of all: the ones after which the cluster has to settle.
    static func mending(in tree: CaseTree) -> [CaseTree.Path] {
        guard let place = tree.place(["spec", "changes"]), let changes = tree[place]?.elements else { return [] }
        let times = changes.map { $0["at"]?.string.flatMap { try? Duration(parsing: $0) } ?? .zero }
        guard let last = times.max() else { return [] }
        return times.indices.filter { times[$0] == last }.map { place.child($0) }
    }

    /// Returns, for each of them, what can go only together with it.
    static func pairs(in tree: CaseTree) -> [[CaseTree.Path]] {
        mending(in: tree).compactMap { path in
            guard let change = tree[path] else { return nil }
            if let node = change["uncordon"]?.string { return [path] + closings(of: node, in: tree) }
            if let deleted = change["delete"] {
                return [path] + objects(deleted["kind"]?.string ?? "", deleted["name"]?.string, in: tree)
            }
            if let image = change["push"]?["image"]?.string { return [path] + statements(about: image, in: tree) }
            if let file = change["apply"]?.string { return [path] + applied(from: file, in: tree) }
            return [path]
        }
    }

    private static func changes(in tree: CaseTree, where fits: (ManifestTree) -> Bool) -> [CaseTree.Path] {
        let last = mending(in: tree)
        guard let place = tree.place(["spec", "changes"]), let changes = tree[place]?.elements else { return [] }
        return changes.indices.filter { fits(changes[$0]) && !last.contains(place.child($0)) }.map { place.child($0) }
    }

    private static func closings(of node: String, in tree: CaseTree) -> [CaseTree.Path] {
        changes(in: tree) { change in
            [
                change["cordon"]?.string, change["uncordon"]?.string, change["drain"]?.string,
                change["drain"]?["node"]?.string,
            ]
            .contains(node)
        }
    }

    private static func objects(_ kind: String, _ name: String?, in tree: CaseTree) -> [CaseTree.Path] {
        let documents = tree.roots.filter { root in
            tree[root]?["kind"]?.string == kind && (name == nil || tree[root]?["metadata"]?["name"]?.string == name)
        }
        return documents
            + changes(in: tree) { change in
                change["delete"]?["kind"]?.string == kind && (name == nil || change["delete"]?["name"]?.string == name)
            }
    }

    private static func statements(about image: String, in tree: CaseTree) -> [CaseTree.Path] {
        guard let place = tree.place(["spec", "images"]), let images = tree[place]?.elements else { return [] }
        return images.indices.filter { images[$0]["name"]?.string == image }.map { place.child($0) }
    }

    /// Everything about the objects of a file that is applied last, and the file.
    private static func applied(from file: String, in tree: CaseTree) -> [CaseTree.Path] {
        guard let document = tree.files.first(where: { $0.name == file })?.documents.first,
            let kind = document["kind"]?.string
        else { return [] }
        let others = tree.files.filter { other in other.documents.contains { $0["kind"]?.string == kind } }.map(\.name)
        return objects(kind, document["metadata"]?["name"]?.string, in: tree)
            + changes(in: tree) { change in change["apply"]?.string.map(others.contains) ?? false }
    }
}
