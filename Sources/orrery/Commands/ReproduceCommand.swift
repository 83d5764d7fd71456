import ArgumentParser

/// `orrery reproduce …`.
struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Repeats published experiments and compares what comes out.",
        subcommands: [ReproduceFGDCommand.self])
}
