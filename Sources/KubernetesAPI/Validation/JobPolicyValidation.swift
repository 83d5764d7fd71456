// Counterpart: validateSuccessPolicy and validatePodFailurePolicy in pkg/apis/batch/validation (v1.36).

extension ValidationCheck {
    mutating func successRule(_ rule: Job.SuccessRule, completions: Int64, at path: FieldPath) {
        require(
            rule.succeededIndexes != nil || rule.succeededCount != nil, path,
            "one of succeededIndexes and succeededCount is required")
        let count = path.field("succeededCount")
        if let wanted = rule.succeededCount { atMost(completions, wanted, count, "the completions") }
        guard let text = rule.succeededIndexes else { return }
        let indexes = path.field("succeededIndexes")
        require(text.utf8.count <= JobLimits.succeededIndexes, indexes, "longer than 64 KiB")
        guard let total = Self.indexCount(text, below: completions) else {
            add(
                indexes, "no list of indexes below \(completions)",
                expected: "numbers and ranges, ascending, as in \"0,2-4\"")
            return
        }
        if let wanted = rule.succeededCount { atMost(total, wanted, count, "the succeededIndexes") }
    }

    /// Returns how many indexes a list names, or nil when it is malformed, out of order or reaches `limit`.
    private static func indexCount(_ text: String, below limit: Int64) -> Int64? {
        if text.isEmpty { return 0 }
        var total: Int64 = 0
        var last: Int64 = -1
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
            guard ends.count <= 2, let first = ends[0], let end = ends[ends.count - 1], first > last, end < limit,
                ends.count == 1 || first < end
            else { return nil }
            total += end - first + 1
            last = end
        }
        return total
    }
}

// MARK: - Failures

extension ValidationCheck {
    mutating func podFailurePolicy(_ rules: [Job.PodFailureRule], of spec: Job.Spec, at path: FieldPath) {
        require(
            spec.template.spec.restartPolicy == .never,
            path.field("template").field("spec").field("restartPolicy"),
            "a podFailurePolicy needs restartPolicy Never", expected: "Never")
        require(
            spec.podReplacementPolicy ?? .failed == .failed, path.field("podReplacementPolicy"),
            "a podFailurePolicy replaces failed pods only", expected: "Failed")
        let list = path.field("podFailurePolicy").field("rules")
        atMost(Int64(JobLimits.rules), Int64(rules.count), list, "rules")
        let pod = spec.template.spec
        let containers = (pod.containers + pod.initContainers).map(\.name)
        for (index, rule) in rules.enumerated() {
            let place = list.index(index)
            require(
                rule.action != .failIndex || spec.backoffLimitPerIndex != nil, place.field("action"),
                "FailIndex needs backoffLimitPerIndex")
            switch rule.condition {
            case .onExitCodes(let container, let isIn, let values):
                let place = place.field("onExitCodes")
                require(
                    container.map(containers.contains) ?? true, place.field("containerName"),
                    "the template has no container of that name")
                exitCodes(values, isIn: isIn, at: place.field("values"))
            case .onPodConditions(let patterns): podConditions(patterns.map(\.type), at: place.field("onPodConditions"))
            }
        }
    }

    private mutating func exitCodes(_ values: [Int32], isIn: Bool, at path: FieldPath) {
        require(!values.isEmpty, path, "at least one value is required")
        atMost(Int64(JobLimits.exitCodes), Int64(values.count), path, "exit codes")
        require(!isIn || !values.contains(0), path, "0 is not allowed with In: it is no failure")
        require(zip(values, values.dropFirst()).allSatisfy(<), path, "must be in ascending order, each value once")
    }

    private mutating func podConditions(_ types: [String], at path: FieldPath) {
        atMost(Int64(JobLimits.podConditions), Int64(types.count), path, "patterns")
        for (index, type) in types.enumerated() {
            require(
                NameRules.isQualifiedName(type), path.index(index).field("type"), "no valid type of a condition")
        }
    }
}
