import Foundation

// A scheduler extender in a process of its own: it filters by name, prefers the last node, binds nothing and answers in
// chunks when asked to. Prints its port, and ends when its standard input does.

/// What the extender answers to a verb, as status and JSON.
func answer(_ path: String, _ body: [String: Any]) -> (status: Int, json: Any) {
    let names = body["NodeNames"] as? [String] ?? []
    switch path.split(separator: "/").last {
    case "filter":
        var failed: [String: String] = [:]
        for name in names where name.hasPrefix("bad") { failed[name] = "not to my liking" }
        return (200, ["NodeNames": names.filter { !$0.hasPrefix("bad") }, "FailedNodes": failed])
    case "prioritize":
        return (200, names.map { ["Host": $0, "Score": $0 == names.last ? 10 : 0] as [String: Any] })
    case "bind": return (200, ["Error": body["Node"] as? String == "locked" ? "the node is locked" : ""])
    default: return (404, ["error": "no such verb"])
    }
}

func serve(_ client: Int32) {
    defer { close(client) }
    var bytes = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var headEnd: Data.Index?
    var length = 0
    while headEnd == nil || bytes.count - (headEnd ?? 0) < length {
        let count = recv(client, &chunk, chunk.count, 0)
        guard count > 0 else { return }
        bytes.append(contentsOf: chunk[..<count])
        guard headEnd == nil, let range = bytes.range(of: Data("\r\n\r\n".utf8)) else { continue }
        headEnd = range.upperBound
        for line in String(decoding: bytes[..<range.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) ?? 0
        }
    }
    let path = String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self).components(separatedBy: " ")[1]
    if path.hasPrefix("/slow") { sleep(3) }
    let object = try? JSONSerialization.jsonObject(with: bytes[(headEnd ?? 0)...])
    let (status, json) = answer(path, object as? [String: Any] ?? [:])
    let text = String(decoding: (try? JSONSerialization.data(withJSONObject: json)) ?? Data(), as: UTF8.self)
    var head = "HTTP/1.1 \(status) Whatever\r\nContent-Type: application/json\r\n"
    var payload = text
    if path.hasPrefix("/chunked") {
        head += "Transfer-Encoding: chunked\r\n"
        let half = text.index(text.startIndex, offsetBy: text.count / 2)
        payload = [text[..<half], text[half...]].map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
        payload += "0\r\n\r\n"
    } else {
        head += "Content-Length: \(text.utf8.count)\r\n"
    }
    let whole = Array((head + "\r\n" + payload).utf8)
    _ = send(client, whole, whole.count, Int32(MSG_NOSIGNAL))
}

let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
var address = sockaddr_in()
address.sin_family = sa_family_t(AF_INET)
address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
var size = socklen_t(MemoryLayout<sockaddr_in>.size)
let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, pointer, &size) == 0
    }
}
guard isBound else { fatalError("no port to listen on") }
FileHandle.standardOutput.write(Data("\(UInt16(bigEndian: address.sin_port))\n".utf8))
Thread.detachNewThread {
    while readLine() != nil {}
    exit(0)
}
while true {
    let client = accept(listener, nil, nil)
    if client >= 0 { serve(client) }
}
