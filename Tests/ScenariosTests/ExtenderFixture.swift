import Foundation

/// A scheduler extender that runs as a process of its own on this machine, and ends with this object.
final class ExtenderFixture {
    let port: String
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        // The fixture is built beside the tests.
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var program = folder
        repeat {
            folder.deleteLastPathComponent()
            program = folder.appendingPathComponent("ExtenderFixture")
        } while folder.path != "/" && !FileManager.default.isExecutableFile(atPath: program.path)
        process.executableURL = program
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = output.fileHandleForReading.availableData
        port = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
