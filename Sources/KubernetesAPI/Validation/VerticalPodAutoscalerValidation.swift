// Counterpart: what the admission controller of the VerticalPodAutoscaler refuses (v1.5).

extension ValidationCheck {
    mutating func verticalAutoscaler(_ autoscaler: VerticalPodAutoscaler, at path: FieldPath) {
        for (index, policy) in autoscaler.containerPolicies.enumerated() {
            let place = path.field("resourcePolicy").field("containerPolicies").index(index)
            resolution(of: policy.minAllowed, at: place.field("minAllowed"))
            resolution(of: policy.maxAllowed, at: place.field("maxAllowed"))
            for entry in policy.minAllowed.entries {
                guard let most = policy.maxAllowed[entry.name] else { continue }
                require(
                    entry.amount <= most, place.field("maxAllowed").field(entry.name.text),
                    "must not be below minAllowed (\(entry.amount))")
            }
            require(
                !policy.isOff || policy.controlledValues != .requestsAndLimits, place.field("controlledValues"),
                "not allowed for a container that is left alone (mode Off)")
        }
    }

    private mutating func resolution(of list: ResourceList, at path: FieldPath) {
        amounts(list, at: path, of: .node)
        for entry in list.entries {
            let unit: Int128 = entry.name == .cpu ? 1_000_000 : entry.name == .memory ? 1_000_000_000 : 1
            require(
                entry.amount.nanos % unit == 0, path.field(entry.name.text), "\(entry.amount) is too fine",
                expected: entry.name == .cpu ? "whole thousandths of a core" : "whole bytes")
        }
    }
}
