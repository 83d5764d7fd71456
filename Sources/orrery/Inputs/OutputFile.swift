import ArgumentParser
import Foundation
import RunDatabase
import Scenarios

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

    /// Ends the command when what it writes at `path` would take the place of one of the files that it reads.
    ///
    /// In a folder of manifests, those are files that look like manifests.
    static func refuse(_ path: String, over inputs: [String], option: String = "--output") throws {
        let wanted = real(path)
        let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
        for input in inputs where input != "-" {
            let place = real(input)
            let isInside =
                ["yaml", "yml", "json", "csv"].contains(ending) && wanted.hasPrefix(place + "/")
                && FileManager.default.fileExists(atPath: path)
            guard wanted == place || isInside else { continue }
            Console.error("error: \(path) is what this command reads; name another file with \(option)")
            throw Exit.badInput.code
        }
    }

    /// Ends the command when a folder that it replaces holds one of the files that it reads, or the working directory.
    static func refuse(folders: [String], around inputs: [String]) throws {
        for folder in folders.map(real) {
            if let input = inputs.first(where: { real($0).hasPrefix(folder + "/") }) {
                Console.error("error: \(input) is what this command reads, and would be removed: name another folder")
                throw Exit.badInput.code
            }
            let working = real(".")
            if working == folder || working.hasPrefix(folder == "/" ? folder : folder + "/") {
                Console.error("error: the working directory cannot be replaced: name a folder in it with --output")
                throw Exit.badInput.code
            }
        }
    }

    private static func real(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    /// Returns in words why a file cannot be written.
    static func reason(_ error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError
        for each in [error, cause] where each?.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(truncatingIfNeeded: each?.code ?? 0)))
        }
        let code = error.domain == NSCocoaErrorDomain ? error.code : 0
        switch CocoaError.Code(rawValue: code) {
        case .fileWriteNoPermission: return "no permission"
        case .fileWriteVolumeReadOnly: return "the file system can only be read"
        case .fileWriteOutOfSpace: return "no space is left"
        case .fileWriteFileExists: return "a file stands where a folder is needed"
        case .fileNoSuchFile, .fileReadNoSuchFile: return "there is no such folder"
        case .fileWriteInvalidFileName: return "the name cannot be that of a file"
        case _: return code == 0 ? error.localizedDescription : "the system refuses it"
        }
    }

    /// Writes a text file, and the folders above it, or ends with what is in the way.
    static func write(_ text: String, to path: String) throws {
        do {
            let url = URL(fileURLWithPath: path)
            guard FileKind(at: path) != .folder else {
                Console.error("error: cannot write \(path): a folder stands there")
                throw Exit.badInput.code
            }
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        } catch let error as ExitCode {
            throw error
        } catch {
            Console.error("error: cannot write \(path): \(reason(error))")
            throw Exit.badInput.code
        }
    }

    /// Removes a database that is worth nothing.
    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    /// Removes what a failure left of a database when nobody can read it: it would be in the way of the next run.
    static func removeUnlessReadable(_ path: String) {
        if (try? RunReader(path: path)) == nil { remove(path) }
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
            removeUnlessReadable(path)
            let reason = (error as? RunDatabaseError)?.description ?? self.reason(error)
            Console.error("error: cannot write \(path): \(reason)")
            throw Exit.badInput.code
        }
    }
}
