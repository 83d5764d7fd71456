import Foundation
import Synchronization

/// Whether the user pressed Control-C: the first time asks the run to stop, the second ends the process.
enum Interruption {
    private static let requests = Atomic<Int>(0)

    /// Whether SIGINT or SIGTERM has come since `watch`.
    static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

    /// Starts to listen.
    static func watch() {
        // Touching the counter here keeps its lazy start out of the handler.
        requests.store(0, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                if Interruption.requests.add(1, ordering: .relaxed).oldValue > 0 { _exit(Exit.interrupted.rawValue) }
            }
        }
    }
}
