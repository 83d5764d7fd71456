import ArgumentParser
import Foundation

/// A file that is written piece by piece, or standard output.
final class OutputStreamFile {
    private let path: String?
    private let handle: FileHandle?
    private var failure: String?

    /// Creates the file at `path`, and the folders above it, or ends with what is in the way; nil is standard output.
    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            handle = nil
            return
        }
        do {
            let url = URL(fileURLWithPath: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
            handle = try FileHandle(forWritingTo: url)
        } catch {
            Console.error("error: cannot write \(path): \(OutputFile.reason(error))")
            throw Exit.badInput.code
        }
    }

    /// Writes a piece; what goes wrong is told by `close`.
    func write(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        guard let handle else { return bytes.withUnsafeBytes(Console.out) }
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            failure = OutputFile.reason(error)
        }
    }

    /// Takes away a file that is worth nothing.
    func remove() {
        if let path { OutputFile.remove(path) }
    }

    /// Ends the file, or the command with what went wrong.
    func close() throws {
        do {
            try handle?.close()
        } catch {
            failure = failure ?? OutputFile.reason(error)
        }
        guard let failure, let path else { return }
        Console.error("error: cannot write \(path): \(failure)")
        throw Exit.badInput.code
    }
}
