import KubernetesAPI
import SchedulingFramework

// Counterpart: NodeResourcesFitArgs and NodeResourcesBalancedAllocationArgs with their defaults and validation (v1.36).

private enum StrategyName: String, CaseIterable {
    case leastAllocated = "LeastAllocated"
    case mostAllocated = "MostAllocated"
    case requestedToCapacityRatio = "RequestedToCapacityRatio"
}

/// Reads the arguments of the plugins that look at resources.
extension FieldReader {
    /// Returns what NodeResourcesFitArgs say.
    func fitArguments() -> NodeResourcesFit.Arguments {
        var arguments = NodeResourcesFit.Arguments()
        arguments.ignoredResources = strings("ignoredResources")
        checkNames("ignoredResources", arguments.ignoredResources, expected: "the name of an extended resource") { _ in
            true
        }
        arguments.ignoredResourceGroups = strings("ignoredResourceGroups")
        checkNames(
            "ignoredResourceGroups", arguments.ignoredResourceGroups,
            expected: "what stands before the slash, such as example.com"
        ) { !$0.contains("/") }
        object("scoringStrategy") { $0.readStrategy(into: &arguments) }
        return arguments
    }

    private func checkNames(_ field: String, _ names: [String], expected: String, _ isRight: (String) -> Bool) {
        for (index, name) in names.enumerated() where !NameRules.isQualifiedName(name) || !isRight(name) {
            let elements = value(field)?.elements ?? []
            context.error(
                "found the text \"\(ManifestTree.shortened(name))\"", path: path.field(field).index(index),
                at: elements.indices.contains(index) ? elements[index].position : position, expected: expected)
        }
    }

    private func readStrategy(into arguments: inout NodeResourcesFit.Arguments) {
        let type: StrategyName? = requiredChoice("type")
        let resources = resourceWeights(0...100)
        if !resources.isEmpty { arguments.resources = resources }
        let ratio = "requestedToCapacityRatio"
        switch type {
        case .leastAllocated?: arguments.strategy = .leastAllocated
        case .mostAllocated?: arguments.strategy = .mostAllocated
        case .requestedToCapacityRatio?:
            if !has(ratio) { error(ratio, "a value is required with this type", expected: "a mapping with shape") }
            arguments.strategy = .requestedToCapacityRatio(object(ratio) { $0.shape("shape") } ?? [])
            return
        case nil:
            _ = value(ratio)
            return
        }
        if has(ratio) {
            _ = value(ratio)
            error(ratio, "it stands beside another type", expected: "type: RequestedToCapacityRatio")
        }
    }

    /// Returns what NodeResourcesBalancedAllocationArgs say.
    func balancedResources() -> [ResourceWeight] {
        let resources = resourceWeights(0...1, refusesTwins: true)
        return resources.isEmpty ? ResourceWeight.cpuAndMemory : resources
    }

    /// Returns `resources`; a weight of 0 stands for 1.
    private func resourceWeights(_ weights: ClosedRange<Int64>, refusesTwins: Bool = false) -> [ResourceWeight] {
        var seen: [String] = []
        return objects("resources") { entry in
            let name = entry.requiredString("name")
            let weight = entry.int64("weight", in: weights) ?? 1
            guard !name.isEmpty else { return nil }
            if refusesTwins, seen.contains(name) {
                entry.error("name", "the resource \(ManifestTree.shortened(name)) stands here twice")
            }
            seen.append(name)
            return ResourceWeight(ResourceName(name), weight: max(1, weight))
        }
    }

    /// Returns the points of a curve, which rise in utilization.
    func shape(_ name: String) -> [UtilizationPoint] {
        var last: Int64?
        var isSorted = true
        let points = objects(name) { point in
            let utilization = point.int64("utilization", in: 0...100) ?? 0
            let score = point.int64("score", in: 0...10) ?? 0
            if let last, utilization <= last, isSorted {
                isSorted = false
                point.error("utilization", "\(utilization) comes after \(last)", expected: "points that rise")
            }
            last = utilization
            return UtilizationPoint(utilization: utilization, score: score)
        }
        if value(name)?.elements?.isEmpty ?? !has(name) {
            error(name, "there is no point", expected: "at least one point with utilization and score")
        }
        return points
    }
}
