/// A condition on labels (`metav1.LabelSelector`).
///
/// An empty selector matches everything; an absent one (nil at the place of use) matches nothing.
@usableFromInline
package struct LabelSelector: Hashable, Sendable {
    /// One `matchExpressions` entry.
    @usableFromInline
    package struct Requirement: Hashable, Sendable {
        @usableFromInline
        package enum Operator: String, Hashable, Sendable, CaseIterable {
            case `in` = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
        }

        package var key: String
        package var `operator`: Operator
        package var values: [String]

        package init(key: String, operator: Operator, values: [String] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    package var matchLabels = StringMap()
    package var matchExpressions: [Requirement] = []

    package init(matchLabels: StringMap = StringMap(), matchExpressions: [Requirement] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    package var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    /// Returns whether `labels` meet every requirement.
    package func matches(_ labels: StringMap) -> Bool {
        for pair in matchLabels.pairs where labels[pair.key] != pair.value { return false }
        for requirement in matchExpressions where !requirement.matches(labels) { return false }
        return true
    }
}

extension LabelSelector.Requirement {
    /// Returns whether `labels` meet this requirement; `NotIn` is met by an absent key.
    package func matches(_ labels: StringMap) -> Bool {
        let value = labels[key]
        return switch `operator` {
        case .in: value.map(values.contains) ?? false
        case .notIn: value.map { !values.contains($0) } ?? true
        case .exists: value != nil
        case .doesNotExist: value == nil
        }
    }
}
