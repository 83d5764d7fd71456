import Chronology
import ClusterStore
import ControlPlane
package import KubernetesAPI
import Machines
import VirtualTime

extension World {
    /// Lays out the start: machines, objects, faults, changes.
    mutating func begin() {
        beginTraffic()
        for index in setup.pools.indices { launchPool(index) }
        introduceObjects()
        armFaults()
        armArrivals()
        beginAutoscaling()
        for (index, change) in setup.changes.enumerated() where change.at <= end {
            enqueue(.change, a: Int32(index), at: change.at)
        }
        enqueueSums()
        carryOutEffects()
        settlePressure()
    }

    private mutating func launchPool(_ index: Int) {
        let pool = setup.pools[index]
        launch(0..<pool.count, ofPool: index, isRunning: pool.isRunningAtStart)
    }

    /// Launches the machines of a pool that have these numbers, from 0.
    mutating func launch(_ numbers: Range<Int>, ofPool index: Int, isRunning: Bool) {
        let pool = setup.pools[index]
        for number in numbers {
            let node = Self.template(of: number, in: pool)
            let zone = node.metadata.labels["topology.kubernetes.io/zone"] ?? ""
            let terms = pool.terms(index, zone: zone, isAutoscaler: !setup.autoscalers.isEmpty)
            launch(node, on: terms, isRunning: isRunning)
        }
    }

    /// Returns the node object that a machine of a pool, counted from 0, registers.
    package static func template(of number: Int, in pool: NodePool) -> Node {
        guard var node = pool.templates?[number] else { return node(number, of: pool) }
        node.metadata.labels = NodeLabels.completed(node.metadata.labels)
        return node
    }

    private static func node(_ number: Int, of pool: NodePool) -> Node {
        let zone = pool.zones.isEmpty ? "" : pool.zones[number % pool.zones.count]
        return node("\(pool.name)-\(number + 1)", of: pool, zone: zone, number: number)
    }

    /// Returns the node object that a machine of a pool in a zone registers; its number, from 0, tells the rack.
    static func node(_ name: String, of pool: NodePool, zone: String, number: Int) -> Node {
        var labels: StringMap = [
            "kubernetes.io/hostname": name, NodeLabels.system: "linux",
            NodeLabels.architecture: pool.machineType.architecture.rawValue,
            "node.kubernetes.io/instance-type": pool.machineType.name, "orrery.dev/pool": pool.name,
        ]
        if !zone.isEmpty {
            labels["topology.kubernetes.io/zone"] = zone
            labels["topology.kubernetes.io/region"] = pool.region ?? region(of: zone)
        }
        if pool.racks > 0 {
            let rack = number / max(1, pool.zones.count) % pool.racks + 1
            labels[NodePool.rackLabel] = zone.isEmpty ? "rack-\(rack)" : "\(zone)-rack-\(rack)"
        }
        labels = NodeLabels.completed(labels.merging(pool.labels))
        var node = Node(metadata: ObjectMeta(name: name, labels: labels))
        node.spec.taints = pool.taints
        node.status.capacity = pool.machineType.capacity
        node.status.allocatable = pool.machineType.allocatable
        return node
    }

    /// The region of a zone as AWS (`us-east-1a`) and Google Cloud (`us-central1-a`) name them.
    private static func region(of zone: String) -> String {
        guard let last = zone.last, last.isLetter else { return zone }
        let stem = zone.dropLast()
        return String(stem.hasSuffix("-") ? stem.dropLast() : stem)
    }

    /// Brings the node of a machine that runs already into the cluster.
    mutating func introduce(_ node: Node) {
        let first = changes.count
        do {
            try api.store.load(.node(node), now: now, into: &changes)
        } catch {
            preconditionFailure("the node \(node.metadata.name) is refused: \(error)")
        }
        publishChanges(from: first)
    }

    /// Brings an object of the input into the cluster: as it stood when it comes from an export, as new otherwise.
    mutating func introduce(_ object: KubernetesObject) {
        if case .node(let node) = object, nodeByName[node.metadata.name] != nil { return }
        guard object.metadata.uid != .none else { return submit(object) }
        let first = changes.count
        do {
            try api.store.load(object, now: now, into: &changes)
        } catch {
            record(
                EventRecord(object.key, .warning, reason: "Refused", message: "The API server refused it: \(error)"),
                source: "load")
        }
        publishChanges(from: first)
    }
}
