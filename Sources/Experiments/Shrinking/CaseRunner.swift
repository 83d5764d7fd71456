import Foundation

/// Runs cases in processes of their own, one after the other, out of a folder that goes with it.
package final class CaseRunner {
    private let worker: SwarmWorker
    private let arguments: (String) -> [String]
    private let folder: String

    /// Prepares a runner; `arguments` call the worker for the scenario in a folder.
    package init(worker: SwarmWorker, arguments: @escaping (String) -> [String]) {
        self.worker = worker
        self.arguments = arguments
        folder = NSTemporaryDirectory() + "orrery-shrink-\(ProcessInfo.processInfo.processIdentifier)"
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Returns what came of a case; one that ends the process has crashed.
    package func outcome(of swarmCase: SwarmCase) throws -> SwarmCheck.Outcome {
        try? FileManager.default.removeItem(atPath: folder)
        try swarmCase.write(to: folder)
        var found: SwarmCheck.Outcome?
        let end = try worker.run(arguments(folder)) { (line: SwarmLine) in
            if case .ended(_, let outcome) = line { found = outcome }
            return true
        }
        return found ?? SwarmCheck.Outcome(failure: end.failure)
    }
}

extension SwarmCase {
    /// Writes the files into a folder.
    package func write(to folder: String) throws {
        for file in files {
            let place = URL(fileURLWithPath: "\(folder)/\(file.name)")
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try file.text.write(to: place, atomically: false, encoding: .utf8)
        }
    }
}
