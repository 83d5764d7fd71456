import Chronology
import Glibc
package import KubernetesAPI
package import Scheduler

// Counterpart: net/http as extender.go uses it (v1.36).
// Deliberate differences: plain HTTP/1.1 over a socket of its own per call. URLSession would bring libcurl and an event
// loop into the binary, for calls that are made one at a time and waited for. TLS is refused before a run begins.

/// Calls live extenders over HTTP, one call at a time.
package final class HTTPExtenderTransport: ExtenderTransport {
    package init() {}

    /// The most bytes that an answer may have.
    private static let answerMax = 256 << 20

    /// Returns why this transport cannot carry calls of `settings`, or nil.
    package static func objection(to settings: ExtenderSettings) -> String? {
        if settings.enableHTTPS || settings.urlPrefix.hasPrefix("https:") {
            return "the extender \(settings.urlPrefix) asks for TLS; only http is spoken"
        }
        if Address(settings.urlPrefix) == nil {
            return "the extender's urlPrefix \"\(settings.urlPrefix)\" is not of the form http://host[:port][/path]"
        }
        return nil
    }

    package func post(_ body: ManifestTree, to url: String, settings: ExtenderSettings) -> ExtenderResponse {
        guard let address = Address(url) else { return .failed("Post \"\(url)\": unsupported URL") }
        let payload = Array(TreePrinter.json(body).utf8)
        do throws(CallFailure) {
            let socket = try Connection(to: address, timeout: settings.httpTimeout)
            try socket.send(Self.head(address, count: payload.count) + payload)
            let bytes = try socket.receiveAll(limit: Self.answerMax)
            guard let answer = HTTPAnswer(bytes) else { throw CallFailure("malformed HTTP response") }
            return .answered(status: answer.status, body: Self.tree(answer.body, url: url))
        } catch {
            return .failed("Post \"\(url)\": \(error.reason)")
        }
    }

    private static func head(_ address: Address, count: Int) -> [UInt8] {
        let lines = [
            "POST \(address.path) HTTP/1.1", "Host: \(address.host):\(address.port)",
            "Content-Type: application/json", "Content-Length: \(count)", "Connection: close",
            "User-Agent: orrery", "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func tree(_ bytes: [UInt8], url: String) -> ManifestTree? {
        let diagnostics = Diagnostics()
        let trees = JSONParser.parse(bytes, file: url, diagnostics: diagnostics)
        return trees.count == 1 ? trees[0] : nil
    }
}

/// Why a call came to nothing.
struct CallFailure: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    /// What the system says of the last call.
    static func system(_ call: String) -> CallFailure {
        let number = errno
        if number == EAGAIN || number == EINPROGRESS { return CallFailure("context deadline exceeded") }
        return CallFailure("\(call): \(String(cString: strerror(number)))")
    }
}

/// Where a URL leads.
struct Address: Hashable {
    let host: String
    let port: String
    let path: String

    init?(_ url: String) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" }
        let tail = rest.dropFirst(authority.count)
        path = tail.isEmpty ? "/" : String(tail)
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            let after = authority[authority.index(after: end)...]
            port = after.hasPrefix(":") ? String(after.dropFirst()) : "80"
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard let name = parts.first, parts.count <= 2 else { return nil }
            host = String(name)
            port = parts.count == 2 ? String(parts[1]) : "80"
        }
        guard !host.isEmpty, UInt16(port) != nil else { return nil }
    }
}

/// One TCP connection, closed when it is let go.
final class Connection {
    private let descriptor: Int32
    private let deadline: UInt64

    init(to address: Address, timeout: Duration) throws(CallFailure) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, address.port, &hints, &list) == 0, let first = list else {
            throw CallFailure("dial tcp: lookup \(address.host): no such host")
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype, first.pointee.ai_protocol)
        guard descriptor >= 0 else { throw CallFailure.system("socket") }
        var limit = timeval()
        limit.tv_sec = Int(timeout.wholeSeconds)
        limit.tv_usec = Int(timeout.nanoseconds % 1_000_000_000 / 1_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        guard connect(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 else {
            let failure = CallFailure.system("dial tcp \(address.host):\(address.port): connect")
            close(descriptor)
            throw failure
        }
        self.descriptor = descriptor
        deadline = Self.now() + UInt64(max(0, timeout.nanoseconds))
    }

    deinit { close(descriptor) }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func send(_ bytes: [UInt8]) throws(CallFailure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw CallFailure.system("write") }
            sent += count
        }
    }

    /// Returns everything up to the end of the connection.
    func receiveAll(limit: Int) throws(CallFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count == 0 { return bytes }
            guard count > 0 else { throw CallFailure.system("read") }
            guard Self.now() <= deadline else { throw CallFailure("context deadline exceeded") }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else { throw CallFailure("the answer is larger than \(limit >> 20) MiB") }
        }
    }
}
