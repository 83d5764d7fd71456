import ArgumentParser
import Chronology
import KubernetesAPI
import Machines
import Scenarios
import Simulation
import Workloads

/// `orrery validate [SCENARIO|MANIFESTS…]`.
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Reads what run would read, and says what is wrong and what was understood.",
        discussion: """
            All problems come at once, with file, line, column, path, what was expected and the nearest name. Manifests \
            can be checked without machines.

            EXAMPLES
              orrery validate scenarios/first-steps/web-shop
              orrery validate my-app/ --verbose
              helm template my-chart | orrery validate - --strict
            """)

    @OptionGroup var input: InputOptions

    @Flag(name: .shortAndLong, help: "Lists every warning, and the fields that have no effect here.")
    var verbose = false

    func run() throws {
        let (loaded, hasMachines) = try input.loadForValidation()
        DiagnosticPrinter.show(loaded.diagnostics, isVerbose: verbose)
        guard !loaded.hasErrors, let setup = loaded.setup else {
            let errors = loaded.diagnostics.filter { $0.severity == .error }.count
            Console.error(errors == 1 ? "1 error" : "\(errors) errors")
            throw Exit.badInput.code
        }
        let warnings = loaded.diagnostics.filter { $0.severity == .warning }.count
        Console.out(Self.understood(setup, hasMachines: hasMachines, warnings: warnings))
    }

    /// The zones of a pool, each once; the nodes of an export name one each.
    private static func distinct(_ zones: [String]) -> [String] {
        var seen: Set<String> = []
        return zones.filter { seen.insert($0).inserted }
    }

    /// Returns in short what a run would start from.
    private static func understood(_ setup: WorldSetup, hasMachines: Bool, warnings: Int) -> String {
        var kinds: [(kind: String, count: Int)] = []
        for object in setup.objects {
            let kind = if case .other(let other) = object { other.kind } else { object.kind.name }
            if let place = kinds.firstIndex(where: { $0.kind == kind }) {
                kinds[place].count += 1
            } else {
                kinds.append((kind, 1))
            }
        }
        let objects = kinds.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
        let last = setup.branches.last?.setup ?? setup
        let machines = (hasMachines ? last.pools : []).map { pool in
            pool.zones.isEmpty
                ? "\(pool.count) × \(pool.machineType.name)"
                : "\(pool.count) × \(pool.machineType.name) in \(Self.distinct(pool.zones).joined(separator: ", "))"
        }
        var columns = TextColumns([.left, .left])
        columns.add(["objects", objects.isEmpty ? "none" : "\(setup.objects.count): \(objects)"])
        columns.add([
            "machines", machines.isEmpty ? "none named: run needs --machines" : machines.joined(separator: "; "),
        ])
        columns.add(["time", "\(last.horizon) from \(setup.startDate)"])
        if !last.changes.isEmpty { columns.add(["changes", "\(last.changes.count)"]) }
        if !setup.arrivals.isEmpty {
            columns.add(["arrivals", setup.arrivals.map(\.spec.name).joined(separator: ", ")])
        }
        if !last.faults.isEmpty { columns.add(["faults", "\(last.faults.count)"]) }
        if !setup.finalAssertions.isEmpty { columns.add(["assertions", "\(setup.finalAssertions.count)"]) }
        for branch in setup.branches { columns.add(["branches", "at \(branch.at.sinceStart)"]) }
        let remark = warnings == 0 ? "" : warnings == 1 ? ", 1 warning" : ", \(warnings) warnings"
        return "\(setup.name): valid\(remark)\n" + columns.text()
    }
}
