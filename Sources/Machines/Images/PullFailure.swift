// Counterpart: the errors of containerd 2 as the kubelet shows them (rpc errors of the CRI).
// Deliberate differences: addresses and request ids that depend on the network are left out.

/// Why an image could not be pulled; the text is what the kubelet writes into events and into the database.
enum PullFailure: Hashable, Sendable {
    /// The kubelet's own limit (`registryPullQPS`).
    case tooFast
    case notFound
    case noRepository
    case unauthorized
    /// The registry's quota for this client is used up.
    case tooManyRequests
    /// The index has no manifest for the machine.
    case noPlatform(digest: String)
    /// What came is not what the digest says.
    case corruptLayer(digest: String, found: String)
    case unreachable
    /// The machine's disk is full.
    case noSpace
    /// The connection broke while layers were on their way.
    case broken

    /// Returns the message about an image.
    func message(about image: ImageReference) -> String {
        let pull = "failed to pull and unpack image \"\(image.canonical)\": "
        let resolve = pull + "failed to resolve reference \"\(image.canonical)\": "
        let path = image.repository.dropFirst(image.registry.count + 1)
        let manifest = image.digest ?? image.tag ?? "latest"
        let url = "https://\(image.registry)/v2/\(path)/manifests/\(manifest)"
        switch self {
        case .tooFast: return "pull QPS exceeded"
        case .notFound: return Self.rpc("NotFound", resolve + "\(image.canonical): not found")
        case .noRepository:
            return Self.rpc(
                "Unknown",
                resolve + "pull access denied, repository does not exist or may require authorization: "
                    + "server message: insufficient_scope: authorization failed")
        case .unauthorized:
            return Self.rpc("Unknown", resolve + "unexpected status from HEAD request to \(url): 401 Unauthorized")
        case .tooManyRequests:
            return Self.rpc(
                "Unknown",
                pull + "failed to copy: httpReadSeeker: failed open: unexpected status code \(url): "
                    + "429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.")
        case .noPlatform(let digest):
            return Self.rpc("NotFound", pull + "no match for platform in manifest \(digest): not found")
        case .corruptLayer(let digest, let found):
            return Self.rpc(
                "FailedPrecondition",
                pull + "failed to copy: failed commit on ref \"layer-\(digest)\": unexpected commit digest \(found), "
                    + "expected \(digest): failed precondition")
        case .unreachable:
            return Self.rpc("Unavailable", resolve + "failed to do request: Head \"\(url)\": connection refused")
        case .noSpace:
            return Self.rpc(
                "Unknown", pull + "failed to copy: failed to send write: write blob: no space left on device: unknown")
        case .broken:
            return Self.rpc(
                "Unavailable", pull + "failed to copy: httpReadSeeker: failed open: connection reset by peer")
        }
    }

    private static func rpc(_ code: String, _ text: String) -> String { "rpc error: code = \(code) desc = \(text)" }
}
