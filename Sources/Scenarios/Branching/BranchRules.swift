import Simulation

/// What of a scenario can be another from an instant on, and why the rest cannot.
enum BranchRules {
    /// Why something stays as it was, and what to do instead.
    struct Objection {
        var reason: String
        var advice: String
    }

    private static let free = [
        "duration", "workloads", "services", "faults", "changes", "arrivals", "scheduler", "record", "assert",
        "autoscaler",
    ]

    private static let fixed: [(section: String, objection: Objection)] = [
        ("start", Objection(reason: "time began with it", advice: "a run of its own")),
        ("seed", Objection(reason: "the chance of the past follows from it", advice: "a run of its own with --seed")),
        ("seeds", Objection(reason: "the chance of the past follows from them", advice: "a run of its own")),
        (
            "manifests",
            Objection(reason: "its objects were created at the start", advice: "an entry of changes with apply")
        ),
        (
            "machineTypes",
            Objection(reason: "machines of the type are there", advice: "another type beside it")
        ),
        (
            "prices",
            Objection(reason: "prices hold for a run as a whole", advice: "a run of its own with other prices")
        ),
        ("cloud", Objection(reason: "the cloud has answered by it", advice: "a run of its own with other quotas")),
        (
            "images",
            Objection(reason: "machines have pulled them", advice: "an entry of changes with push or moveTag")
        ),
        ("metrics", Objection(reason: "autoscalers remember them", advice: "a run of its own")),
        ("registries", Objection(reason: "pulls are under way", advice: "a fault such as RegistryOutage")),
        ("imageDistribution", Objection(reason: "pulls are under way", advice: "a run of its own")),
    ]

    /// The parameters that can be another from an instant on, in name order.
    static let parameters: [String] = SimulationParameters.entries.filter { entry in
        switch entry.place {
        case .distribution, .count: true
        case .duration, .cache, .truth: false
        }
    }.map(\.name)

    /// Returns why the place of `difference` stays as it was, or nil when it can be another.
    static func objection(to difference: TreeDifference) -> Objection? {
        let steps = difference.steps
        switch steps.first {
        case "metadata":
            if let field = steps.dropFirst().first, ["title", "description"].contains(field) { return nil }
            return Objection(reason: "a branch keeps the name of its run", advice: "--output for another file")
        case "spec": return objection(inside: Array(steps.dropFirst()), difference)
        default: return Objection(reason: "it says what the file is", advice: "no change")
        }
    }

    private static func objection(inside steps: [String], _ difference: TreeDifference) -> Objection? {
        guard let section = steps.first, !free.contains(section) else { return nil }
        switch (section, steps.count) {
        case ("volumes", 2...) where steps[1] == "provisioners": return nil
        case ("volumes", _): return Objection(reason: "it decides what is there at the start", advice: "provisioners")
        case ("parameters", 2...):
            if parameters.contains(steps[1]) { return nil }
            return Objection(
                reason: "machines and controllers were started with it",
                advice: "one of \(parameters.joined(separator: ", "))")
        case ("parameters", _): return nil
        case ("pools", 1...2) where difference.isNew, ("machineTypes", 1...2) where difference.isNew: return nil
        case ("pools", 3) where steps[2] == "count" && !difference.isRemoved: return nil
        case ("pools", _):
            return Objection(
                reason: "its machines are there",
                advice: "a larger count, another pool, or an entry of changes with drain or shutdown")
        default:
            return fixed.first { $0.section == section }?.objection
                ?? Objection(reason: "it cannot change within a run", advice: "a run of its own")
        }
    }
}
