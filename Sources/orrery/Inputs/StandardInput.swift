import ArgumentParser
import Foundation

/// Reads what comes to its end only once: standard input, and pipes.
enum StandardInput {
    private static let partSize = 1 << 20

    /// Returns everything that comes on standard input, or ends with what is wrong with it.
    static func read() throws -> [UInt8] {
        if let bytes = read(STDIN_FILENO) { return bytes }
        Console.error("error: standard input cannot be read: \(String(cString: strerror(errno)))")
        throw Exit.badInput.code
    }

    /// Returns what comes out of a pipe or device, up to one byte more than `limit`; nil when it cannot be read.
    static func read(path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return read(descriptor, limit: limit)
    }

    private static func read(_ descriptor: Int32, limit: Int = .max) -> [UInt8]? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: partSize)
        while bytes.count <= limit {
            let count = part.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { break }
            if count > 0 {
                bytes += part[..<count]
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                return nil
            }
        }
        return bytes
    }
}
