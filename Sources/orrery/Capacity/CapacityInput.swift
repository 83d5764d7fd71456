import ArgumentParser
import Chronology
import KubernetesAPI
import Scenarios
import Simulation

/// What `orrery capacity` is told to read: the same inputs as `run` takes.
struct CapacityInput: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A scenario (a folder with scenario.yaml, or a file of kind Scenario), or manifests: files, folders, or - "
                + "for standard input.", valueName: "inputs"))
    var inputs: [String]

    @Option(help: ArgumentHelp("The machines, such as 3xm6i.large,2xm6i.xlarge.", valueName: "list"))
    var machines: [String] = []

    @Option(help: ArgumentHelp("The zones they are spread over, such as us-east-1a,us-east-1b.", valueName: "list"))
    var zones: [String] = []

    @Option(
        name: .customLong("for"), help: ArgumentHelp("How long is looked at, such as 12h or 7d.", valueName: "duration")
    )
    var duration: String?

    @Option(help: ArgumentHelp("The number from which all chance follows.", valueName: "number"))
    var seed: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Replaces a value of the scenario, such as duration=7d; may be repeated.", valueName: "path=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Prices (CSV) that replace those of the book; may be repeated.", valueName: "file"))
    var prices: [String] = []

    @Option(help: ArgumentHelp("The scheduler's configuration, above that of the scenario.", valueName: "file"))
    var schedulerConfig: String?

    @Flag(help: "Prints one JSON object instead.")
    var json = false

    @Flag(name: .shortAndLong, help: "Prints no warnings.")
    var quiet = false

    func validate() throws {
        if inputs.isEmpty {
            throw ValidationError("Name a scenario or manifests; - reads manifests from standard input.")
        }
    }

    /// Reads everything, or ends. With `standIn`, a machine of that type does where no machines are named, and a live
    /// cluster's pods leave their nodes; machines alone do without `needsWork`.
    func load(standIn: String? = nil, needsWork: Bool = true) throws -> (setup: WorldSetup, shelf: MachineShelf) {
        var request = try self.request()
        if standIn != nil { request.keepsBindings = false }
        let given = try GivenInput(for: request)
        var loaded = given.load(request, needsWork: needsWork)
        let errors = loaded.diagnostics.filter { $0.severity == .error }
        if let standIn, request.scenario == nil, request.machines.isEmpty,
            errors.contains(where: { $0.file == "--machines" })
        {
            request.machines = ["1x\(standIn)"]
            loaded = given.load(request)
        }
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: quiet)
        try DiagnosticPrinter.stopWhenWrong(loaded)
        guard let setup = loaded.setup, let shelf = loaded.shelf else { throw Exit.badInput.code }
        return (setup, shelf)
    }

    /// The inputs and options with which `run` runs the same, but for machines and zones.
    var given: [String] {
        var given = inputs
        if let duration { given += ["--for", duration] }
        if let seed { given += ["--seed", seed] }
        for setting in settings { given += ["--set", setting] }
        for file in prices { given += ["--prices", file] }
        if let schedulerConfig { given += ["--scheduler-config", schedulerConfig] }
        return given
    }

    private func request() throws -> RunRequest {
        var request = try RunRequest(inputs: inputs)
        request.machines = machines
        request.zones = zones
        request.duration = duration
        request.seed = seed
        request.settings = settings
        request.priceOverlays = prices
        request.schedulerConfiguration = schedulerConfig
        return request
    }

    /// Reads an instant of a run: a time since its start such as 36h, or a date.
    static func instant(_ text: String, of setup: WorldSetup) throws -> Instant {
        let parsed =
            (try? Duration(parsing: text)).map { Instant.start + $0 }
            ?? (try? WallClock(startDate: setup.startDate).instant(parsing: text))
        guard let parsed, parsed >= .start, parsed <= .start + setup.horizon else {
            Console.error(
                "--at: error: found \"\(text)\" (expected a time since the start such as 36h, or a date, within the run's "
                    + "\(setup.horizon))")
            throw Exit.badInput.code
        }
        return parsed
    }

    /// Reads a length of time above zero.
    static func length(_ text: String, _ option: String) throws -> Duration {
        if let length = try? Duration(parsing: text), length > .zero { return length }
        Console.error("\(option): error: found \"\(text)\" (expected a length of time such as 5m)")
        throw Exit.badInput.code
    }

    /// How long a pod may wait where nobody says.
    static let defaultPatience = "5m"

    /// Reads how long a pod may wait: shorter than the run, or none would ever have waited too long.
    static func patience(_ text: String, of setup: WorldSetup) throws -> Duration {
        let patience = try length(text, "--patience")
        guard patience >= setup.horizon else { return patience }
        guard text != Self.defaultPatience else {
            Console.error(
                "--patience: error: the usual \(text) is not less than the run's \(setup.horizon) "
                    + "(expected a shorter one, or a longer --for)")
            throw Exit.badInput.code
        }
        Console.error("--patience: error: found \(text) (expected less than the run's \(setup.horizon))")
        throw Exit.badInput.code
    }

    /// Says what the answer leaves out; `pools` are those that stay as large as they are.
    func tellWhatIsLeftOut(_ setup: WorldSetup, standing pools: [NodePool]) {
        if quiet { return }
        if !setup.faults.isEmpty { Console.error("note: faults are left out: nothing breaks in these runs") }
        for pool in pools where pool.autoscaling != nil {
            Console.error(
                "note: the pool \(pool.name) has autoscaling; here it has \(pool.count) machines all the time")
        }
    }
}
