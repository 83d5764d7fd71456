import Foundation

/// Prometheus' own tool, where there is one (Debian: the package `prometheus`).
enum Promtool {
    static let path = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Runs it in a folder; returns its exit code, and all that it said.
    static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> (status: Int32, output: String) {
        try Tool.run(path ?? "", arguments, in: folder)
    }
}

/// Programs of the machine.
enum Tool {
    static func run(
        _ path: String, _ arguments: [String], in folder: TemporaryFolder
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        // A file, not a pipe: a full pipe would stop the process for ever.
        let output = try folder.openForWriting("tool-\(UUID().uuidString)")
        process.standardOutput = output.handle
        process.standardError = output.handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOfFile: output.path, encoding: .utf8))
    }
}
