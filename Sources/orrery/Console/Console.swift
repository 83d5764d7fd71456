import Foundation

/// What is written for the person at the terminal; results go to standard output, everything else to standard error.
enum Console {
    /// Whether somebody sees standard error as it is written.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line on standard error.
    static func error(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes a part of a line on standard error.
    static func errorPart(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Writes text on standard output as it is.
    static func out(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let written = Foundation.write(descriptor, start, rest.count)
                if written < 0, errno == EINTR { continue }
                // Nobody listens any more; there is no one to tell either.
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }
}
