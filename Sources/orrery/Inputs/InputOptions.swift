import ArgumentParser
import KubernetesAPI
import Scenarios

/// What `run` and `validate` are told to read.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A scenario (a folder with scenario.yaml, or a file of kind Scenario), or manifests: files, folders, or - "
                + "for standard input.", valueName: "inputs"))
    var inputs: [String] = []

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp(
            "Goes the way of this run up to --at, and on with what --set, --for and --scheduler-config change.",
            valueName: "run.sqlite"))
    var parent: String?

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "When the run branches off: a time since the start such as 36h, or a date.", valueName: "instant"))
    var branchAt: String?

    @Option(help: ArgumentHelp("The machines, such as 3xm6i.large,2xm6i.xlarge.", valueName: "list"))
    var machines: [String] = []

    @Option(help: ArgumentHelp("The zones they are spread over, such as us-east-1a,us-east-1b.", valueName: "list"))
    var zones: [String] = []

    @Option(name: .customLong("for"), help: ArgumentHelp("How long, such as 90m, 12h or 30d.", valueName: "duration"))
    var duration: String?

    @Option(help: ArgumentHelp("The number from which all chance follows.", valueName: "number"))
    var seed: String?

    @Option(help: ArgumentHelp("The date of the start, such as 2026-01-01.", valueName: "date"))
    var start: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Replaces a value of the scenario, such as duration=7d; may be repeated.", valueName: "path=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Prices (CSV) that replace those of the book; may be repeated.", valueName: "file"))
    var prices: [String] = []

    @Option(
        help: ArgumentHelp(
            "The scheduler's configuration (kind KubeSchedulerConfiguration), above that of the scenario.",
            valueName: "file"))
    var schedulerConfig: String?

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "With the export of a live cluster (Node objects among the manifests): pods stay on their nodes, which is the "
                + "default; with --no-keep-bindings the scheduler decides again."))
    var keepBindings: Bool?

    @Flag(help: "Makes it an error when something that would change the outcome is not modelled.")
    var strict = false

    func validate() throws {
        if (parent == nil) != (branchAt == nil) {
            throw ValidationError("--from names the run that is left and --at the instant: both or neither.")
        }
        if parent != nil {
            let changed = ["--set", "--for", "--scheduler-config"]
            let fixed = (inputs.isEmpty ? [] : ["inputs"]) + givenOptions.filter { !changed.contains($0) }
            for name in fixed {
                throw ValidationError(
                    "\(name) and --from: a branch has the past of its run; --set, --for and --scheduler-config change "
                        + "what comes.")
            }
        } else if inputs.isEmpty {
            throw ValidationError("Name a scenario or manifests; - reads manifests from standard input.")
        }
    }

    /// The options that were given, but for --from and --at.
    var givenOptions: [String] {
        let all = [
            ("--machines", !machines.isEmpty), ("--zones", !zones.isEmpty), ("--for", duration != nil),
            ("--seed", seed != nil), ("--start", start != nil), ("--set", !settings.isEmpty),
            ("--prices", !prices.isEmpty), ("--scheduler-config", schedulerConfig != nil),
            ("--keep-bindings", keepBindings == true), ("--no-keep-bindings", keepBindings == false),
            ("--strict", strict),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// The files and folders that are read.
    var files: [String] { inputs + prices + [schedulerConfig, parent].compactMap { $0 } }

    /// Returns what the options ask for, or ends when two scenarios are named.
    func request() throws -> RunRequest {
        var request = try RunRequest(inputs: inputs)
        request.machines = machines
        request.zones = zones
        request.duration = duration
        request.seed = seed
        request.startDate = start
        request.settings = settings
        request.priceOverlays = prices
        request.schedulerConfiguration = schedulerConfig
        request.keepsBindings = keepBindings
        request.isStrict = strict
        return request
    }

    /// Reads everything; standard input only when it is asked for.
    func load() throws -> LoadedScenario {
        if let parent, let branchAt {
            return try AssertionCheck.checked(try BranchInput.load(parent, at: branchAt, self), settings: [])
        }
        let request = try request()
        let given = try GivenInput(for: request)
        return try AssertionCheck.checked(given.load(request), settings: settings)
    }

    /// Reads everything as `load` does, and does without machines when none are named; then `hasMachines` is false.
    func loadForValidation() throws -> (loaded: LoadedScenario, hasMachines: Bool) {
        if parent != nil { return (try load(), true) }
        var request = try request()
        let given = try GivenInput(for: request)
        let loaded = given.load(request)
        let errors = loaded.diagnostics.filter { $0.severity == .error }
        guard request.scenario == nil, request.machines.isEmpty, errors.contains(where: { $0.file == "--machines" })
        else { return (try AssertionCheck.checked(loaded, settings: settings), true) }
        // Any machine lets the rest of the checks go on.
        request.machines = ["1xm6i.large"]
        return (given.load(request), false)
    }
}
