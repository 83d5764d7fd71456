import ArgumentParser
import Foundation
import RunDatabase

/// Where a run's database goes.
enum OutputFile {
    /// Returns the path for a scenario's database when the user names none; relative to the working directory.
    static func defaultPath(scenario: String) -> String {
        let name = scenario.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
        return "reports/out/\(String(name)).sqlite"
    }

    /// Creates the database and the folders above it; a file that no run wrote is left alone.
    static func create(_ path: String, isNamed: Bool) throws -> RunWriter {
        if isNamed, FileManager.default.fileExists(atPath: path), (try? RunReader(path: path)) == nil {
            Console.error("error: \(path) exists and is no database of a run; name another file or remove it")
            throw Exit.badInput.code
        }
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return try RunWriter(path: path, overwrite: true)
        } catch {
            let reason = (error as? RunDatabaseError)?.description ?? error.localizedDescription
            Console.error("error: cannot write \(path): \(reason)")
            throw Exit.badInput.code
        }
    }
}
