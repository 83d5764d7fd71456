// Counterpart: Convert_v1_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler (pkg/apis/autoscaling/v1, v1.36).

import KubernetesAPI

/// Rewrites an autoscaler of `autoscaling/v1` that says more in annotations than its version can: metrics and behavior.
struct LegacyAutoscaler {
    private static let metrics = "autoscaling.alpha.kubernetes.io/metrics"
    private static let behavior = "autoscaling.alpha.kubernetes.io/behavior"

    /// Returns `tree` as `autoscaling/v2` would say it; anything else, and one without such annotations, as it is.
    static func rewritten(_ tree: ManifestTree) -> ManifestTree {
        guard tree["kind"]?.string == "HorizontalPodAutoscaler", tree["apiVersion"]?.string == "autoscaling/v1",
            let annotations = tree["metadata"]?["annotations"], let spec = tree["spec"], spec.entries != nil
        else { return tree }
        var added: [(String, ManifestTree?)] = []
        var metrics = parsed(annotations[Self.metrics])?.elements?.map(metric)
        let behavior = parsed(annotations[Self.behavior]).map(lowered)
        if metrics == nil, behavior?.entries == nil { return tree }
        let share = spec["targetCPUUtilizationPercentage"].flatMap { $0.isNull ? nil : $0 }
        if let share {
            let target = ManifestTree.mapping([("type", .text("Utilization")), ("averageUtilization", share)])
            metrics = (metrics ?? []) + [source("Resource", "resource", [("name", .text("cpu"))], target)]
        }
        if let metrics { added.append(("metrics", .sequence(metrics))) }
        if let behavior, behavior.entries?.isEmpty == false { added.append(("behavior", behavior)) }
        return tree.replacing("apiVersion", with: .text("autoscaling/v2"))
            .replacing("spec", with: spec.without("targetCPUUtilizationPercentage").adding(added))
    }

    /// Returns the JSON that an annotation holds; one that is none does not count, as for the API server.
    private static func parsed(_ annotation: ManifestTree?) -> ManifestTree? {
        guard let text = annotation?.string else { return nil }
        let diagnostics = Diagnostics()
        let values = JSONParser.parse(Array(text.utf8), file: "", diagnostics: diagnostics)
        return diagnostics.hasErrors || values.count != 1 ? nil : values[0].placed(at: annotation?.position)
    }

    private static func source(
        _ type: String, _ field: String, _ parts: [(String, ManifestTree?)], _ target: ManifestTree
    ) -> ManifestTree {
        .mapping([("type", .text(type)), (field, .mapping(parts + [("target", target)]))])
    }

    private static func metric(_ old: ManifestTree) -> ManifestTree {
        let type = old["type"]?.string ?? ""
        switch type {
        case "Resource", "ContainerResource":
            let field = type == "Resource" ? "resource" : "containerResource"
            let part = old[field]
            let share = part?["targetAverageUtilization"]
            return source(
                type, field, [("name", part?["name"]), ("container", part?["container"])],
                target(share == nil ? "AverageValue" : "Utilization", part?["targetAverageValue"], share: share))
        case "Pods":
            let part = old["pods"]
            return source(
                type, "pods", [("metric", identity(part, "selector"))],
                target("AverageValue", part?["targetAverageValue"]))
        case "External":
            let part = old["external"]
            let value = part?["targetValue"]
            return source(
                type, "external", [("metric", identity(part, "metricSelector"))],
                target(value == nil ? "AverageValue" : "Value", part?["targetAverageValue"], value: value))
        case "Object":
            let part = old["object"]
            let average = part?["averageValue"]
            let isSaid = average == nil || !["0", nil].contains(part?["targetValue"]?.string)
            return source(
                type, "object", [("metric", identity(part, "selector")), ("describedObject", part?["target"])],
                target(average == nil ? "Value" : "AverageValue", average, value: isSaid ? part?["targetValue"] : nil))
        default: return old
        }
    }

    private static func identity(_ part: ManifestTree?, _ selector: String) -> ManifestTree {
        .mapping([("name", part?["metricName"]), ("selector", part?[selector])])
    }

    private static func target(
        _ type: String, _ average: ManifestTree?, value: ManifestTree? = nil, share: ManifestTree? = nil
    ) -> ManifestTree {
        .mapping([
            ("type", .text(type)), ("averageValue", average), ("value", value), ("averageUtilization", share),
        ])
    }

    /// Returns a behavior with fields as manifests name them: the annotation holds them as the API server's own code does.
    private static func lowered(_ tree: ManifestTree) -> ManifestTree {
        switch tree.value {
        case .mapping(let entries):
            let lower = entries.filter { !$0.value.isNull }.map { entry in
                ManifestTree.Entry(
                    key: entry.key.prefix(1).lowercased() + entry.key.dropFirst(), keyPosition: entry.keyPosition,
                    value: lowered(entry.value))
            }
            return ManifestTree(.mapping(lower), at: tree.position)
        case .sequence(let elements): return ManifestTree(.sequence(elements.map(lowered)), at: tree.position)
        case .scalar, .null: return tree
        }
    }
}

extension ManifestTree {
    fileprivate func replacing(_ key: String, with value: ManifestTree) -> ManifestTree {
        guard let entries else { return self }
        let changed = entries.map { entry in
            entry.key == key ? Entry(key: key, keyPosition: entry.keyPosition, value: value) : entry
        }
        return ManifestTree(.mapping(changed), at: position)
    }

    fileprivate func without(_ key: String) -> ManifestTree {
        ManifestTree(.mapping((entries ?? []).filter { $0.key != key }), at: position)
    }

    fileprivate func adding(_ parts: [(String, ManifestTree?)]) -> ManifestTree {
        let new = ManifestTree.mapping(parts).placed(at: position).entries ?? []
        return ManifestTree(.mapping((entries ?? []) + new), at: position)
    }

    /// Returns the value with all its parts at one place.
    fileprivate func placed(at place: Position?) -> ManifestTree {
        guard let place else { return self }
        switch value {
        case .mapping(let entries):
            return ManifestTree(
                .mapping(
                    entries.map { Entry(key: $0.key, keyPosition: place, value: $0.value.placed(at: place)) }),
                at: place)
        case .sequence(let elements): return ManifestTree(.sequence(elements.map { $0.placed(at: place) }), at: place)
        case .scalar, .null: return ManifestTree(value, at: place)
        }
    }
}
