import Experiments
import Foundation

/// The scenarios of a swarm as folders.
enum SwarmFiles {
    /// Failing seeds whose scenarios are written.
    static let limit = 20
    /// How long a worker may take for one case, on the host's clock.
    static let secondsLimit: UInt32 = 300

    /// Writes a case into a folder in place of what such a folder held before; returns its path.
    static func write(_ swarmCase: SwarmCase, to folder: String) throws -> String {
        do {
            let files = FileManager.default
            for name in ["manifests", "later"] { try? files.removeItem(atPath: "\(folder)/\(name)") }
            for file in swarmCase.files {
                let path = URL(fileURLWithPath: "\(folder)/\(file.name)")
                try files.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try file.text.write(to: path, atomically: false, encoding: .utf8)
            }
        } catch {
            Console.error("error: cannot write \(folder): \(error.localizedDescription)")
            throw Exit.badInput.code
        }
        return folder
    }
}
