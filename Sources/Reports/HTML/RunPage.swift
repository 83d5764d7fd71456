import Chronology
import Foundation
package import RunDatabase

/// The page of one run: what it cost, how full it was, what its machines did, how long pods waited, what broke.
package struct RunPage {
    let reader: RunReader
    let summary: RunSummary
    let clock: WallClock
    /// Every fault with its stretch.
    let faults: [FaultOutcome]

    /// Reads what the page begins with.
    package init(of reader: RunReader) throws(RunDatabaseError) {
        self.reader = reader
        summary = try RunSummary(of: reader)
        clock = reader.run.clock
        faults = summary.faults
    }

    /// The page; it needs no other file.
    package func html() throws(RunDatabaseError) -> String {
        let parts = [
            try costSection(), try capacitySection(), try machineSection(), try waitingSection(), faultSection(),
            serviceSection(), summarySection(),
        ]
        let run = reader.run
        let end = clock.text(of: run.reached.wholeSecond)
        return HTMLPage(
            title: "\(run.scenario), seed \(run.seed)",
            subtitle: "\(run.startDate) to \(end), \(run.reached.sinceStart)"
                + (run.isFinished ? "" : " of \(run.horizon): the run is incomplete"),
            cards: cards, sections: parts.compactMap { $0 },
            footer: "Simulated by Orrery \(run.version); \(ReportUnit.grouped("\(run.events)")) events, digest "
                + "\(run.digest ?? "none: the run did not end"). The same scenario and seed give the same page."
        ).html
    }

    private var cards: [HTMLPage.Card] {
        let totals = summary.totals
        var cards = [costCard]
        cards.append(
            HTMLPage.Card(
                name: "Machines", value: "\(totals.nodesReady)",
                remark: "ready at the end, \(totals.nodesRegistered) in all"))
        if let fullness = summary.fullness {
            cards.append(
                HTMLPage.Card(
                    name: "CPU requested", value: SummaryText.percent(fullness.cpu.requestedShare),
                    remark: "mean; \(SummaryText.percent(fullness.cpu.peak)) at the peak"))
        }
        cards.append(
            HTMLPage.Card(
                name: "Pods", value: ReportUnit.grouped("\(totals.podsCreated)"),
                remark: [
                    (totals.podsRunning, "running"), (totals.podsFailed, "failed"), (totals.podsPending, "pending"),
                ].map { "\(ReportUnit.grouped("\($0.0)")) \($0.1)" }.joined(separator: ", ")))
        if !faults.isEmpty {
            let hit = faults.reduce(0) { $0 + $1.podsHit }
            cards.append(HTMLPage.Card(name: "Faults", value: "\(faults.count)", remark: "\(hit) pods hit"))
        }
        return cards
    }

    private var costCard: HTMLPage.Card {
        let (costs, run) = (summary.costs, reader.run)
        guard costs.isKnown else {
            return HTMLPage.Card(name: "Cost", value: "-", remark: "not known before the ledger is closed")
        }
        var remarks: [String] = []
        if costs.total > 0 {
            remarks.append("\(SummaryText.percent(Double(costs.idle) / Double(costs.total))) of it idle")
        }
        if !run.isFinished { remarks.append("up to \(time(run.settled))") }
        return HTMLPage.Card(name: "Cost", value: dollars(costs.total), remark: remarks.joined(separator: ", "))
    }

    func dollars(_ amount: Int64) -> String { SummaryText.dollars(amount, largest: summary.costs.total) }

    func time(_ instant: Instant) -> String { ReportUnit.time.text(clock.text(of: instant.wholeSecond)) }

    /// The stretches of faults, for charts over time.
    var marks: [(from: Instant, to: Instant, text: String)] {
        faults.prefix(60).map { fault in
            (fault.from, fault.to ?? reader.run.reached, "\(fault.name) (\(fault.kind)) from \(time(fault.from))")
        }
    }

    private func summarySection() -> HTMLPage.Section {
        HTMLPage.Section(
            title: "Summary", question: "What does the run come to, in words?",
            body: "<pre>\(Markup.escaped(summary.text))</pre>\n")
    }
}
