import ArgumentParser
import Chronology
import Costs
import Experiments

/// What `orrery forecast SCENARIO` asks beside the history.
struct ForecastRunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The service that the history drives, where several have traffic.", valueName: "name"))
    var service: String?

    @Option(
        help: ArgumentHelp("The unit of the history's values: perSecond, perMinute or perHour.", valueName: "unit"))
    var unit = "perSecond"

    @Option(
        help: ArgumentHelp("Growth beside that of the history, such as 5%/month; compounded.", valueName: "share/time"))
    var growth: String?

    @Option(
        help: ArgumentHelp(
            "Dollars for the whole horizon, or for each calendar month (5000/month), and when they are spent.",
            valueName: "dollars"))
    var budget: String?

    @Option(help: ArgumentHelp("Runs; with --until-interval at most so many.", valueName: "number"))
    var replications = 40

    @Option(
        help: ArgumentHelp(
            "Stops as soon as the mean cost is known to plus or minus this share of it, at 95 %.", valueName: "share"))
    var untilInterval: String?

    @Flag(
        help: ArgumentHelp(
            "Tells how much of the variance demand, chance (failures, spot, delays) and placement make: four times the "
                + "runs."))
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

    /// The units of a curve of requests.
    static let units = ["perSecond", "perMinute", "perHour"]

    func validate() throws {
        _ = try (statedGrowth(), budgetLimit(), targetShare())
        guard Self.units.contains(unit) else {
            throw ValidationError("--unit is perSecond, perMinute or perHour.")
        }
        guard (2...10_000).contains(replications) else { throw ValidationError("--replications is from 2 to 10000.") }
    }

    func statedGrowth() throws -> StatedGrowth? {
        guard let growth else { return nil }
        guard let stated = StatedGrowth(growth) else {
            throw ValidationError("--growth is \(StatedGrowth.example), not \"\(growth)\".")
        }
        return stated
    }

    func budgetLimit() throws -> ForecastLimit? {
        guard let budget else { return nil }
        let isMonthly = budget.hasSuffix("/month")
        let amount = isMonthly ? String(budget.dropLast("/month".count)) : budget
        guard let dollars = Double(amount), dollars > 0, dollars <= 1e9 else {
            throw ValidationError("--budget is a sum of dollars such as 5000 or 5000/month, not \"\(budget)\".")
        }
        return ForecastLimit(
            name: isMonthly ? "budget-month" : "budget", measure: isMonthly ? .monthlySpending : .spending,
            value: Int64((dollars * 1e9).rounded()))
    }

    func targetShare() throws -> Double? {
        guard let untilInterval else { return nil }
        guard untilInterval.hasSuffix("%"), let percent = Double(untilInterval.dropLast()), percent > 0, percent <= 100
        else { throw ValidationError("--until-interval is a share such as 2%, not \"\(untilInterval)\".") }
        return percent / 100
    }
}
