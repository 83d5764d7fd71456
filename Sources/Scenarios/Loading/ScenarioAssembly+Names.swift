import KubernetesAPI
import Simulation

extension ScenarioAssembly {
    /// Looks whether what the scenario names exists, now that the machines are known.
    func check(
        _ reading: ScenarioReading, _ pools: PoolAssembly, _ buys: NodePoolNames, _ objects: [KubernetesObject]
    ) {
        // Without machines, nothing exists: that has been reported.
        if pools.pools.isEmpty, buys.pools.isEmpty { return }
        if !reading.traceChecks.isEmpty { reading.checkTraces(machines: pools.machineNames) }
        for check in reading.laterChecks {
            let (what, names): (String, [String]) =
                switch check.subject {
                case .pool: ("pool", pools.pools.map(\.name) + buys.pools)
                case .zone: ("zone with machines", Set(pools.pools.flatMap(\.zones) + buys.zones).sorted())
                case .node: ("machine", pools.machineNames)
                case .rack: ("rack with machines", pools.labelValues(NodePool.rackLabel))
                case .region: ("region with machines", pools.labelValues("topology.kubernetes.io/region"))
                case .deployment: ("Deployment", Self.names(of: Self.deployments(objects), in: check.namespaces))
                case .workload: ("workload", Self.names(of: Self.workloads(objects), in: check.namespaces))
                case .namespace: ("namespace with workloads", Self.namespaces(of: objects))
                case .workloadKind: ("kind of workload", Self.workloadKinds(objects))
                }
            if names.contains(check.name) { continue }
            if names.isEmpty, check.subject == .rack {
                reading.decoding.error(
                    "nobody says which machines stand in which rack", path: check.path, at: check.position,
                    expected: "racks: <number> in a pool, or the label \(NodePool.rackLabel)")
                continue
            }
            if !check.namespaces.isEmpty, let elsewhere = Self.place(of: check, objects) {
                reading.decoding.error(
                    "there is no \(what) \"\(ManifestTree.shortened(check.name))\" in "
                        + check.namespaces.joined(separator: ", "), path: check.path, at: check.position,
                    expected: "namespace: \(elsewhere), where there is one of this name")
                continue
            }
            let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
            reading.decoding.error(
                "there is no \(what) \"\(ManifestTree.shortened(check.name))\"", path: check.path, at: check.position,
                expected: names.isEmpty ? "a \(what) of the run; it has none" : "one of \(shown)",
                nearest: NearestName.of(check.name, among: names))
        }
    }

    private static func deployments(_ objects: [KubernetesObject]) -> [KubernetesObject] {
        objects.filter { $0.kind == .deployment }
    }

    private static func workloads(_ objects: [KubernetesObject]) -> [KubernetesObject] {
        objects.filter { FidelityCheck.podSpec(of: $0) != nil }
    }

    private static func names(of objects: [KubernetesObject], in namespaces: [String]) -> [String] {
        objects.filter { namespaces.isEmpty || namespaces.contains($0.metadata.namespace) }.map(\.metadata.name)
    }

    private static func namespaces(of objects: [KubernetesObject]) -> [String] {
        let named = objects.filter { $0.kind == .namespace }.map(\.metadata.name)
        return Set(workloads(objects).map(\.metadata.namespace) + named).sorted()
    }

    /// What can be at the top of a pod's ownership chain: kinds that are modelled, and any that an export names.
    private static func workloadKinds(_ objects: [KubernetesObject]) -> [String] {
        let modelled: [ObjectKind] = [
            .deployment, .statefulSet, .daemonSet, .job, .cronJob, .replicaSet, .replicationController, .pod,
        ]
        let known = modelled.map(\.name)
        let owners = Set(objects.flatMap { $0.metadata.ownerReferences.map(\.kind) }).subtracting(known)
        return known + owners.sorted()
    }

    /// The namespace in which there is a workload of that name; nil where there is none.
    private static func place(of check: ScenarioReading.LaterCheck, _ objects: [KubernetesObject]) -> String? {
        let found = check.subject == .deployment ? deployments(objects) : workloads(objects)
        return found.first { $0.metadata.name == check.name }?.metadata.namespace
    }
}
