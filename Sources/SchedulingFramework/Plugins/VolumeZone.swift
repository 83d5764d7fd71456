// Kubernetes counterpart: plugins/volumezone (v1.36).
// Deliberate difference: a storage class always says how it binds, as the API server sees to it.

import KubernetesAPI

/// Keeps pods in the zones and regions that the labels of their bound volumes name.
package struct VolumeZone: SchedulerPlugin {
    package static let name: PluginName = "VolumeZone"
    static let reason = "node(s) had no available volume zone"

    /// Where one label of one volume allows the pod.
    struct Restriction: Hashable {
        var key: String
        var values: Set<String>
    }

    private final class Findings: CycleData {
        let restrictions: [Restriction]

        init(_ restrictions: [Restriction]) { self.restrictions = restrictions }

        func copied() -> any CycleData { self }
    }

    package init() {}

    private static let rejection = Verdict.unresolvable(reason)
}

// MARK: - PreFilter

extension VolumeZone: PreFilterPlugin {
    package var preFilterScope: PluginScope { .cluster }

    package func preFilterScope(for shape: PodShape) -> PluginScope {
        shape.volumes.named.isEmpty ? .nodeObject : .cluster
    }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        switch Self.restrictions(on: pod, snapshot.storage) {
        case .failure(let refusal): return PreFilterOutcome(.unresolvable(refusal.reason))
        case .success(let restrictions):
            if restrictions.isEmpty { return .skip }
            state[Self.name] = Findings(restrictions)
            return .success
        }
    }

    private struct Refusal: Error {
        var reason: String
    }

    private static func restrictions(
        on pod: PodInfo, _ storage: StorageCatalog
    ) -> Result<[Restriction], Refusal> {
        var restrictions: [Restriction] = []
        for use in pod.shape.volumes.claims where !use.isEphemeral {
            switch self.restrictions(of: pod.key(of: use), storage) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let found): restrictions += found
            }
        }
        return .success(restrictions)
    }

    private static func restrictions(
        of key: ObjectKey, _ storage: StorageCatalog
    ) -> Result<[Restriction], Refusal> {
        func refuse(_ reason: String) -> Result<[Restriction], Refusal> {
            storage.countsClaimsAsBound ? .success([]) : .failure(Refusal(reason: reason))
        }
        if key.name.isEmpty { return refuse("PersistentVolumeClaim had no name") }
        guard let claim = storage.claims[key] else { return refuse(StorageText.missing(claim: key.name)) }
        let chosen = storage.countsClaimsAsBound ? storage.boundVolumeName(of: claim) : claim.spec.volumeName
        if let chosen, !chosen.isEmpty {
            guard let volume = storage.volumes[chosen] else { return refuse(StorageText.missing(volume: chosen)) }
            return .success(restrictions(of: volume))
        }
        let name = claim.className
        if name.isEmpty { return refuse("PersistentVolumeClaim had no pv name and storageClass name") }
        guard let object = storage.classes[name] else { return refuse(StorageText.missing(storageClass: name)) }
        return object.waitForFirstConsumer ? .success([]) : refuse("PersistentVolume had no name")
    }
}

// MARK: - Filter

extension VolumeZone: FilterPlugin {
    package var filterScope: PluginScope { .cluster }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        if let findings = state[Self.name] as? Findings {
            return Self.allow(findings.restrictions, node.labels) ? .success : Self.rejection
        }
        // A profile may switch the pre-filter off and leave the filter on.
        guard !pod.shape.volumes.isEmpty, let storage = state.snapshot?.storage else { return .success }
        switch Self.restrictions(on: pod, storage) {
        case .failure(let refusal): return .unresolvable(refusal.reason)
        case .success(let restrictions): return Self.allow(restrictions, node.labels) ? .success : Self.rejection
        }
    }
}

// MARK: - Requeue

extension VolumeZone: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.storageClass, .add), EventInterest(.node, [.add, .nodeLabel]),
        EventInterest(.persistentVolumeClaim, [.add, .update]), EventInterest(.persistentVolume, [.add, .update]),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        if let claim = change.newClaim { return pod.uses(claim, withEphemeral: false) ? .queue : .skip }
        if let object = change.newStorageClass { return object.waitForFirstConsumer ? .queue : .skip }
        guard let volume = change.newVolume, let old = change.oldVolume else { return .queue }
        return Self.restrictions(of: volume) == Self.restrictions(of: old) ? .skip : .queue
    }
}

// MARK: - The rules

extension VolumeZone {
    /// Returns where the labels of `volume` allow pods; a label with an empty part is ignored.
    static func restrictions(of volume: PersistentVolume) -> [Restriction] {
        TopologyLabel.all.compactMap { key in
            guard let value = volume.metadata.labels[key] else { return nil }
            let values = TopologyLabel.parts(value).map(TopologyLabel.trimmed)
            return values.contains("") ? nil : Restriction(key: key, values: Set(values))
        }
    }

    /// Returns whether a node with these labels is in all the places; a node that says nothing of zones is.
    static func allow(_ restrictions: [Restriction], _ labels: StringMap) -> Bool {
        guard TopologyLabel.all.contains(where: { labels[$0] != nil }) else { return true }
        return restrictions.allSatisfy { restriction in
            let value = labels[restriction.key] ?? labels[TopologyLabel.current(restriction.key)]
            return value.map(restriction.values.contains) ?? false
        }
    }
}
