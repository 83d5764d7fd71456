import KubernetesAPI

// Kubernetes counterpart: apimachinery's strategicpatch and jsonmergepatch, as far as scripts use them.

/// Lays a patch over an object's tree.
enum MergePatch {
    /// The fields by which elements of a list are told apart in a strategic merge.
    private static let mergeKeys = [
        "containers": "name", "initContainers": "name", "volumes": "name", "env": "name", "conditions": "type",
        "ownerReferences": "uid", "taints": "key", "ports": "containerPort", "volumeMounts": "mountPath",
        "topologySpreadConstraints": "topologyKey",
    ]

    /// Returns `tree` with `patch` laid over it; lists are replaced unless the merge is strategic.
    static func apply(_ patch: ManifestTree, to tree: ManifestTree?, strategic: Bool) -> ManifestTree {
        guard let changes = patch.entries else { return patch }
        if strategic, patch["$patch"]?.string == "replace" {
            return .mapping(changes.filter { $0.key != "$patch" }.map { ($0.key, $0.value) })
        }
        var result = tree?.entries == nil ? ManifestTree.mapping([]) : tree ?? .mapping([])
        for change in changes where !change.key.hasPrefix("$") {
            if change.value.isNull {
                result = .mapping((result.entries ?? []).filter { $0.key != change.key }.map { ($0.key, $0.value) })
            } else if strategic, let elements = change.value.elements, let key = mergeKeys[change.key] {
                result = result.setting(change.key, merged(elements, into: result[change.key]?.elements ?? [], by: key))
            } else if strategic, change.key == "finalizers", let added = change.value.elements {
                let old = result[change.key]?.elements ?? []
                result = result.setting(change.key, .sequence(old + added.filter { !old.contains($0) }))
            } else {
                result = result.setting(
                    change.key, apply(change.value, to: result[change.key], strategic: strategic))
            }
        }
        return result
    }

    private static func merged(_ patch: [ManifestTree], into list: [ManifestTree], by key: String) -> ManifestTree {
        var list = list
        for element in patch {
            let place = list.firstIndex { $0[key] == element[key] }
            if element["$patch"]?.string == "delete" {
                if let place { list.remove(at: place) }
            } else if let place {
                list[place] = apply(element, to: list[place], strategic: true)
            } else {
                list.append(element)
            }
        }
        return .sequence(list)
    }

    /// Carries out a list of JSON patch operations (RFC 6902: add, remove, replace).
    static func apply(operations: [ManifestTree], to tree: ManifestTree) -> ManifestTree {
        operations.reduce(tree) { tree, operation in
            let path = (operation["path"]?.string ?? "").split(separator: "/").map {
                String($0).replacing("~1", with: "/").replacing("~0", with: "~")
            }
            return changed(tree, path[...], operation["op"]?.string ?? "", operation["value"])
        }
    }

    private static func changed(
        _ tree: ManifestTree, _ path: ArraySlice<String>, _ operation: String, _ value: ManifestTree?
    ) -> ManifestTree {
        guard let first = path.first else { return value ?? tree }
        let rest = path.dropFirst()
        if var elements = tree.elements {
            let place = first == "-" ? elements.count : Int(first) ?? elements.count
            if !rest.isEmpty {
                if place < elements.count { elements[place] = changed(elements[place], rest, operation, value) }
            } else if operation == "remove" {
                if place < elements.count { elements.remove(at: place) }
            } else if operation == "replace", place < elements.count {
                elements[place] = value ?? elements[place]
            } else if let value {
                elements.insert(value, at: min(place, elements.count))
            }
            return .sequence(elements)
        }
        if !rest.isEmpty { return tree.setting(first, changed(tree[first] ?? .mapping([]), rest, operation, value)) }
        if operation == "remove" {
            return .mapping((tree.entries ?? []).filter { $0.key != first }.map { ($0.key, $0.value) })
        }
        return tree.setting(first, value ?? ManifestTree(.null))
    }
}
