import Foundation

/// Text in a file, plain or packed by gzip.
enum PackedText {
    /// Reads the file at `path`; one that ends in `.gz` is unpacked by the system's gzip.
    static func read(_ path: String) throws(ExperimentError) -> String {
        guard path.hasSuffix(".gz") else {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ExperimentError("\(path) cannot be read")
            }
            return String(decoding: data, as: UTF8.self)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw ExperimentError("\(path) cannot be unpacked: gzip does not start")
        }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ExperimentError("\(path) cannot be unpacked by gzip") }
        return String(decoding: data, as: UTF8.self)
    }
}
