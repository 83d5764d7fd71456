import ArgumentParser
import Foundation

/// A number of processes as people write it.
enum ProcessCount {
    /// Reads 1 to 256, or `auto` for one for each processor.
    static func parsed(_ text: String) throws -> Int {
        if text == "auto" { return ProcessInfo.processInfo.activeProcessorCount }
        guard let count = Int(text), (1...256).contains(count) else {
            throw ValidationError("\"\(text)\" is no number of processes; write 1 to 256, or auto.")
        }
        return count
    }
}
