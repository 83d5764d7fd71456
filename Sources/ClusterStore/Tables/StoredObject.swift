import Chronology
import KubernetesAPI

/// What a table needs to know of its objects.
protocol StoredObject: Equatable, Sendable {
    var metadata: ObjectMeta { get set }
    // Read for every write; the whole metadata is dear to copy.
    /// The owner references.
    var owners: [OwnerReference] { get }
    /// The creation timestamp in nanoseconds since the scenario's start.
    var creationTime: Int64 { get }
    /// The object's place in its table; unlike the metadata's name it tells unmodelled kinds apart.
    var key: ObjectKey { get }
    /// Returns whether specs (everything but metadata and status) are equal.
    func hasEqualSpec(_ other: Self) -> Bool
    /// Returns whether the statuses are equal.
    func hasEqualStatus(_ other: Self) -> Bool
    /// Takes over the status of `other`.
    mutating func takeStatus(of other: Self)
    /// Brings the status to what the API server gives a new object, whatever the client sent.
    mutating func resetStatus()
    /// Whether this object's generation also counts changes of its annotations (`deploymentStrategy`).
    var countsAnnotations: Bool { get }
}

extension Pod: StoredObject {
    var owners: [OwnerReference] { metadata.ownerReferences }
    var creationTime: Int64 { metadata.creationTimestamp.nanoseconds }
    var countsAnnotations: Bool { false }

    func hasEqualSpec(_ other: Pod) -> Bool {
        nodeName == other.nodeName && (specBox === other.specBox || spec == other.spec)
    }

    func hasEqualStatus(_ other: Pod) -> Bool { isIdentical(to: other) || status == other.status }

    mutating func takeStatus(of other: Pod) { self = with(other.status) }

    /// Returns this pod with another status; made anew, as writing the status of a shared value would first copy the old one.
    func with(_ status: PodStatus) -> Pod {
        Pod(metadata: metadata, specBox: specBox, nodeName: nodeName, status: status)
    }

    mutating func resetStatus() { status = PodStatus() }
}

extension Node: StoredObject {
    var owners: [OwnerReference] { metadata.ownerReferences }
    var creationTime: Int64 { metadata.creationTimestamp.nanoseconds }
    var countsAnnotations: Bool { false }

    func hasEqualSpec(_ other: Node) -> Bool { isIdentical(to: other) || spec == other.spec }
    func hasEqualStatus(_ other: Node) -> Bool { isIdentical(to: other) || status == other.status }
    mutating func takeStatus(of other: Node) { status = other.status }
    // A kubelet registers its node together with its status, and upstream keeps it.
    mutating func resetStatus() {}
}
