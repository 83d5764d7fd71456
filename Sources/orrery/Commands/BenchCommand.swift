import ArgumentParser

/// `orrery bench …`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures how fast this build is on this machine.",
        subcommands: [BenchMonthCommand.self, BenchSchedulerCommand.self, BenchScaleUpCommand.self])
}
