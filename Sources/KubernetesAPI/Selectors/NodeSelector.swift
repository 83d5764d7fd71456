/// A choice of nodes: the terms are alternatives (`v1.NodeSelector`).
@usableFromInline
package struct NodeSelector: Hashable, Sendable {
    package var terms: [NodeSelectorTerm]

    package init(terms: [NodeSelectorTerm]) { self.terms = terms }
}

/// A set of requirements that must all be met (`v1.NodeSelectorTerm`); an empty term matches no node.
@usableFromInline
package struct NodeSelectorTerm: Hashable, Sendable {
    package var matchExpressions: [NodeSelectorRequirement]
    /// Only the field `metadata.name` is known upstream.
    package var matchFields: [NodeSelectorRequirement]

    package init(matchExpressions: [NodeSelectorRequirement] = [], matchFields: [NodeSelectorRequirement] = []) {
        self.matchExpressions = matchExpressions
        self.matchFields = matchFields
    }
}

/// One requirement of a node selector term (`v1.NodeSelectorRequirement`).
@usableFromInline
package struct NodeSelectorRequirement: Hashable, Sendable {
    @usableFromInline
    package enum Operator: String, Hashable, Sendable, CaseIterable {
        case `in` = "In"
        case notIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"
        case greaterThan = "Gt"
        case lessThan = "Lt"
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

/// A node selector term with its weight (`v1.PreferredSchedulingTerm`).
@usableFromInline
package struct PreferredSchedulingTerm: Hashable, Sendable {
    /// 1 to 100.
    package var weight: Int64
    package var preference: NodeSelectorTerm

    package init(weight: Int64, preference: NodeSelectorTerm) {
        self.weight = weight
        self.preference = preference
    }
}
