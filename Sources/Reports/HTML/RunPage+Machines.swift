import Chronology
import RunDatabase

extension RunPage {
    /// Machines that have a line of their own.
    private static let laneLimit = 60
    /// What a node did last in a process that was killed.
    private static let notKnown = "not known"
    private static let openWords =
        "Where a line is empty it is not known what the machine was doing: the run broke off."

    func machineSection() throws(RunDatabaseError) -> HTMLPage.Section? {
        let nodes = try reader.query(
            "SELECT id, name, machine_type, zone, pool, purchase, launched_ns FROM node ORDER BY id"
        ).rows
        let intervals = try reader.query(
            """
            SELECT i.node, s.name, i.from_ns, i.to_ns FROM node_interval i JOIN node_state s ON s.id = i.state
            WHERE s.name NOT IN ('gone', 'failed') ORDER BY i.node, i.from_ns, i.id
            """
        ).rows
        guard !nodes.isEmpty else { return nil }
        var stretches: [Int64: [(from: Instant, to: Instant, state: String)]] = [:]
        for row in intervals {
            guard let node = row[0].whole, let state = row[1].string else { continue }
            let (from, to) = (try reader.instant(row[2], "from_ns"), try reader.instant(row[3], "to_ns"))
            stretches[node, default: []].append((from, to, state))
        }
        if !reader.run.isClosed {
            for row in nodes {
                guard let node = row[0].whole else { continue }
                let launched = try reader.instant(row[6], "launched_ns")
                let told = stretches[node]?.last?.to ?? launched
                guard told < reader.run.reached else { continue }
                stretches[node, default: []].append((told, reader.run.reached, Self.notKnown))
            }
        }
        let machines = nodes.compactMap { row -> (lane: NodeTimeline.Lane, texts: [String])? in
            guard let id = row[0].whole, let name = row[1].string else { return nil }
            let lane = NodeTimeline.Lane(name: name, stretches: stretches[id] ?? [])
            return (lane, row[2...5].map { $0.string ?? "" })
        }
        // What the cloud never gave boots for ever.
        let given = machines.filter { machine in machine.lane.stretches.contains { $0.state != "booting" } }
        let missing = machines.count - given.count
        let lanes = given.prefix(Self.laneLimit).map(\.lane)
        let timeline = NodeTimeline(
            summary: "A line for each of \(lanes.count) machines with what it was doing when"
                + (faults.isEmpty ? "." : ", and \(marks.count) faults across them."),
            lanes: lanes, end: reader.run.reached, clock: clock, marks: marks)
        let more = given.count - lanes.count
        let rows = given.map { machine in row(of: machine.lane, machine.texts) }
        let isOpen = given.contains { $0.lane.stretches.last?.state == Self.notKnown }
        let table = HTMLTable(
            caption: "Machines",
            columns: ["node", "type", "zone", "pool", "purchase", "from", "to", "ready", "not ready"],
            rows: rows)
        return HTMLPage.Section(
            title: "Machines", question: "What was each machine doing when, and what struck it?",
            body: timeline.html + (more > 0 ? "<p>\(more) more machines are in the table only.</p>\n" : "")
                + (isOpen ? "<p>\(Self.openWords)</p>\n" : "")
                + (missing > 0 ? "<p>\(missing) machines were asked for and did not come up.</p>\n" : "")
                + table.folded)
    }

    private func row(of lane: NodeTimeline.Lane, _ texts: [String]) -> [HTMLTable.Cell] {
        func seconds(_ state: String) -> HTMLTable.Cell {
            if lane.stretches.last?.state == Self.notKnown { return HTMLTable.Cell(Self.notKnown) }
            let time = lane.stretches.filter { $0.state == state }.reduce(0.0) {
                $0 + Double(($1.to - $1.from).nanoseconds) / 1e9
            }
            return HTMLTable.Cell(ReportUnit.duration(time), time)
        }
        func instant(_ instant: Instant?) -> HTMLTable.Cell {
            guard let instant else { return HTMLTable.Cell("") }
            return .ordered(time(instant), Double(instant.nanoseconds) / 1e9)
        }
        return [HTMLTable.Cell(lane.name)] + texts.map { HTMLTable.Cell($0) }
            + [
                instant(lane.stretches.first?.from), instant(lane.stretches.last?.to), seconds("ready"),
                seconds("notReady"),
            ]
    }

    // MARK: - Faults

    func faultSection() -> HTMLPage.Section? {
        guard !faults.isEmpty || !summary.unstruck.isEmpty else { return nil }
        func seconds(_ value: Double?) -> HTMLTable.Cell {
            HTMLTable.Cell(value.map(ReportUnit.duration) ?? "-", value)
        }
        let rows = faults.enumerated().map { place, fault in
            [
                HTMLTable.Cell("\(place + 1)", Double(place + 1)), HTMLTable.Cell(fault.name),
                HTMLTable.Cell(fault.kind), HTMLTable.Cell(fault.target),
                .ordered(time(fault.from), Double(fault.from.nanoseconds) / 1e9),
                HTMLTable.Cell(
                    fault.to.map { "\($0 - fault.from)" } ?? "to the end",
                    fault.to.map { Double(($0 - fault.from).nanoseconds) / 1e9 }),
                HTMLTable.Cell("\(fault.podsHit)", Double(fault.podsHit)), seconds(fault.recovery),
                HTMLTable.Cell(
                    ReportUnit.grouped("\(fault.requestsFailed)"), fault.requestsLost),
            ]
        }
        let table = HTMLTable(
            caption: "Faults in order of time, by the numbers of the chart above",
            columns: [
                "#", "fault", "kind", "target", "from", "healed after", "pods hit", "whole again after",
                "requests lost",
            ], rows: rows)
        let spared =
            summary.unstruckLines.isEmpty
            ? "" : "<pre>\(Markup.escaped(summary.unstruckLines.joined(separator: "\n")))</pre>\n"
        return HTMLPage.Section(
            title: "Faults", question: "What broke, what did it hit, and how long until all was whole again?",
            body: (faults.isEmpty ? "" : table.html) + spared)
    }

    // MARK: - Services

    func serviceSection() -> HTMLPage.Section? {
        guard !summary.services.isEmpty else { return nil }
        return HTMLPage.Section(
            title: "Services", question: "How did the services under traffic do?",
            body: "<pre>\(Markup.escaped(summary.serviceLines.joined(separator: "\n")))</pre>\n")
    }
}
