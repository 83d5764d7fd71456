import ArgumentParser
import KubernetesAPI
import Simulation

/// The command line: `orrery VERB …`.
@main
struct OrreryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orrery",
        abstract:
            "Simulates Kubernetes clusters in virtual time: what they cost, what breaks them, what stays pending.",
        discussion: """
            The scheduler and the controllers are real code, the machines and the clock are models. A month takes \
            seconds, the same seed gives the same bytes, and every run is one SQLite file.

            FIRST STEPS
              orrery run scenarios/first-steps/web-shop
              orrery run my-app.yaml --machines 3xm6i.large,2xm6i.xlarge --zones us-east-1a,us-east-1b --for 30d
              kubectl get deployments,jobs -A -o yaml | orrery run - --machines 5xm6i.large --for 7d
              orrery import surf-lisa tasks.csv topology.json -o lisa
              orrery report reports/out/web-shop.sqlite cost-by-namespace
              orrery explain reports/out/web-shop.sqlite pod/NAME

            EXIT CODES
              0  done
              1  an assertion, an invariant or a comparison failed
              2  bad input: a usage error, a file that cannot be read, a manifest that is wrong
            """,
        version: Orrery.version,
        subcommands: [
            RunCommand.self, ValidateCommand.self, ReportCommand.self, ReplayCommand.self, DiffCommand.self,
            ExplainCommand.self, ForecastCommand.self, CompareCommand.self, CapacityCommand.self, RightSizeCommand.self,
            ExportCommand.self,
            ShardCommand.self, ImportCommand.self, FitCommand.self, SwarmCommand.self, ShrinkCommand.self,
            FidelityCommand.self, PricesCommand.self, ConformanceCommand.self, ReproduceCommand.self, BenchCommand.self,
            ReplicateCommand.self,
        ])

    /// Runs what the arguments ask for; usage errors end with 2, as bad input does, and not with sysexits' 64.
    static func main() {
        if let place = CommandLine.arguments.dropFirst().firstIndex(where: isEmpty) {
            let argument = CommandLine.arguments[place]
            Console.error(
                argument.isEmpty
                    ? "error: argument \(place) is empty (expected a name or a value; is a variable of the shell not set?)"
                    : "error: \(argument) has no value (is a variable of the shell not set?)")
            Exit.badInput.now()
        }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let code = exitCode(for: error)
            guard code == .validationFailure else { exit(withError: error) }
            Console.error(calledForHelp(fullMessage(for: error)) ?? fullMessage(for: error) + nearest)
            Exit.badInput.now()
        }
    }

    /// A hint at the command that a misspelt one probably means; empty without one.
    private static var nearest: String {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let first = CommandLine.arguments.dropFirst().first, !first.hasPrefix("-"), !names.contains(first),
            let name = NearestName.of(first, among: names)
        else { return "" }
        return "\nDid you mean \"\(Invocation.program) \(name)\"?"
    }

    /// Returns what to say in place of a usage error to who misspelt a call for help; nil when nobody did.
    ///
    /// The parser suggests only the options that a command declares, and looks at what they say first.
    private static func calledForHelp(_ message: String) -> String? {
        let options = CommandLine.arguments.dropFirst().prefix { $0 != "--" }
        for option in options where option.hasPrefix("--") {
            guard let meant = ["--help", "--version"].first(where: { NearestName.distance(option, $0) == 1 }) else {
                continue
            }
            let usage = message.firstRange(of: "\nUsage:").map { message[$0.lowerBound...] } ?? ""
            return "Error: Unknown option '\(option)'. Did you mean '\(meant)'?\(usage)"
        }
        return nil
    }

    /// Whether an argument says nothing: a file of no name would be the working directory.
    private static func isEmpty(_ argument: String) -> Bool {
        argument.isEmpty
            || argument.hasPrefix("--") && argument.firstIndex(of: "=") == argument.index(before: argument.endIndex)
    }
}
