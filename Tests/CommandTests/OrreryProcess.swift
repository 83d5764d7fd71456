import Foundation
import Testing

/// The built command as another process sees it.
struct OrreryProcess {
    /// What a process left behind.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
        var seconds: Double
    }

    /// The checkout.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The binary, which lies beside the tests.
    static func binary() throws -> URL {
        var folders = [URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()]
        if let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            folders.insert(URL(fileURLWithPath: link).deletingLastPathComponent(), at: 0)
        }
        for start in folders {
            var folder = start
            for _ in 0..<4 {
                let candidate = folder.appendingPathComponent("orrery")
                if FileManager.default.isExecutableFile(atPath: candidate.path), !isFolder(candidate.path) {
                    return candidate
                }
                folder.deleteLastPathComponent()
            }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Runs a script of bash in `folder`, in which `orrery` is the command.
    static func script(_ text: String, in folder: TemporaryFolder, limit: Double = 60) throws -> Outcome {
        let path = try binary().path
        return try run(
            ["-c", "orrery() { '\(path)' \"$@\"; }\n" + text], of: URL(fileURLWithPath: "/bin/bash"), in: folder,
            limit: limit)
    }

    /// Runs the command in `folder` to its end; one that takes longer than `limit` seconds is killed.
    @discardableResult
    static func run(
        _ arguments: [String], of executable: URL? = nil, in folder: TemporaryFolder, input: String? = nil, limit: Double = 120,
        whileRunning: ((Process) -> Void)? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = try executable ?? binary()
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        // Files, not pipes: a full pipe would stop the process for ever.
        let output = try folder.openForWriting("stdout-\(UUID().uuidString)")
        let errors = try folder.openForWriting("stderr-\(UUID().uuidString)")
        process.standardOutput = output.handle
        process.standardError = errors.handle
        if let input {
            let name = "stdin-\(UUID().uuidString)"
            try folder.write(input, to: name)
            process.standardInput = FileHandle(forReadingAtPath: folder.path + "/" + name)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        let began = Date()
        try process.run()
        let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: watchdog)
        whileRunning?(process)
        process.waitUntilExit()
        watchdog.cancel()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOfFile: output.path, encoding: .utf8),
            errors: try String(contentsOfFile: errors.path, encoding: .utf8), seconds: Date().timeIntervalSince(began))
    }
}
