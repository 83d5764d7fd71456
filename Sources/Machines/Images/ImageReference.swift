/// The parts of an image's name as a pod spells it: registry, repository, and tag or digest.
package struct ImageReference: Hashable, Sendable {
    /// The name with `:latest` where neither tag nor digest stand, as ImageLocality completes it.
    package let name: String
    /// The name without tag and digest.
    package let repository: String
    /// The host that it is pulled from; `docker.io` when the name has none.
    package let registry: String
    /// The digest, such as `sha256:…`, that the name pins; nil for a tag.
    package let digest: String?

    /// Reads a name as container runtimes do.
    package init(_ text: String) {
        var rest = Substring(text)
        if let at = rest.lastIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        } else {
            digest = nil
        }
        // A colon before the last slash belongs to the host's port.
        let lastPart = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
        let colon = rest[lastPart...].firstIndex(of: ":")
        repository = String(colon.map { rest[..<$0] } ?? rest)
        name = colon == nil && digest == nil ? text + ":latest" : text
        let host = rest.firstIndex(of: "/").map { rest[..<$0] } ?? ""
        registry = host.contains(".") || host.contains(":") || host == "localhost" ? String(host) : "docker.io"
    }
}
