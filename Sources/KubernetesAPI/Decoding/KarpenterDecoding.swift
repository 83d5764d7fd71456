import Chronology

// Counterpart: karpenter.sh/v1.NodePool with its defaults and the rules of its schema.

extension KarpenterNodePool {
    /// Whether a manifest is a NodePool.
    static func isNodePool(apiVersion: String, kind: String) -> Bool {
        kind == "NodePool" && apiVersion == "karpenter.sh/v1"
    }

    /// Whether a manifest is the node class of the AWS provider.
    static func isNodeClass(apiVersion: String, kind: String) -> Bool {
        kind == "EC2NodeClass" && apiVersion == "karpenter.k8s.aws/v1"
    }

    /// Whether a manifest is a machine that Karpenter bought.
    static func isNodeClaim(apiVersion: String, kind: String) -> Bool {
        kind == "NodeClaim" && apiVersion == "karpenter.sh/v1"
    }

    /// Returns a fingerprint of all that `tree` says, in whatever order its mappings stand.
    static func hash(of tree: ManifestTree) -> UInt64 {
        var hash = TextHash(0)
        func add(_ tree: ManifestTree) {
            switch tree.value {
            case .mapping(let entries):
                hash.add("{")
                for entry in entries.sorted(by: { $0.key < $1.key }) where !entry.value.isNull {
                    hash.add(entry.key)
                    add(entry.value)
                }
                hash.add("}")
            case .sequence(let elements):
                hash.add("[")
                for element in elements { add(element) }
                hash.add("]")
            case .scalar(let scalar): hash.add("\(scalar)")
            case .null: hash.add("null")
            }
        }
        add(tree)
        return hash.value
    }

    /// Reads `spec` of an EC2NodeClass, of which a fingerprint is kept: what would change a machine is warned of.
    static func readNodeClass(_ spec: FieldReader) {
        spec.inert([
            "amiSelectorTerms", "amiFamily", "role", "instanceProfile", "securityGroupSelectorTerms",
            "subnetSelectorTerms", "tags", "userData", "detailedMonitoring", "metadataOptions", "context",
            "associatePublicIPAddress", "ipPrefixCount",
        ])
        spec.unmodelled([
            "kubelet", "blockDeviceMappings", "instanceStorePolicy", "capacityReservationSelectorTerms",
            "placementGroupSelector", "cpuOptions",
        ])
    }

    /// Reads `spec` of a NodePool.
    init(reading reader: FieldReader, name: String) {
        self.init(name: name)
        weight = reader.int64("weight", in: 1...100) ?? 0
        limits = reader.resources("limits")
        reader.unmodelled(["replicas"])
        if !reader.has("template") { reader.error("template", "a value is required") }
        reader.object("template") { template in
            template.object("metadata") { metadata in
                labels = metadata.stringMap("labels")
                annotations = metadata.stringMap("annotations")
            }
            if !template.has("spec") { template.error("spec", "a value is required") }
            template.object("spec") { read($0) }
        }
        reader.object("disruption") { disruption = Disruption(reading: $0) }
    }

    private mutating func read(_ spec: FieldReader) {
        taints = spec.objects("taints") { Taint(reading: $0) }
        startupTaints = spec.objects("startupTaints") { Taint(reading: $0) }
        requirements = spec.objects("requirements") { Requirement(reading: $0) }
        if !spec.has("nodeClassRef") { spec.error("nodeClassRef", "a value is required") }
        spec.object("nodeClassRef") { reference in
            nodeClass = reference.requiredString("name")
            _ = reference.requiredString("group")
            _ = reference.requiredString("kind")
        }
        if spec.has("expireAfter") { expireAfter = spec.lengthOrNever("expireAfter") }
        terminationGracePeriod = spec.length("terminationGracePeriod")
    }
}

extension KarpenterNodePool.Requirement {
    /// The operators of a pool, which are more than those of a pod.
    private enum Rule: String, CaseIterable {
        case `in` = "In"
        case notIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"
        case greaterThan = "Gt"
        case lessThan = "Lt"
        case atLeast = "Gte"
        case atMost = "Lte"

        /// The pod's operator that says the same, of a number that is so much larger.
        var plain: (rule: NodeSelectorRequirement.Operator, step: Int64) {
            switch self {
            case .in: (.in, 0)
            case .notIn: (.notIn, 0)
            case .exists: (.exists, 0)
            case .doesNotExist: (.doesNotExist, 0)
            case .greaterThan: (.greaterThan, 0)
            case .lessThan: (.lessThan, 0)
            case .atLeast: (.greaterThan, -1)
            case .atMost: (.lessThan, 1)
            }
        }
    }

    init?(reading reader: FieldReader) {
        var values = reader.strings("values")
        let key = reader.requiredString("key")
        let least = reader.int64("minValues", in: 1...50).map { Int($0) }
        guard let rule: Rule = reader.requiredChoice("operator") else { return nil }
        switch rule {
        case .in, .notIn:
            if values.isEmpty { reader.error("values", "at least one value is required") }
        case .exists, .doesNotExist:
            if !values.isEmpty { reader.error("values", "no value is allowed with \(rule.rawValue)") }
        case .greaterThan, .lessThan, .atLeast, .atMost:
            if values.count == 1, let number = Int64(values[0]), number >= 0 {
                values = [String(number == Int64.max ? number : number + rule.plain.step)]
            } else {
                reader.error("values", "one whole number is expected with \(rule.rawValue), in quotes, not negative")
            }
        }
        if rule == .in, let least, values.count < least {
            reader.error("minValues", "more values are asked for than are listed")
        }
        self.init(key, rule.plain.rule, values, minValues: least)
    }
}

extension KarpenterNodePool.Disruption {
    init(reading reader: FieldReader) {
        self.init()
        policy = reader.choice("consolidationPolicy") ?? .whenEmptyOrUnderutilized
        if reader.has("consolidateAfter") { consolidateAfter = reader.lengthOrNever("consolidateAfter") }
        if reader.has("budgets") { budgets = reader.objects("budgets") { KarpenterNodePool.Budget(reading: $0) } }
    }
}

extension KarpenterNodePool.Budget {
    init?(reading reader: FieldReader) {
        let nodes = reader.intOrPercentText("nodes")
        if !reader.has("nodes") { reader.error("nodes", "a value is required") }
        let text = reader.string("schedule")
        let length = reader.length("duration")
        if (text == nil) != (length == nil) {
            reader.error(text == nil ? "schedule" : "duration", "schedule and duration belong together")
        }
        let reasons = reader.strings("reasons")
        self.init(nodes: nodes ?? .percent(10))
        duration = length
        for reason in reasons {
            guard let known = KarpenterNodePool.DisruptionReason(rawValue: reason) else {
                let names = KarpenterNodePool.DisruptionReason.allCases.map(\.rawValue)
                reader.error(
                    "reasons", "found \(ManifestTree.shortened(reason))",
                    expected: "one of \(names.joined(separator: ", "))", nearest: NearestName.of(reason, among: names))
                continue
            }
            self.reasons.append(known)
        }
        guard let text else { return }
        do throws(TimeParsingError) {
            schedule = try CronSchedule(parsing: text)
        } catch {
            reader.error("schedule", error.description, expected: "a cron schedule such as \"0 9 * * mon-fri\"")
        }
    }
}

extension FieldReader {
    /// Returns a length such as `720h`, not negative.
    fileprivate func length(_ name: String) -> Duration? {
        guard let text = string(name) else { return nil }
        do throws(TimeParsingError) {
            let length = try Duration(parsing: text)
            if length >= .zero { return length }
            error(name, "found \(text)", expected: "a length that is not negative")
        } catch {
            self.error(name, error.description, expected: "a length such as 30s, 1h30m or 720h, or Never")
        }
        return nil
    }

    /// Returns a length, or nil for `Never`.
    fileprivate func lengthOrNever(_ name: String) -> Duration? {
        if let value = value(name), value.string == "Never" { return nil }
        return length(name)
    }

    /// Returns a number or a percentage, either of them written as a text.
    fileprivate func intOrPercentText(_ name: String) -> IntOrPercent? {
        if let value = value(name), let text = value.string, let number = Int64(text), number >= 0 {
            return .number(number)
        }
        return intOrPercent(name)
    }
}
