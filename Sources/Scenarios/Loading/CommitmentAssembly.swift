import Costs
import KubernetesAPI
import Machines
import Simulation

/// Looks whether commitments name what there is, and makes the book of a run.
struct CommitmentAssembly {
    let document: ScenarioDocument
    let pools: [NodePool]
    let catalogue: MachineCatalogue
    let context: DecodingContext

    /// Returns the book, and records names that stand for nothing and commitments that can cover nothing.
    func book() -> CommitmentBook {
        var book = CommitmentBook()
        book.hasSustainedUse = document.prices.hasSustainedUse
        for draft in document.prices.commitments {
            let commitment = draft.commitment
            if book.commitments.contains(where: { $0.name == commitment.name }) {
                error(draft, "name", "the name \"\(commitment.name)\" occurs twice")
            }
            checkTypes(draft)
            warnIfIdle(draft)
            book.commitments.append(commitment)
        }
        return book
    }

    private func checkTypes(_ draft: CommitmentDraft) {
        if case .reserved(let type, _, _) = draft.commitment.scope { check(type, draft, "machineType") }
        for type in draft.commitment.rates.keys.sorted() { check(type, draft, "rates") }
    }

    private func check(_ type: String, _ draft: CommitmentDraft, _ field: String) {
        guard catalogue[type] == nil else { return }
        error(
            draft, field, "there is no machine type \"\(ManifestTree.shortened(type))\"",
            expected: "a machine type of the catalogue or of machineTypes",
            nearest: catalogue.nearestNames(to: type).first)
    }

    /// Warns of a commitment that no machine of the scenario can ever use.
    private func warnIfIdle(_ draft: CommitmentDraft) {
        let rules = CommitmentRules([draft.commitment])
        let hour = Int64(3_600_000_000_000)
        let lines = pools.filter { $0.purchase == Purchase.onDemand.rawValue }.flatMap { pool in
            pool.zones.flatMap { zone in
                [UsageLine.Part.machine, .processors, .memory].map { part in
                    UsageLine(
                        type: pool.machineType.name, zone: zone, part: part,
                        hourly: max(pool.pricePerHour ?? .zero, NanoDollars(1)), units: 1)
                }
            }
        }
        guard !pools.isEmpty, rules.apply(lines, used: lines.map { _ in hour }).parts.isEmpty else { return }
        context.diagnostics.add(
            Diagnostic(
                .warning, file: context.file, position: draft.position, path: draft.path.text,
                message: "no on-demand machine of the scenario is covered by the commitment "
                    + "\(draft.commitment.name): all of it is waste"))
    }

    private func error(
        _ draft: CommitmentDraft, _ field: String, _ message: String, expected: String? = nil, nearest: String? = nil
    ) {
        context.error(
            message, path: draft.path.field(field), at: draft.position, expected: expected, nearest: nearest)
    }
}
