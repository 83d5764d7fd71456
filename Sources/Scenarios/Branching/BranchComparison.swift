import Chronology
import Faults
import KubernetesAPI
import Simulation
import Workloads

/// Finds out what a branch changes, and whether it can.
struct BranchComparison {
    private let after: ScenarioAssembly
    private let at: Instant
    private let differences: [TreeDifference]
    private let tell: (Diagnostic) -> Void

    init(
        before: ScenarioAssembly, after: ScenarioAssembly, at: Instant, tell: @escaping (Diagnostic) -> Void
    ) {
        self.after = after
        self.at = at
        self.tell = tell
        differences = TreeDifference.all(before.tree, after.tree)
    }

    /// Returns the branch that leads from a run as it was set up to what `after` says, or records what cannot change.
    func branch(
        from before: WorldSetup, to after: WorldSetup, _ fork: ForkRequest, _ places: inout BranchPlaces
    ) -> WorldBranch? {
        var isRight = true
        func fail(
            _ message: String, _ expected: String, path: FieldPath? = nil, position: Position? = nil,
            nearest: String? = nil
        ) {
            isRight = false
            tell(
                self.after.placed(
                    Diagnostic(
                        .error, file: self.after.scenarioFile ?? "--set", position: position, path: path?.text ?? "",
                        message: message, expected: expected, nearest: nearest)))
        }

        for difference in differences {
            guard let objection = BranchRules.objection(to: difference) else { continue }
            fail(
                "it cannot be another from \(at.sinceStart) on: \(objection.reason)", objection.advice,
                path: difference.path, position: difference.position)
        }
        if after.horizon <= at - .start {
            fail("the run would end at \(after.horizon), before it branches", "a duration above \(at.sinceStart)")
        }
        if after.hasLiveExtenders, !before.hasLiveExtenders {
            fail("a branch cannot ask live extenders", "a configuration of the scheduler without extenders")
        }
        let root = FieldPath.root.field("spec")
        if after.tieBreakStream != before.tieBreakStream {
            fail(
                "the chance of the past follows from it", "a run of its own",
                path: root.field("scheduler").field("tieBreakStream"), position: first(in: "scheduler")?.position)
        }
        let services = (before.services, after.services)
        if services.0.map(\.title) != services.1.map(\.title) || services.0.map(\.backing) != services.1.map(\.backing)
        {
            fail(
                "the services under traffic stay the same; what they get and do can change",
                services.0.map(\.title).joined(separator: ", "), path: root.field("services"),
                position: first(in: "services")?.position)
        }

        var branch = WorldBranch(at: at, setup: after)
        mergeFaults(before, after, &branch, &places) { number, instant in
            let path = root.field("faults").index(number).field("at")
            fail(
                "it strikes at \(instant.sinceStart), before the run branches", "a time from \(at.sinceStart) on",
                path: path, position: first(in: "faults", number)?.position)
        }
        mergeChanges(before, after, &branch, &places) { number, instant in
            let path = root.field("changes").index(number).field("at")
            fail(
                "it is made at \(instant.sinceStart), before the run branches", "a time from \(at.sinceStart) on",
                path: path, position: first(in: "changes", number)?.position)
        }
        mergeArrivals(before, after, &branch)
        mergePools(before, after, &branch) { message, expected in
            fail(message, expected, path: root.field("pools"), position: first(in: "pools")?.position)
        }
        let known = Set(before.objects.map(\.key))
        branch.additions = after.objects.filter { !known.contains($0.key) }
        branch.setup.objects = before.objects
        branch.restartsScheduler = first(in: "scheduler") != nil || fork.schedulerConfiguration != nil
        branch.revisesWorkloads = first(in: "workloads") != nil
        branch.revisesServices = first(in: "services") != nil
        branch.revisesAutoscalers =
            first(in: "autoscaler") != nil || after.autoscalers.count != before.autoscalers.count
        if !branch.revisesAutoscalers, first(in: "machineTypes") == nil, first(in: "pools") == nil {
            // The same market, so that nobody takes it for another.
            branch.setup.market = before.market
        }
        let (old, new) = (before.parameters, after.parameters)
        branch.replacesLimits =
            (old.schedulerQPS, old.schedulerBurst, old.controllerQPS, old.controllerBurst)
            != (new.schedulerQPS, new.schedulerBurst, new.controllerQPS, new.controllerBurst)
        return isRight ? branch : nil
    }

    /// Returns the first difference in a section, or in one of its elements.
    private func first(in section: String, _ number: Int? = nil) -> TreeDifference? {
        differences.first { difference in
            difference.steps.count > 1 && difference.steps[1] == section
                && (number == nil || difference.steps.count < 3 || difference.steps[2] == number.map(String.init))
        }
    }

    /// The numbers of the elements of a list that differ; all when the list itself does.
    private func differing(_ section: String, count: Int) -> [Int] {
        (0..<count).filter { first(in: section, $0) != nil }
    }

    // MARK: - Lists

    private func mergeFaults(
        _ before: WorldSetup, _ after: WorldSetup, _ branch: inout WorldBranch, _ places: inout BranchPlaces,
        isPast: (Int, Instant) -> Void
    ) {
        let outcome = BranchPlaces.compare(
            &places.faults, count: after.faults.count, differs: differing("faults", count: after.faults.count),
            firstNew: before.faults.count)
        branch.endedFaults = outcome.ended
        branch.setup.faults = before.faults
        for (number, origin) in outcome.added {
            if case .at(let instant) = after.faults[number].timing, instant < at { isPast(number, instant) }
            if let origin { branch.faultOrigins.append((branch.setup.faults.count, origin)) }
            branch.setup.faults.append(after.faults[number])
        }
    }

    private func mergeChanges(
        _ before: WorldSetup, _ after: WorldSetup, _ branch: inout WorldBranch, _ places: inout BranchPlaces,
        isPast: (Int, Instant) -> Void
    ) {
        let outcome = BranchPlaces.compare(
            &places.changes, count: after.changes.count, differs: differing("changes", count: after.changes.count),
            firstNew: before.changes.count)
        branch.endedChanges = outcome.ended
        branch.setup.changes = before.changes
        for (number, _) in outcome.added {
            let change = after.changes[number]
            if change.every == nil, change.at < at { isPast(number, change.at) }
            branch.setup.changes.append(change)
        }
    }

    private func mergeArrivals(_ before: WorldSetup, _ after: WorldSetup, _ branch: inout WorldBranch) {
        let isTouched = first(in: "arrivals") != nil
        branch.setup.arrivals = before.arrivals
        guard isTouched else { return }
        for (place, process) in before.arrivals.enumerated() {
            guard let now = after.arrivals.first(where: { $0.spec.name == process.spec.name }) else {
                branch.endedArrivals.append(place)
                continue
            }
            branch.setup.arrivals[place] = now
            if now.spec != process.spec { branch.revisedArrivals.append(place) }
        }
        branch.setup.arrivals += after.arrivals.filter { process in
            !before.arrivals.contains { $0.spec.name == process.spec.name }
        }
    }

    private func mergePools(
        _ before: WorldSetup, _ after: WorldSetup, _ branch: inout WorldBranch, fail: (String, String) -> Void
    ) {
        branch.setup.pools = before.pools
        for (place, pool) in before.pools.enumerated() {
            guard let now = after.pools.first(where: { $0.name == pool.name }) else {
                fail("the machines of the pool \(pool.name) are there", "changes with drain or shutdown")
                continue
            }
            if now.count < pool.count {
                fail(
                    "the pool \(pool.name) has \(pool.count) machines, and none of them goes by itself",
                    "a count from \(pool.count) on, or changes with drain or shutdown")
            }
            branch.setup.pools[place].count = max(pool.count, now.count)
        }
        branch.setup.pools += after.pools.filter { pool in !before.pools.contains { $0.name == pool.name } }
    }
}
