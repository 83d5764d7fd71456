// Kubernetes counterpart: plugins/nodevolumelimits csi.go (v1.36).
// Deliberate differences: there are no VolumeAttachment objects, so a volume that is still attached after its last pod
// has gone is not counted; CSIDriver objects play no part, as upstream without the gate VolumeLimitScaling.

import KubernetesAPI

/// Keeps pods off nodes whose volume drivers can attach no more volumes.
package struct NodeVolumeLimits: SchedulerPlugin {
    package static let name: PluginName = "NodeVolumeLimits"
    static let reason = "node(s) exceed max volume count"

    /// Volumes by name, each once, with the driver that attaches them.
    struct Attachments {
        private(set) var names: Set<String> = []
        private(set) var list: [(name: String, driver: String)] = []

        mutating func insert(driver: String, handle: String) {
            let name = driver + "/" + handle
            if names.insert(name).inserted { list.append((name, driver)) }
        }

        /// Returns how many of the volumes this driver attaches, without those in `known`.
        func count(of driver: String, without known: Set<String> = []) -> Int {
            list.count { $0.driver == driver && !known.contains($0.name) }
        }
    }

    struct Refusal: Error {
        var verdict: Verdict
    }

    /// What the filter needs of the cluster.
    private final class Findings: CycleData {
        let snapshot: Snapshot
        /// What the pod attaches on nodes without and with a CSINode, worked out when first asked.
        var wanted: [Result<Attachments, Refusal>?] = [nil, nil]

        init(_ snapshot: Snapshot) { self.snapshot = snapshot }

        // The snapshot and the pod stay the same in a dry run.
        func copied() -> any CycleData { self }
    }

    package init() {}

    private static let rejection = Verdict.unschedulable(reason)
}

// MARK: - PreFilter

extension NodeVolumeLimits: PreFilterPlugin {
    package var preFilterScope: PluginScope { .cluster }

    package func preFilterScope(for shape: PodShape) -> PluginScope {
        shape.volumes.isEmpty ? .nodeObject : .cluster
    }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        if pod.shape.volumes.claims.isEmpty && !pod.shape.volumes.hasMigratedDisks { return .skip }
        state[Self.name] = Findings(snapshot)
        return .success
    }
}

// MARK: - Filter

extension NodeVolumeLimits: FilterPlugin {
    package var filterScope: PluginScope { .cluster }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        guard let findings = Self.findings(for: pod, state) else { return .success }
        let storage = findings.snapshot.storage
        let csiNode = storage.csiNodes[node.name]
        let wanted: Attachments
        switch Self.wanted(by: pod, findings, hasCSINode: csiNode != nil) {
        case .failure(let refusal): return refusal.verdict
        case .success(let attachments): wanted = attachments
        }
        let limited = csiNode?.drivers.filter { $0.allocatableCount != nil } ?? []
        if wanted.list.isEmpty || limited.isEmpty { return .success }
        var present = Attachments()
        for other in node.pods where !other.shape.volumes.isEmpty {
            if let refusal = Self.collect(other, storage, hasCSINode: true, isNew: false, into: &present) {
                return refusal
            }
        }
        for driver in limited {
            let count = wanted.count(of: driver.name, without: present.names)
            if count > 0, Int64(present.count(of: driver.name) + count) > driver.allocatableCount ?? 0 {
                return Self.rejection
            }
        }
        return .success
    }

    /// What the pre-filter left; made now if a profile has switched that off.
    private static func findings(for pod: PodInfo, _ state: CycleState) -> Findings? {
        if let known = state[name] as? Findings { return known }
        guard !pod.shape.volumes.isEmpty, let snapshot = state.snapshot else { return nil }
        let findings = Findings(snapshot)
        state[name] = findings
        return findings
    }

    private static func wanted(
        by pod: PodInfo, _ findings: Findings, hasCSINode: Bool
    ) -> Result<Attachments, Refusal> {
        if let known = findings.wanted[hasCSINode ? 1 : 0] { return known }
        var attachments = Attachments()
        let refusal = collect(
            pod, findings.snapshot.storage, hasCSINode: hasCSINode, isNew: true, into: &attachments)
        let result = refusal.map { .failure(Refusal(verdict: $0)) } ?? Result<Attachments, Refusal>.success(attachments)
        findings.wanted[hasCSINode ? 1 : 0] = result
        return result
    }
}

// MARK: - The rule

extension NodeVolumeLimits {
    /// Adds the volumes of `pod` that a driver attaches; returns a verdict when they cannot be told.
    static func collect(
        _ pod: PodInfo, _ storage: StorageCatalog, hasCSINode: Bool, isNew: Bool, into attachments: inout Attachments
    ) -> Verdict? {
        for use in pod.shape.volumes.claims {
            let key = pod.key(of: use)
            if key.name.isEmpty { return Verdict(.error, reasons: ["PersistentVolumeClaim had no name"]) }
            guard let claim = storage.claims[key] else {
                if !isNew || storage.countsClaimsAsBound { continue }
                let text = "looking up PVC \(key.namespace)/\(key.name): " + StorageText.missing(claim: key.name)
                return .unresolvable(text)
            }
            if use.isEphemeral, let objection = pod.objection(to: claim) {
                return Verdict(.error, reasons: [objection])
            }
            if let found = source(of: claim, storage, hasCSINode: hasCSINode) {
                attachments.insert(driver: found.driver, handle: found.handle)
            }
        }
        guard hasCSINode else { return nil }
        for disk in pod.shape.volumes.disks {
            guard let migration = DiskMigration.of(disk) else { continue }
            guard let handle = DiskMigration.handle(of: disk, volumeLabels: nil) else { continue }
            attachments.insert(driver: migration.driver, handle: handle)
        }
        return nil
    }

    /// Returns the driver of a claim's volume, and how it knows the volume; nil when it is not attached by a driver.
    private static func source(
        of claim: PersistentVolumeClaim, _ storage: StorageCatalog, hasCSINode: Bool
    ) -> (driver: String, handle: String)? {
        guard let volume = storage.volumes[claim.spec.volumeName] else {
            guard let object = storage.classes[claim.className] else { return nil }
            let driver = DiskMigration.driver(ofProvisioner: object.provisioner, hasCSINode: hasCSINode)
            // No real handle looks like this.
            let handle = "unbound-\(claim.metadata.namespace)/\(claim.metadata.name)"
            return driver.flatMap { $0.isEmpty ? nil : ($0, handle) }
        }
        if case .csi(let driver, let handle) = volume.spec.source { return handle.isEmpty ? nil : (driver, handle) }
        guard hasCSINode, let migration = DiskMigration.of(volume.spec.source) else { return nil }
        return DiskMigration.handle(of: volume.spec.source, volumeLabels: volume.metadata.labels).map {
            (migration.driver, $0)
        }
    }
}
