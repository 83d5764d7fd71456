import Conformance
import Foundation

/// A folder with recorded cases, family by family, and what a command was asked to take of it.
struct RecordedCases {
    /// The folder that holds the families.
    let folder: String
    /// The only family to compare, nil for all.
    let family: String?

    /// Finds the cases at `path`, which is a folder of families or one family; `what` names its contents in messages.
    init(path: String, family: String?, what: String) throws {
        var folder = path
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        var only = family
        var names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard !names.isEmpty else {
            Console.error("error: \(path) is no folder with recorded \(what)")
            throw Exit.badInput.code
        }
        if names.contains(where: { $0.hasSuffix(".json") }) {
            let place = URL(fileURLWithPath: folder)
            only = place.lastPathComponent
            folder = place.deletingLastPathComponent().path
            names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        }
        let families = names.sorted().filter { name in
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + name)) ?? []
            return files.contains { $0.hasSuffix(".json") }
        }
        guard !families.isEmpty else {
            Console.error("error: \(path) is no folder with recorded \(what)")
            throw Exit.badInput.code
        }
        if let only, !families.contains(only) {
            Console.error("error: there is no family \"\(only)\" (there are: \(families.joined(separator: ", ")))")
            throw Exit.badInput.code
        }
        self.folder = folder
        self.family = only
    }

    /// Prints a report, and fails unless everything agrees.
    func tell(_ report: ConformanceReport, verbose: Int) throws {
        Console.out(report.lines(verbose: verbose).map { $0 + "\n" }.joined())
        guard report.problems.isEmpty, report.decisions > 0, report.agreeing == report.decisions else {
            throw Exit.failed.code
        }
    }
}
