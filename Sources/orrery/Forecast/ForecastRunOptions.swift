import ArgumentParser
import KubernetesAPI
import Scenarios

/// What `orrery forecast SCENARIO` asks beside the history; what is not said is left as a forecast file has it.
struct ForecastRunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The service that the history drives, where several have traffic.", valueName: "name"))
    var service: String?

    @Option(
        help: ArgumentHelp(
            "The unit of the history's values: perSecond (default), perMinute or perHour.", valueName: "unit"))
    var unit: String?

    @Option(
        help: ArgumentHelp("Growth beside that of the history, such as 5%/month; compounded.", valueName: "share/time"))
    var growth: String?

    @Option(
        help: ArgumentHelp(
            "Dollars for the whole horizon, or for each calendar month (5000/month), and when they are spent.",
            valueName: "dollars"))
    var budget: String?

    @Option(
        help: ArgumentHelp(
            "A limit beside those of the scenario, and when it is reached; may be repeated.", valueName: "name=value"))
    var limit: [String] = []

    @Option(help: ArgumentHelp("Runs (default: 40); with --until-interval at most so many.", valueName: "number"))
    var replications: Int?

    @Option(
        help: ArgumentHelp(
            "Stops as soon as the mean cost is known to plus or minus this share of it, at 95 %.", valueName: "share"))
    var untilInterval: String?

    @Flag(
        help: ArgumentHelp(
            "Tells how much of the variance demand, failures, reclaimed spot machines and other chance make: half as "
                + "many runs more for each of these that the scenario has."))
    var decompose = false

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Replaces a value of the scenario; may be repeated.", valueName: "path=value"))
    var settings: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where the database goes (default: reports/out/forecast-<name>.sqlite).", valueName: "file.sqlite"))
    var output: String?

    @OptionGroup var workers: WorkerOptions

    func validate() throws {
        var document = ForecastDocument(scenario: "", history: "")
        try apply(to: &document)
    }

    /// The options that were given, but for those of the workers.
    var givenOptions: [String] {
        let all = [
            ("--service", service != nil), ("--unit", unit != nil), ("--growth", growth != nil),
            ("--budget", budget != nil), ("--limit", !limit.isEmpty), ("--replications", replications != nil),
            ("--until-interval", untilInterval != nil), ("--decompose", decompose), ("--set", !settings.isEmpty),
            ("--output", output != nil),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// Puts what is said in place of what a forecast says.
    func apply(to document: inout ForecastDocument) throws {
        document.service = service ?? document.service
        if let unit {
            guard ForecastDocument.units.contains(unit) else {
                throw ValidationError("--unit is perSecond, perMinute or perHour.")
            }
            document.unit = unit
        }
        if let growth {
            guard let stated = StatedGrowth(growth) else {
                throw ValidationError("--growth is \(StatedGrowth.example), not \"\(growth)\".")
            }
            document.growth = stated
        }
        for stated in try statedLimits() {
            document.limits.removeAll { $0.subject == stated.subject }
            document.limits.append(stated)
        }
        if let replications {
            guard ForecastDocument.replicationRange.contains(Int64(replications)) else {
                throw ValidationError("--replications is from 2 to 10000.")
            }
            document.replications = replications
        }
        if let untilInterval {
            guard let share = ForecastDocument.intervalShare(untilInterval) else {
                throw ValidationError("--until-interval is a share such as 2%, not \"\(untilInterval)\".")
            }
            document.intervalShare = share
        }
        document.isDecomposed = document.isDecomposed || decompose
        document.settings += settings
    }

    private func statedLimits() throws -> [StatedLimit] {
        do throws(StatedLimit.Problem) {
            var limits: [StatedLimit] = []
            if let budget { limits.append(try StatedLimit(budget: budget)) }
            for text in limit {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                limits.append(try StatedLimit(name: parts.first ?? "", value: parts.count > 1 ? parts[1] : ""))
            }
            return limits
        } catch {
            throw ValidationError(error.message + "." + (error.nearest.map { " Did you mean \($0)?" } ?? ""))
        }
    }
}
