// Counterpart: ValidateObjectMeta, and the rules for label selectors.

extension ValidationCheck {
    mutating func metadata(_ metadata: ObjectMeta, of kind: ObjectKind) {
        let path = FieldPath.root.field("metadata")
        if !metadata.name.isEmpty {
            let (isRight, expected) = Self.nameRule(metadata.name, of: kind)
            require(
                isRight, path.field("name"),
                "\"\(ManifestTree.shortened(metadata.name))\" is no valid name of a \(kind.name)", expected: expected)
        }
        if kind.isNamespaced, !metadata.namespace.isEmpty {
            require(
                NameRules.isDNSLabel(metadata.namespace), path.field("namespace"),
                "\"\(ManifestTree.shortened(metadata.namespace))\" is no valid name of a namespace",
                expected: "letters in lower case, digits and \"-\"; at most 63")
        }
        guard kind != .other else { return }
        labels(metadata.labels, at: path.field("labels"))
        for pair in metadata.annotations.pairs {
            require(
                NameRules.isQualifiedName(pair.key.lowercased()), path.field("annotations").field(pair.key),
                "not a valid key", expected: Self.keyForm)
        }
        var controllers = 0
        for (index, owner) in metadata.ownerReferences.enumerated() {
            let place = path.field("ownerReferences").index(index)
            require(owner.uid != .none, place.field("uid"), "a value is required")
            require(!owner.apiVersion.isEmpty, place.field("apiVersion"), "a value is required")
            if owner.controller { controllers += 1 }
        }
        require(controllers <= 1, path.field("ownerReferences"), "only one owner may be the controller")
    }

    private static let keyForm = "[prefix/]name of letters, digits, \"-\", \"_\" and \".\"; the name at most 63"

    private static func nameRule(_ name: String, of kind: ObjectKind) -> (Bool, String) {
        switch kind {
        case .namespace:
            return (NameRules.isDNSLabel(name), "letters in lower case, digits and \"-\"; at most 63")
        case .service:
            return (
                NameRules.isDNSLabel(name), "letters in lower case, digits and \"-\"; at most 63"
            )
        case .statefulSet:
            return (NameRules.isDNSLabel(name), "letters in lower case, digits and \"-\"; at most 63")
        case .cronJob:
            return (
                NameRules.isDNSSubdomain(name) && name.utf8.count <= 52,
                "letters in lower case, digits, \"-\" and \".\"; at most 52"
            )
        case .other:
            // Kinds of others have rules of their own; a path separator is never allowed.
            return (!name.contains("/") && name != "." && name != "..", "a name without \"/\"")
        case .node, .pod, .replicaSet, .deployment, .daemonSet, .job, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .replicationController, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode:
            return (NameRules.isDNSSubdomain(name), "letters in lower case, digits, \"-\" and \".\"; at most 253")
        }
    }

    mutating func labels(_ labels: StringMap, at path: FieldPath) {
        for pair in labels.pairs {
            let place = path.field(pair.key)
            require(NameRules.isQualifiedName(pair.key), place, "not a valid key", expected: Self.keyForm)
            require(
                NameRules.isLabelValue(pair.value), place,
                "\"\(ManifestTree.shortened(pair.value))\" is no valid value of a label",
                expected: "letters, digits, \"-\", \"_\" and \".\", at most 63")
        }
    }

    mutating func labelSelector(_ selector: LabelSelector, at path: FieldPath) {
        labels(selector.matchLabels, at: path.field("matchLabels"))
        for (index, requirement) in selector.matchExpressions.enumerated() {
            let place = path.field("matchExpressions").index(index)
            require(
                NameRules.isQualifiedName(requirement.key), place.field("key"), "not a valid key",
                expected: Self.keyForm)
            switch requirement.operator {
            case .in, .notIn:
                require(!requirement.values.isEmpty, place.field("values"), "In and NotIn need values")
            case .exists, .doesNotExist:
                require(requirement.values.isEmpty, place.field("values"), "Exists and DoesNotExist take no values")
            }
        }
    }

    mutating func nodeSelectorTerm(_ term: NodeSelectorTerm, at path: FieldPath) {
        for (index, requirement) in term.matchExpressions.enumerated() {
            let place = path.field("matchExpressions").index(index)
            require(
                NameRules.isQualifiedName(requirement.key), place.field("key"), "not a valid key",
                expected: Self.keyForm)
            switch requirement.operator {
            case .in, .notIn:
                require(!requirement.values.isEmpty, place.field("values"), "In and NotIn need values")
            case .exists, .doesNotExist:
                require(requirement.values.isEmpty, place.field("values"), "Exists and DoesNotExist take no values")
            case .greaterThan, .lessThan:
                require(requirement.values.count == 1, place.field("values"), "Gt and Lt need one value")
            }
        }
        for (index, requirement) in term.matchFields.enumerated() {
            let place = path.field("matchFields").index(index)
            require(
                requirement.key == "metadata.name", place.field("key"), "not a field that can be selected by",
                expected: "metadata.name")
            require(
                requirement.operator == .in || requirement.operator == .notIn, place.field("operator"),
                "not allowed for fields", expected: "In or NotIn")
            require(requirement.values.count == 1, place.field("values"), "one value is required")
        }
    }
}
