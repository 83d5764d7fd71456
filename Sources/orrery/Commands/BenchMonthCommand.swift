import ArgumentParser
import Foundation
import Observations
import RunDatabase
import Simulation
import VirtualTime

/// `orrery bench month`.
struct BenchMonthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "month",
        abstract: "Runs a month of a busy cluster, with and without recording.",
        discussion: """
            Every hour a share of all pods is deleted and replaced. The run is made twice, writing a database and not, and \
            the difference is the share spent in recording. Measure a release build.

            EXAMPLES
              orrery bench month
              orrery bench month --nodes 100 --pods 2000 --for 7d
              orrery bench month --no-recording
            """)

    @Option(help: "Machines.") var nodes = 1000
    @Option(help: "Pods, of all Deployments together.") var pods = 20_000
    @Option(help: "Deployments.") var deployments = 50
    @Option(help: "Percent of the pods replaced every hour.") var replaced = 5
    @Option(name: .customLong("for"), help: ArgumentHelp("How long.", valueName: "duration")) var duration = "30d"
    @Option(help: "The seed.") var seed: UInt64 = 1
    @Option(name: .shortAndLong, help: ArgumentHelp("Keeps the database here.", valueName: "file.sqlite"))
    var output: String?
    @Flag(inversion: .prefixedNo, help: "Writes a database, then runs again without it to tell the difference.")
    var recording = true

    func validate() throws {
        guard nodes > 0, deployments > 0, pods >= deployments, (0...100).contains(replaced) else {
            throw ValidationError(
                "Nodes and deployments are at least 1, pods no fewer than deployments, replaced 0 to 100.")
        }
    }

    func run() throws {
        let month = MonthBenchmark(
            nodes: nodes, pods: pods, deployments: deployments, replacedPercent: replaced, duration: duration,
            seed: seed)
        let setup = try month.setup()
        Console.out(
            "\(nodes) nodes, \(pods) pods of \(deployments) deployments, \(replaced)% replaced every hour, \(duration)\n"
        )
        guard recording else {
            _ = try measure(setup, "not recorded", observer: nil)
            Console.out("peak memory  \(Figures.bytes(Stopwatch.peakMemory))\n")
            return
        }
        let path =
            output ?? NSTemporaryDirectory() + "/orrery-bench-\(ProcessInfo.processInfo.processIdentifier).sqlite"
        let writer = try OutputFile.create(path, isNamed: output != nil)
        defer {
            if output == nil { try? FileManager.default.removeItem(atPath: path) }
        }
        let recorded = try measure(setup, "recorded", observer: writer)
        try writer.close()
        // Memory is read here: the second run would only add to it.
        let peak = Stopwatch.peakMemory
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int64 ?? 0
        let bare = try measure(setup, "not recorded", observer: nil)
        let share = recorded > 0 ? max(0, recorded - bare) / recorded : 0
        Console.out(
            """
            recording    \(Figures.fixed(share * 100, 1))% of the time, \(Figures.grouped(writer.rowsWritten)) rows, \
            \(Figures.bytes(size))
            peak memory  \(Figures.bytes(peak))

            """)
    }

    /// Runs the benchmark once, prints its figures and returns the seconds it took.
    private func measure(_ setup: WorldSetup, _ name: String, observer: (any RunObserver)?) throws -> Double {
        let began = Stopwatch.nanoseconds
        let processBegan = Stopwatch.processNanoseconds
        var world = World(setup, observer: observer)
        Interruption.watch()
        if WorldLoop.run(&world, isQuiet: false) { throw Exit.interrupted.code }
        let seconds = Double(Stopwatch.nanoseconds - began) / 1e9
        let processor = Double(Stopwatch.processNanoseconds - processBegan) / 1e9
        let label = name.padding(toLength: 13, withPad: " ", startingAt: 0)
        Console.out(
            "\(label)\(Figures.fixed(seconds, 2)) s (\(Figures.fixed(processor, 2)) s of CPU), "
                + "\(Figures.grouped(world.events)) events, \(Figures.rate(Double(world.events) / max(seconds, 1e-9))) "
                + "events/s, digest \(world.digest)\n")
        return seconds
    }
}
