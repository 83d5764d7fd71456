import Chronology
import KubernetesAPI

/// Where the disks are attached that only one node at a time may have.
struct DiskAttachments {
    /// A disk on a node.
    struct Disk {
        let node: String
        /// The pods of the node that need it, in the order in which they came.
        var holders: [UID] = []
        /// When the last of them went.
        var releasedAt: Instant?
        /// The pods of other nodes that wait for it, in the order in which they came.
        var waiting: [UID] = []
    }

    // By the names of volumes and by pods; never iterated.
    private var disks: [String: Disk] = [:]
    private var held: [UID: [String]] = [:]
    /// Disks that nobody needs where they are and that could not be detached yet, in the order in which that began.
    private(set) var stranded: [String] = []

    subscript(name: String) -> Disk? { disks[name] }

    /// Attaches a disk to a node for a pod; returns false, and lets the pod wait, while another node has it.
    mutating func take(_ name: String, on node: String, for pod: UID) -> Bool {
        var disk = disks[name] ?? Disk(node: node)
        guard disk.node == node else {
            if !disk.waiting.contains(pod) { disks[name]?.waiting.append(pod) }
            return false
        }
        if !disk.holders.contains(pod) {
            disk.holders.append(pod)
            held[pod, default: []].append(name)
        }
        if disk.releasedAt != nil {
            disk.releasedAt = nil
            stranded.removeAll { $0 == name }
        }
        disks[name] = disk
        return true
    }

    /// A pod needs no disk any more; returns the disks that nobody needs now.
    mutating func leave(_ pod: UID, at now: Instant) -> [String] {
        guard let names = held.removeValue(forKey: pod) else { return [] }
        return names.filter { name in
            disks[name]?.holders.removeAll { $0 == pod }
            guard disks[name]?.holders.isEmpty == true else { return false }
            disks[name]?.releasedAt = now
            stranded.append(name)
            return true
        }
    }

    /// Detaches a disk; returns the pods that waited for it.
    mutating func detach(_ name: String) -> [UID] {
        stranded.removeAll { $0 == name }
        return disks.removeValue(forKey: name)?.waiting ?? []
    }
}
