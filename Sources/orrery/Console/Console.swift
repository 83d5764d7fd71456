import Foundation

/// What is written for the person at the terminal; results go to standard output, everything else to standard error.
enum Console {
    /// Whether somebody sees standard error as it is written.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line on standard error.
    static func error(_ line: String) { errorPart(line + "\n") }

    /// Writes a part of a line on standard error; where that fails there is no one to tell.
    static func errorPart(_ text: String) {
        var text = text
        _ = text.withUTF8 { write(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
    }

    /// Writes text on standard output as it is, or ends the process with what is in the way.
    static func out(_ text: String) {
        var text = text
        text.withUTF8 { out(UnsafeRawBufferPointer($0)) }
    }

    /// Writes bytes on standard output, or ends the process with what is in the way.
    static func out(_ bytes: UnsafeRawBufferPointer) {
        let failure = write(bytes, to: STDOUT_FILENO)
        // Whoever closes a pipe has read enough.
        guard failure != 0, failure != EPIPE else { return }
        error("error: cannot write standard output: \(String(cString: strerror(failure)))")
        Exit.badInput.now()
    }

    /// Writes everything, and waits where a pipe is full; returns the number of the error, 0 for none.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let written = Foundation.write(descriptor, start, rest.count)
            if written >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
