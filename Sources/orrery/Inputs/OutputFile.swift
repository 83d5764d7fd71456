import ArgumentParser
import Foundation
import RunDatabase

/// Where a run's database goes.
enum OutputFile {
    /// Returns the path for a scenario's database when the user names none; relative to the working directory.
    ///
    /// A branch has a file beside that of its run, named by the instant.
    static func defaultPath(scenario: String, branch: String? = nil) -> String {
        let whole = scenario + (branch.map { "-from-\($0)" } ?? "")
        let name = whole.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
        return "reports/out/\(String(name)).sqlite"
    }

    /// Ends the command when the database of a branch would take the place of the run that it leaves.
    static func refuse(_ path: String, over parent: String) throws {
        func real(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        guard real(path) == real(parent) else { return }
        Console.error("error: \(path) holds the run that is left; name another file with --output")
        throw Exit.badInput.code
    }

    /// Writes a text file, and the folders above it, or ends with what is in the way.
    static func write(_ text: String, to path: String) throws {
        do {
            let url = URL(fileURLWithPath: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        } catch {
            Console.error("error: cannot write \(path): \(error.localizedDescription)")
            throw Exit.badInput.code
        }
    }

    /// Removes a database that is worth nothing.
    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: path + suffix) }
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
