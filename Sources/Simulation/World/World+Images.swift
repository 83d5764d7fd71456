import Chronology
import ControlPlane
import KubernetesAPI
import Machines
import Observations

/// The versions of images that the run database knows: what a reference named, each once.
struct ImageDesk {
    /// Rows by reference and target; only looked up.
    private var rows: [Int64: Int32] = [:]

    /// Returns the row of a version, and whether it is new.
    mutating func row(reference: Int32, target: Int32) -> (row: Int32, isNew: Bool) {
        let key = Int64(reference) << 32 | Int64(target)
        if let known = rows[key] { return (known, false) }
        let row = Int32(rows.count + 1)
        rows[key] = row
        return (row, true)
    }
}

extension World {
    /// What the fleet has to know of a machine that a pool, or an export, describes.
    func nodeSetup(of template: Node, zone: String, pool: Int, isRunning: Bool) -> NodeSetup {
        let disk = template.status.capacity[.ephemeralStorage]?.value ?? 0
        var node = NodeSetup(
            name: template.metadata.name, imageDisk: disk > 0 ? disk : nil, images: template.status.images)
        node.zone = zone
        node.architecture = template.metadata.labels["kubernetes.io/arch"] == "arm64" ? .arm64 : .amd64
        if pool >= 0 {
            node.presentImages = setup.pools[pool].presentImages
            // A machine that runs has pulled what it pulls when it boots.
            if isRunning { node.presentImages += setup.pools[pool].pulledImages }
        }
        return node
    }

    /// A machine has booted for the first time: it registers when it has the images that it pulls before.
    mutating func prepare(_ index: Int32) {
        let pool = nodes[Int(index)].pool
        let images = pool < 0 ? [] : setup.pools[pool].pulledImages
        guard !images.isEmpty else { return register(index) }
        fleet.prepare(images, on: nodes[Int(index)].slot, at: now, into: &effects)
    }

    /// Returns the row of what a reference named; -1 when that was not found out.
    private mutating func version(reference: Int32, target: Int32) -> Int32 {
        guard target >= 0 else { return -1 }
        let (row, isNew) = imageDesk.row(reference: reference, target: target)
        guard isNew else { return row }
        let version = fleet.imageVersion(reference: reference, target: target)
        observer?.imageVersion(
            ImageVersionRow(
                version: row, image: version.image, digest: version.digest, bytes: version.bytes, firstAt: now))
        return row
    }

    mutating func record(_ run: ImageRunRecord) {
        guard let pod = running[Int(run.pod.index)], pod.slot == run.pod, let slot = tracker.slot(of: pod.uid) else {
            return
        }
        let version = version(reference: run.reference, target: run.target)
        observer?.containerImage(
            ContainerImageRow(
                pod: tracker[slot].row, container: profiles[pod.profile].containers[Int(run.container)].name,
                version: version, from: now))
    }

    mutating func record(_ pull: PullRecord) {
        let outcome: String
        switch pull.outcome {
        case .pulled: outcome = "pulled"
        case .streamed: outcome = "streamed"
        case .failed(let reason): outcome = reason
        case .cancelled: outcome = "cancelled"
        }
        let waiting = pull.pod.index < 0 ? nil : running[Int(pull.pod.index)]
        let pod = waiting.flatMap { $0.slot == pull.pod ? $0 : nil }
        let slot = pod.flatMap { tracker.slot(of: $0.uid) }
        observer?.imagePull(
            ImagePullRow(
                node: pull.node.index + 1, pod: slot.map { tracker[$0].row } ?? -1, image: pull.image,
                version: version(reference: pull.reference, target: pull.target),
                registryBytes: pull.traffic.registry, cacheBytes: pull.traffic.cache, peerBytes: pull.traffic.peer,
                crossZoneBytes: pull.traffic.crossZone, cachedBytes: pull.cachedBytes, from: pull.from, to: pull.to,
                outcome: outcome))
        if accounts.network != nil { meterPull(pull.traffic, controller: slot.map { tracker[$0].controller } ?? -1) }
        if causes.isOpen, let slot { tracePull(of: slot, pull, outcome) }
        if case .failed(let reason) = pull.outcome, let pod {
            record(
                EventRecord(
                    pod.key, .warning, reason: "Failed", message: "Failed to pull image \"\(pull.image)\": \(reason)"),
                source: "kubelet")
        }
    }
}
