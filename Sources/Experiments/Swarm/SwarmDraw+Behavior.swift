import Chronology
import KubernetesAPI
import Scenarios

/// What a seed's containers really do.
extension SwarmDraw {
    mutating func drawBehavior(of workload: DrawnWorkload) {
        var dice = dice("behavior." + workload.name)
        let ends = ["Job", "CronJob"].contains(workload.kind)
        var entries: [(String, ManifestTree?)] = [
            ("match", .texts([("name", workload.name), ("container", "main")]))
        ]
        func range(_ low: Int, _ high: Int) -> ManifestTree {
            .mapping([
                (
                    "uniform",
                    .mapping([
                        ("low", .time(.milliseconds(Int64(low)))), ("high", .time(.milliseconds(Int64(high)))),
                    ])
                )
            ])
        }
        if ends {
            entries.append(
                ("runTime", dice.hits(50) ? range(100, dice.pick([2_000, 90_000])) : .text("\(dice.number(1...60))s")))
            if has(.crashes), dice.hits(50) {
                entries.append(("failureProbability", .text("\(dice.number(5...40))%")))
            }
        } else {
            entries.append(("readyAfter", dice.hits(50) ? range(0, dice.pick([1_000, 20_000])) : .text("2s")))
            if has(.crashes), dice.hits(50) {
                entries.append(("failingRuns", .number(Int64(dice.number(1...4)))))
                entries.append(("failureAfter", .text("\(dice.number(1...20))s")))
            }
            let manifest = TreePrinter.yaml(workload.manifest(Self.image(workload.name, 1), 1))
            if has(.hangs) { entries += troubles(&dice, isWatched: manifest.contains("livenessProbe")) }
        }
        if dice.hits(40) { entries.append(("terminationTime", range(0, dice.pick([500, 20_000])))) }
        if has(.usage), dice.hits(60) {
            entries.append(("usage", usage(&dice)))
        } else if has(.verticals) {
            // What pods ask for is all that they would use otherwise.
            var dice = self.dice("usage." + workload.name)
            entries.append(("usage", usage(&dice)))
        }
        rules.append(.mapping(entries))
    }

    private func usage(_ dice: inout SwarmDice) -> ManifestTree {
        .texts([("cpu", "\(dice.pick([10, 60, 100, 180]))%"), ("memory", "\(dice.pick([20, 60, 90]))%")])
    }

    /// Processes that hang or are unready for a while: rarely enough that the cluster is well between two of them.
    ///
    /// Nobody would find a process that hangs without a liveness probe.
    private func troubles(_ dice: inout SwarmDice, isWatched: Bool) -> [(String, ManifestTree?)] {
        func seldom(_ mean: String) -> ManifestTree {
            .mapping([("exponential", .texts([("mean", mean)]))])
        }
        switch dice.number(0...3) {
        case 0 where isWatched: return [("hangsAfter", seldom("30m"))]
        case 1: return [("livenessFailsAfter", seldom("40m"))]
        case 2: return [("unreadyAfter", seldom("20m")), ("unreadyFor", .text("\(dice.number(1...60))s"))]
        default: return []
        }
    }
}
