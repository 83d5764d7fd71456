public import Chronology

/// A pod (`v1.Pod`): a value whose copies share their storage until one of them is changed.
@usableFromInline
package struct Pod: Sendable {
    @usableFromInline
    final class Storage: @unchecked Sendable {
        @usableFromInline var metadata: ObjectMeta
        @usableFromInline var specBox: PodSpecBox
        @usableFromInline var nodeName: String?
        @usableFromInline var status: PodStatus

        @usableFromInline
        init(metadata: ObjectMeta, specBox: PodSpecBox, nodeName: String?, status: PodStatus) {
            self.metadata = metadata
            self.specBox = specBox
            self.nodeName = nodeName
            self.status = status
        }
    }

    // Shared by copies; written only after `makeUnique`.
    @usableFromInline var storage: Storage

    /// Creates a pod that shares `specBox` with others.
    package init(metadata: ObjectMeta, specBox: PodSpecBox, nodeName: String? = nil, status: PodStatus = PodStatus()) {
        storage = Storage(metadata: metadata, specBox: specBox, nodeName: nodeName, status: status)
    }

    /// Creates a pod with a spec of its own.
    package init(metadata: ObjectMeta, spec: PodSpec, nodeName: String? = nil, status: PodStatus = PodStatus()) {
        self.init(metadata: metadata, specBox: PodSpecBox(spec), nodeName: nodeName, status: status)
    }

    @usableFromInline
    mutating func makeUnique() {
        guard !isKnownUniquelyReferenced(&storage) else { return }
        storage = Storage(
            metadata: storage.metadata, specBox: storage.specBox, nodeName: storage.nodeName,
            status: storage.status)
    }

    /// Whether both values are the same copy: a cheap proof that nothing differs.
    @inlinable
    package func isIdentical(to other: Pod) -> Bool { storage === other.storage }
}

// MARK: - Parts

extension Pod {
    @inlinable
    package var metadata: ObjectMeta {
        _read { yield storage.metadata }
        _modify {
            makeUnique()
            yield &storage.metadata
        }
    }

    /// The shared spec.
    @inlinable
    package var specBox: PodSpecBox {
        get { storage.specBox }
        set {
            makeUnique()
            storage.specBox = newValue
        }
    }

    /// The spec; writing it unshares it.
    @inlinable
    package var spec: PodSpec {
        _read { yield storage.specBox.value }
        set { specBox = PodSpecBox(newValue) }
    }

    /// The node the pod is bound to (`spec.nodeName`), or nil.
    @inlinable
    package var nodeName: String? {
        _read { yield storage.nodeName }
        _modify {
            makeUnique()
            yield &storage.nodeName
        }
    }

    @inlinable
    package var status: PodStatus {
        _read { yield storage.status }
        _modify {
            makeUnique()
            yield &storage.status
        }
    }

    @inlinable
    package var key: ObjectKey { ObjectKey(.pod, namespace: metadata.namespace, name: metadata.name) }
}

// MARK: - Questions

extension Pod {
    /// Whether the pod's Ready condition is true (`podutil.IsPodReady`).
    @inlinable
    package var isReady: Bool { storage.status.conditions.isTrue(Condition.ready) }

    /// Whether the pod has been ready for `minReadySeconds` at `now` (`podutil.IsPodAvailable`).
    package func isAvailable(minReadySeconds: Int64, now: Instant) -> Bool {
        guard let ready = storage.status.conditions.named(Condition.ready), ready.status == .true else { return false }
        return minReadySeconds == 0 || ready.lastTransitionTime + .seconds(minReadySeconds) <= now
    }

    /// Whether the pod is neither finished nor being deleted (`controller.IsPodActive`).
    @inlinable
    package var isActive: Bool { !storage.status.phase.isTerminal && storage.metadata.deletionTimestamp == nil }

    /// Whether the pod is being deleted.
    @inlinable
    package var isTerminating: Bool { storage.metadata.deletionTimestamp != nil }

    /// Whether it only shows in the API what its kubelet runs from a file (a mirror pod).
    package var isMirror: Bool { storage.metadata.annotations["kubernetes.io/config.mirror"] != nil }

    /// The resolved priority; 0 when none was resolved.
    @inlinable
    package var priority: Int32 { storage.specBox.value.priority ?? 0 }
}

extension Pod: Equatable {
    @usableFromInline package static func == (left: Pod, right: Pod) -> Bool {
        left.storage === right.storage
            || left.metadata == right.metadata && left.nodeName == right.nodeName && left.status == right.status
                && (left.specBox === right.specBox || left.spec == right.spec)
    }
}
