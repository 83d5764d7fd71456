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
                case .deployment: ("Deployment", objects.filter { $0.kind == .deployment }.map(\.metadata.name))
                case .workload:
                    ("workload", objects.filter { FidelityCheck.podSpec(of: $0) != nil }.map(\.metadata.name))
                }
            if names.contains(check.name) { continue }
            if names.isEmpty, check.subject == .rack {
                reading.decoding.error(
                    "nobody says which machines stand in which rack", path: check.path, at: check.position,
                    expected: "racks: <number> in a pool, or the label \(NodePool.rackLabel)")
                continue
            }
            let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
            reading.decoding.error(
                "there is no \(what) \"\(ManifestTree.shortened(check.name))\"", path: check.path, at: check.position,
                expected: "one of \(shown)", nearest: NearestName.of(check.name, among: names))
        }
    }
}
