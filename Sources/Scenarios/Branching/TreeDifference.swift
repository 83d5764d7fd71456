import KubernetesAPI

/// A place at which two trees differ.
struct TreeDifference {
    /// Keys and numbers of elements, from the root on.
    var steps: [String]
    var path: FieldPath
    /// Where the second tree says so.
    var position: Position
    /// Whether the first tree has nothing here.
    var isNew: Bool
    /// Whether the second tree has nothing here.
    var isRemoved = false

    /// Returns the places at which `after` differs from `before`, as deep inside as they can be named.
    static func all(_ before: ManifestTree?, _ after: ManifestTree?) -> [TreeDifference] {
        // A run without a scenario has one that says nothing.
        let nothing = ScenarioAssembly.emptyScenario
        return between(before ?? nothing, after ?? nothing, [], .root)
    }

    private static func between(
        _ before: ManifestTree, _ after: ManifestTree, _ steps: [String], _ path: FieldPath
    ) -> [TreeDifference] {
        switch (before.value, after.value) {
        case (.mapping(let old), .mapping(let new)):
            let removed = old.filter { entry in !new.contains { $0.key == entry.key } }.map { entry in
                TreeDifference(
                    steps: steps + [entry.key], path: path.field(entry.key), position: after.position, isNew: false,
                    isRemoved: true)
            }
            let changed = new.flatMap { entry -> [TreeDifference] in
                let place = path.field(entry.key)
                // What is said of a section that was not there is looked at field by field as well.
                let nothing = entry.value.entries == nil ? nil : ManifestTree(.mapping([]))
                guard let known = old.first(where: { $0.key == entry.key })?.value ?? nothing else {
                    return [
                        TreeDifference(
                            steps: steps + [entry.key], path: place, position: entry.value.position, isNew: true)
                    ]
                }
                return between(known, entry.value, steps + [entry.key], place)
            }
            return removed + changed
        case (.sequence(let old), .sequence(let new)):
            return (0..<max(old.count, new.count)).flatMap { index -> [TreeDifference] in
                let next = steps + [String(index)]
                if index < min(old.count, new.count) {
                    return between(old[index], new[index], next, path.index(index))
                }
                let isNew = index < new.count
                return [
                    TreeDifference(
                        steps: next, path: path.index(index), position: isNew ? new[index].position : after.position,
                        isNew: isNew, isRemoved: !isNew)
                ]
            }
        case (.mapping, _), (.sequence, _), (.scalar, _), (.null, _):
            if TreePrinter.json(before) == TreePrinter.json(after) { return [] }
            return [TreeDifference(steps: steps, path: path, position: after.position, isNew: before.isNull)]
        }
    }
}
