package import KubernetesAPI

/// Amounts and their changes in words.
package enum VerticalWords {
    /// Returns amounts such as `cpu 230m, memory 400Mi`; memory in whole MiB, rounded up.
    package static func text(_ amounts: ResourceList) -> String {
        amounts.entries.map { entry in
            guard entry.name == .memory else { return "\(entry.name) \(entry.amount)" }
            return "memory \((entry.amount.value + (1 << 20) - 1) >> 20)Mi"
        }.joined(separator: ", ")
    }

    /// Returns what the containers of a pod ask for and what they are to ask for, where the two differ.
    static func change(
        of spec: PodSpec, to recommendation: [VerticalPodAutoscaler.ContainerRecommendation]
    ) -> String {
        var changed = spec
        for place in changed.containers.indices {
            let name = changed.containers[place].name
            guard let found = recommendation.first(where: { $0.containerName == name }) else { continue }
            for entry in found.target.entries { changed.containers[place].requests[entry.name] = entry.amount }
        }
        return change(from: spec, to: changed)
    }

    /// Returns in what the requests of two specs with the same containers differ.
    package static func change(from old: PodSpec, to new: PodSpec) -> String {
        var parts: [String] = []
        for (before, after) in zip(old.containers, new.containers) where before.requests != after.requests {
            var (from, to) = (ResourceList(), ResourceList())
            for resource in VerticalCaps.resources where before.requests[resource] != after.requests[resource] {
                from[resource] = before.requests[resource]
                to[resource] = after.requests[resource]
            }
            parts.append("\(after.name): \(from.isEmpty ? "nothing" : text(from)) -> \(text(to))")
        }
        return parts.joined(separator: "; ")
    }
}
