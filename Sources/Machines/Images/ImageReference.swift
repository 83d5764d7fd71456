// Counterpart: distribution/reference, as the kubelet and containerd read the names of images.

/// The parts of an image's name as a pod spells it: registry, repository, and tag or digest.
package struct ImageReference: Hashable, Sendable {
    /// The name as it was spelled, with `:latest` where neither tag nor digest stand: what the kubelet asks for.
    package let name: String
    /// The full name, such as `docker.io/library/nginx:1.25`; a digest stands in place of a tag beside it.
    package let canonical: String
    /// The full name without tag and digest.
    package let repository: String
    /// The repository as people write it: without `docker.io/`, and without `library/` behind that.
    package let familiarRepository: String
    /// The host that it is pulled from; `docker.io` when the name has none.
    package let registry: String
    /// The digest, such as `sha256:…`, that the name pins; nil for a tag.
    package let digest: String?
    /// The tag; nil beside a digest without one.
    package let tag: String?

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
        let spelled = colon.map { rest[..<$0] } ?? rest
        let ownTag = colon.map { String(rest[rest.index(after: $0)...]) }
        tag = ownTag ?? (digest == nil ? "latest" : nil)
        name = colon == nil && digest == nil ? text + ":latest" : text

        let slash = spelled.firstIndex(of: "/")
        let host = slash.map { spelled[..<$0] } ?? ""
        let hasHost = host.contains(".") || host.contains(":") || host == "localhost"
        let isHub = !hasHost || host == "docker.io" || host == "index.docker.io"
        registry = isHub ? "docker.io" : String(host)
        var path = hasHost ? spelled[(slash.map { spelled.index(after: $0) } ?? spelled.startIndex)...] : spelled
        if isHub {
            if path.hasPrefix("library/") { path = path.dropFirst("library/".count) }
            familiarRepository = String(path)
            repository = "docker.io/" + (path.contains("/") ? "" : "library/") + path
        } else {
            familiarRepository = String(spelled)
            repository = String(spelled)
        }
        canonical = repository + (digest.map { "@" + $0 } ?? ":" + (tag ?? "latest"))
    }

    /// Whether it is pulled anew for each container unless its policy says otherwise.
    package var isLatest: Bool { digest == nil && tag == "latest" }
}
