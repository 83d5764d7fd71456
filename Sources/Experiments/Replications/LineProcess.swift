import Foundation

/// A process of its own that is told lines and answers with lines.
final class LineProcess {
    /// What ends a worker.
    static let farewell = "end"

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var rest = Data()

    /// Starts the program with `arguments`.
    init(program: SwarmWorker, arguments: [String]) throws {
        process.executableURL = program.program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(SwarmWorker.environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    /// Tells a line; returns false when nobody hears it.
    func write(_ line: String) -> Bool {
        (try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))) != nil
    }

    /// Waits for a line; nil when there will be none.
    func readLine() -> String? {
        while true {
            if let place = rest.firstIndex(of: 10) {
                let line = String(decoding: rest[rest.startIndex..<place], as: UTF8.self)
                rest = Data(rest[rest.index(after: place)...])
                return line
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            rest.append(data)
        }
    }

    /// Waits until the process has ended, and says how.
    func reasonOfEnd() -> String {
        process.waitUntilExit()
        let isSignal = process.terminationReason == .uncaughtSignal
        return "\(isSignal ? "signal" : "exit code") \(process.terminationStatus)"
    }

    /// Ends the process.
    func end() {
        guard process.isRunning else { return }
        if !write(Self.farewell) { process.terminate() }
        process.waitUntilExit()
    }

    /// Ends the process in the middle of its work.
    func kill() { process.terminate() }
}
