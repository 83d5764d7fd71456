import Chronology
import KubernetesAPI

/// An Event of a live cluster (`v1.Event` and `events.k8s.io/v1.Event`), as far as a run makes use of it.
struct ExportedEvent {
    let kind: String
    let namespace: String
    let name: String
    let reason: String
    let message: String
    let source: String
    /// When it was seen last.
    let last: Instant
    let place: SourcePlace
    let count: Int64

    /// Whether a document is an Event.
    static func isEvent(_ tree: ManifestTree) -> Bool {
        guard tree["kind"]?.string == "Event", let version = tree["apiVersion"]?.string else { return false }
        return version == "v1" || version.hasPrefix("events.k8s.io/")
    }

    /// Reads one, and records what is wrong with it.
    init?(reading tree: ManifestTree, _ context: DecodingContext) {
        guard let reader = FieldReader(tree, path: .root, context: context) else { return nil }
        let subject = reader.has("regarding") ? "regarding" : "involvedObject"
        var about = (kind: "", namespace: "", name: "")
        reader.object(subject) { reader in
            about = (reader.string("kind") ?? "", reader.string("namespace") ?? "", reader.string("name") ?? "")
            reader.restIsInert()
        }
        (kind, namespace, name) = about
        reason = reader.string("reason") ?? ""
        message = reader.string("message") ?? reader.string("note") ?? ""
        let component = reader.object("source") { reader in
            let component = reader.string("component")
            reader.restIsInert()
            return component
        }
        source = (component ?? nil) ?? reader.string("reportingComponent") ?? reader.string("reportingController") ?? ""
        var times = ["lastTimestamp", "deprecatedLastTimestamp", "eventTime", "firstTimestamp"].compactMap {
            reader.timestamp($0)
        }
        reader.object("series") { reader in
            if let time = reader.timestamp("lastObservedTime") { times.append(time) }
            reader.restIsInert()
        }
        last = times.max() ?? .start
        count = reader.int64("count", in: 0...Int64.max) ?? 1
        place = SourcePlace(file: context.file, position: tree.position)
        if about.kind.isEmpty { reader.error(subject, "the event says not what it is about", expected: "a kind") }
    }
}
