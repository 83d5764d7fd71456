import ArgumentParser
import Chronology
import Costs
import Experiments
import KubernetesAPI
import Machines
import Scenarios
import Simulation

/// `orrery capacity plan INPUTS`.
struct CapacityPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Finds the cheapest, or smallest, set of machines on which everything runs that is given.",
        discussion: """
            Sets of machines are tried in whole runs of the scenario. Beside the best one stands what no set can \
            undercut by the requests at their peak, and whether better sets of so few kinds were all tried. Types with \
            shared processors (t3, e2-micro and the like), slices of a GPU (g6f and the like), previous generations, and arm64 and GPUs where nobody asks \
            for them are left out unless they are named. Where no type admits all pods, by labels, taints and size, \
            there is one for each group of them, and more than two where need be. New machines have the labels, taints and zones of the pools that \
            they replace.
            """)

    @OptionGroup var input: CapacityInput

    @Option(help: ArgumentHelp("Only these machine types, such as m6i.large,c6i.xlarge.", valueName: "list"))
    var types: [String] = []

    @Option(help: ArgumentHelp("Only these families, such as m6i,c6i.", valueName: "list"))
    var families: [String] = []

    @Option(help: ArgumentHelp("Machines of how many kinds, 1 or 2.", valueName: "number"))
    var maxPoolKinds = 2

    @Option(help: ArgumentHelp("cost, or machines: what is to be small.", valueName: "cost|machines"))
    var objective = PlanObjective.cost.rawValue

    @Option(help: ArgumentHelp("Everything still runs without any one zone, or one machine.", valueName: "zone|node"))
    var survive: String?

    @Option(help: ArgumentHelp("Replaces only this pool; the others stay.", valueName: "name"))
    var pool: String?

    @Option(help: ArgumentHelp("How long a pod may wait for a node.", valueName: "duration"))
    var patience = CapacityInput.defaultPatience

    @Option(help: ArgumentHelp("Runs that are made at most.", valueName: "number"))
    var trials = 200

    @Option(help: ArgumentHelp("Processes at a time; auto takes one for each processor.", valueName: "K|auto"))
    var parallel = "1"

    // What a worker is told; it tries the sets that standard input names.
    @Flag(help: .hidden)
    var worker = false

    func validate() throws {
        _ = try ProcessCount.parsed(parallel)
        if PlanObjective(rawValue: objective) == nil { throw ValidationError("--objective is cost or machines.") }
        if let survive, Survival(rawValue: survive) == nil { throw ValidationError("--survive is zone or node.") }
        if !(1...2).contains(maxPoolKinds) { throw ValidationError("--max-pool-kinds is 1 or 2.") }
        if !(1...100_000).contains(trials) { throw ValidationError("--trials is from 1 to 100000.") }
    }

    func run() throws {
        let choice = OfferChoice(types: types, families: families)
        let standIn = choice.example
        let (setup, shelf) = try input.load(standIn: standIn)
        let patience = try CapacityInput.patience(patience, of: setup)
        let replaced = try replacedPools(of: setup)
        // Pools that stay may grow as far as their autoscaler lets them.
        let kept = setup.pools.filter { pool in !replaced.contains { $0.name == pool.name } }.map { pool in
            var pool = pool
            pool.count = pool.autoscaling?.upperBound ?? pool.count
            return pool
        }
        if !worker { input.tellWhatIsLeftOut(setup, standing: kept) }
        let zones = OfferChoice.names(in: input.zones)
        guard let mold = MachineMold(replaced, zones: zones) else {
            throw wrong(
                "--pool", "pools with different labels or taints",
                "--pool with one of \(setup.pools.map(\.name).joined(separator: ", "))")
        }
        let survival = survive.flatMap { Survival(rawValue: $0) }
        if survival == .zone, mold.zones.count < 2 {
            throw wrong(
                "--survive zone", "the zones \(mold.zones.joined(separator: ", "))", "two zones or more (--zones)")
        }
        let offers = try choice.offers(
            shelf.pricing(like: replaced, then: kept), near: replaced.first?.machineType.name ?? standIn,
            purchase: mold.purchase, setup)
        var limits = PlanSearch.Limits()
        limits.kinds = maxPoolKinds
        limits.trials = trials
        var search = PlanSearch(
            CapacityRun(setup, patience: patience), mold: mold, others: kept, offers: offers,
            objective: PlanObjective(rawValue: objective) ?? .cost, survival: survival, limits: limits)
        if worker { return TrialsAhead.serve(search) { Console.out($0) } }
        let processes = try ProcessCount.parsed(parallel)
        if processes > 1, !input.inputs.contains("-") {
            search.ahead = TrialsAhead(
                count: processes - 1, arguments: Array(CommandLine.arguments.dropFirst()) + ["--worker", "--quiet"])
        }
        let progress = PlanProgress(trialsMax: trials, isQuiet: input.quiet || input.json)
        search.tell = { progress.show($0) }
        let plan = search.search()
        progress.clear()
        // Named machines replace all pools of a scenario, and come on top of those of a live cluster.
        let isRepeatable = kept.isEmpty && replaced.allSatisfy { $0.templates == nil } && !input.inputs.contains("-")
        let answer = PlanAnswer(
            plan, scenario: setup.name, mold: mold, survival: survival,
            zonal: ZonalWorkloads.keys(in: setup.objects), uncounted: CapacityText.uncountedPrices(setup),
            repeating: isRepeatable ? input.given : nil)
        Console.out(input.json ? try CapacityText.json(answer) : answer.text)
        if plan.best == nil { throw Exit.failed.code }
    }

    /// The pools that new machines stand in for.
    private func replacedPools(of setup: WorldSetup) throws -> [NodePool] {
        guard let pool else { return setup.pools }
        let found = setup.pools.filter { $0.name == pool }
        guard found.isEmpty else { return found }
        let names = setup.pools.map(\.name)
        let nearest = NearestName.of(pool, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        throw wrong("--pool", pool, "one of \(names.joined(separator: ", "))\(nearest)")
    }

    private func wrong(_ option: String, _ found: String, _ expected: String) -> any Error {
        Console.error("\(option): error: found \(found) (expected \(expected))")
        return Exit.badInput.code
    }
}
