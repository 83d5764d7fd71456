import Foundation
import Synchronization

/// Whether the user pressed Control-C: the first time asks the run to stop, the second ends the process.
enum Interruption {
    private static let requests = Atomic<Int>(0)

    /// Whether SIGINT, SIGTERM or SIGHUP has come since `watch`.
    static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

    /// Starts to listen.
    static func watch() {
        // Touching the counter here keeps its lazy start out of the handler.
        requests.store(0, ordering: .relaxed)
        // A parent may have started us from a thread that keeps these signals back.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // Under nohup a lost terminal is nothing to stop for.
            if number == SIGHUP, isIgnored(number) { continue }
            sigaddset(&signals, number)
            signal(number) { _ in
                if Interruption.requests.add(1, ordering: .relaxed).oldValue > 0 { _exit(Exit.interrupted.rawValue) }
            }
        }
        sigprocmask(SIG_UNBLOCK, &signals, nil)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return handler == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
