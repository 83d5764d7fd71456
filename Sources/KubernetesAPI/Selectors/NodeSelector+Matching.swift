// Kubernetes counterpart: component-helpers/scheduling/corev1/nodeaffinity (v1.36).

extension NodeSelector {
    /// Returns whether any term selects a node with this name and these labels; without a name, fields play no part.
    package func matches(name: String, labels: StringMap) -> Bool {
        for term in terms where term.matches(name: name, labels: labels) { return true }
        return false
    }
}

extension NodeSelectorTerm {
    /// Returns whether every requirement is met; an empty or malformed term selects nothing. Without a name, fields play
    /// no part.
    package func matches(name: String, labels: StringMap) -> Bool {
        if matchExpressions.isEmpty && matchFields.isEmpty { return false }
        for requirement in matchExpressions where !requirement.isValidForLabels { return false }
        for requirement in matchFields where !requirement.isValidForFields { return false }
        for requirement in matchExpressions where !requirement.matches(labels[requirement.key]) { return false }
        if name.isEmpty { return true }
        for requirement in matchFields {
            // Only metadata.name is a field of a node; any other is empty.
            let value = requirement.key == "metadata.name" ? name : ""
            let isEqual = requirement.values[0] == value
            if isEqual != (requirement.operator == .in) { return false }
        }
        return true
    }
}

extension NodeSelectorRequirement {
    fileprivate var isValidForLabels: Bool {
        switch `operator` {
        case .in, .notIn: !values.isEmpty
        case .exists, .doesNotExist: values.isEmpty
        case .greaterThan, .lessThan: values.count == 1 && Int64(values[0]) != nil
        }
    }

    fileprivate var isValidForFields: Bool {
        switch `operator` {
        case .in, .notIn: values.count == 1
        case .exists, .doesNotExist, .greaterThan, .lessThan: false
        }
    }

    fileprivate func matches(_ value: String?) -> Bool {
        switch `operator` {
        case .in: return value.map(values.contains) ?? false
        case .notIn: return value.map { !values.contains($0) } ?? true
        case .exists: return value != nil
        case .doesNotExist: return value == nil
        case .greaterThan, .lessThan:
            guard let value, let present = Int64(value), let bound = Int64(values[0]) else { return false }
            return `operator` == .greaterThan ? present > bound : present < bound
        }
    }
}
