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
            try swarmCase.write(to: folder)
        } catch {
            Console.error("error: cannot write \(folder): \(error.localizedDescription)")
            throw Exit.badInput.code
        }
        return folder
    }
}
