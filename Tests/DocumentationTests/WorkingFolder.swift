import Foundation

/// A folder as the reader of an article has it: a copy of the scenarios and the reports, manifests called `my-app`, and
/// `orrery` on the path.
final class WorkingFolder: Sendable {
    /// What a script left behind.
    struct Outcome {
        var status: Int32
        /// What it printed, errors included.
        var output: String
    }

    let path: String

    /// Makes the folder; an empty one has the command alone.
    init(isEmpty: Bool = false) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("orrery-article-\(UUID().uuidString)")
        path = folder.path
        let bin = folder.appendingPathComponent("bin")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: bin.appendingPathComponent("orrery"), withDestinationURL: Self.binary())
        if isEmpty { return }
        let root = Articles.root
        for name in ["scenarios", "README.md"] { try copy(root.appendingPathComponent(name), to: name) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("reports"), withIntermediateDirectories: true)
        let reports = root.appendingPathComponent("reports")
        for name in try FileManager.default.contentsOfDirectory(atPath: reports.path) where name.hasSuffix(".sql") {
            try copy(reports.appendingPathComponent(name), to: "reports/\(name)")
        }
        try copy(root.appendingPathComponent("scenarios/first-steps/web-shop/manifests"), to: "my-app")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func copy(_ source: URL, to name: String) throws {
        try FileManager.default.copyItem(at: source, to: URL(fileURLWithPath: path).appendingPathComponent(name))
    }

    /// Runs a script of bash that ends with the first command that fails, or with 124 after four minutes.
    func run(_ script: String) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "240", "bash", "-euo", "pipefail", "-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = "\(path)/bin:\(environment["PATH"] ?? "")"
        environment["COLUMNS"] = "200"
        process.environment = environment
        // A file, not a pipe: a full pipe would stop the process for ever.
        let log = "\(path)/bin/log-\(UUID().uuidString)"
        try Data().write(to: URL(fileURLWithPath: log))
        let handle = FileHandle(forWritingAtPath: log)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: try String(contentsOfFile: log, encoding: .utf8))
    }

    /// The command that was built beside the tests.
    private static func binary() throws -> URL {
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        for start in [CommandLine.arguments[0], link] {
            var folder = URL(fileURLWithPath: start).deletingLastPathComponent()
            for _ in 0..<4 {
                let candidate = folder.appendingPathComponent("orrery")
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue {
                    return candidate
                }
                folder.deleteLastPathComponent()
            }
        }
        throw CocoaError(.fileNoSuchFile)
    }
}
