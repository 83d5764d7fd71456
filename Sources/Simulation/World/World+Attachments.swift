// Kubernetes counterpart: pkg/controller/volume/attachdetach (v1.36).
// Deliberate differences: a disk that nobody needs is detached in no time (volumes.attach covers both ways); of pods that
// wait for one the first goes on.

import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI
import VirtualTime

extension World {
    /// Whether the start of a pod has to wait until its volumes are attached to its node; the first time it asks for them.
    mutating func waitsForVolumes(_ pod: Pod) -> Bool {
        // Nearly all pods have none.
        if pod.spec.volumes.isEmpty { return false }
        let uid = pod.metadata.uid
        if pod.status.phase == .running {
            _ = takeDisks(for: pod)
            return false
        }
        if volumes.busy.contains(uid) {
            // Who is to end need not start first.
            if pod.isTerminating { volumes.busy.remove(uid) }
            return !pod.isTerminating
        }
        if pod.isTerminating { return false }
        guard let names = takeDisks(for: pod) else {
            volumes.busy.insert(uid)
            return true
        }
        if names.isEmpty { return false }
        var wait = Duration.zero
        for name in names {
            let count = volumes.attachments[name, default: 0]
            volumes.attachments[name] = count + 1
            var draws = streams.stream("volumes.attach", purpose: name, index: count)
            wait = max(wait, setup.parameters.volumesAttach.sample(&draws))
        }
        if wait == .zero { return false }
        volumes.busy.insert(uid)
        enqueue(.volume, b: Int64(volumes.tasks.insert(.attach(pod: uid))), at: now + wait)
        return true
    }

    /// Attaches the disks of a pod to its node and returns their names; nil while another node has one of them.
    private mutating func takeDisks(for pod: Pod) -> [String]? {
        let found = attachedVolumes(of: pod)
        guard let node = pod.nodeName else { return [] }
        var isComplete = true
        for volume in found where volume.isForOneNode {
            let name = volume.metadata.name
            // Whoever was the last to need it may have gone long ago, when nobody waited yet.
            if let disk = volumes.disks[name], disk.node != node, canBeDetached(disk) {
                _ = volumes.disks.detach(name)
            }
            if volumes.disks.take(name, on: node, for: pod.metadata.uid) { continue }
            isComplete = false
            reportConflict(over: name, of: pod)
            if let releasedAt = volumes.disks[name]?.releasedAt {
                enqueueRelease(of: name, at: max(now, releasedAt + RunLimits.forcedDetach))
            }
        }
        return isComplete ? found.map(\.metadata.name) : nil
    }

    private mutating func reportConflict(over name: String, of pod: Pod) {
        guard observer != nil, let disk = volumes.disks[name] else { return }
        let users = disk.holders.compactMap { uid -> String? in
            guard case .pod(let other)? = api.object(uid: uid), other.metadata.namespace == pod.metadata.namespace
            else {
                return nil
            }
            return other.metadata.name
        }
        let reason =
            users.isEmpty
            ? "Volume is already exclusively attached to one node and can't be attached to another"
            : "Volume is already used by pod(s) \(users.joined(separator: ", "))"
        record(
            EventRecord(
                pod.key, .warning, reason: "FailedAttachVolume",
                message: "Multi-Attach error for volume \"\(name)\" \(reason)"),
            source: "attachdetach-controller")
    }

    /// The volumes of a pod that are disks to be attached to its node.
    private func attachedVolumes(of pod: Pod) -> [PersistentVolume] {
        pod.spec.volumes.compactMap { volume in
            let name: String
            switch volume.source {
            case .persistentVolumeClaim(let claim): name = claim
            case .ephemeral: name = "\(pod.metadata.name)-\(volume.name)"
            case .hostPath, .emptyDir, .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder, .rbd, .iscsi,
                .csi, .other:
                return nil
            }
            let key = ObjectKey(.persistentVolumeClaim, namespace: pod.metadata.namespace, name: name)
            guard case .persistentVolumeClaim(let claim)? = api.object(key),
                case .persistentVolume(let found)? = api.object(
                    ObjectKey(.persistentVolume, name: claim.spec.volumeName)),
                VolumeDriver.attaches(found.spec.source)
            else { return nil }
            return found
        }
    }
}

// MARK: - Detaching

extension World {
    /// A pod is gone, or its containers have ended: what it had attached may go elsewhere.
    mutating func leaveDisks(_ uid: UID) {
        for name in volumes.disks.leave(uid, at: now) { considerDetaching(name) }
    }

    /// A node changed: disks that hung on to it may be free now.
    mutating func reconsiderDisks() {
        for name in volumes.disks.stranded { considerDetaching(name) }
    }

    private mutating func considerDetaching(_ name: String) {
        guard let disk = volumes.disks[name], let releasedAt = disk.releasedAt else { return }
        if disk.waiting.isEmpty {
            if canBeDetached(disk) { _ = volumes.disks.detach(name) }
        } else {
            enqueueRelease(of: name, at: canBeDetached(disk) ? now : max(now, releasedAt + RunLimits.forcedDetach))
        }
    }

    private mutating func enqueueRelease(of name: String, at due: Instant) {
        enqueue(.volume, b: Int64(volumes.tasks.insert(.release(volume: name))), at: due)
    }

    /// Gives a disk to those who wait for it, if it can be detached where it is.
    mutating func diskMayGo(_ name: String) {
        guard let disk = volumes.disks[name], canBeDetached(disk) else { return }
        for uid in volumes.disks.detach(name) {
            guard volumes.busy.remove(uid) != nil, case .pod(let pod)? = api.object(uid: uid) else { continue }
            kubeletSees(pod)
        }
        carryOutEffects()
    }

    /// Whether a disk can be taken from its node: nobody needs it there, and its kubelet has unmounted it or is given up.
    private func canBeDetached(_ disk: DiskAttachments.Disk) -> Bool {
        guard let releasedAt = disk.releasedAt else { return false }
        guard let node = api.node(disk.node), let row = nodeByName[disk.node] else { return true }
        let machine = nodes[Int(row)]
        if machine.isOn, machine.cuts == 0 { return true }
        if node.spec.taints.contains(where: { $0.key == PodGCReconciler.outOfServiceTaint }) { return true }
        return !node.isReady && now - releasedAt >= RunLimits.forcedDetach
    }
}

extension PersistentVolume {
    /// Whether only one node at a time may have the disk (`isMultiAttachForbidden`).
    fileprivate var isForOneNode: Bool {
        !spec.accessModes.isEmpty && !spec.accessModes.contains(.readWriteMany)
            && !spec.accessModes.contains(.readOnlyMany)
    }
}
