package import Foundation

/// A line by which a worker tells its caller something; whatever else it prints is a remark.
package protocol WorkerLine {
    /// Reads a line without its break; nil when it is a remark.
    init?(_ text: String)
}

/// A process of its own that runs cases, so that one that ends the process is a result like any other.
package struct SwarmWorker: Sendable {
    /// The program, and what it is told before the arguments of each call.
    package let program: URL
    /// Set in the environment of every worker: a back-trace costs seconds, and shrinking asks for hundreds of crashes.
    static let environment = ["SWIFT_BACKTRACE": "enable=no"]
    /// Lines of a dying process that are kept.
    private static let keptLines = 12

    package init(program: URL) { self.program = program }

    /// The program that runs now.
    package static var current: SwarmWorker {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return SwarmWorker(program: URL(fileURLWithPath: link ?? CommandLine.arguments[0]))
    }

    /// What became of a worker.
    package struct End: Sendable {
        /// The signal or status that ended it; nil when it was done.
        package var reason: String?
        /// What it wrote beside its results.
        package var remarks: [String] = []
    }

    /// Calls the program, and hands on each result as it comes, until `hear` returns false.
    package func run<Line: WorkerLine>(_ arguments: [String], hear: (Line) -> Bool) throws -> End {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(Self.environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        var end = End()
        var rest = Data()
        var isWanted = true
        while isWanted {
            let data = pipe.fileHandleForReading.availableData
            if data.isEmpty { break }
            rest.append(data)
            while isWanted, let place = rest.firstIndex(of: 10) {
                let text = String(decoding: rest[rest.startIndex..<place], as: UTF8.self)
                rest = Data(rest[rest.index(after: place)...])
                if let line = Line(text) {
                    isWanted = hear(line)
                } else if end.remarks.count < Self.keptLines {
                    end.remarks.append(text)
                }
            }
        }
        if !isWanted { process.terminate() }
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal {
            end.reason = "signal \(process.terminationStatus)"
        } else if process.terminationStatus > 1 {
            end.reason = "exit code \(process.terminationStatus)"
        }
        return end
    }
}

extension SwarmWorker.End {
    /// The failure of a case that ended its process.
    package var failure: SwarmFailure {
        let fatal = remarks.first { $0.contains("Fatal error") || $0.contains("rror:") } ?? remarks.first ?? ""
        // The place in the source names a crash; what the message says of it differs from case to case.
        let place = fatal.range(of: ": Fatal error").map { String(fatal[..<$0.lowerBound]) } ?? (reason ?? "")
        // A build with optimisation says nothing of a broken precondition.
        let nothing = "the process ended (\(reason ?? "no reason given")); a debug build says where"
        let message = fatal.isEmpty ? nothing : fatal
        return SwarmFailure(.crash, place, message)
    }
}
