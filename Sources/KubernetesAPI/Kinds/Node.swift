public import Chronology

/// A machine as the API shows it (`v1.Node`): a value whose copies share their storage until one is changed.
@usableFromInline
package struct Node: Sendable {
    @usableFromInline
    final class Storage: @unchecked Sendable {
        @usableFromInline var metadata: ObjectMeta
        @usableFromInline var spec: NodeSpec
        @usableFromInline var status: NodeStatus

        @usableFromInline
        init(metadata: ObjectMeta, spec: NodeSpec, status: NodeStatus) {
            self.metadata = metadata
            self.spec = spec
            self.status = status
        }
    }

    // Shared by copies; written only after `makeUnique`.
    @usableFromInline var storage: Storage

    package init(metadata: ObjectMeta, spec: NodeSpec = NodeSpec(), status: NodeStatus = NodeStatus()) {
        storage = Storage(metadata: metadata, spec: spec, status: status)
    }

    @usableFromInline
    mutating func makeUnique() {
        guard !isKnownUniquelyReferenced(&storage) else { return }
        storage = Storage(metadata: storage.metadata, spec: storage.spec, status: storage.status)
    }

    /// Whether both values are the same copy: a cheap proof that nothing differs.
    @inlinable
    package func isIdentical(to other: Node) -> Bool { storage === other.storage }

    @inlinable
    package var metadata: ObjectMeta {
        _read { yield storage.metadata }
        _modify {
            makeUnique()
            yield &storage.metadata
        }
    }

    @inlinable
    package var spec: NodeSpec {
        _read { yield storage.spec }
        _modify {
            makeUnique()
            yield &storage.spec
        }
    }

    @inlinable
    package var status: NodeStatus {
        _read { yield storage.status }
        _modify {
            makeUnique()
            yield &storage.status
        }
    }

    package var key: ObjectKey { ObjectKey(.node, name: metadata.name) }

    /// Whether the node's Ready condition is true.
    package var isReady: Bool { storage.status.conditions.named(Condition.ready)?.status == .true }
}

extension Node: Equatable {
    @usableFromInline package static func == (left: Node, right: Node) -> Bool {
        left.storage === right.storage
            || left.metadata == right.metadata && left.spec == right.spec && left.status == right.status
    }
}

/// What is wanted of a node (`v1.NodeSpec`).
@usableFromInline
package struct NodeSpec: Hashable, Sendable {
    package var unschedulable = false
    package var taints: [Taint] = []
    package var providerID: String = ""

    package init() {}
}

/// What is known of a node (`v1.NodeStatus`).
@usableFromInline
package struct NodeStatus: Hashable, Sendable {
    package var capacity: ResourceList = [:]
    package var allocatable: ResourceList = [:]
    package var conditions: [Condition] = []
    package var images: [NodeImage] = []

    package init() {}
}

/// An image present on a node, by all its names (`v1.ContainerImage`).
@usableFromInline
package struct NodeImage: Hashable, Sendable {
    package var names: [String]
    package var sizeBytes: Int64

    package init(names: [String], sizeBytes: Int64) {
        self.names = names
        self.sizeBytes = sizeBytes
    }
}
