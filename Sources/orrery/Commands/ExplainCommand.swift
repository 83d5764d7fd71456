import ArgumentParser
import Chronology
import KubernetesAPI
import Observations
import Reports
import RunDatabase
import Simulation

/// `orrery explain RUN.sqlite pod/NAME|fault/NAME|node/NAME`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tells why a pod is where it is, what a fault led to, or what befell a node.",
        discussion: """
            The pod's life and the reasons of every attempt come from the database. For the scores of each node, the run is \
            repeated up to the decision (--no-scores leaves that out).

            Of a fault it tells what followed from what: machines, nodes, evictions, successors, until everything was whole \
            again, with how long each step took and what it cost. Steps that are alike are put together; --all shows each. \
            fault/NAME#2 is the second time it struck, change/2 the second scheduled change.

            EXAMPLES
              orrery explain reports/out/web-shop.sqlite pod/web-5d4f8c7b9-x2x4v
              orrery explain reports/out/web-shop.sqlite pod/shop/web-5d4f8c7b9-x2x4v --nodes 20
              orrery explain reports/out/too-small.sqlite pod/api-7f6d5c4b8-abcde --attempt 1 --all
              orrery explain reports/out/zone-outage.sqlite fault/zone-b-dark
              orrery explain reports/out/node-crashes.sqlite fault/crash#2 --all
              orrery explain reports/out/node-crashes.sqlite node/general-7
            """)

    @Argument(help: ArgumentHelp("The database of a run.", valueName: "run.sqlite"))
    var database: String

    @Argument(
        help: ArgumentHelp(
            "pod/NAME, pod/NAMESPACE/NAME, fault/NAME, fault/NAME#NUMBER, change/NUMBER or node/NAME.",
            valueName: "object"))
    var object: String

    @Option(help: "How many nodes are shown with their scores.")
    var nodes = 10

    @Flag(help: "Shows every node, each step by itself, and all of a pod's life.")
    var all = false

    @Option(help: ArgumentHelp("Shows this attempt instead of the last one; 1 is the first.", valueName: "number"))
    var attempt: Int?

    @Flag(inversion: .prefixedNo, help: "Repeats the run up to the decision to show each node's scores.")
    var scores = true

    func run() throws {
        let reader = try RunFile.open(database)
        if let name = name(after: ["fault/", "faults/"]) { return try tellFault(name, in: reader) }
        if let name = name(after: ["node/", "nodes/", "no/"]) { return try tellNode(name, in: reader) }
        if let number = name(after: ["change/", "changes/"]) { return try tellChange(number, in: reader) }
        let pod = try find(in: reader)
        RunFile.warnWhenIncomplete(reader.run)
        let story = try RunFile.attempt { () throws(RunDatabaseError) in
            try PodStory(of: pod, in: reader, showsEach: all)
        }
        Console.out(story.text)
        guard scores, let decisive = story.decisive else { return }
        let number = attempt ?? Int(decisive.number) + Int(decisive.count) - 1
        guard let row = story.row(of: number) else {
            Console.error("error: the pod has no attempt \(number); \(story.attemptRange)")
            throw Exit.badInput.code
        }
        let setup = try Reloading.setup(of: reader)
        let checkpoints = try RunFile.attempt { () throws(RunDatabaseError) in try reader.checkpoints() }
        let key = ObjectKey(.pod, namespace: pod.namespace, name: pod.name)
        let isLast = number == Int(row.number) + Int(row.count) - 1
        let instants = isLast ? row.last...row.last : min(row.first, row.last)...row.last
        guard
            let found = DecisionRerun.attempt(
                number, about: key, within: instants, setup: setup, checkpoints: checkpoints)
        else {
            Console.error("the run, repeated, does not make this decision: see \(Invocation.line("replay", database))")
            throw Exit.failed.code
        }
        let shown = all ? Int.max : max(1, nodes)
        Console.out("\n" + story.heading(of: found) + DecisionTable(found.attempt, shown: shown).text)
    }

    /// Returns what stands behind one of `prefixes`, if the object begins with one.
    private func name(after prefixes: [String]) -> String? {
        prefixes.first { object.hasPrefix($0) }.map { String(object.dropFirst($0.count)) }
    }

    private func tellFault(_ name: String, in reader: RunReader) throws {
        if let fault = try FaultChoice.unstruck(name, in: reader) {
            let account = fault.account(by: reader.run.clock)
            return try tell(reader) { "fault/\(fault.name): \(fault.kind)\n  never struck: \(account)\n" }
        }
        let (fault, strikes) = try FaultChoice.strike(name, in: reader)
        if !reader.hasCauses {
            Console.error(
                "warning: this database is of an earlier version, which did not record what followed from faults")
        }
        try tell(reader) { () throws(RunDatabaseError) in
            try FaultStory(of: fault, strikes: strikes, in: reader, showsEach: all).text
        }
    }

    private func tellChange(_ number: String, in reader: RunReader) throws {
        let change = try FaultChoice.change(number, in: reader)
        try tell(reader) { () throws(RunDatabaseError) in
            try ChangeStory(of: change, in: reader, showsEach: all).text
        }
    }

    private func tellNode(_ name: String, in reader: RunReader) throws {
        let node = try FaultChoice.node(name, in: reader)
        try tell(reader) { () throws(RunDatabaseError) in try NodeStory(of: node, in: reader, showsEach: all).text }
    }

    private func tell(_ reader: RunReader, _ story: () throws(RunDatabaseError) -> String) throws {
        RunFile.warnWhenIncomplete(reader.run)
        Console.out(try RunFile.attempt(story))
    }

    /// Returns the pod that is meant, or ends with the nearest names.
    private func find(in reader: RunReader) throws -> PodRecord {
        let name = name(after: ["pod/", "pods/", "po/"]) ?? object
        let pods = try RunFile.attempt { () throws(RunDatabaseError) in try reader.pods(named: name) }
        let namespaces = pods.reduce(into: [String]()) { if !$0.contains($1.namespace) { $0.append($1.namespace) } }
        if namespaces.count > 1 {
            let names = namespaces.map { "pod/\($0)/\(pods[0].name)" }.joined(separator: ", ")
            Console.error("error: several pods have this name: \(names)")
            throw Exit.badInput.code
        }
        // A name that was used again means its last bearer.
        if let pod = pods.last { return pod }
        let near = try RunFile.attempt { () throws(RunDatabaseError) in try PodChoice.near(name, in: reader) }
        let hint = near.isEmpty ? "" : "; there are: \(near.joined(separator: ", "))"
        Console.error("error: the run has no pod \"\(name)\"\(hint)")
        throw Exit.badInput.code
    }
}
