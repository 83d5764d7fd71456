import ArgumentParser
import Foundation
import Scenarios

/// `orrery fidelity`.
struct FidelityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fidelity",
        abstract: "Tells what of Kubernetes is modelled exactly, approximately or not at all.")

    /// How the table is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    @Option(help: "table or json.")
    var format: Format = .table

    func run() throws {
        switch format {
        case .table: Console.out(Fidelity.text)
        case .json:
            let rows = Fidelity.table.map { row in
                Row(component: row.component, field: row.field, grade: "\(row.grade)", meaning: row.meaning)
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            Console.out(String(decoding: try encoder.encode(rows), as: UTF8.self) + "\n")
        }
    }

    private struct Row: Encodable {
        let component: String
        let field: String
        let grade: String
        let meaning: String
    }
}
