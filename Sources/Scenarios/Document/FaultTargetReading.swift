import Faults
import KubernetesAPI
import Simulation

/// Reads whom a fault strikes.
extension ScenarioReading {
    /// The fields of `target`, by what they choose among.
    private enum TargetFields {
        static let places = ["zone", "zones", "rack", "racks", "region", "regions", "pool", "pools"]
        static let machines = ["nodes", "labels"] + places
        static let registries = ["registry", "registries"]
        static let images = ["image", "images", "repository", "repositories"]
        static let controllers = ["controller", "controllers"]
        static let workloads = ["namespace", "kind", "name", "labels"]
        static let choices = ["all", "count", "percentage"]
        static let all = machines + registries + images + controllers + ["namespace", "kind", "name"] + choices
    }

    func faultTarget(_ reader: FieldReader, scope: FaultScope?) -> TargetSelector {
        func names(_ one: String, _ many: String) -> [String] { reader.oneOrMore(one) + reader.oneOrMore(many) }
        let nodes = reader.oneOrMore("nodes")
        let registries = names("registry", "registries")
        let controllers = names("controller", "controllers")
        let workloads = reader.oneOrMore("name")
        var targets = TargetSelector(
            labels: reader.optionalStringMap("labels").map { LabelSelector(matchLabels: $0) },
            zones: names("zone", "zones"), pools: names("pool", "pools"), choice: choice(reader))
        targets.racks = names("rack", "racks")
        targets.regions = names("region", "regions")
        targets.namespaces = reader.oneOrMore("namespace")
        targets.workloadKind = reader.string("kind")
        targets.images = names("image", "images") + names("repository", "repositories").map { $0 + ":*" }
        checkTargets(reader, scope: scope)
        for field in TargetFields.controllers where scope == .controllers && reader.has(field) {
            for name in controllers where !World.controllerNames.contains(name) {
                reader.error(
                    field, "there is no controller \"\(ManifestTree.shortened(name))\"",
                    expected: "the name of a controller, as kube-controller-manager has it",
                    nearest: NearestName.of(name, among: World.controllerNames))
            }
        }
        let subjects: [(LaterCheck.Subject, [String])] = [
            (.zone, ["zone", "zones"]), (.pool, ["pool", "pools"]), (.rack, ["rack", "racks"]),
            (.region, ["region", "regions"]), (.node, ["nodes"]),
            (scope == .deployments ? .deployment : .workload, ["name"]), (.namespace, ["namespace"]),
            (.workloadKind, ["kind"]),
        ]
        for (subject, fields) in subjects {
            for field in fields {
                checkLater(subject, field, reader, in: field == "name" ? targets.namespaces : [])
            }
        }
        switch scope {
        case .registries: targets.names = registries
        case .controllers: targets.names = controllers
        case .pods, .deployments: targets.names = workloads
        case .nodes, .zones, .racks, .regions, .launches, .images, .controlPlane, nil: targets.names = nodes
        }
        return targets
    }

    private func choice(_ reader: FieldReader) -> TargetSelector.Choice {
        let all = reader.bool("all") ?? false
        let count = reader.int64("count", in: 1...1_000_000)
        let percentage = reader.read("percentage") { share($0, path: $1, whole: 100) }
        let chosen = (all ? ["all"] : []) + ["count", "percentage"].filter(reader.has)
        if chosen.count > 1 {
            reader.error(
                chosen[1], "how many are struck is said twice", expected: "at most one of all, count, percentage")
        }
        return if let count { .count(Int(count)) } else if let percentage { .percent(Int(percentage)) } else { .all }
    }

    /// Reports the fields of `target` that a fault of this scope does not read.
    private func checkTargets(_ reader: FieldReader, scope: FaultScope?) {
        let rule: (strikes: String, fields: [String], expected: String)
        switch scope {
        case nil: return
        case .nodes, .zones, .racks, .regions:
            rule = (
                "machines", TargetFields.machines + TargetFields.choices, "nodes, zone, rack, region, pool or labels"
            )
        case .launches: rule = ("launches", TargetFields.places + ["all"], "zone, rack, region or pool")
        case .registries:
            rule = ("registries", TargetFields.registries + ["all"], "registry: <host>, or nothing for all")
        case .images: rule = ("images", TargetFields.images, "image: <reference> or repository: <name>")
        case .pods:
            rule = (
                "pods", TargetFields.workloads + TargetFields.places + TargetFields.choices,
                "namespace, kind, name, labels, zone, rack, region or pool"
            )
        case .deployments:
            rule = (
                "Deployments", ["namespace", "name", "labels"] + TargetFields.choices, "namespace, name or labels"
            )
        case .controllers:
            rule = ("controllers", TargetFields.controllers + ["all"], "controller: <name>, or nothing for all")
        case .controlPlane: rule = ("the control plane as a whole", ["all"], "no target")
        }
        for field in TargetFields.all where reader.has(field) && !rule.fields.contains(field) {
            reader.error(field, "this fault strikes \(rule.strikes)", expected: rule.expected)
        }
    }

    /// Reads whom a strike takes along.
    func commonCause(_ reader: FieldReader, scope: FaultScope?) -> CommonCause? {
        reader.object("commonCause") { cause -> CommonCause? in
            let domain: FailureDomain? = cause.requiredChoice("within")
            cause.require("probability", expected: "a share such as 20%")
            let share = cause.read("probability") { self.share($0, path: $1, whole: 1_000_000) }
            if let scope, scope != .nodes {
                reader.error(
                    "commonCause", "only single machines take others along", expected: "a kind that strikes machines")
            }
            guard let domain, let share else { return nil }
            return CommonCause(within: domain, partsPerMillion: share)
        }.flatMap { $0 }
    }
}
