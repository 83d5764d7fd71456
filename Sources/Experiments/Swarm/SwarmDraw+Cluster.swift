import Chronology
import KubernetesAPI

extension SwarmDraw {
    private static let types: [(name: String, cpu: String, memory: String)] = [
        ("tiny", "1", "2Gi"), ("small", "2", "4Gi"), ("medium", "4", "8Gi"), ("large", "8", "32Gi"),
    ]

    /// The machines: one to three pools of a few.
    mutating func drawCluster() {
        var dice = dice("cluster")
        zones = Array(["us-east-1a", "us-east-1b", "us-east-1c"].prefix(dice.number(1...3)))
        let count = dice.number(1...3)
        for index in 0..<count {
            let name = ["alpha", "beta", "gamma"][index]
            let type = dice.pick(Self.types)
            let machines = dice.number(index == 0 ? 2...4 : 1...3)
            if !machineTypes.contains(where: { $0["name"]?.string == type.name }) {
                let pods = dice.hits(25) ? dice.number(6...14) : 110
                machineTypes.append(
                    .mapping([
                        ("name", .text(type.name)), ("cpu", .number(Int64(type.cpu) ?? 1)),
                        ("memory", .text(type.memory)), ("pods", .number(Int64(pods))),
                    ]))
            }
            let isTainted = has(.taints) && index > 0 && dice.hits(60)
            let taint = ManifestTree.texts([
                ("key", "dedicated"), ("value", "batch"),
                ("effect", dice.pick(["NoSchedule", "PreferNoSchedule", "NoExecute"])),
            ])
            pools.append(
                .mapping([
                    ("name", .text(name)), ("machineType", .text(type.name)), ("count", .number(Int64(machines))),
                    ("zones", .sequence(zones.map { .text($0) })),
                    ("price", ManifestTree(.scalar(.float("0.0\(dice.number(1...9))7")))),
                    ("start", has(.bootingMachines) && index > 0 ? .text("booting") : nil),
                    ("taints", isTainted ? .sequence([taint]) : nil),
                ]))
            nodes += (1...machines).map { "\(name)-\($0)" }
        }
    }

    /// How long things take, and how the agents work.
    func parameters() -> ManifestTree? {
        var dice = dice("parameters")
        var entries: [(String, ManifestTree?)] = []
        if has(.slowParts) {
            let slow: [(String, [String])] = [
                ("watch", ["100ms", "1s", "4s"]), ("api.write", ["50ms", "300ms"]), ("kubelet.sync", ["500ms", "2s"]),
                ("kubelet.status", ["200ms", "3s"]), ("scheduler.cycle", ["50ms", "400ms"]),
                ("scheduler.bind", ["100ms", "2s"]), ("controller.sync", ["20ms", "500ms"]),
            ]
            for (name, values) in slow {
                let value = dice.pick(values)
                if dice.hits(35) { entries.append((name, .text(value))) }
            }
        }
        if has(.currentCache) { entries.append(("controller.cache", .text("current"))) }
        if has(.slowImages) {
            if dice.hits(50) { entries.append(("kubelet.serializeImagePulls", .bool(false))) }
            if dice.hits(30) { entries.append(("kubelet.registryPullQPS", .number(1))) }
        }
        if dice.hits(20) {
            entries.append(("kubelet.shutdownGracePeriod", .text("30s")))
            entries.append(("kubelet.shutdownGracePeriodCriticalPods", .text("10s")))
        }
        if dice.hits(20) { entries.append(("controller.qps", .number(5))) }
        return entries.isEmpty ? nil : .mapping(entries)
    }

    func scheduler() -> ManifestTree? {
        let entries: [(String, ManifestTree?)] = [
            ("mode", has(.upstreamSearch) ? .text("upstream") : nil),
            ("tieBreak", has(.seededTies) ? .text("seeded") : nil),
        ]
        return entries.contains { $0.1 != nil } ? .mapping(entries) : nil
    }
}
